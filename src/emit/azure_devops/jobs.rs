//! Stages and jobs.

use super::schema::{
    Deploy, Environment, Job, JobCommon, LockBehavior, Pool, RunOnce, Server, Stage, Strategy,
};
use super::{Cx, expression, steps, value};
use crate::model::project::{Lock, PoolKind};
use crate::plan;

impl<'a> Cx<'a> {
    pub(super) fn stage(self, stage: &'a plan::Stage) -> Stage<'a> {
        Stage {
            stage: &stage.name,
            display_name: value::literal(&stage.title),
            depends_on: &stage.depends_on,
            condition: expression::condition(&stage.condition, &self.pipeline.parameters),
            variables: self.variables(&stage.variables),
            lock_behavior: stage.lock.map(|lock| match lock {
                Lock::Sequential => LockBehavior::Sequential,
                Lock::Latest => LockBehavior::RunLatest,
            }),
            jobs: stage.jobs.iter().map(|it| self.job(it)).collect(),
        }
    }

    fn job(self, job: &'a plan::Job) -> Job<'a> {
        let common = JobCommon {
            display_name: value::literal(&job.title),
            depends_on: &job.depends_on,
            condition: expression::condition(&job.condition, &self.pipeline.parameters),
            pool: self.pool(&job.pool),
            timeout_in_minutes: job.timeout_minutes,
            variables: self.variables(&job.variables),
        };
        let steps = steps::of(self, job);
        match &job.environment {
            None => Job::Plain { job: &job.name, common, steps },
            Some(name) => Job::Deployment {
                deployment: &job.name,
                common,
                environment: environment(name),
                strategy: Strategy { run_once: RunOnce { deploy: Deploy { steps } } },
            },
        }
    }

    fn pool(self, pool: &plan::Pool) -> Pool<'a> {
        match pool {
            plan::Pool::Server => Pool::Server(Server::Server),
            plan::Pool::Default => Pool::Hosted { vm_image: "ubuntu-latest" },
            plan::Pool::Agents(id) => match &self.project.pools[*id].kind {
                PoolKind::Hosted { image } => Pool::Hosted { vm_image: image },
                PoolKind::SelfHosted { name, demands } => Pool::SelfHosted { name, demands },
            },
        }
    }
}

fn environment(name: &str) -> Environment<'_> {
    let text = value::literal(name);
    if name.contains('.') { Environment::Named { name: text } } else { Environment::Short(text) }
}
