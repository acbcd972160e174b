//! `on failure { … }` and `on cancel { … }`: those of a step are steps of the same job, behind it; those of a job or a
//! stage are jobs of their own. Scope and decoder go through them here, so that they count alike.

use super::project::Event;
use super::scope::{JobScope, blocks, job_steps, step_blocks};
use super::steps::StepKind;
use super::symbols::{Symbols, declared_name};
use crate::base::span::Spanned;
use crate::syntax::ast;

/// The output of a marker.
pub const STARTED: &str = "started";

/// A step as it stands in its job.
pub struct Flat<'b> {
    pub block: &'b ast::Block,
    pub kind: &'static StepKind,
    pub role: Role,
}

#[derive(Clone, Copy)]
pub enum Role {
    Step,
    /// Notes that the next step starts: only then its failure is its own.
    Marker,
    /// Of the step whose marker has that index.
    Handler(Event, usize),
}

/// The steps of a job, each with its marker before it and its handlers behind it.
pub fn flat_steps(block: &ast::Block) -> Vec<Flat<'_>> {
    let mut flat: Vec<Flat<'_>> = Vec::new();
    for (block, kind) in step_blocks(block) {
        let handlers: Vec<_> = handler_blocks(block).collect();
        let marker = flat.len();
        if !handlers.is_empty() {
            flat.push(Flat { block, kind, role: Role::Marker });
        }
        flat.push(Flat { block, kind, role: Role::Step });
        for (event, handler) in handlers {
            flat.extend(step_blocks(handler).map(|(block, kind)| {
                let role = Role::Handler(event, marker);
                Flat { block, kind, role }
            }));
        }
    }
    flat
}

/// The `on` blocks directly in a body, and what they wait for.
pub fn handler_blocks(block: &ast::Block) -> impl Iterator<Item = (Event, &ast::Block)> {
    blocks(block).filter(|it| it.word.value == "on" && !it.quoted).map(|it| {
        let cancel = declared_name(it).is_some_and(|it| it.value == "cancel");
        (if cancel { Event::Cancel } else { Event::Failure }, it)
    })
}

/// A job for when others go wrong.
pub struct HandlerJob<'b> {
    pub event: Event,
    pub name: String,
    pub title: String,
    /// The job around it, by index; none where it stands in the stage.
    pub job: Option<usize>,
    /// The jobs it watches.
    pub of: Vec<usize>,
    pub block: &'b ast::Block,
    /// The job that it stands in; the stage where it stands there.
    pub around: &'b ast::Block,
}

/// The handlers of a stage's jobs, then those of the stage itself. They stand behind all jobs.
pub fn handlers(stage: &ast::Block) -> Vec<HandlerJob<'_>> {
    let jobs = blocks(stage).filter(|it| it.word.value == "job" && !it.quoted);
    let jobs: Vec<_> = jobs.filter_map(|it| Some((declared_name(it)?, it))).collect();
    let mut found = Vec::new();
    for (index, (name, job)) in jobs.iter().enumerate() {
        found.extend(handler_blocks(job).map(|(event, block)| HandlerJob {
            event,
            name: format!("{}_on_{}", name.value, word(event)),
            title: format!("On {} of {}", word(event), name.value),
            job: Some(index),
            of: vec![index],
            block,
            around: job,
        }));
    }
    let all = jobs.len().max(1);
    found.extend(handler_blocks(stage).map(|(event, block)| HandlerJob {
        event,
        name: format!("on_{}", word(event)),
        title: format!("On {}", word(event)),
        job: None,
        of: (0..all).collect(),
        block,
        around: stage,
    }));
    found
}

fn word(event: Event) -> &'static str {
    match event {
        Event::Failure => "failure",
        Event::Cancel => "cancel",
    }
}

impl HandlerJob<'_> {
    pub fn ident(&self) -> Spanned<String> {
        Spanned::new(self.name.clone(), self.block.head)
    }

    pub fn scope(&self, symbols: &Symbols<'_>) -> JobScope {
        let steps = job_steps(self.block, symbols);
        let only = self.of.as_slice();
        let inside = if let [only] = only { Some(*only) } else { None };
        JobScope { name: self.ident(), inside, matrix: None, steps }
    }
}
