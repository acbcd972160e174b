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

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::check::walk::{self, Place};
use crate::check::{Cx, Group, Rule};
use crate::diag::Label;
use crate::model::project::{ConnectionKind, Environment, Project};
use crate::model::steps::Kind;
use crate::model::steps::deploy::Deploy;
use crate::model::steps::rollback::RolledBack;
use crate::model::steps::smoke_test::Tested;
use crate::model::steps::undeploy::Undeployed;
use crate::model::steps::deploy_infra::DeployInfra;

pub(super) static RULE: Rule = Rule::error(Group::Environments, "nothing-inherited", run).by_pipeline().needs_all();

/// What a kind of step works with.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a need of its own")]
struct Needs {
    connection: bool,
    workspace: bool,
    target: bool,
    /// What stands there changes: a context, which passes by its approvals, is not enough.
    environment: bool,
}

fn needs(kind: &Kind) -> Needs {
    let azure = Needs { connection: true, ..Needs::default() };
    match kind {
        Kind::Azure(_) | Kind::BuildImage(_) | Kind::DeployInfra(_) => azure,
        Kind::Ensure(step) => Needs { workspace: !step.is_outside(), ..azure },
        Kind::Delete(_) | Kind::Submit(_) | Kind::PublishPipeline(_) | Kind::DownloadModel(_) | Kind::Compare(_) | Kind::Register(_) | Kind::Promote(_) => {
            Needs { workspace: true, ..azure }
        }
        Kind::Deploy(Deploy::Service(_)) => Needs { environment: true, target: true, ..azure },
        Kind::Deploy(Deploy::Endpoint(_)) | Kind::SetTraffic(_) => {
            Needs { environment: true, workspace: true, ..azure }
        }
        Kind::Undeploy(step) => match step.what {
            Undeployed::Service(_) => Needs { target: true, ..azure },
            Undeployed::Endpoint(..) => Needs { workspace: true, ..azure },
        },
        Kind::SmokeTest(step) => match step.what {
            Tested::Service(_) => Needs { target: true, ..azure },
            Tested::Endpoint(..) => Needs { workspace: true, ..azure },
        },
        Kind::Rollback(step) => match step.what {
            RolledBack::Service(_) => Needs { target: true, ..azure },
            RolledBack::Endpoint(_) => Needs { workspace: true, ..azure },
        },
        Kind::Include(_)
        | Kind::Run(_)
        | Kind::Task(_)
        | Kind::Checkout(_)
        | Kind::Publish(_)
        | Kind::Download(_)
        | Kind::Wait(_)
        | Kind::Approve(_)
        | Kind::UsePython(_)
        | Kind::Queue(_)
        | Kind::Call(_)
        | Kind::Cache(_)
        | Kind::Pytest(_)
        | Kind::TestResults(_)
        | Kind::Coverage(_)
        | Kind::Lint(_)
        | Kind::Notify(_)
        | Kind::TagRun(_) => Needs::default(),
    }
}

/// What is named nowhere, for all steps of a pipeline that would find it at the same place: one finding.
#[derive(Default)]
struct Gaps(Vec<Gap>);

struct Gap {
    lacks: &'static str,
    pipeline: Span,
    environment: Option<Id<Environment>>,
    finding: usize,
}

/// So many steps are shown beside the first.
const MOST_STEPS: usize = 4;

impl Gaps {
    /// Whether the gap was told at another step.
    fn is_told(&self, cx: &mut Cx<'_>, place: &Place<'_>, lacks: &'static str) -> bool {
        let (pipeline, environment) = (place.pipeline.header.head, place.environment());
        let same = |it: &&Gap| it.lacks == lacks && it.pipeline == pipeline && it.environment == environment;
        let Some(gap) = self.0.iter().find(same) else { return false };
        let labels = &mut cx.findings[gap.finding].labels;
        match labels.len() - 1 {
            ..MOST_STEPS => {
                let text = format!("`{}` lacks it too", place.step.kind.word());
                labels.push(Label { span: place.step.head, text });
            }
            MOST_STEPS => labels[MOST_STEPS].text.push_str(", and others"),
            _ => {}
        }
        true
    }

    /// The finding told last is about this.
    fn told(&mut self, cx: &Cx<'_>, place: &Place<'_>, lacks: &'static str) {
        let (pipeline, environment) = (place.pipeline.header.head, place.environment());
        self.0.push(Gap { lacks, pipeline, environment, finding: cx.findings.len() - 1 });
    }
}

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut gaps = Gaps::default();
    for place in cx.steps() {
        let needs = needs(&place.step.kind);
        if needs.connection {
            connection(cx, project, &place, &mut gaps);
        }
        let has_workspace = || walk::has(project, &place, |it| it.workspace.is_some());
        if needs.workspace && !has_workspace() && !gaps.is_told(cx, &place, "workspace") {
            let word = place.step.kind.word();
            cx.report(&RULE, place.step.head, format!("`{word}` needs a workspace, and nothing around names one"))
                .help("add `workspace = NAME` to the project, the pipeline or the stage, and declare `workspace NAME { … }`");
            gaps.told(cx, &place, "workspace");
        }
        if let Kind::DeployInfra(step) = &place.step.kind {
            group(cx, project, &place, step);
        }
        if needs.environment && place.deployed_to().is_none() {
            environment(cx, &place);
        } else if needs.target {
            target(cx, project, &place);
        }
    }
}

/// Where a template goes, if it does not go to the subscription.
fn group(cx: &mut Cx<'_>, project: &Project, place: &Place<'_>, step: &DeployInfra) {
    let of_environment = place.environment().is_some_and(|id| project.environments[id].target.is_some());
    let of_workspace = walk::has(project, place, |it| it.workspace.is_some());
    if step.to_subscription || step.resource_group.is_some() || of_environment || of_workspace {
        return;
    }
    cx.report(&RULE, place.step.head, "`deploy_infra` needs a resource group, and nothing around names one")
        .help("add `resource_group = \"…\"`, or an environment with a target, or a workspace");
}

fn connection(cx: &mut Cx<'_>, project: &Project, place: &Place<'_>, gaps: &mut Gaps) {
    let word = place.step.kind.word();
    let Some(found) = walk::connection(project, place) else {
        if gaps.is_told(cx, place, "connection") {
            return;
        }
        cx.report(&RULE, place.step.head, format!("`{word}` signs in to Azure, and nothing around names a connection"))
            .help("add `connection = NAME` to the project, the pipeline or the stage, and declare `connection NAME { type = azure_rm }`");
        gaps.told(cx, place, "connection");
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

fn environment(cx: &mut Cx<'_>, place: &Place<'_>) {
    let word = place.step.kind.word();
    match &place.stage.context {
        // A context is no place to deploy to: nobody would be asked, whatever protects the environment.
        Some(context) => {
            cx.report(&RULE, place.step.head, format!("`{word}` needs an environment, and the stage has only a context"))
                .label(context.span, "takes its connection and variables, and passes by its approvals")
                .help("write `environment = NAME` instead of `context = NAME`");
        }
        None => without_environment(cx, place),
    }
}

fn without_environment(cx: &mut Cx<'_>, place: &Place<'_>) {
    let word = place.step.kind.word();
    cx.report(&RULE, place.step.head, format!("`{word}` needs an environment, and the stage has none"))
        .label(place.stage.head, "this stage")
        .help("add `environment = NAME` to the stage (or `context = NAME` where nothing is deployed)");
}

fn target(cx: &mut Cx<'_>, project: &Project, place: &Place<'_>) {
    let word = place.step.kind.word();
    match place.environment() {
        None => without_environment(cx, place),
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
