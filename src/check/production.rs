//! What several rules take for production, and who deploys there.

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::{Environment, Pipeline, Project, Stage};

const NAMES: [&str; 4] = ["prod", "production", "prd", "live"];

/// It says so by `protected`, or by its name.
pub fn is_production(environment: &Environment) -> bool {
    environment.protected || named_so(environment)
}

pub fn named_so(environment: &Environment) -> bool {
    environment.header.ident.value.split('_').any(|it| NAMES.contains(&it))
}

/// A stage that deploys to an environment, itself or by a job of it.
pub struct Deploying {
    pub pipeline: Id<Pipeline>,
    pub stage: usize,
    pub environment: Id<Environment>,
    /// Where it says so.
    pub span: Span,
}

/// All of them that are on.
pub fn deploying(project: &Project) -> Vec<Deploying> {
    let mut found = Vec::new();
    for (pipeline, it) in project.pipelines.iter() {
        for (stage, it) in it.stages.iter().enumerate().filter(|(_, it)| it.enabled) {
            found.extend(named(it).map(|(environment, span)| Deploying {
                pipeline,
                stage,
                environment,
                span,
            }));
        }
    }
    found
}

fn named(stage: &Stage) -> impl Iterator<Item = (Id<Environment>, Span)> {
    let jobs = stage.jobs.iter().filter(|it| it.enabled).filter_map(|it| it.environment.as_ref());
    stage.environment.iter().chain(jobs).map(|it| (it.value, it.span))
}
