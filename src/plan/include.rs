//! Existing templates: where they stand, seen from the pipeline's file.

use super::read::{At, Reading, Spot};
use super::{Argument, Include};
use crate::base::arena::Id;
use crate::base::files::{normalize, relative};
use crate::base::span::Spanned;
use crate::model::project::{self, Project, Repository, RequiredTemplate};

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

/// The stages that are the whole pipeline, where an environment lets only those pass that extend their template. Included
/// they would run alike, but the check looks for `extends`, which takes a template of stages as well.
pub fn extended<'a>(project: &Project, pipeline: &'a project::Pipeline) -> Option<&'a project::Include> {
    let [only] = pipeline.includes.as_slice() else { return None };
    let mut required = project.environments.values().flat_map(|it| &it.required_templates);
    required.any(|it| is_same(project, it, &only.include)).then_some(&only.include)
}

/// What is required is named from the root of its repository, what is included from that of the project.
fn is_same(project: &Project, required: &RequiredTemplate, include: &project::Include) -> bool {
    let declared =
        |it: &Option<Spanned<Id<Repository>>>| it.as_ref().map(|it| &project.repositories[it.value]);
    let other = |it| declared(it).filter(|it| !it.is_self()).map(|it| &it.header.ident.value);
    let own = project.repositories.values().find(|it| it.is_self() && include.from.is_none());
    let path = format!("{}/{}", own.map_or("", |it| it.folder.as_str()), include.path);
    let same_file = normalize(&path) == normalize(&required.path.value);
    same_file && other(&required.repository) == other(&include.from)
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
