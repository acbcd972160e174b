//! `on failure { … }` and `on cancel { … }`.

use super::Decode;
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::data::Record;
use crate::model::errors;
use crate::model::expr::Ty;
use crate::model::fields::{Cx, Fields};
use crate::model::handlers::{self, HandlerJob, Role, STARTED};
use crate::model::project::{Handler, Inherited, Job, Step, StepHandler};
use crate::model::scope::{self, Place, output};
use crate::model::steps::action::{ScriptSource, Shell};
use crate::model::steps::{self, Kind};
use crate::schema::job::ON;
use crate::syntax::ast;
use indexmap::IndexMap;

impl<'a> Decode<'a, '_> {
    /// The jobs that handle what goes wrong in a stage.
    pub(super) fn handlers(
        &mut self,
        cx: &mut Cx<'a>,
        block: &'a ast::Block,
        stage: usize,
        jobs: &mut Vec<Job>,
    ) {
        for handler in handlers::handlers(block) {
            let place = Place { stage: Some(stage), job: Some(jobs.len()), step: None };
            let outer = self.attached.len();
            let around = cx.resolver.environment.map(Id::new);
            cx.resolver.place = place;
            if handler.job.is_some() {
                self.attach_ahead(cx, handler.around);
            }
            check(cx, handler.block);
            let steps = Self::steps(cx, handler.block, place);
            self.enter(cx, around);
            self.attached.truncate(outer);
            cx.resolver.attached = Some(self.attached.clone());
            let job = job(handler, steps, jobs);
            jobs.push(job);
        }
    }
}

fn job(handler: HandlerJob<'_>, steps: Vec<Step>, jobs: &[Job]) -> Job {
    let around = handler.job.and_then(|it| jobs.get(it));
    let head = handler.block.head;
    Job {
        ident: handler.ident(),
        title: Some(handler.title),
        head,
        implicit: false,
        needs: handler.of.iter().map(|it| Spanned::new(*it, head)).collect(),
        when: None,
        environment: around.and_then(|it| it.environment.clone()),
        enabled: around.is_none_or(|it| it.enabled),
        continue_on_error: false,
        clean: None,
        container: around.and_then(|it| it.container.clone()),
        matrix: None,
        handler: Some(Handler { event: handler.event, of: handler.of }),
        extra: Record::new(),
        inherited: around.map_or_else(Inherited::default, |it| it.inherited.clone()),
        steps,
    }
}

/// An `on` block holds steps, and no `on` blocks of steps inside an `on` block of a step.
fn check<'a>(cx: &mut Cx<'a>, block: &'a ast::Block) {
    let mut fields = Fields::with_foreign(cx, &ON, block, |word| steps::find(word).is_some());
    if scope::step_blocks(block).next().is_none() && !fields.is_broken() {
        fields.missing("step", "add steps such as `notify email { … }` or `run \"./clean.sh\"`");
    }
}

/// The step that notes that the next one starts.
pub(super) fn marker(block: &ast::Block) -> Step {
    let watched = block.alias.as_ref().map_or(&block.word, |it| &it.ident);
    let source = ScriptSource::Template { name: "mark_start", data: Vec::new() };
    let run = steps::run::Run { source, shell: Shell::Bash };
    Step {
        ident: None,
        title: Some(format!("Note that {} starts", watched.value)),
        head: block.head,
        kind: Kind::Run(run),
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
        outputs: IndexMap::from([(STARTED.to_owned(), output(Ty::Bool))]),
    }
}

/// Puts a decoded step into its place: its marker runs when it does, its handlers know it.
pub(super) fn settle<'a>(
    cx: &mut Cx<'a>,
    decoded: &mut Vec<Step>,
    step: Option<Step>,
    (block, role): (&'a ast::Block, Role),
) {
    let Some(mut step) = step else { return };
    match role {
        Role::Step if handlers::handler_blocks(block).next().is_some() => {
            for (_, handler) in handlers::handler_blocks(block) {
                check(cx, handler);
            }
            watched(cx, decoded, &step, block);
            if let Some(marker) = decoded.last_mut() {
                marker.when.clone_from(&step.when);
                marker.enabled = step.enabled;
            }
        }
        Role::Step | Role::Marker => {}
        Role::Handler(event, marker) => {
            if let Some((_, inner)) = handlers::handler_blocks(block).next() {
                let help = "write the steps behind one another, or put them into a job with an `on` block of its own";
                cx.push(errors::invalid_value(
                    inner.head,
                    "a step of an `on` block has no `on` block itself",
                    help,
                ));
            }
            let tolerated = decoded.get(marker + 1).is_some_and(|it| it.continue_on_error);
            step.enabled &= decoded.get(marker).is_none_or(|it| it.enabled);
            step.handler = Some(StepHandler { event, marker, tolerated });
        }
    }
    decoded.push(step);
}

/// What Azure Pipelines tells of one step: nothing. It is worked out from how the job goes, which is not always possible.
fn watched(cx: &mut Cx<'_>, before: &[Step], step: &Step, block: &ast::Block) {
    let Some((_, handler)) = handlers::handler_blocks(block).next() else { return };
    let head = handler.head;
    if matches!(step.kind, Kind::Wait(_) | Kind::Approve(_)) {
        let help = "put the `on` block into the job or the stage; a rejected approval is no failure";
        let message = format!("nothing can stand behind a failed `{}` in its job", step.kind.word());
        cx.push(errors::invalid_value(head, message, help));
    }
    if let Some(when) = step.when.as_ref().filter(|it| it.has_status()) {
        let help = "put the `on` block into the job, or the step into a job of its own";
        let message = "whether this step failed or one before it cannot be told";
        cx.push(errors::invalid_value(head, message, help).label(when.span, "it runs after failures too"));
    }
    if let Some(other) = before.iter().find(|it| step.continue_on_error && it.continue_on_error) {
        let help = "put one of the two steps into a job of its own";
        let message = "whether this step failed or another one that may fail cannot be told";
        cx.push(errors::invalid_value(head, message, help).label(other.head, "this may fail too"));
    }
}
