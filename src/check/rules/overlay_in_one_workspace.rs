//! # Environments that share a workspace disagree about what is in it
//!
//! A workspace holds one cluster, one datastore and one version of an asset of a name. Where an environment says
//! something differently about it but works in the same workspace as others, each deployment undoes what the other one
//! made; of an asset, the first version stays, and the others silently work with it.
//!
//! ```mlops,fails
//! project prices { workspace = mlw }
//! workspace mlw { resource_group = "rg-ml", existing = true }
//! runtime sklearn { image = "mcr.microsoft.com/base:1", version = "3" }
//! environment prod { runtime sklearn { image = "mcr.microsoft.com/base:2" } }
//! ```
//!
//! ```mlops,passes
//! project prices { workspace = mlw }
//! workspace mlw { resource_group = "rg-ml", existing = true }
//! runtime sklearn { image = "mcr.microsoft.com/base:1", version = "3" }
//! environment prod { runtime sklearn { image = "mcr.microsoft.com/base:2", version = "4" } }
//! ```
//!
//! Give it another `name` or `version` in that environment, or the environment a `workspace` of its own.

use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::check::{Cx, Group, Rule};
use crate::model::documents;
use crate::model::project::{Environment, Header, Project, Workspace};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule::error(Group::Environments, "overlay-in-one-workspace", run);

/// A thing of a workspace, as one of those that work there sees it.
struct Thing<'a> {
    header: &'a Header,
    /// Where its document would stand if nothing differed.
    path: String,
    version: Option<&'a str>,
    what: &'static str,
}

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (number, view) in project.views.iter().enumerate() {
        let Some(workspace) = workspace(project, view.environment) else { continue };
        let mut others: Vec<&Project> = project.views[..number]
            .iter()
            .filter(|it| self::workspace(project, it.environment) == Some(workspace))
            .map(|it| &it.project)
            .collect();
        if default_workspace(project) == Some(workspace) {
            others.insert(0, project);
        }
        for other in others {
            compare(cx, other, &view.project, workspace);
        }
    }
}

fn workspace(project: &Project, environment: Id<Environment>) -> Option<Id<Workspace>> {
    let own = project.environments[environment].inherited.workspace.as_ref();
    own.map(|it| it.value).or(default_workspace(project))
}

fn default_workspace(project: &Project) -> Option<Id<Workspace>> {
    project.settings.inherited.workspace.as_ref().map(|it| it.value)
}

fn compare(cx: &mut Cx<'_>, other: &Project, view: &Project, workspace: Id<Workspace>) {
    let workspace = &cx.project.workspaces[workspace].header.ident.value;
    let theirs: BTreeMap<String, Thing<'_>> = things(other).map(|it| (it.path.clone(), it)).collect();
    for mine in things(view) {
        let Some(theirs) = theirs.get(&mine.path) else { continue };
        let differs =
            view.own_documents.contains(&mine.path) && view.own_documents != other.own_documents;
        let same = mine.header.name.value == theirs.header.name.value && mine.version == theirs.version;
        if differs && same {
            let Spanned { value: name, .. } = &mine.header.ident;
            let what = mine.what;
            let key = if mine.version.is_some() { "version" } else { "name" };
            cx.report(&RULE, mine.header.head, format!("`{name}` is one {what} of workspace `{workspace}`, and is told to be different here"))
                .label(theirs.header.head, "also this, in the same workspace")
                .help(format!("give it another `{key}` here, or the environment a `workspace` of its own"));
        }
    }
}

/// What a workspace holds by name; what is inlined or owned by others is not there.
fn things(project: &Project) -> impl Iterator<Item = Thing<'_>> {
    let computes = project.computes.values().filter(|it| !it.serverless).map(|it| Thing {
        header: &it.header,
        path: documents::compute(&it.header),
        version: None,
        what: "cluster",
    });
    let datastores = project.datastores.values().map(|it| Thing {
        header: &it.header,
        path: documents::datastore(&it.header),
        version: None,
        what: "datastore",
    });
    let data = project.data.values().filter_map(|it| {
        let version = Some(it.version.as_ref()?.value.as_str());
        Some(Thing { header: &it.header, path: documents::data(&it.header), version, what: "version of a data asset" })
    });
    let runtimes = project.runtimes.values().filter_map(|it| {
        let version = Some(it.version.as_ref()?.value.as_str());
        Some(Thing { header: &it.header, path: documents::runtime(&it.header), version, what: "version of a runtime" })
    });
    computes.chain(datastores).chain(data).chain(runtimes).filter(|it| !it.header.existing)
}
