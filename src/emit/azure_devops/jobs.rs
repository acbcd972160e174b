//! Stages and jobs.

use super::schema::{
    Clean, Container, Copies, Deploy, Environment, Free, Job, JobCommon, LockBehavior, Pairs, Pool, RunOnce,
    Server, Stage, StageTrigger, Strategy, Workspace,
};
use super::{Cx, expression, free, steps, value};
use crate::model::project::{self, Lock, PoolKind};
use crate::plan;

impl<'a> Cx<'a> {
    pub(super) fn stage(self, stage: &'a plan::Stage) -> Stage<'a> {
        Stage {
            stage: &stage.name,
            display_name: value::literal(&stage.title),
            depends_on: (!stage.manual).then_some(stage.depends_on.as_slice()),
            condition: expression::condition(&stage.condition, &self.pipeline.parameters),
            variables: self.variables(&stage.variables),
            lock_behavior: stage.lock.map(|lock| match lock {
                Lock::Sequential => LockBehavior::Sequential,
                Lock::Latest => LockBehavior::RunLatest,
            }),
            trigger: stage.manual.then_some(StageTrigger::Manual),
            extra: self.extra_of(stage),
            jobs: {
                let included = stage.includes.iter().map(|it| Job::Template(free::template(it)));
                stage.jobs.iter().map(|it| self.job(it)).chain(included).collect()
            },
        }
    }

    /// A gate has the index of its stage, but nothing of what is said there.
    fn extra_of(self, stage: &plan::Stage) -> Pairs<'a, Free<'a>> {
        let stages = &self.project.pipelines[self.pipeline.id].stages;
        let own = stage.origin.and_then(|it| stages.get(it)).filter(|it| it.ident.value == stage.name);
        own.map_or_else(|| Pairs(Vec::new()), |it| free::pairs(&it.extra))
    }

    fn job(self, job: &'a plan::Job) -> Job<'a> {
        let common = JobCommon {
            display_name: value::literal(&job.title),
            depends_on: &job.depends_on,
            condition: expression::condition(&job.condition, &self.pipeline.parameters),
            continue_on_error: job.settings.continue_on_error,
            pool: self.pool(job),
            container: job.settings.container.as_ref().map(container),
            workspace: job.settings.clean.map(|clean| Workspace { clean: self::clean(clean) }),
            timeout_in_minutes: job.timeout_minutes,
            extra: free::pairs(&job.settings.extra),
            cancel_timeout_in_minutes: job.settings.cancel_timeout_minutes,
            variables: self.variables(&job.variables),
        };
        let steps = steps::of(self, job);
        match &job.environment {
            None => Job::Plain {
                job: &job.name,
                common,
                strategy: job.settings.matrix.as_ref().map(copies),
                steps,
            },
            Some(name) => Job::Deployment {
                deployment: &job.name,
                common,
                environment: environment(name),
                strategy: Strategy { run_once: RunOnce { deploy: Deploy { steps } } },
            },
        }
    }

    fn pool(self, job: &'a plan::Job) -> Pool<'a> {
        if let Some(image) = job.settings.matrix.as_ref().and_then(|it| it.image.as_ref()) {
            return Pool::Hosted { vm_image: format!("$({image})").into() };
        }
        match &job.pool {
            plan::Pool::Server => Pool::Server(Server::Server),
            plan::Pool::Default => Pool::Hosted { vm_image: "ubuntu-latest".into() },
            plan::Pool::Agents(id) => match &self.project.pools[*id].kind {
                PoolKind::Server => Pool::Server(Server::Server),
                PoolKind::Hosted { image } => Pool::Hosted { vm_image: image.as_str().into() },
                PoolKind::SelfHosted { name, demands } => Pool::SelfHosted { name, demands },
            },
        }
    }
}

fn clean(clean: project::Clean) -> Clean {
    match clean {
        project::Clean::Outputs => Clean::Outputs,
        project::Clean::Resources => Clean::Resources,
        project::Clean::All => Clean::All,
    }
}

fn container(container: &plan::Container) -> Container<'_> {
    Container {
        image: value::literal(&container.image),
        endpoint: container.endpoint.as_deref().map(value::literal),
        env: Pairs(container.env.iter().map(|(name, it)| (name.as_str(), value::literal(it))).collect()),
        options: container.options.as_deref().map(value::literal),
        ports: &container.ports,
        volumes: &container.volumes,
    }
}

fn copies(matrix: &plan::Matrix) -> Copies<'_> {
    let legs = matrix.legs.iter().map(|(name, variables)| {
        let variables = variables.iter().map(|(name, it)| (name.as_str(), value::constant(it)));
        (name.as_str(), Pairs(variables.collect()))
    });
    Copies { matrix: Pairs(legs.collect()), max_parallel: matrix.max_parallel }
}

fn environment(name: &str) -> Environment<'_> {
    let text = value::literal(name);
    if name.contains('.') { Environment::Named { name: text } } else { Environment::Short(text) }
}
