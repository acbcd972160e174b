//! Variables that are attached together.

use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::project::{Project, Variables};

/// What is attached around each stage of each pipeline, outermost first, each block once, where it comes first; jobs share
/// what is attached to one of them.
pub fn together(project: &Project) -> Vec<Vec<Spanned<Id<Variables>>>> {
    let mut found: Vec<Vec<Spanned<Id<Variables>>>> = Vec::new();
    for pipeline in project.pipelines.values() {
        let outer = project.settings.inherited.variables.iter().chain(&pipeline.inherited.variables);
        for stage in &pipeline.stages {
            let environment = stage.environment.as_ref().or(stage.context.as_ref());
            let of_environment =
                environment.into_iter().flat_map(|it| &project.environments[it.value].inherited.variables);
            let jobs = stage.jobs.iter().flat_map(|it| &it.inherited.variables);
            let inner = of_environment.chain(&stage.inherited.variables).chain(jobs);
            let mut all: Vec<Spanned<Id<Variables>>> = Vec::new();
            for it in outer.clone().chain(inner) {
                if !all.iter().any(|known| known.value == it.value) {
                    all.push(it.clone());
                }
            }
            if !found.contains(&all) {
                found.push(all);
            }
        }
    }
    found
}
