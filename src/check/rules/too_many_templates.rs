//! # More templates than Azure Pipelines reads
//!
//! A pipeline may include 100 files. One more, and no run is created.
//!
//! The example stands for a longer one: it counts what a loop includes.
//!
//! ```mlops,fails
//! connection hub { type = github }
//! repository shared { type = github, name = "contoso/templates", connection = hub, branch = "refs/tags/v1" }
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     for number in 1..101 {
//!       include "steps/part-${number}.yml" { from = shared, holds = steps }
//!     }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection hub { type = github }
//! repository shared { type = github, name = "contoso/templates", connection = hub, branch = "refs/tags/v1" }
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     for number in 1..101 {
//!       include "steps/part.yml" { from = shared, holds = steps, parameters { number = number } }
//!     }
//!   }
//! }
//! ```
//!
//! Include one file with parameters several times, or divide the pipeline.
//!
//! Source: Azure DevOps documentation, "Templates", imposed limits: no more than 100 separate YAML files.

use crate::check::{Cx, Group, Rule};
use crate::model::project::Include;
use crate::model::steps::Kind;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "too-many-templates", run).by_pipeline();

const MOST: usize = 100;

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        let steps = pipeline.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
        let of_steps = steps.filter_map(|it| match &it.kind {
            Kind::Include(it) => Some(&it.template),
            _ => None,
        });
        let jobs = pipeline.stages.iter().flat_map(|it| &it.includes);
        let all: Vec<&Include> =
            pipeline.includes.iter().map(|it| &it.include).chain(&pipeline.extends).chain(jobs).chain(of_steps).collect();
        let files: BTreeSet<(Option<usize>, &str)> =
            all.iter().map(|it| (it.from.as_ref().map(|it| it.value.index()), it.path.as_str())).collect();
        if files.len() > MOST {
            let name = &pipeline.header.ident.value;
            cx.report(&RULE, pipeline.header.head, format!("`{name}` includes {} files, and Azure Pipelines reads {MOST}", files.len()))
                .help("include one file with parameters several times, or divide the pipeline");
        }
    }
}
