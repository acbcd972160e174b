//! What a place inherits: the nearest of project, pipeline, environment or context, stage, job.

use crate::base::arena::Id;
use crate::model::expr::Expr;
use crate::model::project::{
    Connection, Environment, Inherited, Job, Pipeline, Pool, Project, Stage, Timeout, Workspace,
};
use indexmap::IndexMap;

#[derive(Clone, Debug, Default)]
pub struct Context {
    pub pool: Option<Id<Pool>>,
    pub timeout: Option<Timeout>,
    /// Seconds.
    pub cancel_timeout: Option<u64>,
    pub env: IndexMap<String, Expr>,
    pub connection: Option<Id<Connection>>,
    pub workspace: Option<Id<Workspace>>,
    /// Deployed to, or only taken from.
    pub environment: Option<Id<Environment>>,
    /// The jobs deploy to the environment.
    pub deploys: bool,
}

impl Context {
    pub fn of_pipeline(project: &Project, pipeline: &Pipeline) -> Context {
        Context::default().with(&project.settings.inherited).with(&pipeline.inherited)
    }

    #[must_use]
    pub fn stage(&self, project: &Project, stage: &Stage) -> Context {
        let environment = stage.environment.as_ref().map(|it| it.value);
        let taken = stage.context.as_ref().map(|it| it.value);
        let mut context = match environment.or(taken) {
            Some(id) => self.clone().with(&project.environments[id].inherited),
            None => self.clone(),
        };
        context.environment = environment.or(taken);
        context.deploys = environment.is_some();
        context.with(&stage.inherited)
    }

    #[must_use]
    pub fn job(&self, project: &Project, job: &Job) -> Context {
        let mut context = self.clone();
        if let Some(environment) = &job.environment {
            context = context.with(&project.environments[environment.value].inherited);
            context.environment = Some(environment.value);
            context.deploys = true;
        }
        // What cleans up is no deployment.
        context.deploys &= job.handler.is_none();
        context.with(&job.inherited)
    }

    fn with(mut self, nearer: &Inherited) -> Context {
        self.pool = nearer.pool.as_ref().map(|it| it.value).or(self.pool);
        self.timeout = nearer.timeout.as_ref().map(|it| it.value).or(self.timeout);
        self.cancel_timeout = nearer.cancel_timeout.as_ref().map(|it| it.value).or(self.cancel_timeout);
        self.connection = nearer.connection.as_ref().map(|it| it.value).or(self.connection);
        self.workspace = nearer.workspace.as_ref().map(|it| it.value).or(self.workspace);
        self.env.extend(nearer.env.iter().map(|(name, value)| (name.clone(), value.clone())));
        self
    }
}
