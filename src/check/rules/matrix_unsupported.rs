//! # Copies of a job that Azure DevOps cannot make
//!
//! A matrix copies plain jobs on agents. A deployment job has one strategy, and that is how it deploys; a job without an
//! agent is not copied; and an agent is chosen by a value of the matrix on Microsoft's agents only.
//!
//! ```mlops,fails
//! environment dev {}
//! pipeline release {
//!   trigger manual
//!   stage all {
//!     environment = dev
//!     job tests {
//!       matrix { python = ["3.11", "3.12"] }
//!       run "make test" { env { PYTHON = matrix.python } }
//!     }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! environment dev {}
//! pipeline release {
//!   trigger manual
//!   stage tests {
//!     job tests {
//!       matrix { python = ["3.11", "3.12"] }
//!       run "make test" { env { PYTHON = matrix.python } }
//!     }
//!   }
//!   stage all {
//!     environment = dev
//!     run "make deploy"
//!   }
//! }
//! ```
//!
//! Put what is copied into a job of its own, without an environment and without waits.
//!
//! Source: Azure DevOps schema: `strategy` of a job and of a deployment job.

use crate::check::{Cx, Group, Rule};
use crate::model::project::{Job, Matrix, PoolKind};
use crate::plan::Pool;

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "matrix-unsupported", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.planned() {
        for stage in &pipeline.stages {
            for job in stage.jobs.iter().filter(|it| it.settings.matrix.is_some()) {
                if job.environment.is_some() {
                    cx.report(&RULE, job.source, "a job that deploys to an environment cannot be copied by a matrix")
                        .help("move the matrix to a job without `environment`, in another stage");
                }
                if let (Pool::Server, Some(step)) = (&job.pool, job.steps.first()) {
                    cx.report(&RULE, step.source, "this runs without an agent, and such a job cannot be copied by a matrix")
                        .label(job.source, "the job with the matrix")
                        .help("move it to a job of its own that `needs` this one");
                }
            }
        }
    }
    for job in cx.pipelines().flat_map(|it| &it.stages).flat_map(|it| &it.jobs) {
        if let Some(matrix) = &job.matrix {
            pools(cx, job, matrix);
        }
    }
}

fn pools(cx: &mut Cx<'_>, job: &Job, matrix: &Matrix) {
    let project = cx.project;
    let hosted = |it: &PoolKind| matches!(it, PoolKind::Hosted { .. });
    let other = matrix.legs.iter().filter_map(|it| it.pool).find(|it| !hosted(&project.pools[*it].kind));
    if let Some(other) = other {
        let name = &project.pools[other].header.ident.value;
        cx.report(&RULE, job.head, format!("the pool `{name}` of the matrix is none of Microsoft's"))
            .help("name pools with an `image`, or write a job for each pool");
    }
}
