//! Existing templates: where they stand, seen from the pipeline's file.

use super::read::{At, Reading, Spot};
use super::{Argument, Include};
use crate::base::files::relative;
use crate::model::project;

/// The folder of pipelines in the output.
const PIPELINES: &str = "azure-pipelines";

/// In a stage or a pipeline.
pub fn outside(reading: &Reading<'_>, stage: usize, include: &project::Include) -> Include {
    let mut at = At::new(*reading, stage, Spot::JobCondition { job: 0, part: usize::MAX });
    inside(include, &mut at)
}

/// In a job.
pub fn inside(include: &project::Include, at: &mut At<'_>) -> Include {
    let parameters = include.parameters.iter().map(|(name, it)| {
        let argument = match it {
            project::Argument::Data(it) => Argument::Data(it.clone()),
            project::Argument::Value(it) => Argument::Value(at.value(it)),
        };
        (name.clone(), argument)
    });
    let parameters = parameters.collect();
    Include { template: path(&at.reading, include), parameters }
}

fn path(reading: &Reading<'_>, include: &project::Include) -> String {
    let other =
        include.from.as_ref().map(|it| &reading.project.repositories[it.value]).filter(|it| !it.is_self());
    match other {
        Some(repository) => format!("{}@{}", include.path, repository.header.ident.value),
        None => from_pipelines(reading.out, &include.path),
    }
}

/// A file of the project, seen from the pipelines' files.
pub fn from_pipelines(out: &str, path: &str) -> String {
    relative(&format!("{out}/{PIPELINES}"), path)
}
