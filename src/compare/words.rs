//! Expressions of the project as texts, spelled as the language spells them.

use super::tree::{Kind, named};
use crate::model::expr::{
    Expr, ExprKind, Fact, ImageField, Look, Node, Outcome, OutputRef, Reason, RunField, Status,
};
use crate::model::project::{Pipeline, Project};

/// Where an expression stands. Outside of pipelines there is none around it.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub project: &'a Project,
    pub pipeline: Option<&'a Pipeline>,
}

impl Words<'_> {
    pub fn expr(&self, expr: &Expr) -> String {
        let each = |all: &[Expr]| all.iter().map(|it| self.expr(it)).collect::<Vec<_>>();
        match &expr.kind {
            ExprKind::Bool(it) => it.to_string(),
            ExprKind::Int(it) => it.to_string(),
            ExprKind::Number(it) => it.to_string(),
            ExprKind::String(it) => format!("\"{it}\""),
            ExprKind::Concat(parts) => {
                let part = |it: &Expr| match it.as_str() {
                    Some(text) => text.to_owned(),
                    None => format!("${{{}}}", self.expr(it)),
                };
                format!("\"{}\"", parts.iter().map(part).collect::<String>())
            }
            ExprKind::Param(it) => format!("params.{it}"),
            ExprKind::Variable { name, .. } => format!("vars.{name}"),
            ExprKind::Matrix(it) => format!("matrix.{it}"),
            ExprKind::Fact(it) => format!("run.{}", fact(*it)),
            ExprKind::RunOf(pipeline, field) => format!("runs.{}.{}", self.source(pipeline), of_run(*field)),
            ExprKind::Output(it) => self.output(it),
            ExprKind::ResultOf(it) => format!("{}.result", self.node(*it)),
            ExprKind::ResultWord(it) => outcome(*it).to_owned(),
            ExprKind::ReasonWord(it) => reason(*it).to_owned(),
            ExprKind::Image(name, ImageField::Tag) => format!("{name}.tag"),
            ExprKind::Image(name, ImageField::Digest) => format!("{name}.digest"),
            ExprKind::Looked(it) => self.look(*it),
            ExprKind::Holds(text, list) => self.both(text, "in", list, Binding::Not),
            ExprKind::Not(it) => format!("!{}", self.within(it, Binding::Not)),
            ExprKind::And(a, b) => self.both(a, "&&", b, Binding::And),
            ExprKind::Or(a, b) => self.both(a, "||", b, Binding::Or),
            ExprKind::Compare(how, a, b) => self.both(a, how.sign(), b, Binding::Not),
            ExprKind::In(it, list) => {
                format!("{} in [{}]", self.within(it, Binding::Not), each(list).join(", "))
            }
            ExprKind::If(a, b, c) => {
                let [a, b] = [a, b].map(|it| self.within(it, Binding::Or));
                format!("if {a} then {b} else {}", self.expr(c))
            }
            ExprKind::Status(it, nodes) => {
                let nodes: Vec<String> = nodes.iter().map(|it| self.node(*it)).collect();
                format!("{}({})", status(*it), nodes.join(", "))
            }
            ExprKind::Predefined(it) => format!("$({it})"),
            ExprKind::OwnOutput(it) => it.clone(),
        }
    }

    fn both(&self, a: &Expr, sign: &str, b: &Expr, least: Binding) -> String {
        format!("{} {sign} {}", self.within(a, least), self.within(b, least))
    }

    /// In brackets where it binds less than that.
    fn within(&self, expr: &Expr, least: Binding) -> String {
        let text = self.expr(expr);
        if binding(&expr.kind) < least { format!("({text})") } else { text }
    }

    /// The run of a pipeline by what it is called here.
    fn source(&self, alias: &str) -> String {
        let known = self.project.pipelines.values().any(|it| it.header.ident.value == alias);
        if known { named(&[(Kind::Pipeline, alias)]) } else { alias.to_owned() }
    }

    fn node(&self, node: Node) -> String {
        let Some(pipeline) = self.pipeline else { return String::new() };
        let Some(stage) = pipeline.stages.get(node.stage) else { return String::new() };
        let around = [
            (Kind::Pipeline, pipeline.header.ident.value.as_str()),
            (Kind::Stage, stage.ident.value.as_str()),
        ];
        let job = node.job.and_then(|it| stage.jobs.get(it)).filter(|it| !it.implicit);
        match job {
            Some(job) => {
                let whole = [around[0], around[1], (Kind::Job, job.ident.value.as_str())];
                format!("{}.{}", named(&around), named(&whole))
            }
            None => named(&around),
        }
    }

    fn output(&self, output: &OutputRef) -> String {
        let Some(pipeline) = self.pipeline else { return output.output.clone() };
        let stage = pipeline.stages.get(output.stage);
        let Some((stage, job)) = stage.and_then(|it| Some((it, it.jobs.get(output.job)?))) else {
            return output.output.clone();
        };
        let step = job.steps.get(output.step).and_then(|it| it.ident.as_ref());
        let mut path = vec![
            (Kind::Pipeline, pipeline.header.ident.value.as_str()),
            (Kind::Stage, stage.ident.value.as_str()),
        ];
        if !job.implicit {
            path.push((Kind::Job, &job.ident.value));
        }
        path.push((Kind::Step, step.map_or("", |it| &it.value)));
        let leg = output.leg.iter().map(|it| format!("[{it}]"));
        let parts: Vec<String> = (2..=path.len()).map(|it| named(&path[..it])).collect();
        format!("{}{}.{}", parts.join("."), leg.collect::<String>(), output.output)
    }

    fn look(&self, look: Look) -> String {
        let looks = self.pipeline.map(|it| &it.looks);
        match look {
            Look::Changed(index) => {
                let paths = looks.and_then(|it| it.changed.get(index)).cloned().unwrap_or_default();
                format!(
                    "changed({})",
                    paths.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
                )
            }
            Look::Tags(index) => {
                let name = looks.and_then(|it| it.tags.get(index)).map(|it| self.source(it));
                format!("runs.{}.tags", name.unwrap_or_default())
            }
        }
    }
}

/// What binds tighter compares greater.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    If,
    Or,
    And,
    Comparison,
    Not,
}

fn binding(kind: &ExprKind) -> Binding {
    match kind {
        ExprKind::If(..) => Binding::If,
        ExprKind::Or(..) => Binding::Or,
        ExprKind::And(..) => Binding::And,
        ExprKind::Compare(..) | ExprKind::In(..) | ExprKind::Holds(..) => Binding::Comparison,
        _ => Binding::Not,
    }
}

fn fact(fact: Fact) -> &'static str {
    match fact {
        Fact::Id => "id",
        Fact::Number => "number",
        Fact::Branch => "branch",
        Fact::Tag => "tag",
        Fact::Reason => "reason",
        Fact::Commit => "commit",
        Fact::RequestedFor => "requested_for",
        Fact::PullRequestId => "pull_request.id",
        Fact::PullRequestSource => "pull_request.source",
        Fact::PullRequestTarget => "pull_request.target",
        Fact::Schedule => "schedule",
    }
}

fn of_run(field: RunField) -> &'static str {
    match field {
        RunField::Id => "id",
        RunField::Branch => "branch",
        RunField::Commit => "commit",
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::SucceededWithIssues => "succeeded_with_issues",
        Outcome::Failed => "failed",
        Outcome::Canceled => "canceled",
        Outcome::Skipped => "skipped",
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Manual => "manual",
        Reason::Push => "push",
        Reason::PullRequest => "pull_request",
        Reason::Schedule => "schedule",
        Reason::Resource => "resource",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Succeeded => "succeeded",
        Status::Failed => "failed",
        Status::Canceled => "canceled",
        Status::Always => "always",
        Status::NotFailed => "not_failed",
        Status::SucceededOrFailed => "succeeded_or_failed",
    }
}
