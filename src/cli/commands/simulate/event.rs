//! The events of the command line.

use super::with::With;
use crate::simulate::event::{Event, Reference};
use crate::simulate::names::Misfit;
use crate::simulate::{System, words};
use std::collections::BTreeMap;

#[derive(Debug, clap::Subcommand)]
pub enum What {
    /// Somebody pushes to a repository
    Push {
        /// The repository, by its name in the project; without it `self`
        #[arg(long, value_name = "REPOSITORY")]
        repository: Option<String>,
        /// The branch; without it the repository's own
        #[arg(long, value_name = "BRANCH")]
        branch: Option<String>,
        /// A file that the push changes; may be said several times. Without one, filters of paths let everything in
        #[arg(long = "path", value_name = "FILE")]
        paths: Vec<String>,
        #[command(flatten)]
        with: With,
    },
    /// Somebody opens a pull request to `self`, or pushes to one
    Pr {
        /// The branch that it would change; without it that of `self`
        #[arg(long, value_name = "BRANCH")]
        target: Option<String>,
        /// The branch that it comes from
        #[arg(long, value_name = "BRANCH", default_value = "feature")]
        source: String,
        /// A file that it changes; may be said several times
        #[arg(long = "path", value_name = "FILE")]
        paths: Vec<String>,
        /// It is a draft
        #[arg(long)]
        draft: bool,
        #[command(flatten)]
        with: With,
    },
    /// Somebody pushes a tag
    Tag {
        /// The tag
        #[arg(value_name = "TAG")]
        tag: String,
        /// The repository; without it `self`
        #[arg(long, value_name = "REPOSITORY")]
        repository: Option<String>,
        #[command(flatten)]
        with: With,
    },
    /// The clock strikes
    Schedule {
        /// When, in UTC: `2026-01-05 03:00`
        #[arg(long, value_name = "MOMENT")]
        at: String,
        /// Nothing has changed since the last scheduled run
        #[arg(long)]
        unchanged: bool,
        #[command(flatten)]
        with: With,
    },
    /// Somebody starts a pipeline by hand
    Manual {
        /// The pipeline
        #[arg(value_name = "PIPELINE")]
        pipeline: String,
        /// The branch; without it that of `self`
        #[arg(long, value_name = "BRANCH")]
        branch: Option<String>,
        /// A parameter; may be said several times
        #[arg(long = "param", value_name = "NAME=VALUE")]
        params: Vec<String>,
        #[command(flatten)]
        with: With,
    },
    /// A new image arrives in a container registry
    Image {
        /// The image
        #[arg(value_name = "REGISTRY/REPOSITORY:TAG")]
        image: String,
        #[command(flatten)]
        with: With,
    },
    /// A run of a pipeline has ended; the run itself is not looked at
    Completion {
        /// The pipeline
        #[arg(value_name = "PIPELINE")]
        pipeline: String,
        /// Its branch; without it that of `self`
        #[arg(long, value_name = "BRANCH")]
        branch: Option<String>,
        /// A tag of the run; may be said several times
        #[arg(long = "tag", value_name = "TAG")]
        tags: Vec<String>,
        /// How it ended: `succeeded`, `succeeded_with_issues`, `failed`, `canceled`
        #[arg(long, value_name = "RESULT", default_value = "succeeded")]
        result: String,
        #[command(flatten)]
        with: With,
    },
    /// A message arrives
    Webhook {
        /// The name of the webhook
        #[arg(value_name = "NAME")]
        name: String,
        /// What the message says at a path in its JSON; may be said several times
        #[arg(long = "field", value_name = "PATH=TEXT")]
        fields: Vec<String>,
        #[command(flatten)]
        with: With,
    },
}

impl What {
    pub fn with(&self) -> &With {
        match self {
            What::Push { with, .. }
            | What::Pr { with, .. }
            | What::Tag { with, .. }
            | What::Schedule { with, .. }
            | What::Manual { with, .. }
            | What::Image { with, .. }
            | What::Completion { with, .. }
            | What::Webhook { with, .. } => with,
        }
    }

    pub fn event(&self, system: &System<'_>) -> Result<Event, Misfit> {
        match self {
            What::Push { repository, branch, paths, .. } => {
                let reference = branch.clone().map(Reference::Branch);
                system.push(repository.as_deref(), reference, paths.clone())
            }
            What::Pr { target, source, paths, draft, .. } => {
                system.pull_request(source.clone(), target.clone(), (paths.clone(), *draft))
            }
            What::Tag { tag, repository, .. } => {
                system.push(repository.as_deref(), Some(Reference::Tag(tag.clone())), Vec::new())
            }
            What::Schedule { at, unchanged, .. } => system.strike(at, !unchanged),
            What::Manual { pipeline, branch, params, .. } => {
                system.by_name(pipeline, branch.clone(), pairs(params, "NAME=VALUE")?)
            }
            What::Image { image, .. } => system.image(image),
            What::Completion { pipeline, branch, tags, result, .. } => {
                system.completion(pipeline, branch.clone(), (tags.clone(), result))
            }
            What::Webhook { name, fields, .. } => system.webhook(name.clone(), pairs(fields, "PATH=TEXT")?),
        }
    }
}

fn pairs(said: &[String], form: &str) -> Result<BTreeMap<String, String>, Misfit> {
    let halves = said
        .iter()
        .map(|it| words::halves(it, form).map(|(name, value)| (name.to_owned(), value.to_owned())));
    halves.collect()
}
