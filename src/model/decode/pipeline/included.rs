//! Existing templates in stages and pipelines.

use crate::base::span::Span;
use crate::model::data::Record;
use crate::model::decode::include::include;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::handlers::handler_blocks;
use crate::model::project::{Include, Job, Stage, StageInclude, Step};
use crate::model::scope::step_blocks;
use crate::model::steps::Kind;
use crate::schema::include::INCLUDE;
use crate::syntax::ast::{self, Statement};
use crate::target::template::Holds;
use indexmap::IndexMap;

/// What a pipeline includes.
#[derive(Default)]
pub(super) struct Included {
    pub stages: Vec<StageInclude>,
    pub extends: Option<Include>,
    /// Something is included, well or not.
    pub some: bool,
}

/// In the order of the source, between the stages.
pub(super) fn of_pipeline(fields: &mut Fields<'_, '_>) -> Included {
    let blocks = fields.children("include");
    let alone = fields.children("stage").is_empty() && blocks.len() == 1;
    let allowed = if alone { &[Holds::Stages, Holds::Pipeline][..] } else { &[Holds::Stages] };
    let mut included = Included { some: !blocks.is_empty(), ..Included::default() };
    let pipeline = fields.ast;
    for block in blocks {
        let before = stages_before(pipeline, block);
        let place = std::mem::take(&mut fields.cx.resolver.place);
        let found = include(&mut Fields::new(fields.cx, &INCLUDE, block), allowed);
        fields.cx.resolver.place = place;
        match found {
            Some(include) if include.holds == Holds::Pipeline => included.extends = Some(include),
            Some(include) => included.stages.push(StageInclude { before, include }),
            None => {}
        }
    }
    included
}

fn stages_before(pipeline: &ast::Block, block: &ast::Block) -> usize {
    let statements = pipeline.body.iter().flat_map(|body| &body.statements);
    let before = statements.take_while(|it| it.span() != block.span);
    before.filter(|it| matches!(it, Statement::Block(it) if it.word.value == "stage" && !it.quoted)).count()
}

/// A stage without `needs` waits for the template written before it.
pub(super) fn follow(cx: &mut Cx<'_>, included: &Included, stages: &mut [Stage]) {
    for it in &included.stages {
        let Some(stage) = stages.get_mut(it.before).filter(|it| it.needs.is_none()) else { continue };
        if it.include.stages.is_none() {
            let message =
                format!("`{}` stands behind stages whose names are not known here", stage.ident.value);
            let help = "say what it waits for: `needs = [STAGE]`, or `needs = []` for nothing";
            let finding = errors::template_mismatch(stage.head, message, help);
            cx.push(finding.label(it.include.head, "these stages"));
        }
        stage.follows.clone_from(&it.include.stages);
    }
}

/// Jobs that a stage includes: among its loose steps, or beside its jobs.
pub(super) fn of_stage<'a>(cx: &mut Cx<'a>, block: &'a ast::Block, jobs: &[Job]) -> Vec<Include> {
    let mut found = Vec::new();
    if let Some(loose) = jobs.first().filter(|it| it.implicit) {
        found.extend(loose.steps.iter().filter_map(|it| match &it.kind {
            Kind::Include(it) if it.template.holds == Holds::Jobs => Some(it.template.clone()),
            _ => None,
        }));
    } else {
        for (block, _) in step_blocks(block).filter(|(it, _)| it.word.value == "include") {
            found.extend(include(&mut Fields::new(cx, &INCLUDE, block), &[Holds::Jobs]));
        }
    }
    if let (Some(include), Some((_, handler))) = (found.first(), handler_blocks(block).next()) {
        let message = "how included jobs end is not known here";
        let help = "put the `on` block into a job, or into a stage of its own with `when = failed(STAGE)`";
        cx.push(errors::template_mismatch(handler.head, message, help).label(include.head, "these jobs"));
    }
    found
}

/// A step that says nothing of what steps may say.
pub(super) fn bare(head: Span, kind: Kind) -> Step {
    Step {
        ident: None,
        title: None,
        head,
        kind,
        when: None,
        env: IndexMap::new(),
        timeout: None,
        retries: 0,
        continue_on_error: false,
        enabled: true,
        working_directory: None,
        connection: None,
        handler: None,
        extra: Record::new(),
        outputs: IndexMap::new(),
    }
}
