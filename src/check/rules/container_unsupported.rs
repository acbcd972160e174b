//! # A container that the job cannot start
//!
//! Steps run in a container on Linux and Windows agents only, and the image is pulled with a connection to a Docker
//! registry, not with one to Azure.
//!
//! ```mlops,fails
//! pool mac { image = "macOS-15" }
//! pipeline build {
//!   trigger manual
//!   stage all {
//!     job make {
//!       pool      = mac
//!       container = "python:3.12"
//!       run "make"
//!     }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pool linux { image = "ubuntu-24.04" }
//! pipeline build {
//!   trigger manual
//!   stage all {
//!     job make {
//!       pool      = linux
//!       container = "python:3.12"
//!       run "make"
//!     }
//!   }
//! }
//! ```
//!
//! Choose a pool with Linux agents, and a connection of type `docker_registry`.
//!
//! Source: Azure DevOps documentation, "Run pipeline jobs in containers".

use crate::check::{Cx, Group, Rule};
use crate::model::project::{ConnectionKind, Container, PoolKind};
use crate::plan::Pool;

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "container-unsupported", run).by_pipeline().and_outside(of_pools);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for job in cx.planned().iter().flat_map(|it| &it.stages).flat_map(|it| &it.jobs) {
        let Pool::Agents(id) = job.pool else { continue };
        let pool = &project.pools[id];
        let mac = matches!(&pool.kind, PoolKind::Hosted { image } if image.to_lowercase().starts_with("macos"));
        if job.settings.container.is_some() && mac {
            cx.report(&RULE, job.source, "agents with macOS cannot run steps in a container")
                .label(pool.header.head, "its pool")
                .help("name a pool with a Linux image, or remove the container");
        }
    }
    let jobs = cx.pipelines().flat_map(|it| &it.stages).flat_map(|it| &it.jobs);
    for container in jobs.filter_map(|it| it.container.as_ref()) {
        connection_fits(cx, container);
    }
}

fn of_pools(cx: &mut Cx<'_>) {
    for container in cx.project.pools.values().filter_map(|it| it.container.as_ref()) {
        connection_fits(cx, container);
    }
}

fn connection_fits(cx: &mut Cx<'_>, container: &Container) {
    let registry = container.registry.as_ref().map(|it| &cx.project.container_registries[it.value]);
    let connection = container.connection.as_ref().or(registry.and_then(|it| it.connection.as_ref()));
    let Some(connection) = connection else { return };
    let declared = &cx.project.connections[connection.value];
    if declared.kind != ConnectionKind::DockerRegistry {
        let name = &declared.header.ident.value;
        cx.report(&RULE, connection.span, format!("`{name}` cannot pull the image of a container"))
            .label(declared.header.head, "declared here")
            .help("name a connection with `type = docker_registry`");
    }
}
