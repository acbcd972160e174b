//! Delivery pipelines: triggers, parameters, stages, jobs, steps.

mod event;
mod handler;
mod included;
mod param;
mod step;
mod trigger;

use crate::base::arena::{Arena, Id};
use crate::base::parallel;
use crate::base::span::Spanned;
use crate::model::data::Record;
use crate::model::decode::declarations::inherited;
use crate::model::decode::environment::lock;
use crate::model::decode::{extra, job};
use crate::model::errors;
use crate::model::fields::{Cx, Fields, check_identifier};
use crate::model::handlers::{Flat, Role, flat_steps};
use crate::model::project::{Environment, Inherited, Job, Pipeline, Project, Stage, Step, Variables};
use crate::model::resolve::Resolver;
use crate::model::scope::{self, PipelineScope, Place};
use crate::model::steps::{self, StepKind};
use crate::model::symbols::{Symbols, declared_name};
use crate::schema::Kind;
use crate::schema::pipeline::PIPELINE;
use crate::syntax::ast;
use crate::target::pipeline_keys::Place as Target;
use indexmap::IndexMap;
use std::sync::Arc;

/// All pipelines, in the order of their ids.
pub fn all(cx: &mut Cx<'_>, project: &Project) -> Arena<Pipeline> {
    let (symbols, files, variables) = (cx.symbols, cx.files, cx.resolver.variables);
    let blocks: Vec<&ast::Block> = symbols.of(Kind::Pipeline).map(|it| it.block).collect();
    let bytes = blocks.iter().map(|it| it.span.range().len()).sum();
    let scopes = parallel::map(&blocks, bytes, |it| Arc::new(PipelineScope::of(it, symbols)));
    let outer: Vec<Id<Variables>> = project.settings.inherited.variables.iter().map(|it| it.value).collect();
    let declared: Vec<_> = blocks.into_iter().zip(&scopes).collect();
    let decoded = parallel::map(&declared, bytes, |(block, scope)| {
        let resolver = Resolver {
            variables,
            scope: Some(Arc::clone(scope)),
            sources: sources(block, symbols),
            images: event::images(block),
            ..Resolver::default()
        };
        let mut cx = Cx { symbols, files, findings: Vec::new(), resolver, project: Some(project) };
        let mut decode = Decode { project, scopes: &scopes, attached: outer.clone() };
        (decode.pipeline(&mut cx, block), cx.findings)
    });
    let (pipelines, findings): (Vec<_>, Vec<_>) = decoded.into_iter().unzip();
    cx.findings.extend(findings.into_iter().flatten());
    pipelines.into_iter().collect()
}

/// The pipelines that a block's `trigger after` and `resource` name, by what they are called in it and where that is said.
fn sources(block: &ast::Block, symbols: &Symbols<'_>) -> Vec<(Spanned<String>, usize)> {
    let statements = block.body.iter().flat_map(|body| &body.statements);
    let found = statements.filter_map(|it| {
        let ast::Statement::Block(it) = it else { return None };
        let (named, alias) = match it.word.value.as_str() {
            "trigger" if names(it.arguments.first()?, "after") => (it.arguments.get(1)?, None),
            "resource" => (it.arguments.first()?, it.alias.as_ref()),
            _ => return None,
        };
        let ast::ExprKind::Path(path) = &named.kind else { return None };
        let index = symbols.find(&[Kind::Pipeline], path).ok()?.index;
        let own = || symbols.of(Kind::Pipeline).nth(index).map(|it| it.name.clone());
        Some((alias.map(|it| it.ident.clone()).or_else(own)?, index))
    });
    found.collect()
}

fn names(expr: &ast::Expr, word: &str) -> bool {
    matches!(&expr.kind, ast::ExprKind::Path(path) if path.as_ident().is_some_and(|it| it.value == word))
}

struct Decode<'a, 's> {
    project: &'a Project,
    scopes: &'s [Arc<PipelineScope>],
    /// Variables attached so far, outermost first.
    attached: Vec<Id<Variables>>,
}

impl<'a> Decode<'a, '_> {
    fn attach(&mut self, cx: &mut Cx<'a>, inherited: &[Spanned<Id<Variables>>]) {
        self.attached.extend(inherited.iter().map(|it| it.value));
        cx.resolver.attached = Some(self.attached.clone());
    }

    /// Attributes are decoded before what they attach is known, so what a block inherits is read ahead.
    fn attach_ahead(&mut self, cx: &mut Cx<'a>, block: &ast::Block) {
        let statements = block.body.iter().flat_map(|body| &body.statements);
        let mut found = Vec::new();
        for statement in statements {
            let ast::Statement::Attribute(it) = statement else { continue };
            match it.key.value.as_str() {
                "variables" => found.extend(variables_named(&it.value, cx.symbols)),
                "environment" | "context" => {
                    if let Some(id) = named_environment(&it.value, cx.symbols) {
                        let inherited = &self.project.environments[id].inherited;
                        found.extend(inherited.variables.iter().map(|it| it.value));
                        self.enter(cx, Some(id));
                    }
                }
                _ => {}
            }
        }
        self.attached.extend(found);
        cx.resolver.attached = Some(self.attached.clone());
    }

    /// From here on, declarations are what the environment sees.
    fn enter(&self, cx: &mut Cx<'a>, environment: Option<Id<Environment>>) {
        cx.resolver.environment = environment.map(Id::index);
        cx.project = Some(self.project.seen_in(environment));
    }

    fn pipeline(&mut self, cx: &mut Cx<'a>, block: &'a ast::Block) -> Pipeline {
        cx.resolver.place = Place::default();
        self.attach(cx, &[]);
        self.attach_ahead(cx, block);
        let mut fields = Fields::new(cx, &PIPELINE, block);
        let header = fields.header(str::to_owned);
        let description = fields.plain("description");
        let inherited = inherited(&mut fields);
        let params = param::params(&mut fields);
        let triggers = self.triggers(&mut fields);
        let sources = event::resources(&mut fields);
        let stages = fields.children("stage");
        let included = included::of_pipeline(&mut fields);
        if stages.is_empty() && !included.some && !fields.is_broken() {
            fields.missing("stage", "add at least one `stage NAME { … }` with steps in it");
        }
        let broken = fields.is_broken();
        if triggers.is_empty() && !broken && fields.children("trigger").is_empty() {
            let help = "say what starts it: `trigger push { … }`, `trigger after PIPELINE`, or `trigger manual` for by hand only";
            let finding = errors::missing_attribute(fields.head(), "pipeline", "trigger", help);
            fields.cx.push(crate::diag::Diagnostic { code: "missing-trigger", ..finding });
        }
        let named = named(cx, stages);
        let mut stages: Vec<Stage> =
            named.into_iter().enumerate().map(|(index, it)| self.stage(cx, it, index)).collect();
        included::follow(cx, &included, &mut stages);
        check_unique(cx, &stages);
        let extra = extra::extra(cx, block, Target::Pipeline);
        let (params_read, looks) = (cx.resolver.params_read.take(), cx.resolver.looks.take());
        let outputs_read = cx.resolver.outputs_read.take();
        Pipeline {
            header,
            description,
            triggers,
            sources,
            params,
            inherited,
            stages,
            includes: included.stages,
            extends: included.extends,
            extra,
            looks,
            params_read,
            outputs_read,
        }
    }

    fn stage(&mut self, cx: &mut Cx<'a>, block: &'a ast::Block, index: usize) -> Stage {
        let outer = self.attached.len();
        self.enter(cx, None);
        cx.resolver.place = Place { stage: Some(index), ..Place::default() };
        self.attach_ahead(cx, block);
        let row = &crate::schema::pipeline::STAGE;
        let mut fields = Fields::with_foreign(cx, row, block, |word| steps::find(word).is_some());
        let header = fields.header(str::to_owned);
        check_stage_name(&mut fields, &header.ident);
        let needs = fields
            .has("needs")
            .then(|| nodes(&mut fields))
            .map(|it| it.into_iter().map(|node| node.map(|it| it.stage)).collect());
        let when = fields.expr("when");
        let inherited = inherited(&mut fields);
        let (environment, context) = (fields.reference("environment"), fields.reference("context"));
        if let (Some(_), Some(context)) = (&environment, &context) {
            let help = "keep one: `environment` deploys to it, `context` only takes its workspace, connection and variables";
            fields.cx.push(errors::invalid_value(
                context.span,
                "a stage has an environment or a context",
                help,
            ));
        }
        let (approval, lock, lock_at) = (fields.reference("approval"), lock(&fields), fields.span_of("lock"));
        let enabled = fields.bool("enabled").unwrap_or(true);
        let manual = event::by_hand(&mut fields);
        let explicit = fields.children("job");
        let loose =
            scope::step_blocks(block).find(|(it, _)| explicit.is_empty() || it.word.value != "include");
        if let (Some(job), Some((step, _))) = (explicit.first(), loose) {
            let help = "put the step into a job, or the steps of the jobs into the stage";
            let finding = errors::invalid_value(step.head, "a stage has jobs or loose steps, not both", help);
            fields.cx.push(finding.label(job.head, "a job"));
        }
        if explicit.is_empty() && loose.is_none() && !fields.is_broken() {
            fields.missing("step", "add steps such as `run \"make test\"`, or jobs with steps");
        }
        let mut jobs = if explicit.is_empty() {
            vec![Job {
                ident: header.ident.clone(),
                title: None,
                head: header.head,
                implicit: true,
                needs: Vec::new(),
                when: None,
                environment: None,
                enabled: true,
                continue_on_error: false,
                clean: None,
                container: None,
                matrix: None,
                handler: None,
                extra: Record::new(),
                inherited: Inherited::default(),
                steps: Self::steps(cx, block, Place { stage: Some(index), job: Some(0), step: None }),
            }]
        } else {
            let named = named(cx, explicit);
            let numbered = named.into_iter().enumerate();
            numbered
                .map(|(job, it)| self.job(cx, it, Place { stage: Some(index), job: Some(job), step: None }))
                .collect()
        };
        let includes = included::of_stage(cx, block, &jobs);
        self.handlers(cx, block, index, &mut jobs);
        self.attached.truncate(outer);
        cx.resolver.attached = Some(self.attached.clone());
        let reads = cx.resolver.reads.take();
        self.enter(cx, None);
        Stage {
            reads,
            title: header.title.map(|it| it.value),
            head: header.head,
            ident: header.ident,
            needs,
            when,
            approval,
            environment,
            context,
            lock,
            lock_at,
            enabled,
            manual,
            looks: cx.resolver.looked.take(),
            follows: None,
            inherited,
            jobs,
            includes,
            extra: extra::extra(cx, block, Target::Stage),
        }
    }

    fn job(&mut self, cx: &mut Cx<'a>, block: &'a ast::Block, place: Place) -> Job {
        let outer = self.attached.len();
        let around = cx.resolver.environment.map(Id::new);
        cx.resolver.place = place;
        self.attach_ahead(cx, block);
        let row = &crate::schema::pipeline::JOB;
        let mut fields = Fields::with_foreign(cx, row, block, |word| steps::find(word).is_some());
        let header = fields.header(str::to_owned);
        check_stage_name(&mut fields, &header.ident);
        let needs = nodes(&mut fields).into_iter().filter_map(|node| {
            let same = Some(node.value.stage) == place.stage;
            node.value.job.filter(|_| same).map(|job| Spanned::new(job, node.span))
        });
        let needs = needs.collect();
        let when = fields.expr("when");
        let environment = fields.reference("environment");
        let (enabled, continue_on_error) =
            (fields.bool("enabled").unwrap_or(true), fields.flag("continue_on_error"));
        let (clean, container) = (job::clean(&fields), job::container(&mut fields));
        let matrix = job::matrix(&mut fields);
        let inherited = inherited(&mut fields);
        if scope::step_blocks(block).next().is_none() && !fields.is_broken() {
            fields.missing("step", "add steps such as `run \"make test\"`");
        }
        let steps = Self::steps(cx, block, place);
        self.enter(cx, around);
        self.attached.truncate(outer);
        cx.resolver.attached = Some(self.attached.clone());
        Job {
            title: header.title.map(|it| it.value),
            head: header.head,
            ident: header.ident,
            implicit: false,
            needs,
            when,
            environment,
            enabled,
            continue_on_error,
            clean,
            container,
            matrix,
            handler: None,
            extra: extra::extra(cx, block, Target::Job),
            inherited,
            steps,
        }
    }

    fn steps(cx: &mut Cx<'a>, block: &'a ast::Block, place: Place) -> Vec<Step> {
        let blocks = flat_steps(block);
        let mut decoded: Vec<Step> = Vec::with_capacity(blocks.len());
        let mut names: IndexMap<String, crate::base::span::Span> = IndexMap::new();
        for (index, Flat { block: it, kind, role }) in blocks.into_iter().enumerate() {
            if matches!(role, Role::Marker) {
                decoded.push(handler::marker(it));
                continue;
            }
            cx.resolver.place = Place { step: Some(index), ..place };
            if let Some(alias) = &it.alias {
                check_identifier(cx, &alias.ident);
                if let Some(first) = names.insert(alias.ident.value.clone(), alias.span) {
                    cx.push(errors::duplicate_name("step", &alias.ident, first));
                }
            }
            // A step with mistakes has been reported; ids of the others only matter where nothing is wrong.
            let step = step(cx, it, kind, index);
            handler::settle(cx, &mut decoded, step, (it, role));
        }
        cx.resolver.place = place;
        decoded
    }
}

/// The stages or jobs that have a name: only they are in the scope. The others are reported.
fn named<'a>(cx: &mut Cx<'_>, blocks: Vec<&'a ast::Block>) -> Vec<&'a ast::Block> {
    let (named, nameless): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|it| declared_name(it).is_some());
    for block in nameless {
        cx.push(errors::missing_name(block, &block.word.value));
    }
    named
}

fn step<'a>(cx: &mut Cx<'a>, block: &'a ast::Block, kind: &'static StepKind, index: usize) -> Option<Step> {
    let place = cx.resolver.place;
    let scope = cx.resolver.scope.clone()?;
    let known = scope.step(place.stage?, place.job?, index);
    let mut fields = Fields::with_foreign(cx, kind.block, block, |word| word == "on" || word == "extra");
    step::outputs(&mut fields);
    let decoded = (kind.decode)(&mut fields)?;
    step::refuse_retries(&mut fields, &decoded);
    if fields.block.attribute("when").is_none() {
        let (ident, head, outputs) = (known.name.clone(), fields.head(), known.outputs.clone());
        return Some(Step { ident, outputs, ..included::bare(head, decoded) });
    }
    let extra = extra::extra(fields.cx, block, extra::place(&decoded));
    Some(Step {
        extra,
        ident: known.name.clone(),
        title: fields.plain("title"),
        head: fields.head(),
        when: fields.expr("when"),
        env: fields.env(),
        timeout: fields.seconds("timeout"),
        retries: fields.count("retries").unwrap_or(0),
        continue_on_error: fields.flag("continue_on_error"),
        enabled: fields.bool("enabled").unwrap_or(true),
        working_directory: if fields.block.attribute("working_directory").is_some() {
            fields.expr("working_directory")
        } else {
            None
        },
        connection: fields.reference("connection"),
        handler: None,
        outputs: known.outputs.clone(),
        kind: decoded,
    })
}

fn named_environment(expr: &ast::Expr, symbols: &Symbols<'_>) -> Option<Id<Environment>> {
    let ast::ExprKind::Path(path) = &expr.kind else { return None };
    symbols.find(&[Kind::Environment], path).ok().map(|it| Id::new(it.index))
}

fn variables_named(expr: &ast::Expr, symbols: &Symbols<'_>) -> Vec<Id<Variables>> {
    let one = |it: &ast::Expr| match &it.kind {
        ast::ExprKind::Path(path) => symbols.find(&[Kind::Variables], path).ok().map(|it| Id::new(it.index)),
        _ => None,
    };
    match &expr.kind {
        ast::ExprKind::List(items) => items.iter().filter_map(one).collect(),
        _ => one(expr).into_iter().collect(),
    }
}

/// The stages or jobs that `needs` names.
fn nodes(fields: &mut Fields<'_, '_>) -> Vec<Spanned<crate::model::expr::Node>> {
    let Some(expr) = fields.ast("needs") else { return Vec::new() };
    let items: Vec<&ast::Expr> = match &expr.kind {
        ast::ExprKind::List(items) => items.iter().collect(),
        _ => vec![expr],
    };
    let is_stage = fields.block.word == "stage";
    let mut found = Vec::new();
    for item in items {
        // Anything else was refused by the attribute's type.
        let ast::ExprKind::Path(path) = &item.kind else { continue };
        let stage_place = fields.cx.resolver.place;
        if is_stage {
            fields.cx.resolver.place = Place::default();
        }
        let node = fields.cx.resolver.node(path, fields.cx.symbols);
        fields.cx.resolver.place = stage_place;
        match node {
            Ok(node) if node.job.is_some() != is_stage => found.push(Spanned::new(node, path.span)),
            Ok(_) => {
                let (message, help) = if is_stage {
                    ("a stage waits for stages, not for jobs", "write the name of the stage")
                } else {
                    (
                        "a job waits for jobs of its own stage",
                        "write the name of a job of this stage; order between stages belongs on the stage",
                    )
                };
                fields.cx.push(errors::invalid_value(path.span, message, help));
            }
            Err(finding) => fields.cx.push(finding),
        }
    }
    found
}

fn check_stage_name(fields: &mut Fields<'_, '_>, name: &Spanned<String>) {
    check_identifier(fields.cx, name);
    if matches!(name.value.as_str(), "deploy" | "deployment") {
        let message =
            format!("`{}` is a keyword of Azure Pipelines and cannot name a stage or a job", name.value);
        let help = "choose another name, such as `rollout`";
        let finding = errors::invalid_value(name.span, message, help);
        fields.cx.push(finding.suggest("rename to `rollout`", name.span, "rollout"));
    }
}

fn check_unique(cx: &mut Cx<'_>, stages: &Vec<Stage>) {
    let mut seen: IndexMap<&str, crate::base::span::Span> = IndexMap::new();
    for stage in stages {
        if let Some(first) = seen.insert(&stage.ident.value, stage.ident.span) {
            cx.push(errors::duplicate_name("stage", &stage.ident, first));
        }
        let mut jobs: IndexMap<&str, crate::base::span::Span> = IndexMap::new();
        for job in stage.jobs.iter().filter(|it| !it.implicit) {
            if let Some(first) = jobs.insert(&job.ident.value, job.ident.span) {
                cx.push(errors::duplicate_name("job", &job.ident, first));
            }
        }
    }
}
