//! The way through all steps of a project.

use crate::base::arena::Id;
use crate::model::project::{Environment, Job, Pipeline, Project, Stage, Step};

/// A step with everything around it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub id: Id<Pipeline>,
    pub pipeline: &'a Pipeline,
    pub stage: &'a Stage,
    pub stage_index: usize,
    pub job: &'a Job,
    pub step: &'a Step,
    pub step_index: usize,
}

/// Every step of every pipeline.
pub fn steps(project: &Project) -> impl Iterator<Item = Place<'_>> {
    project.pipelines.iter().flat_map(|(id, pipeline)| steps_of(id, pipeline))
}

/// Every step of a pipeline.
pub fn steps_of(id: Id<Pipeline>, pipeline: &Pipeline) -> impl Iterator<Item = Place<'_>> {
    pipeline.stages.iter().enumerate().flat_map(move |(stage_index, stage)| {
        stage.jobs.iter().flat_map(move |job| {
            job.steps.iter().enumerate().map(move |(step_index, step)| Place {
                id,
                pipeline,
                stage,
                stage_index,
                job,
                step,
                step_index,
            })
        })
    })
}

impl Place<'_> {
    /// The environment the step's stage or job deploys to.
    pub fn deployed_to(&self) -> Option<Id<Environment>> {
        self.job.environment.as_ref().or(self.stage.environment.as_ref()).map(|it| it.value)
    }

    /// The environment the step's stage or job deploys to, or takes its context from.
    pub fn environment(&self) -> Option<Id<Environment>> {
        self.deployed_to().or(self.stage.context.as_ref().map(|it| it.value))
    }
}
