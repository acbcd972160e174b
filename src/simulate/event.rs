//! What can happen to a system from outside.

use super::clock::{Moment, spoken};
use super::filter::listed;
use crate::base::arena::Id;
pub use crate::model::expr::Outcome as Result;
use crate::model::expr::Outcome;
use crate::model::project::{ContainerRegistry, Pipeline, Project, Repository};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Push {
        /// `None`: `self`.
        repository: Option<Id<Repository>>,
        reference: Reference,
        /// What the push changed; not said: a path that every filter lets in is not known, so paths do not refuse.
        paths: Option<Vec<String>>,
    },
    PullRequest(PullRequest),
    /// The clock strikes.
    Schedule {
        at: Moment,
        /// Code has changed since the last scheduled run.
        changed: bool,
    },
    Manual {
        pipeline: Id<Pipeline>,
        branch: Option<String>,
        params: BTreeMap<String, String>,
    },
    Image {
        registry: Id<ContainerRegistry>,
        repository: String,
        tag: String,
    },
    /// A run of the pipeline, of which nothing else is looked at, has ended.
    Completion {
        pipeline: Id<Pipeline>,
        branch: Option<String>,
        tags: Vec<String>,
        result: Outcome,
    },
    Webhook {
        name: String,
        fields: BTreeMap<String, String>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct PullRequest {
    pub source: String,
    pub target: String,
    pub paths: Option<Vec<String>>,
    pub draft: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    Branch(String),
    Tag(String),
}

impl Reference {
    /// A branch, or a tag that is written `refs/tags/…`.
    pub fn named(name: &str) -> Reference {
        if let Some(tag) = name.strip_prefix("refs/tags/") {
            return Reference::Tag(tag.to_owned());
        }
        Reference::Branch(name.strip_prefix("refs/heads/").unwrap_or(name).to_owned())
    }

    /// `refs/heads/main`
    pub fn whole(&self) -> String {
        match self {
            Reference::Branch(it) if it.starts_with("refs/") => it.clone(),
            Reference::Branch(it) => format!("refs/heads/{it}"),
            Reference::Tag(it) => format!("refs/tags/{it}"),
        }
    }

    pub fn spoken(&self) -> String {
        match self {
            Reference::Branch(it) => format!("branch `{it}`"),
            Reference::Tag(it) => format!("tag `{it}`"),
        }
    }
}

impl Event {
    /// The same so many seconds later: the clock strikes at its own time.
    #[must_use]
    pub fn later(&self, seconds: u64) -> Event {
        match self {
            Event::Schedule { at, changed } => Event::Schedule { at: at.after(seconds), changed: *changed },
            other => other.clone(),
        }
    }

    /// For people.
    pub fn spoken(&self, project: &Project) -> String {
        let changed = |paths: &Option<Vec<String>>| match paths {
            Some(paths) => format!(": {}", listed(paths.iter().map(String::as_str))),
            None => String::new(),
        };
        match self {
            Event::Push { repository, reference, paths } => {
                let name = repository.map_or("self", |it| &project.repositories[it].header.ident.value);
                format!("push to `{name}`, {}{}", reference.spoken(), changed(paths))
            }
            Event::PullRequest(PullRequest { source, target, paths, draft }) => {
                let kind = if *draft { "draft pull request" } else { "pull request" };
                format!("{kind} from `{source}` to `{target}`{}", changed(paths))
            }
            Event::Schedule { at, changed } => {
                let unchanged =
                    if *changed { "" } else { ", nothing has changed since the last scheduled run" };
                format!("the clock: {} {at} UTC{unchanged}", at.date().day_word())
            }
            Event::Manual { pipeline, branch, params } => {
                let name = &project.pipelines[*pipeline].header.ident.value;
                let branch = of_branch(branch.as_ref());
                let given: Vec<String> =
                    params.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                let given = if given.is_empty() { String::new() } else { format!(", {}", given.join(", ")) };
                format!("somebody starts `{name}`{branch}{given}")
            }
            Event::Image { registry, repository, tag } => {
                let name = &project.container_registries[*registry].header.ident.value;
                format!("new image `{repository}:{tag}` in `{name}`")
            }
            Event::Completion { pipeline, branch, tags, result } => {
                let name = &project.pipelines[*pipeline].header.ident.value;
                let branch = of_branch(branch.as_ref());
                let tagged = if tags.is_empty() {
                    String::new()
                } else {
                    format!(", tagged {}", listed(tags.iter().map(String::as_str)))
                };
                format!("a run of `{name}`{branch} {}{tagged}", result_word(*result))
            }
            Event::Webhook { name, fields } => {
                let held: Vec<String> =
                    fields.iter().map(|(path, text)| format!("{path} = {text}")).collect();
                let held = if held.is_empty() { String::new() } else { format!(", {}", held.join(", ")) };
                format!("message to webhook `{name}`{held}")
            }
        }
    }
}

fn of_branch(branch: Option<&String>) -> String {
    branch.map(|it| format!(" of {}", Reference::named(it).spoken())).unwrap_or_default()
}

pub fn result_word(result: Outcome) -> &'static str {
    match result {
        Outcome::Succeeded => "succeeded",
        Outcome::SucceededWithIssues => "succeeded with issues",
        Outcome::Failed => "failed",
        Outcome::Canceled => "was cancelled",
        Outcome::Skipped => "was skipped",
    }
}

/// `after 2h`, or nothing for the first moment.
pub fn behind(seconds: u64) -> String {
    if seconds == 0 { String::new() } else { format!(" after {}", spoken(seconds)) }
}
