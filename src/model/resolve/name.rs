//! Names: parameters, variables, facts, and what steps, jobs and stages yield.

use super::matrix::{leg, leg_needed};
use super::{FACTS, Look, RUN_FIELDS};
use crate::base::arena::{Arena, Id};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind, Node, OutputRef, Ty};
use crate::model::project::{Output, Variables};
use crate::model::scope::PipelineScope;
use crate::model::symbols::Ref;
use crate::schema::Kind;
use crate::syntax::ast;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A job, and one of its copies.
#[derive(Clone, Copy)]
pub(super) struct In<'n> {
    pub stage: usize,
    pub job: usize,
    pub leg: Option<&'n str>,
}

impl Look<'_, '_, '_> {
    pub(super) fn path(&mut self, path: &ast::Path) -> Option<Expr> {
        if path.open {
            return self.say(errors::invalid_value(
                path.span,
                "the name is not finished",
                "write what follows the dot",
            ));
        }
        let names: Vec<&Spanned<String>> = path.segments.iter().map(|it| &it.name).collect();
        match names.as_slice() {
            [first, rest @ ..] if !rest.is_empty() => match first.value.as_str() {
                "params" => self.param(rest, path.span),
                "vars" => self.variable(rest, path.span),
                "run" if !self.is_local(first) => self.fact(rest, path.span),
                "runs" => self.run_of(rest, path.span),
                "image" if !self.is_in_pipeline(first) => self.image(rest, path.span),
                "matrix" if !self.is_in_pipeline(first) => self.matrix(rest, path.span),
                _ => self.local(&names, path.span),
            },
            _ => self.local(&names, path.span),
        }
    }

    /// Whether a step of this job bears the name.
    pub(super) fn is_local(&self, name: &Spanned<String>) -> bool {
        let Some(scope) = &self.resolver.scope else { return false };
        let (Some(stage), Some(job)) = (self.resolver.place.stage, self.resolver.place.job) else {
            return false;
        };
        scope.stages[stage].jobs[job]
            .steps
            .iter()
            .any(|it| it.alias && it.name.as_ref().is_some_and(|it| it.value == name.value))
    }

    /// Whether a stage, a job of this stage or a step of this job bears the name.
    fn is_in_pipeline(&self, name: &Spanned<String>) -> bool {
        let Some(scope) = &self.resolver.scope else { return false };
        let place = self.resolver.place;
        let stages = scope.stages.iter().map(|it| &it.name);
        let here = place.stage.map(|it| &scope.stages[it]);
        let jobs = here.into_iter().flat_map(|it| &it.jobs).map(|it| &it.name);
        let job = here.zip(place.job).map(|(stage, job)| &stage.jobs[job]);
        let steps = job.into_iter().flat_map(|it| &it.steps).filter_map(|it| it.name.as_ref());
        stages.chain(jobs).chain(steps).any(|it| it.value == name.value)
    }

    pub(super) fn param(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
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
            Some((ty, declared)) => {
                self.symbols.link(name, *declared);
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

    pub(super) fn variable(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let Some(arena) = self.resolver.variables else {
            let help = "write a constant; what only a run knows goes into `env` of the step that needs it";
            return self.say(errors::invalid_value(span, "variables cannot be read here", help));
        };
        let [.., name] = rest else { return None };
        let named = (rest.len() == 2).then(|| rest[0]);
        let visible: Vec<Id<Variables>> = match (&self.resolver.attached, named) {
            (_, Some(group)) => match self.symbols.get(Kind::Variables, &group.value) {
                Some(found) => {
                    self.symbols.link_to(group, found);
                    vec![Id::new(found.index)]
                }
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
        let mut nearest_first = visible.iter().rev();
        let found = nearest_first.find_map(|id| Some((*id, arena[*id].members.get(&name.value)?)));
        if let Some((group, variable)) = found {
            self.symbols.mark(Ref { kind: Kind::Variables, index: group.index() });
            self.symbols.mark_member(group.index(), &variable.ident.value);
            self.symbols.link(name, variable.ident.span);
            let kind = ExprKind::Variable {
                group,
                ident: variable.ident.value.clone(),
                name: variable.name.clone(),
                secret: variable.secret,
            };
            return Some(Expr { kind, ty: variable.ty, span });
        }
        let finding = Self::undefined_variable(name, &visible, arena);
        self.say(finding)
    }

    pub(super) fn undefined_variable(
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

    pub(super) fn fact(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
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

    pub(super) fn run_of(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let [pipeline, field] = rest else {
            return self.say(errors::invalid_value(
                span,
                "this names no fact of another run",
                "write `runs.PIPELINE.id`, `.branch`, `.commit` or `.tags`",
            ));
        };
        if let Err(finding) = self.resolver.source(pipeline, self.symbols) {
            return self.say(*finding);
        }
        if field.value == "tags" {
            return self.tags_of(&pipeline.value, span);
        }
        let Some((_, field)) = RUN_FIELDS.iter().find(|it| it.0 == field.value) else {
            let known: Vec<&str> = RUN_FIELDS.iter().map(|it| it.0).chain(["tags"]).collect();
            return self.say(errors::undefined_name(
                field,
                "fact of another run",
                suggest::nearest(&field.value, known.iter().copied()),
                &known,
            ));
        };
        Some(Expr { kind: ExprKind::RunOf(pipeline.value.clone(), *field), ty: Ty::String, span })
    }

    /// A step in this job, a job in this stage, a stage in this pipeline: outward.
    pub(super) fn local(&mut self, names: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let Some(scope) = self.resolver.scope.clone() else { return self.declaration(names, span) };
        let place = self.resolver.place;
        if let (Some(stage), Some(job)) = (place.stage, place.job)
            && let Some(found) = self.output_in(&scope, In { stage, job, leg: None }, names, span)
        {
            return found;
        }
        if let (Some(stage), Some(job)) = (place.stage, place.job)
            && let Some(job) = scope.stages[stage].jobs[job].inside
            && let Some(found) = self.output_in(&scope, In { stage, job, leg: None }, names, span)
        {
            return found;
        }
        if let Some(stage) = place.stage
            && !scope.stages[stage].implicit
            && let Some(job) = scope.stages[stage].jobs.iter().position(|it| it.name.value == names[0].value)
        {
            self.symbols.link(names[0], scope.stages[stage].jobs[job].name.span);
            return self.in_job(&scope, stage, job, names, span);
        }
        if let Some(stage) = scope.stages.iter().position(|it| it.name.value == names[0].value) {
            return self.in_stage(&scope, stage, names, span);
        }
        self.declaration(names, span)
    }

    pub(super) fn in_stage(
        &mut self,
        scope: &PipelineScope,
        stage: usize,
        names: &[&Spanned<String>],
        span: Span,
    ) -> Option<Expr> {
        self.symbols.link(names[0], scope.stages[stage].name.span);
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
            Some(job) => {
                self.symbols.link(name, target.jobs[job].name.span);
                self.in_job(scope, stage, job, &names[1..], span)
            }
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

    pub(super) fn in_job(
        &mut self,
        scope: &PipelineScope,
        stage: usize,
        job: usize,
        names: &[&Spanned<String>],
        span: Span,
    ) -> Option<Expr> {
        if let Some(leg) = leg(&scope.stages[stage].jobs[job], names) {
            return self.in_leg(scope, (stage, job), &leg, names, span);
        }
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
        if let Some(found) = self.output_in(scope, In { stage, job, leg: None }, &names[1..], span) {
            return found;
        }
        let target = &scope.stages[stage].jobs[job];
        let steps = target.steps.iter().filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str());
        let legs = target.matrix.iter().flat_map(|it| &it.legs).map(|it| it.name.as_str());
        let known: Vec<&str> = legs.chain(steps).collect();
        let nearest = suggest::nearest(&step.value, known.iter().copied());
        let what = if target.matrix.is_some() { "copy or step" } else { "step" };
        let what = format!("{what} in `{}`", names[0].value);
        let finding = errors::undefined_name(step, &what, nearest, &known);
        self.say(finding)
    }

    /// `Some` if the first name is a step of the job: then its output, or `None` with a finding.
    #[expect(clippy::option_option, reason = "found or not, and if found, right or wrong")]
    pub(super) fn output_in(
        &mut self,
        scope: &PipelineScope,
        In { stage, job, leg }: In<'_>,
        names: &[&Spanned<String>],
        span: Span,
    ) -> Option<Option<Expr>> {
        let steps = &scope.stages[stage].jobs[job].steps;
        let step =
            steps.iter().position(|it| it.name.as_ref().is_some_and(|it| it.value == names[0].value))?;
        if let Some(name) = &steps[step].name {
            self.symbols.link(names[0], name.span);
        }
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
        if let Some(Output { ty, declared, .. }) = outputs.get(&name) {
            if let Some(declared) = declared {
                self.symbols.link(names[names.len() - 1], *declared);
            }
            self.resolver.note(Node { stage, job: Some(job) }, span);
            self.resolver.outputs_read.borrow_mut().insert((stage, job, step, name.clone()));
            if let (false, None, Some(matrix)) = (here, leg, &scope.stages[stage].jobs[job].matrix) {
                return Some(self.say(leg_needed(names, matrix, span)));
            }
            let kind =
                ExprKind::Output(OutputRef { stage, job, step, output: name, leg: leg.map(str::to_owned) });
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

    pub(super) fn incomplete(&mut self, names: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let name = &names[0].value;
        self.say(errors::invalid_value(
            span,
            format!("`{name}` is not a value"),
            format!("write `{name}.result`, or an output of one of its steps: `{name}.STEP.OUTPUT`"),
        ))
    }

    /// `price.name`: what a declaration is called outside.
    pub(super) fn declaration(&mut self, names: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let declared = self.symbols.all(&names[0].value);
        if let ([_, attribute], [only]) = (names, declared.as_slice())
            && attribute.value == "name"
        {
            self.symbols.mark(only.0);
            self.symbols.link_to(names[0], only.0);
            let block = self.symbols.of(only.0.kind).nth(only.0.index).map(|it| it.block);
            let here = self.resolver.environment.and_then(|it| self.symbols.overlay(it, only.0));
            let renamed = here.and_then(written_name);
            return block.map(|block| {
                Expr::string(renamed.unwrap_or_else(|| outside_name(block, only.0.kind)), span)
            });
        }
        if let [(found, at), ..] = declared.as_slice() {
            let finding = errors::invalid_value(
                span,
                format!("the {} `{}` is not a value", found.kind.word(), names[0].value),
                format!("write `{}.name` for its name outside", names[0].value),
            );
            return self.say(finding.label(*at, "declared here"));
        }
        if let Some(finding) = self.meant(names, span) {
            return self.say(finding);
        }
        let mut known: Vec<&str> = vec!["params", "vars", "run", "runs"];
        if let Some(scope) = &self.resolver.scope {
            known.extend(scope.stages.iter().map(|it| it.name.value.as_str()));
            if let (Some(stage), Some(job)) = (self.resolver.place.stage, self.resolver.place.job) {
                let steps = &scope.stages[stage].jobs[job].steps;
                known.extend(steps.iter().filter_map(|it| it.name.as_ref()).map(|it| it.value.as_str()));
            }
        }
        let mut seen = BTreeSet::new();
        known.retain(|it| seen.insert(*it));
        let nearest = match names[0].value.as_str() {
            "parameters" => Some("params"),
            "variables" => Some("vars"),
            other => suggest::nearest(other, known.iter().copied()),
        };
        let finding = errors::undefined_name(names[0], "step, job, stage or declaration", nearest, &known);
        let place = self.resolver.place;
        let elsewhere = self.resolver.scope.as_ref().and_then(|it| it.elsewhere(place, &names[0].value));
        self.say(match elsewhere {
            Some(path) => Diagnostic {
                fix: None,
                ..finding.help(format!("it is a step of another job: write `{path}.…`"))
            },
            None => finding,
        })
    }
}

fn outside_name(block: &ast::Block, kind: Kind) -> String {
    let ident = crate::model::symbols::declared_name(block).map_or("", |it| it.value.as_str());
    written_name(block).unwrap_or_else(|| crate::model::naming::outside(kind, ident))
}

/// `name = "…"`
fn written_name(block: &ast::Block) -> Option<String> {
    block.body.iter().flat_map(|body| &body.statements).find_map(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == "name" => match &it.value.kind {
            ast::ExprKind::String(text) => text.constant().map(Cow::into_owned),
            _ => None,
        },
        _ => None,
    })
}
