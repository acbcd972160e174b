//! # A step lacks what it works with
//!
//! A step that signs in to Azure needs a connection, one that runs ML needs a workspace, a deployment needs an
//! environment with a target. Each is taken from the nearest place that names one: step, job, stage, environment,
//! pipeline, project.
//!
//! ```mlops,fails
//! compute cpu { name = "cpu-cluster", size = "Standard_DS3_v2" }
//! pipeline train {
//!   trigger manual
//!   stage train { ensure cpu }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project team { connection = azure, workspace = ml }
//! compute cpu { name = "cpu-cluster", size = "Standard_DS3_v2" }
//! pipeline train {
//!   trigger manual
//!   stage train { ensure cpu }
//! }
//! ```
//!
//! Name it where it fits best; on the project, it holds everywhere.

use crate::check::walk::{self, Place};
use crate::check::{Cx, Rule};
use crate::model::project::{ConnectionKind, Project};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::error("nothing-inherited", run).needs_all();

/// What a kind of step works with.
#[derive(Default)]
struct Needs {
    connection: bool,
    workspace: bool,
    target: bool,
}

fn needs(kind: &Kind) -> Needs {
    let azure = Needs { connection: true, ..Needs::default() };
    match kind {
        Kind::Azure(_) | Kind::BuildImage(_) => azure,
        Kind::Ensure(_) | Kind::Delete(_) | Kind::Submit(_) | Kind::PublishPipeline(_) | Kind::DownloadModel(_) | Kind::Compare(_) | Kind::Register(_) | Kind::Promote(_) => {
            Needs { workspace: true, ..azure }
        }
        Kind::Deploy(_) | Kind::Undeploy(_) => Needs { target: true, ..azure },
        Kind::Include(_) | Kind::Run(_)
        | Kind::Task(_)
        | Kind::Checkout(_)
        | Kind::Publish(_)
        | Kind::Download(_)
        | Kind::Wait(_)
        | Kind::Approve(_)
        | Kind::UsePython(_)
        | Kind::Cache(_)
        | Kind::Pytest(_)
        | Kind::TestResults(_)
        | Kind::Coverage(_)
        | Kind::Lint(_)
        | Kind::Notify(_)
        | Kind::TagRun(_) => Needs::default(),
    }
}

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in walk::steps(project) {
        let needs = needs(&place.step.kind);
        if needs.connection {
            connection(cx, project, &place);
        }
        if needs.workspace && !walk::has(project, &place, |it| it.workspace.is_some()) {
            let word = place.step.kind.word();
            cx.report(&RULE, place.step.head, format!("`{word}` needs a workspace, and nothing around names one"))
                .help("add `workspace = NAME` to the project, the pipeline or the stage, and declare `workspace NAME { … }`");
        }
        if needs.target {
            target(cx, project, &place);
        }
    }
}

fn connection(cx: &mut Cx<'_>, project: &Project, place: &Place<'_>) {
    let word = place.step.kind.word();
    let Some(found) = walk::connection(project, place) else {
        cx.report(&RULE, place.step.head, format!("`{word}` signs in to Azure, and nothing around names a connection"))
            .help("add `connection = NAME` to the project, the pipeline or the stage, and declare `connection NAME { type = azure_rm }`");
        return;
    };
    let connection = &project.connections[found.value];
    if connection.kind != ConnectionKind::AzureRm {
        let name = &connection.header.ident.value;
        cx.report(&RULE, place.step.head, format!("`{word}` signs in to Azure, which connection `{name}` cannot"))
            .label(found.span, "named here")
            .help("name a connection with `type = azure_rm`");
    }
}

fn target(cx: &mut Cx<'_>, project: &Project, place: &Place<'_>) {
    let word = place.step.kind.word();
    // A context is no place to deploy to: nobody would be asked, whatever protects the environment.
    let deploys = matches!(place.step.kind, Kind::Deploy(_));
    match place.environment() {
        Some(_) if deploys && place.deployed_to().is_none() => {
            let context = place.stage.context.as_ref().map_or(place.stage.head, |it| it.span);
            cx.report(&RULE, place.step.head, format!("`{word}` needs an environment, and the stage has only a context"))
                .label(context, "takes its connection and variables, and passes by its approvals")
                .help("write `environment = NAME` instead of `context = NAME`");
        }
        None => {
            cx.report(&RULE, place.step.head, format!("`{word}` needs an environment, and the stage has none"))
                .label(place.stage.head, "this stage")
                .help("add `environment = NAME` to the stage (or `context = NAME` where nothing is deployed)");
        }
        Some(id) if project.environments[id].target.is_none() => {
            let environment = &project.environments[id];
            let name = &environment.header.ident.value;
            cx.report(&RULE, place.step.head, format!("`{word}` needs a target, and environment `{name}` has none"))
                .label(environment.header.head, "this environment")
                .help("add `target aci { resource_group = \"…\" }` or `target aks { … }` to it");
        }
        Some(_) => {}
    }
}
