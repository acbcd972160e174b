//! The container images that a project names, and the Dockerfiles it builds from.

use crate::base::files::normalize;
use crate::base::span::Span;
use crate::check::Cx;
use crate::model::project::{Container, Job, Project};

/// An image that is written out.
pub struct Named<'p> {
    pub image: &'p str,
    pub span: Span,
    /// What runs in it, for messages.
    pub what: &'static str,
}

/// Of jobs, pools and init containers. Of runtimes they stand in the runtimes.
pub fn named(project: &Project) -> Vec<Named<'_>> {
    let mut found: Vec<Named<'_>> = Vec::new();
    let of_pools = project.pools.values().filter_map(|it| it.container.as_ref());
    let stages = project.pipelines.values().flat_map(|it| &it.stages);
    let of_jobs = stages.flat_map(|it| &it.jobs).filter_map(|it: &Job| it.container.as_ref());
    found.extend(of_pools.chain(of_jobs).map(|it: &Container| Named {
        image: &it.image,
        span: it.span,
        what: "steps run",
    }));
    let overlays = project.environments.values().flat_map(|it| it.services.values()).map(|it| &it.settings);
    let settings = project.services.values().map(|it| &it.settings).chain(overlays);
    let init = settings.flat_map(|it| &it.init);
    found.extend(init.filter_map(|it| {
        Some(Named { image: it.image.as_ref()?, span: it.name.span, what: "a service starts" })
    }));
    // What a value of the run completes is known to nobody yet.
    found.retain(|it| !it.image.is_empty() && !it.image.contains('$'));
    found
}

pub struct Dockerfile {
    pub path: String,
    pub text: String,
    /// Where it is named.
    pub span: Span,
    /// The head of what is built.
    pub of: Span,
}

/// Of the services; those that cannot be read here are left out.
pub fn of_services(cx: &Cx<'_>) -> Vec<Dockerfile> {
    let builds = cx.project.services.values().filter_map(|it| Some((it.build.as_ref()?, it.header.head)));
    let found = builds.filter_map(|(build, of)| {
        let folder = match &build.repository {
            Some(id) => cx.project.repositories[id.value].copy.as_ref()?.value.as_str(),
            None => ".",
        };
        let path = normalize(&format!("{folder}/{}", build.dockerfile.value))?;
        Some(Dockerfile { text: cx.read(&path)?, path, span: build.dockerfile.span, of })
    });
    found.collect()
}

/// Of the runtimes that are built.
pub fn of_runtimes(cx: &Cx<'_>) -> Vec<Dockerfile> {
    let builds = cx.project.runtimes.values().filter_map(|it| Some((it.build.as_ref()?, it.header.head)));
    let found = builds.filter_map(|(build, of)| {
        let file = build.dockerfile.as_ref();
        let path =
            normalize(&format!("{}/{}", build.context.value, file.map_or("Dockerfile", |it| &it.value)))?;
        Some(Dockerfile { text: cx.read(&path)?, path, span: file.unwrap_or(&build.context).span, of })
    });
    found.collect()
}
