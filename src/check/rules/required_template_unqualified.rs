//! # It is not known where a required template is
//!
//! The check compares the whole name of the repository, in Azure Repos `PROJECT/REPOSITORY`. With half of it, no pipeline
//! ever extends the right template, and every run fails.
//!
//! ```mlops,fails
//! repository guards { type = azure_repos, name = "guards" }
//! environment prod { required_template "guarded.yml" { repository = guards } }
//! ```
//!
//! ```mlops,passes
//! project shop { project = "Shop" }
//! repository guards { type = azure_repos, name = "guards" }
//! environment prod { required_template "guarded.yml" { repository = guards } }
//! ```
//!
//! Say `project = "…"` in the `project` block, or name a repository of another project as `PROJECT/REPOSITORY`. A template
//! without `repository` is in `repository self`, which must be declared then.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks", Required template; the Terraform provider's
//! `azuredevops_check_required_template`, `repository_name`.

use crate::check::{Cx, Group, Rule};
use crate::model::project::RepositoryKind;
use crate::plan::setup::{qualified, template_repository};

pub(super) static RULE: Rule = Rule::error(Group::Environments, "required-template-unqualified", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for required in project.environments.values().flat_map(|it| &it.required_templates) {
        let Some(repository) = template_repository(project, required) else {
            cx.report(&RULE, required.head, "this template is in `repository self`, which is not declared")
                .help("add `repository self { type = azure_repos }`, or say which `repository` holds the template");
            continue;
        };
        if qualified(project, repository).is_some() {
            continue;
        }
        let help = match repository.kind {
            RepositoryKind::AzureRepos => "add `project = \"…\"` to the `project` block, or write the `name` of the repository as `PROJECT/REPOSITORY`",
            RepositoryKind::Github | RepositoryKind::Bitbucket => "add `name = \"OWNER/REPOSITORY\"` to `repository self`",
        };
        cx.report(&RULE, required.head, "the whole name of this template's repository is not known")
            .label(repository.header.head, "the repository")
            .help(help);
    }
}
