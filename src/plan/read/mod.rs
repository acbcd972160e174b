//! What expressions become where they stand: terms in conditions, texts put together in values. Where a place cannot
//! read something directly, a variable of the job carries it there.

mod fact;
mod value;

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::diag::Diagnostic;
use crate::model::expr::{Comparison, Expr, ExprKind, Fact, Look, Node, Outcome, OutputRef, Status, Ty};
use crate::model::project::{Matrix, Pipeline, Project, Variables};
use crate::model::steps::action::Action;
use crate::plan::Variable;
use crate::plan::parts::Part as JobPart;
use crate::plan::term::{Function, Output, Producer, Reader, Term};
use crate::plan::{errors, facts};
use fact::{
    fact_variable, image_variable, reason_names, reasons, reference_prefix, run_variable, short, short_fact,
};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Everything of one pipeline that expressions may read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub project: &'a Project,
    pub pipeline: &'a Pipeline,
    /// By stage, job, part.
    pub parts: &'a [Vec<Vec<JobPart>>],
    /// The output folder relative to the project's root.
    pub out: &'a str,
    pub findings: &'a RefCell<Vec<Diagnostic>>,
}

/// A place: a stage's condition, or something in a part of a job.
pub struct At<'a> {
    pub reading: Reading<'a>,
    pub stage: usize,
    pub spot: Spot,
    /// Variables the part's job needs, by name.
    pub carried: Vec<Variable>,
    /// Names of jobs of the same stage it reads.
    pub reads_jobs: Vec<String>,
    /// Secrets of key vaults that it reads, by name there.
    pub secrets: BTreeSet<(Id<Variables>, String)>,
    /// That the parts of the job before this one went well; where steps must look at that themselves, because this
    /// part runs in any case.
    pub before: Option<Term>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    StageCondition,
    /// A condition of a job.
    JobCondition {
        job: usize,
        part: usize,
    },
    /// A value or a condition of a step.
    Step {
        job: usize,
        part: usize,
        step: usize,
    },
}

/// Where an output is set.
struct Found<'a> {
    part: &'a JobPart,
    index: usize,
    name: &'a str,
    variable: String,
    /// It is a variable of its job only.
    stays: bool,
}

impl<'a> At<'a> {
    pub fn new(reading: Reading<'a>, stage: usize, spot: Spot) -> At<'a> {
        At {
            reading,
            stage,
            spot,
            carried: Vec::new(),
            reads_jobs: Vec::new(),
            secrets: BTreeSet::new(),
            before: None,
        }
    }

    /// A condition.
    pub fn condition(&mut self, expr: &Expr) -> Term {
        match &expr.kind {
            ExprKind::And(left, right) => self.condition(left).and(self.condition(right)),
            ExprKind::Or(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                Term::call(Function::Or, [left, right])
            }
            ExprKind::Not(inner) => self.condition(inner).negated(),
            ExprKind::Compare(comparison, left, right) => self.comparison(*comparison, left, right),
            ExprKind::In(left, list) => self.membership(left, list),
            ExprKind::Holds(list, item) => {
                let (list, item) = (self.operand(list), self.operand(item));
                Term::call(Function::Contains, [between_commas(list), between_commas(item)])
            }
            ExprKind::Status(status, nodes) => self.status(*status, nodes, expr.span),
            ExprKind::If(condition, then, otherwise) => {
                let arguments = [self.condition(condition), self.condition(then), self.condition(otherwise)];
                Term::call(Function::If, arguments)
            }
            ExprKind::Bool(value) => Term::Bool(*value),
            _ => self.operand(expr).is_true(),
        }
    }

    fn comparison(&mut self, comparison: Comparison, left: &Expr, right: &Expr) -> Term {
        let function = match comparison {
            Comparison::Equal => Function::Equal,
            Comparison::NotEqual => Function::NotEqual,
            Comparison::Less => Function::Less,
            Comparison::LessOrEqual => Function::LessOrEqual,
            Comparison::Greater => Function::Greater,
            Comparison::GreaterOrEqual => Function::GreaterOrEqual,
        };
        if let ExprKind::ReasonWord(reason) = &right.kind {
            let started = is_one_of(self.operand(left), reasons(*reason));
            return if comparison == Comparison::NotEqual { started.negated() } else { started };
        }
        let (left, right) = self.pair(left, right);
        Term::call(function, [left, right])
    }

    /// Both sides. A branch is compared with its whole reference, so that `feature/main` is not taken for `main`; those
    /// of a pull request are references in Azure Repos and names on GitHub.
    fn pair(&mut self, left: &Expr, right: &Expr) -> (Term, Term) {
        let either = matches!(left.kind, ExprKind::Fact(Fact::PullRequestSource | Fact::PullRequestTarget));
        if let Some(reference) = reference_prefix(left).filter(|_| !either)
            && let Some(name) = right.as_str().filter(|it| !it.is_empty())
        {
            return (
                Term::Variable(Self::reference_variable(left)),
                Term::Text(format!("{reference}{name}")),
            );
        }
        (self.operand(left), self.operand(right))
    }

    /// The variable that holds a whole reference, `refs/heads/main`.
    fn reference_variable(expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::RunOf(alias, field) => run_variable(alias, *field),
            _ => fact_variable(expr).to_owned(),
        }
    }

    fn membership(&mut self, left: &Expr, list: &[Expr]) -> Term {
        let words: Vec<&str> = list.iter().flat_map(reason_names).copied().collect();
        if !words.is_empty() {
            return is_one_of(self.operand(left), &words);
        }
        let mut arguments = Vec::with_capacity(list.len() + 1);
        for item in list {
            let (subject, item) = self.pair(left, item);
            if arguments.is_empty() {
                arguments.push(subject);
            }
            arguments.push(item);
        }
        if arguments.is_empty() { Term::Bool(false) } else { Term::Call(Function::In, arguments) }
    }

    fn status(&mut self, status: Status, nodes: &[Node], span: Span) -> Term {
        if nodes.is_empty() {
            return self.own_status(status);
        }
        let wanted: &[Outcome] = match status {
            Status::Succeeded => &[Outcome::Succeeded, Outcome::SucceededWithIssues],
            Status::Failed => &[Outcome::Failed],
            Status::Canceled => &[Outcome::Canceled],
            Status::Always => return Term::call(Function::Always, []),
            Status::NotFailed => &[Outcome::Succeeded, Outcome::SucceededWithIssues, Outcome::Skipped],
            Status::SucceededOrFailed => &[Outcome::Succeeded, Outcome::SucceededWithIssues, Outcome::Failed],
        };
        let each = nodes.iter().map(|node| {
            let mut arguments = vec![self.result(*node, span)];
            arguments.extend(wanted.iter().map(|it| Term::Text(outcome(*it).into())));
            Term::Call(Function::In, arguments)
        });
        let all: Vec<Term> = each.collect();
        if status == Status::Failed || status == Status::Canceled {
            return any(all);
        }
        all.into_iter().fold(Term::Bool(true), Term::and)
    }

    /// How it goes so far where this stands: of a step, in the parts of its job before this one too.
    pub fn own_status(&self, status: Status) -> Term {
        let failed = || Term::call(Function::Failed, []);
        let before = self.before.clone().filter(|_| matches!(self.spot, Spot::Step { .. }));
        match (status, before) {
            (Status::Succeeded, None) => Term::succeeded(),
            (Status::Succeeded, Some(before)) => Term::succeeded().and(before),
            (Status::Failed, None) => failed(),
            (Status::Failed, Some(before)) => {
                let earlier = Term::call(Function::Canceled, []).negated().and(before.negated());
                Term::call(Function::Or, [failed(), earlier])
            }
            (Status::NotFailed, None) => not_failed(),
            (Status::NotFailed, Some(before)) => not_failed().and(before),
            (Status::Canceled, _) => Term::call(Function::Canceled, []),
            (Status::Always, _) => Term::call(Function::Always, []),
            (Status::SucceededOrFailed, _) => Term::call(Function::SucceededOrFailed, []),
        }
    }

    /// What a condition without a status function gets: all went well so far.
    pub fn all_well(&self) -> Term {
        self.own_status(Status::Succeeded)
    }

    /// A value inside a condition.
    fn operand(&mut self, expr: &Expr) -> Term {
        match &expr.kind {
            ExprKind::Bool(value) => Term::Text(value.to_string()),
            #[expect(clippy::cast_precision_loss, reason = "numbers in conditions are written by people")]
            ExprKind::Int(value) => Term::Number(*value as f64),
            ExprKind::Number(value) => Term::Number(*value),
            ExprKind::String(text) => Term::Text(text.clone()),
            ExprKind::Concat(parts) => {
                let parts: Vec<Term> = parts.iter().map(|it| self.operand(it)).collect();
                concat(parts)
            }
            ExprKind::Param(name) => Term::Parameter { name: name.clone(), bool: expr.ty == Ty::Bool },
            ExprKind::Variable { name, .. } => Term::Variable(name.clone()),
            ExprKind::Matrix(name) => Term::Variable(Matrix::variable(name)),
            ExprKind::Predefined(name) => Term::Variable((*name).into()),
            ExprKind::Fact(_) => short_fact(expr),
            ExprKind::RunOf(alias, field) => short(run_variable(alias, *field), reference_prefix(expr)),
            ExprKind::Image(alias, field) => Term::Variable(image_variable(alias, *field)),
            ExprKind::Looked(look) => self.looked(*look),
            ExprKind::ReasonWord(reason) => Term::Text(reasons(*reason)[0].into()),
            ExprKind::Output(output) => self.output(output, expr.span),
            ExprKind::ResultOf(node) => self.result(*node, expr.span),
            ExprKind::ResultWord(word) => Term::Text(outcome(*word).into()),
            ExprKind::If(condition, then, otherwise) => {
                let arguments = [self.condition(condition), self.operand(then), self.operand(otherwise)];
                Term::call(Function::If, arguments)
            }
            ExprKind::OwnOutput(_)
            | ExprKind::Not(_)
            | ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Holds(..)
            | ExprKind::Status(..) => Term::call(Function::Lower, [self.condition(expr)]),
        }
    }

    /// An output of the stage that the compiler puts before all others.
    fn looked(&mut self, look: Look) -> Term {
        let (step, variable) = facts::output(look);
        let stage = Some(facts::stage_name(self.reading.pipeline));
        let reader = if self.spot == Spot::StageCondition { Reader::StageCondition } else { Reader::Job };
        let producer = Producer { reader, stage, job: Some(facts::JOB.to_owned()) };
        let output = Term::Output(Output {
            leg: None,
            producer,
            deployment: false,
            step: step.to_owned(),
            variable: variable.clone(),
        });
        match self.spot {
            Spot::Step { .. } => Term::Variable(self.add(&variable, output)),
            Spot::StageCondition | Spot::JobCondition { .. } => output,
        }
    }

    fn find(&self, output: &OutputRef) -> Option<Found<'a>> {
        let parts = &self.reading.parts[output.stage][output.job];
        parts.iter().enumerate().find_map(|(index, part)| {
            let sets = |(step, action): &&(usize, Action)| {
                *step == output.step && action.outputs.contains(&output.output)
            };
            let (at, (_, action)) = part.actions.iter().enumerate().find(|(_, it)| sets(it))?;
            let variable = self.variable(output);
            Some(Found {
                part,
                index,
                name: part.names[at].as_deref()?,
                variable,
                stays: action.outputs_stay,
            })
        })
    }

    /// What the output is called where it is set; a step that is none of the project's is called as it is.
    fn variable(&self, output: &OutputRef) -> String {
        let job = &self.reading.pipeline.stages[output.stage].jobs[output.job];
        let declared = job.steps.get(output.step).and_then(|it| it.outputs.get(&output.output));
        declared.and_then(|it| it.variable.clone()).unwrap_or_else(|| variable_name(&output.output))
    }

    /// The output, spelled for this place. An output nobody sets is empty.
    fn output(&mut self, output: &OutputRef, span: Span) -> Term {
        let Some(found) = self.find(output) else { return Term::Text(String::new()) };
        let variable = found.variable.clone();
        let here = match self.spot {
            Spot::Step { job, part, .. } => {
                output.stage == self.stage && output.job == job && found.index == part
            }
            Spot::StageCondition | Spot::JobCondition { .. } => false,
        };
        if found.stays && !here {
            self.reading.findings.borrow_mut().push(errors::output_stays(span, &output.output));
        }
        let Spot::Step { job, part, .. } = self.spot else { return self.direct(output, &found, variable) };
        if output.stage == self.stage && output.job == job && found.index == part {
            return Term::Variable(format!("{}.{variable}", found.name));
        }
        let name = self.carry(output, &found, variable);
        Term::Variable(name)
    }

    /// In a condition of a stage or job, or as the value of a job's variable.
    fn direct(&mut self, output: &OutputRef, found: &Found<'_>, variable: String) -> Term {
        let reader = if self.spot == Spot::StageCondition { Reader::StageCondition } else { Reader::Job };
        let elsewhere = output.stage != self.stage;
        if !elsewhere {
            self.reads_jobs.push(found.part.name.clone());
        }
        let stage = elsewhere.then(|| self.reading.pipeline.stages[output.stage].ident.value.clone());
        Term::Output(Output {
            producer: Producer { reader, stage, job: Some(found.part.name.clone()) },
            deployment: found.part.deployment,
            leg: output.leg.clone(),
            step: found.name.to_owned(),
            variable,
        })
    }

    /// A variable of the job that holds the output.
    fn carry(&mut self, output: &OutputRef, found: &Found<'_>, variable: String) -> String {
        let elsewhere = output.stage != self.stage;
        let stage = &self.reading.pipeline.stages[output.stage].ident.value;
        let stage = elsewhere.then_some(stage);
        let from: Vec<&str> = stage.into_iter().chain(&output.leg).map(String::as_str).collect();
        let name = [&from[..], &[found.name, &variable]].concat().join("_");
        let value = self.direct(output, found, variable);
        self.add(&name, value)
    }

    /// Another value that would be called the same gets a number behind its name.
    fn add(&mut self, wanted: &str, value: Term) -> String {
        let mut name = wanted.to_owned();
        for number in 2.. {
            let taken = self.carried.iter().find_map(|it| match it {
                Variable::Runtime(other, value) if *other == name => Some(value),
                _ => None,
            });
            match taken {
                Some(same) if *same == value => return name,
                Some(_) => name = format!("{wanted}_{number}"),
                None => break,
            }
        }
        self.carried.push(Variable::Runtime(name.clone(), value));
        name
    }

    /// The result of a stage or job. Conditions of stages see results of stages, jobs see results of jobs.
    fn result(&mut self, node: Node, span: Span) -> Term {
        let stage = &self.reading.pipeline.stages[node.stage];
        let elsewhere = node.stage != self.stage;
        let name = stage.ident.value.clone();
        let explicit = !stage.jobs.first().is_none_or(|it| it.implicit);
        let hidden = if self.spot == Spot::StageCondition { node.job.is_some() } else { node.job.is_none() };
        if hidden && explicit {
            self.reading.findings.borrow_mut().push(errors::result_out_of_sight(
                span,
                &name,
                node.job.is_some(),
            ));
        }
        if self.spot == Spot::StageCondition {
            let producer = Producer { reader: Reader::StageCondition, stage: Some(name), job: None };
            return Term::Result(producer);
        }
        let job = node.job.unwrap_or(0);
        let parts = &self.reading.parts[node.stage][job];
        if !elsewhere {
            self.reads_jobs.extend(parts.iter().map(|it| it.name.clone()));
        }
        let stage = elsewhere.then_some(name);
        let results = parts.iter().map(|part| {
            let job = Some(part.name.clone());
            Term::Result(Producer { reader: Reader::Job, stage: stage.clone(), job })
        });
        let term = of_parts(results.collect());
        match self.spot {
            Spot::Step { .. } => {
                let job = &self.reading.pipeline.stages[node.stage].jobs[job].ident.value;
                Term::Variable(self.add(&format!("{job}_result"), term))
            }
            Spot::StageCondition | Spot::JobCondition { .. } => term,
        }
    }
}

/// The name of an output's variable: dots separate steps from outputs there.
pub fn variable_name(output: &str) -> String {
    output.replace('.', "_")
}

/// The result of a job that was split: what went wrong in any part, else what became of the last one.
fn of_parts(mut results: Vec<Term>) -> Term {
    let Some(last) = results.last().cloned() else { return Term::Text(String::new()) };
    if results.len() == 1 {
        return results.remove(0);
    }
    let one_is = |word: Outcome| {
        let mut arguments = vec![Term::Text(outcome(word).into())];
        arguments.extend(results.iter().cloned());
        Term::Call(Function::In, arguments)
    };
    let bad = [Outcome::Canceled, Outcome::Failed];
    bad.into_iter().fold(last, |otherwise, word| {
        Term::call(Function::If, [one_is(word), Term::Text(outcome(word).into()), otherwise])
    })
}

/// As an item of a list that is written `a,b`.
fn between_commas(term: Term) -> Term {
    Term::call(Function::Format, [Term::Text(",{0},".into()), term])
}

fn is_one_of(subject: Term, words: &[&str]) -> Term {
    let texts = words.iter().map(|it| Term::Text((*it).into()));
    let arguments: Vec<Term> = std::iter::once(subject).chain(texts).collect();
    Term::call(if words.len() == 1 { Function::Equal } else { Function::In }, arguments)
}

fn any(mut terms: Vec<Term>) -> Term {
    if terms.len() == 1 { terms.remove(0) } else { Term::Call(Function::Or, terms) }
}

fn not_failed() -> Term {
    let bad = [Term::call(Function::Failed, []), Term::call(Function::Canceled, [])];
    Term::call(Function::Or, bad).negated()
}

fn concat(parts: Vec<Term>) -> Term {
    let holes: Vec<String> = (0..parts.len()).map(|it| format!("{{{it}}}")).collect();
    let mut arguments = vec![Term::Text(holes.concat())];
    arguments.extend(parts);
    Term::Call(Function::Format, arguments)
}

pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "Succeeded",
        Outcome::SucceededWithIssues => "SucceededWithIssues",
        Outcome::Failed => "Failed",
        Outcome::Canceled => "Canceled",
        Outcome::Skipped => "Skipped",
    }
}
