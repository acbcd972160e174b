//! # An output that nothing reads
//!
//! A declared output says that something behind the step depends on it. Where nothing does, either the reader was
//! forgotten, such as a `when`, or the script sets a variable for nobody.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage all {
//!     run "./changed.sh" as look { output changed: bool }
//!     run "make"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage all {
//!     run "./changed.sh" as look { output changed: bool }
//!     run "make" { when = look.changed }
//!   }
//! }
//! ```
//!
//! Read it, `look.changed`, or remove it. Pipelines that include templates, which may read it themselves, are not looked at.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::Pipeline;
use crate::model::steps::Kind;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Unused, "unused-output", run).fixes(Safety::Safe).needs_all();

fn run(cx: &mut Cx<'_>) {
    let mut read = BTreeSet::new();
    let mut unread: Vec<(&str, Span)> = Vec::new();
    for pipeline in cx.project.pipelines.values().filter(|it| !includes(it)) {
        for (at, name, span) in declared(pipeline) {
            if pipeline.outputs_read.contains(&(at.0, at.1, at.2, name.to_owned())) {
                read.insert(cx.place(span));
            } else {
                unread.push((name, span));
            }
        }
    }
    // Of the copies that a loop makes, one that is read is enough.
    for (name, span) in unread {
        if !read.contains(&cx.place(span)) {
            let edit = cx.remove_declaration(span);
            cx.report(&RULE, span, format!("nothing reads output `{name}`"))
                .help("read it where it is needed, as `step.output`, or remove it")
                .edits(Safety::Safe, "remove it", vec![edit]);
        }
    }
}

/// Each output that is declared, with its stage, job and step.
fn declared(pipeline: &Pipeline) -> impl Iterator<Item = ((usize, usize, usize), &str, Span)> {
    pipeline.stages.iter().enumerate().flat_map(|(stage, it)| {
        it.jobs.iter().enumerate().flat_map(move |(job, it)| {
            it.steps.iter().enumerate().flat_map(move |(step, it)| {
                let outputs = it.outputs.iter();
                outputs.filter_map(move |(name, it)| Some(((stage, job, step), name.as_str(), it.declared?)))
            })
        })
    })
}

fn includes(pipeline: &Pipeline) -> bool {
    let mut steps = pipeline.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    pipeline.extends.is_some()
        || !pipeline.includes.is_empty()
        || pipeline.stages.iter().any(|it| !it.includes.is_empty())
        || steps.any(|it| matches!(it.kind, Kind::Include(_)))
}
