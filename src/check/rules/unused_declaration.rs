//! # Something is declared that nothing names
//!
//! Dead configuration looks alive: somebody will change it and wonder why nothing happens.
//!
//! ```mlops,fails
//! pool linux { image = "ubuntu-24.04" }
//! pipeline build {
//!   trigger manual
//!   stage build { run "make" }
//! }
//! ```
//!
//! ```mlops,passes
//! pool linux { image = "ubuntu-24.04" }
//! pipeline build {
//!   pool = linux
//!   trigger manual
//!   stage build { run "make" }
//! }
//! ```
//!
//! Use it or remove it.

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::{Header, Project};
use crate::schema::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Unused, "unused-declaration", run).fixes(Safety::Safe).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (kind, index, header) in declarations(project) {
        if !project.referenced.contains(&(kind, index)) {
            let (word, name) = (kind.word(), &header.ident.value);
            let edit = cx.remove_block(header.head);
            let copied = cx.is_copy(header.head);
            let finding = cx
                .report(&RULE, header.head, format!("nothing uses {word} `{name}`"))
                .help("name it where it is needed, or remove it");
            if !copied {
                finding.edits(Safety::Safe, "remove it", vec![edit]);
            }
        }
    }
    parameters(cx);
}

fn parameters(cx: &mut Cx<'_>) {
    for pipeline in cx.project.pipelines.values() {
        for param in pipeline.params.values().filter(|it| !pipeline.params_read.contains(&it.ident.value)) {
            let (name, edit) = (&param.ident.value, cx.remove_declaration(param.ident.span));
            cx.report(&RULE, param.ident.span, format!("nothing reads parameter `{name}`"))
                .help(format!("read it as `params.{name}`, or remove it"))
                .edits(Safety::Unsafe, "remove it", vec![edit]);
        }
    }
}

/// What is worth a word: pipelines and the project itself are used by people.
fn declarations(project: &Project) -> Vec<(Kind, usize, &Header)> {
    let groups: [(Kind, Vec<&Header>); 18] = [
        (Kind::Connection, project.connections.values().map(|it| &it.header).collect()),
        (Kind::Pool, project.pools.values().map(|it| &it.header).filter(|it| !it.existing).collect()),
        (Kind::Variables, project.variables.values().map(|it| &it.header).collect()),
        (Kind::ContainerRegistry, project.container_registries.values().map(|it| &it.header).collect()),
        (Kind::Workspace, project.workspaces.values().map(|it| &it.header).collect()),
        (Kind::Compute, project.computes.values().filter(|it| !it.serverless).map(|it| &it.header).collect()),
        (Kind::Runtime, project.runtimes.values().map(|it| &it.header).collect()),
        (Kind::Datastore, project.datastores.values().map(|it| &it.header).collect()),
        (Kind::Data, project.data.values().map(|it| &it.header).collect()),
        (Kind::Model, project.models.values().map(|it| &it.header).collect()),
        (Kind::MlRegistry, project.ml_registries.values().map(|it| &it.header).collect()),
        (Kind::Component, project.components.values().map(|it| &it.header).collect()),
        (Kind::MlPipeline, project.ml_pipelines.values().map(|it| &it.header).collect()),
        (
            Kind::Schedule,
            project.ml_pipelines.values().flat_map(|it| it.schedules.values()).map(|it| &it.header).collect(),
        ),
        (Kind::Service, project.services.values().map(|it| &it.header).collect()),
        (Kind::Endpoint, project.endpoints.values().map(|it| &it.header).collect()),
        (Kind::Environment, project.environments.values().map(|it| &it.header).collect()),
        (Kind::Approval, project.approvals.values().map(|it| &it.header).collect()),
    ];
    let all = groups.into_iter().flat_map(|(kind, headers)| {
        headers.into_iter().enumerate().map(move |(index, header)| (kind, index, header))
    });
    all.collect()
}
