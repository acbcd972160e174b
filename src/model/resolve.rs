//! Expressions: names looked up from where they stand outward, types worked out, mistakes reported once.

use super::errors;
use super::expr::{Comparison, Expr, ExprKind, Fact, Node, Outcome, OutputRef, RunField, Status, Ty};
use super::project::{Output, Read, Variables};
use super::scope::{PipelineScope, Place};
use super::symbols::{Ref, Symbols};
use crate::base::arena::{Arena, Id};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::Kind;
use crate::syntax::ast::{self, Operator, Part};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Where expressions stand while a block is decoded.
#[derive(Default)]
pub struct Resolver<'a> {
    /// The pipeline around; none for declarations outside pipelines.
    pub scope: Option<Rc<PipelineScope>>,
    pub place: Place,
    /// Groups of variables that may be read here, outermost first. `None`: any declared one.
    pub attached: Option<Vec<Id<Variables>>>,
    pub variables: Option<&'a Arena<Variables>>,
    /// The pipelines whose completion starts this one.
    pub sources: Vec<usize>,
    /// Which stages and jobs were read so far.
    pub reads: RefCell<Vec<Read>>,
    /// Which parameters were read so far.
    pub params_read: RefCell<BTreeSet<String>>,
}

const FACTS: &[(&str, Fact)] = &[
    ("id", Fact::Id),
    ("number", Fact::Number),
    ("branch", Fact::Branch),
    ("tag", Fact::Tag),
    ("reason", Fact::Reason),
    ("commit", Fact::Commit),
    ("requested_for", Fact::RequestedFor),
    ("pull_request.source", Fact::PullRequestSource),
    ("pull_request.target", Fact::PullRequestTarget),
];

const RUN_FIELDS: &[(&str, RunField)] =
    &[("id", RunField::Id), ("branch", RunField::Branch), ("commit", RunField::Commit)];

const OUTCOMES: &[(&str, Outcome)] = &[
    ("succeeded", Outcome::Succeeded),
    ("succeeded_with_issues", Outcome::SucceededWithIssues),
    ("failed", Outcome::Failed),
    ("canceled", Outcome::Canceled),
    ("skipped", Outcome::Skipped),
];

const STATUS: &[(&str, Status)] = &[
    ("succeeded", Status::Succeeded),
    ("failed", Status::Failed),
    ("canceled", Status::Canceled),
    ("always", Status::Always),
    ("not_failed", Status::NotFailed),
    ("succeeded_or_failed", Status::SucceededOrFailed),
];

impl Resolver<'_> {
    fn note(&self, node: Node, span: Span) {
        self.reads.borrow_mut().push(Read { job: self.place.job, node, span });
    }

    /// `None` where something in it is wrong; that is then reported.
    pub fn expr(
        &self,
        expr: &ast::Expr,
        symbols: &Symbols<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<Expr> {
        Look { resolver: self, symbols, findings }.expr(expr)
    }

    /// A stage or job by its path, outward from the place.
    pub fn node(&self, path: &ast::Path) -> Result<Node, Diagnostic> {
        let Some(scope) = &self.scope else { return Err(errors::not_a_reference(path.span, &[])) };
        let first = &path.segments[0].name;
        let stage_of = |name: &str| scope.stages.iter().position(|it| it.name.value == name);
        let job_of =
            |stage: usize, name: &str| scope.stages[stage].jobs.iter().position(|it| it.name.value == name);
        match path.segments.as_slice() {
            [_] => {
                let inner = self.place.stage.filter(|it| !scope.stages[*it].implicit);
                let job =
                    inner.and_then(|stage| Some(Node { stage, job: Some(job_of(stage, &first.value)?) }));
                let found = job.or_else(|| stage_of(&first.value).map(Node::stage));
                found.ok_or_else(|| {
                    let jobs = inner.into_iter().flat_map(|it| &scope.stages[it].jobs).map(|it| &it.name);
                    let names = jobs.chain(scope.stages.iter().map(|it| &it.name));
                    let known: Vec<&str> = names.map(|it| it.value.as_str()).collect();
                    let nearest = suggest::nearest(&first.value, known.iter().copied());
                    let what = if inner.is_some() { "job or stage" } else { "stage" };
                    errors::undefined_name(first, what, nearest, &known)
                })
            }
            [_, job] => {
                let stage = stage_of(&first.value).ok_or_else(|| {
                    let known: Vec<&str> = scope.stages.iter().map(|it| it.name.value.as_str()).collect();
                    errors::undefined_name(
                        first,
                        "stage",
                        suggest::nearest(&first.value, known.iter().copied()),
                        &known,
                    )
                })?;
                let found = job_of(stage, &job.name.value);
                let known: Vec<&str> =
                    scope.stages[stage].jobs.iter().map(|it| it.name.value.as_str()).collect();
                let unknown = || {
                    errors::undefined_name(
                        &job.name,
                        "job",
                        suggest::nearest(&job.name.value, known.iter().copied()),
                        &known,
                    )
                };
                Ok(Node { stage, job: Some(found.ok_or_else(unknown)?) })
            }
            _ => Err(errors::invalid_value(
                path.span,
                "this is no stage or job",
                "write the name of a stage, or `stage.job`",
            )),
        }
    }
}

struct Look<'r, 'a, 's> {
    resolver: &'r Resolver<'a>,
    symbols: &'r Symbols<'s>,
    findings: &'r mut Vec<Diagnostic>,
}

impl Look<'_, '_, '_> {
    fn say(&mut self, finding: Diagnostic) -> Option<Expr> {
        self.findings.push(finding);
        None
    }

    fn expr(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Bool(value) => Some(Expr { kind: ExprKind::Bool(*value), ty: Ty::Bool, span }),
            ast::ExprKind::String(text) => self.text(text, span),
            ast::ExprKind::Number(number) => self.number(number, span),
            ast::ExprKind::Path(path) => self.path(path),
            ast::ExprKind::Call(name, arguments) => self.call(name, arguments, span),
            ast::ExprKind::Not(inner) => {
                let inner = self.bool(inner)?;
                Some(Expr { kind: ExprKind::Not(Box::new(inner)), ty: Ty::Bool, span })
            }
            ast::ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ast::ExprKind::If(condition, then, otherwise) => self.choice(condition, then, otherwise, span),
            ast::ExprKind::List(_) | ast::ExprKind::Record(_) => {
                let help = "write one string, number or boolean, or the name of something that has one";
                self.say(errors::wrong_type(span, "a list or a record has no meaning here", help))
            }
            ast::ExprKind::Broken => None,
        }
    }

    fn text(&mut self, text: &ast::Text, span: Span) -> Option<Expr> {
        let mut parts = Vec::new();
        for part in &text.parts {
            match part {
                Part::Literal(literal) => parts.push(Expr::string(literal.clone(), span)),
                Part::Splice(inner) => parts.push(self.expr(inner)?),
                Part::Opaque(written) => {
                    let help = "write an expression such as `${run.id}`, or `\\$` for a dollar sign";
                    let message = format!("`{}` holds no expression", written.value);
                    return self.say(errors::invalid_value(written.span, message, help));
                }
            }
        }
        match parts.as_slice() {
            [] => Some(Expr::string("", span)),
            [Expr { kind: ExprKind::String(only), .. }] => Some(Expr::string(only.clone(), span)),
            _ => Some(Expr { kind: ExprKind::Concat(parts), ty: Ty::String, span }),
        }
    }

    fn number(&mut self, number: &ast::Number, span: Span) -> Option<Expr> {
        if !number.unit.is_empty() {
            return self.say(errors::invalid_value(
                span,
                "a value with a unit has no meaning here",
                "write a plain number, or a text in quotes",
            ));
        }
        if let Ok(value) = number.digits.parse::<i64>() {
            return Some(Expr { kind: ExprKind::Int(value), ty: Ty::Int, span });
        }
        let value = number.digits.parse::<f64>().ok()?;
        Some(Expr { kind: ExprKind::Number(value), ty: Ty::Number, span })
    }

    fn bool(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let inner = self.expr(expr)?;
        if inner.ty == Ty::Bool {
            return Some(inner);
        }
        let help = "compare it with a value: `x == \"…\"`; a text by itself is never true or false";
        self.say(errors::wrong_type(expr.span, "a condition is needed here", help))
    }

    fn choice(
        &mut self,
        condition: &ast::Expr,
        then: &ast::Expr,
        otherwise: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let condition = self.bool(condition)?;
        let then = self.expr(then)?;
        let otherwise = self.expr(otherwise)?;
        if then.ty != otherwise.ty {
            return self.say(errors::wrong_type(
                span,
                "the two branches have different types",
                "give both the same type",
            ));
        }
        let ty = then.ty;
        Some(Expr { kind: ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)), ty, span })
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let comparison = match operator {
            Operator::And | Operator::Or => {
                let (left, right) = (self.bool(left), self.bool(right));
                let (left, right) = (Box::new(left?), Box::new(right?));
                let kind = if operator == Operator::And {
                    ExprKind::And(left, right)
                } else {
                    ExprKind::Or(left, right)
                };
                return Some(Expr { kind, ty: Ty::Bool, span });
            }
            Operator::In => return self.membership(left, right, span),
            Operator::Equal => Comparison::Equal,
            Operator::NotEqual => Comparison::NotEqual,
            Operator::Less => Comparison::Less,
            Operator::LessOrEqual => Comparison::LessOrEqual,
            Operator::Greater => Comparison::Greater,
            Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
            Operator::Add | Operator::Subtract | Operator::Multiply => {
                return self.say(errors::invalid_value(
                    span,
                    "arithmetic works on compile-time numbers only",
                    "write the result",
                ));
            }
            Operator::Range => {
                return self.say(errors::invalid_value(
                    span,
                    "a range has no meaning here",
                    "compare with both ends",
                ));
            }
        };
        let left = self.expr(left)?;
        let right = self.side(right, left.ty)?;
        if !comparable(&left, &right, comparison) {
            if left.ty == right.ty {
                let message = format!("{} has no order", name_of(left.ty));
                return self.say(errors::wrong_type(span, message, "compare it with `==`, `!=` or `in`"));
            }
            let message = format!("{} cannot be compared with {}", name_of(left.ty), name_of(right.ty));
            return self.say(errors::wrong_type(
                span,
                message,
                "compare values of one type; text needs quotes, numbers and booleans none",
            ));
        }
        Some(Expr {
            kind: ExprKind::Compare(comparison, Box::new(left), Box::new(right)),
            ty: Ty::Bool,
            span,
        })
    }

    /// The right side of a comparison: an outcome's word where the left side is a result.
    fn side(&mut self, expr: &ast::Expr, ty: Ty) -> Option<Expr> {
        if ty != Ty::Result {
            return self.expr(expr);
        }
        let word = match &expr.kind {
            ast::ExprKind::Path(path) => path.as_ident(),
            _ => None,
        };
        let found = word.and_then(|word| OUTCOMES.iter().find(|it| it.0 == word.value));
        match found {
            Some((_, outcome)) => {
                Some(Expr { kind: ExprKind::ResultWord(*outcome), ty: Ty::Result, span: expr.span })
            }
            None => {
                let known: Vec<&str> = OUTCOMES.iter().map(|it| it.0).collect();
                let help = format!("it is {}", errors::quoted_list(&known));
                self.say(errors::wrong_type(expr.span, "this is no result", help))
            }
        }
    }

    fn membership(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<Expr> {
        let left = self.expr(left)?;
        let ast::ExprKind::List(items) = &right.kind else {
            return self.say(errors::wrong_type(
                right.span,
                "`in` needs a list",
                "write `x in [\"a\", \"b\"]`",
            ));
        };
        let mut list = Vec::new();
        for item in items {
            let item = self.side(item, left.ty)?;
            if !comparable(&left, &item, Comparison::Equal) {
                let message = format!("{} cannot be compared with {}", name_of(left.ty), name_of(item.ty));
                return self.say(errors::wrong_type(
                    item.span,
                    message,
                    "give all items the type of the left side",
                ));
            }
            list.push(item);
        }
        Some(Expr { kind: ExprKind::In(Box::new(left), list), ty: Ty::Bool, span })
    }

    fn call(&mut self, name: &ast::Path, arguments: &[ast::Expr], span: Span) -> Option<Expr> {
        let known: Vec<&str> = STATUS.iter().map(|it| it.0).collect();
        let Some(ident) = name.as_ident() else {
            return self.say(errors::invalid_value(
                span,
                "this is no function",
                format!("there is {}", errors::quoted_list(&known)),
            ));
        };
        if matches!(ident.value.as_str(), "changed" | "defined") {
            return self.say(errors::not_compiled(span, &format!("`{}(…)`", ident.value)));
        }
        let Some((_, status)) = STATUS.iter().find(|it| it.0 == ident.value) else {
            return self.say(errors::undefined_name(
                ident,
                "function",
                suggest::nearest(&ident.value, known.iter().copied()),
                &known,
            ));
        };
        let mut nodes = Vec::new();
        for argument in arguments {
            let ast::ExprKind::Path(path) = &argument.kind else {
                return self.say(errors::invalid_value(
                    argument.span,
                    "a status function takes stages or jobs",
                    "write their names without quotes",
                ));
            };
            match self.resolver.node(path) {
                Ok(node) => {
                    self.resolver.note(node, argument.span);
                    nodes.push(node);
                }
                Err(finding) => return self.say(finding),
            }
        }
        Some(Expr { kind: ExprKind::Status(*status, nodes), ty: Ty::Bool, span })
    }

    fn path(&mut self, path: &ast::Path) -> Option<Expr> {
        if path.open {
            return self.say(errors::invalid_value(
                path.span,
                "the name is not finished",
                "write what follows the dot",
            ));
        }
        if let Some(index) = path.segments.iter().find(|it| !it.indices.is_empty()) {
            return self.say(errors::not_compiled(index.name.span, "indexed declarations"));
        }
        let names: Vec<&Spanned<String>> = path.segments.iter().map(|it| &it.name).collect();
        match names.as_slice() {
            [first, rest @ ..] if !rest.is_empty() => match first.value.as_str() {
                "params" => self.param(rest, path.span),
                "vars" => self.variable(rest, path.span),
                "run" if !self.is_local(first) => self.fact(rest, path.span),
                "runs" => self.run_of(rest, path.span),
                "image" | "matrix" => {
                    self.say(errors::not_compiled(path.span, &format!("`{}.…`", first.value)))
                }
                _ => self.local(&names, path.span),
            },
            _ => self.local(&names, path.span),
        }
    }

    /// Whether a step of this job bears the name.
    fn is_local(&self, name: &Spanned<String>) -> bool {
        let Some(scope) = &self.resolver.scope else { return false };
        let (Some(stage), Some(job)) = (self.resolver.place.stage, self.resolver.place.job) else {
            return false;
        };
        scope.stages[stage].jobs[job]
            .steps
            .iter()
            .any(|it| it.alias && it.name.as_ref().is_some_and(|it| it.value == name.value))
    }

    fn param(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let scope = self.resolver.scope.clone();
        let Some(scope) = scope else {
            return self.say(errors::invalid_value(
                span,
                "parameters belong to a pipeline and cannot be read here",
                "pass the value in the pipeline's step instead",
            ));
        };
        let [name] = rest else {
            return self.say(errors::invalid_value(span, "a parameter has no parts", "write `params.NAME`"));
        };
        match scope.params.get(&name.value) {
            Some((ty, _)) => {
                self.resolver.params_read.borrow_mut().insert(name.value.clone());
                Some(Expr { kind: ExprKind::Param(name.value.clone()), ty: *ty, span })
            }
            None => {
                let known: Vec<&str> = scope.params.keys().map(String::as_str).collect();
                let nearest = suggest::nearest(&name.value, known.iter().copied());
                let finding = errors::undefined_name(name, "parameter of this pipeline", nearest, &known);
                self.say(Diagnostic { code: "undefined-parameter", ..finding })
            }
        }
    }

    fn variable(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let Some(arena) = self.resolver.variables else {
            let help = "write a constant; what only a run knows goes into `env` of the step that needs it";
            return self.say(errors::invalid_value(span, "variables cannot be read here", help));
        };
        let [.., name] = rest else { return None };
        let named = (rest.len() == 2).then(|| rest[0]);
        let visible: Vec<Id<Variables>> = match (&self.resolver.attached, named) {
            (_, Some(group)) => match self.symbols.get(Kind::Variables, &group.value) {
                Some(found) => vec![Id::new(found.index)],
                None => {
                    let known: Vec<&str> =
                        self.symbols.of(Kind::Variables).map(|it| it.name.value.as_str()).collect();
                    return self.say(errors::undefined_name(
                        group,
                        "`variables`",
                        suggest::nearest(&group.value, known.iter().copied()),
                        &known,
                    ));
                }
            },
            (Some(attached), None) => attached.clone(),
            (None, None) => arena.ids().collect(),
        };
        let nearest_first = visible.iter().rev();
        let found = nearest_first.filter_map(|id| Some((*id, arena[*id].members.get(&name.value)?))).next();
        if let Some((group, variable)) = found {
            self.symbols.mark(Ref { kind: Kind::Variables, index: group.index() });
            let kind = ExprKind::Variable {
                group,
                ident: variable.ident.value.clone(),
                name: variable.name.clone(),
                secret: variable.secret,
            };
            return Some(Expr { kind, ty: variable.ty, span });
        }
        let finding = self.undefined_variable(name, &visible, arena);
        self.say(finding)
    }

    fn undefined_variable(
        &self,
        name: &Spanned<String>,
        visible: &[Id<Variables>],
        arena: &Arena<Variables>,
    ) -> Diagnostic {
        let holder = arena.values().find(|it| it.members.contains_key(&name.value));
        if let Some(holder) = holder {
            let group = &holder.header.ident.value;
            return Diagnostic::error(
                "undefined-variable",
                name.span,
                format!("`{}` is in `variables {group}`, which is not attached here", name.value),
            )
            .label(holder.members[&name.value].ident.span, "declared here")
            .help(format!("add `variables = [{group}]` to the stage, the pipeline or the project"));
        }
        let known: Vec<&str> =
            visible.iter().flat_map(|id| arena[*id].members.keys()).map(String::as_str).collect();
        let nearest = suggest::nearest(&name.value, known.iter().copied());
        let finding = errors::undefined_name(name, "variable", nearest, &known);
        Diagnostic { code: "undefined-variable", ..finding }
    }

    fn fact(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let name: Vec<&str> = rest.iter().map(|it| it.value.as_str()).collect();
        let name = name.join(".");
        match FACTS.iter().find(|it| it.0 == name) {
            Some((_, fact)) => Some(Expr { kind: ExprKind::Fact(*fact), ty: Ty::String, span }),
            None => {
                let known: Vec<&str> = FACTS.iter().map(|it| it.0).collect();
                let written = Spanned::new(name, span);
                let nearest =
                    suggest::nearest(&written.value, known.iter().copied()).map(|it| format!("run.{it}"));
                self.say(errors::undefined_name(&written, "fact of a run", nearest.as_deref(), &known))
            }
        }
    }

    fn run_of(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let [pipeline, field] = rest else {
            return self.say(errors::invalid_value(
                span,
                "this names no fact of another run",
                "write `runs.PIPELINE.id`, `.branch` or `.commit`",
            ));
        };
        let Some(found) = self.symbols.get(Kind::Pipeline, &pipeline.value) else {
            let known: Vec<&str> = self.symbols.of(Kind::Pipeline).map(|it| it.name.value.as_str()).collect();
            return self.say(errors::undefined_name(
                pipeline,
                "pipeline",
                suggest::nearest(&pipeline.value, known.iter().copied()),
                &known,
            ));
        };
        if !self.resolver.sources.contains(&found.index) {
            let help =
                format!("add `trigger after {0}`; only then a run of it is known here", pipeline.value);
            return self.say(errors::invalid_value(
                span,
                format!("`{}` does not start this pipeline", pipeline.value),
                help,
            ));
        }
        let Some((_, field)) = RUN_FIELDS.iter().find(|it| it.0 == field.value) else {
            let known: Vec<&str> = RUN_FIELDS.iter().map(|it| it.0).collect();
            return self.say(errors::undefined_name(
                field,
                "fact of another run",
                suggest::nearest(&field.value, known.iter().copied()),
                &known,
            ));
        };
        Some(Expr { kind: ExprKind::RunOf(Id::new(found.index), *field), ty: Ty::String, span })
    }

    /// A step in this job, a job in this stage, a stage in this pipeline: outward.
    fn local(&mut self, names: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let Some(scope) = self.resolver.scope.clone() else { return self.declaration(names, span) };
        let place = self.resolver.place;
        if let (Some(stage), Some(job)) = (place.stage, place.job)
            && let Some(found) = self.output_in(&scope, stage, job, names, span)
        {
            return found;
        }
        if let Some(stage) = place.stage
            && !scope.stages[stage].implicit
            && let Some(job) = scope.stages[stage].jobs.iter().position(|it| it.name.value == names[0].value)
        {
            return self.in_job(&scope, stage, job, names, span);
        }
        if let Some(stage) = scope.stages.iter().position(|it| it.name.value == names[0].value) {
            return self.in_stage(&scope, stage, names, span);
        }
        self.declaration(names, span)
    }

    fn in_stage(
        &mut self,
        scope: &PipelineScope,
        stage: usize,
        names: &[&Spanned<String>],
        span: Span,
    ) -> Option<Expr> {
        if let [_, last] = names
            && last.value == "result"
        {
            self.resolver.note(Node::stage(stage), span);
            return Some(Expr { kind: ExprKind::ResultOf(Node::stage(stage)), ty: Ty::Result, span });
        }
        let target = &scope.stages[stage];
        if target.implicit {
            return self.in_job(scope, stage, 0, names, span);
        }
        let Some(name) = names.get(1) else { return self.incomplete(names, span) };
        let known: Vec<&str> = target.jobs.iter().map(|it| it.name.value.as_str()).collect();
        match target.jobs.iter().position(|it| it.name.value == name.value) {
            Some(job) => self.in_job(scope, stage, job, &names[1..], span),
            None => {
                let nearest = suggest::nearest(&name.value, known.iter().copied());
                let finding = errors::undefined_name(
                    name,
                    &format!("job of stage `{}`", names[0].value),
                    nearest,
                    &known,
                );
                self.say(finding)
            }
        }
    }

    fn in_job(
        &mut self,
        scope: &PipelineScope,
        stage: usize,
        job: usize,
        names: &[&Spanned<String>],
        span: Span,
    ) -> Option<Expr> {
        if let [_, last] = names
            && last.value == "result"
        {
            return Some(Expr {
                kind: ExprKind::ResultOf(Node { stage, job: Some(job) }),
                ty: Ty::Result,
                span,
            });
        }
        let Some(step) = names.get(1) else { return self.incomplete(names, span) };
        if let Some(found) = self.output_in(scope, stage, job, &names[1..], span) {
            return found;
        }
        let steps = &scope.stages[stage].jobs[job].steps;
        let known: Vec<&str> =
            steps.iter().filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str()).collect();
        let nearest = suggest::nearest(&step.value, known.iter().copied());
        let finding = errors::undefined_name(step, &format!("step in `{}`", names[0].value), nearest, &known);
        self.say(finding)
    }

    /// `Some` if the first name is a step of the job: then its output, or `None` with a finding.
    #[expect(clippy::option_option, reason = "found or not, and if found, right or wrong")]
    fn output_in(
        &mut self,
        scope: &PipelineScope,
        stage: usize,
        job: usize,
        names: &[&Spanned<String>],
        span: Span,
    ) -> Option<Option<Expr>> {
        let steps = &scope.stages[stage].jobs[job].steps;
        let step =
            steps.iter().position(|it| it.name.as_ref().is_some_and(|it| it.value == names[0].value))?;
        let here = self.resolver.place.stage == Some(stage) && self.resolver.place.job == Some(job);
        if here && self.resolver.place.step.is_some_and(|it| step >= it) {
            let finding = errors::invalid_value(
                span,
                format!("`{}` runs later than this", names[0].value),
                "only outputs of earlier steps are known; move the step up",
            );
            return Some(self.say(finding));
        }
        let rest: Vec<&str> = names[1..].iter().map(|it| it.value.as_str()).collect();
        let name = rest.join(".");
        let outputs = &steps[step].outputs;
        if let Some(Output { ty, .. }) = outputs.get(&name) {
            self.resolver.note(Node { stage, job: Some(job) }, span);
            let kind = ExprKind::Output(OutputRef { stage, job, step, output: name });
            return Some(Some(Expr { kind, ty: *ty, span }));
        }
        let known: Vec<&str> = outputs.keys().map(String::as_str).collect();
        let finding = if name.is_empty() {
            errors::invalid_value(
                span,
                format!("`{}` is a step, not a value", names[0].value),
                format!("read one of its outputs: {}", errors::quoted_list(&known)),
            )
        } else {
            let written = Spanned::new(name, names[names.len() - 1].span);
            let nearest = suggest::nearest(&written.value, known.iter().copied());
            Diagnostic {
                code: "output-never-set",
                ..errors::undefined_name(
                    &written,
                    &format!("output of `{}`", names[0].value),
                    nearest,
                    &known,
                )
            }
        };
        Some(self.say(finding))
    }

    fn incomplete(&mut self, names: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let name = &names[0].value;
        self.say(errors::invalid_value(
            span,
            format!("`{name}` is not a value"),
            format!("write `{name}.result`, or an output of one of its steps: `{name}.STEP.OUTPUT`"),
        ))
    }

    /// `price.name`: what a declaration is called outside.
    fn declaration(&mut self, names: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let declared = self.symbols.all(&names[0].value);
        if let ([_, attribute], [only]) = (names, declared.as_slice())
            && attribute.value == "name"
        {
            self.symbols.mark(only.0);
            let block = self.symbols.of(only.0.kind).nth(only.0.index).map(|it| it.block);
            return block.map(|block| Expr::string(outside_name(block, only.0.kind), span));
        }
        if let [(found, at), ..] = declared.as_slice() {
            let finding = errors::invalid_value(
                span,
                format!("the {} `{}` is not a value", found.kind.word(), names[0].value),
                format!("write `{}.name` for its name outside", names[0].value),
            );
            return self.say(finding.label(*at, "declared here"));
        }
        let mut known: Vec<&str> = vec!["params", "vars", "run", "runs"];
        if let Some(scope) = &self.resolver.scope {
            known.extend(scope.stages.iter().map(|it| it.name.value.as_str()));
            if let (Some(stage), Some(job)) = (self.resolver.place.stage, self.resolver.place.job) {
                let steps = &scope.stages[stage].jobs[job].steps;
                known.extend(steps.iter().filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str()));
            }
        }
        let nearest = suggest::nearest(&names[0].value, known.iter().copied());
        let finding = errors::undefined_name(names[0], "step, job, stage or declaration", nearest, &known);
        self.say(finding)
    }
}

fn outside_name(block: &ast::Block, kind: Kind) -> String {
    let written = block.body.iter().flat_map(|body| &body.statements).find_map(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == "name" => match &it.value.kind {
            ast::ExprKind::String(text) => Some(text.value.clone()),
            _ => None,
        },
        _ => None,
    });
    let ident = super::symbols::declared_name(block).map_or("", |it| it.value.as_str());
    written.unwrap_or_else(|| super::naming::outside(kind, ident))
}

fn comparable(left: &Expr, right: &Expr, comparison: Comparison) -> bool {
    let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let number = |ty: Ty| matches!(ty, Ty::Int | Ty::Number);
    if number(left.ty) && number(right.ty) {
        return true;
    }
    left.ty == right.ty && !ordered
}

fn name_of(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "a boolean",
        Ty::Int | Ty::Number => "a number",
        Ty::String => "a text",
        Ty::Result => "a result",
    }
}
