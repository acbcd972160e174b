//! # A pipeline does not extend the template that an environment requires
//!
//! The check lets only pipelines through whose YAML extends the required template. A pipeline of stages written here
//! extends nothing: its stage fails every time.
//!
//! ```mlops,fails
//! repository self { type = azure_repos }
//! environment prod { required_template "ci/guarded.yml" }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! ```mlops,passes
//! repository self { type = azure_repos }
//! environment prod { branches = ["main"] }
//! pipeline release {
//!   trigger manual
//!   stage prod { environment = prod, run "make deploy" }
//! }
//! ```
//!
//! Require a template only of environments that pipelines outside of this project deploy to, or that a pipeline reaches
//! which is nothing but an `include` of that template.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks", Required template.

use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::error(Group::Environments, "required-template-not-extended", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in cx.pipelines().filter(|it| it.extends.is_none()) {
        for stage in &pipeline.stages {
            for used in stage.environments() {
                let environment = &project.environments[used.value];
                let Some(required) = environment.required_templates.first() else { continue };
                cx.report(&RULE, used.span, format!("this pipeline does not extend `{}`", required.path.value))
                    .label(required.head, "required here")
                    .help("remove the requirement, or deploy from a pipeline that is nothing but an `include` of the template");
            }
        }
    }
}
