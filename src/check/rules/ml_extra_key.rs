//! # A key in `extra` that has no place there
//!
//! `extra { … }` is for what Azure ML knows and the language has no word for. Azure ML ignores some keys that it does not
//! know, so a slip would go unseen; and what the language has a word for would be written twice.
//!
//! ```mlops,fails
//! compute train_cpu {
//!   size = "Standard_DS3_v2"
//!   extra { ssh_public_acces_enabled = false, max_instances = 4 }
//! }
//! ```
//!
//! ```mlops,passes
//! compute train_cpu {
//!   size  = "Standard_DS3_v2"
//!   nodes = 0..4
//!   extra { ssh_public_access_enabled = false }
//! }
//! ```
//!
//! Use the word that the message names, or a key that it lists.
//!
//! Source: the schemas of azure-ai-ml 1.35.2.

use crate::base::suggest;
use crate::check::{Cx, Group, Rule};
use crate::model::data::{Data, Record};
use crate::model::project::{MlStep, MlWork};
use crate::target::ml_keys::{self, Keys, Shape};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-extra-key", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        check(cx, &ml_keys::PIPELINE, &pipeline.extra);
        for step in &pipeline.steps {
            check(cx, keys(step), &step.extra);
        }
    }
    for compute in project.computes.values() {
        check(cx, &ml_keys::COMPUTE, &compute.extra);
    }
}

fn keys(step: &MlStep) -> &'static Keys {
    match &step.work {
        MlWork::Command => &ml_keys::COMMAND,
        MlWork::Sweep(_) => &ml_keys::SWEEP,
        MlWork::Parallel(_) => &ml_keys::PARALLEL,
        MlWork::Component(_) | MlWork::Pipeline(_) | MlWork::Spark(_) => &ml_keys::OTHER,
    }
}

fn check(cx: &mut Cx<'_>, keys: &Keys, extra: &Record) {
    for (key, entry) in extra {
        if let Some(word) = keys.written(key) {
            cx.report(&RULE, entry.key, format!("`{key}` is written by the compiler"))
                .help(format!("say it with the language's own word: {word}"));
            continue;
        }
        match keys.free(key) {
            Some(shape) if fits(shape, &entry.value.value) => {}
            Some(shape) => {
                cx.report(&RULE, entry.value.span, format!("`{key}` of {} is {}", keys.what, shape.describe()))
                    .help(format!("write {}", shape.describe()));
            }
            None => {
                let known: Vec<&str> = keys.free.iter().map(|it| it.0).collect();
                let near = suggest::nearest(key, known.iter().copied());
                let help = near.map_or_else(
                    || format!("Azure ML knows `{}` here", known.join("`, `")),
                    |it| format!("did you mean `{it}`?"),
                );
                cx.report(&RULE, entry.key, format!("Azure ML knows no `{key}` of {}", keys.what)).help(help);
            }
        }
    }
}

fn fits(shape: Shape, data: &Data) -> bool {
    match shape {
        Shape::Text => matches!(data, Data::String(_)),
        Shape::Flag => matches!(data, Data::Bool(_)),
        Shape::Record => matches!(data, Data::Record(_)),
        Shape::List => matches!(data, Data::List(_)),
    }
}
