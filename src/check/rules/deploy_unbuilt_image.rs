//! # An image is deployed that nobody has built
//!
//! The tag is made of this run's own id, and this run builds no such image before. The old version is taken away, the new
//! one cannot be pulled: `ImagePullBackOff`.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! project p { connection = azure, pool = linux }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline build {
//!   trigger push { branches = ["main"] }
//!   stage all { build_image api { tag = run.id } }
//! }
//! pipeline release {
//!   trigger after build
//!   stage dev { environment = dev, deploy api { tag = run.id } }
//! }
//! ```
//!
//! Or it is built, but nothing waits for that:
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! project p { connection = azure, pool = linux }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline deliver {
//!   trigger push { branches = ["main"] }
//!   stage build { build_image api { tag = run.id } }
//!   stage dev { needs = [], environment = dev, deploy api { tag = run.id } }
//! }
//! ```
//!
//! A script that builds no images changes nothing about it:
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! project p { connection = azure, pool = linux }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline release {
//!   trigger manual
//!   stage dev { environment = dev, run { file = "notes.sh" }, deploy api { tag = run.id } }
//! }
//! ```
//!
//! ```file:notes.sh
//! echo "release notes"
//! ```
//!
//! ```file:Dockerfile
//! FROM python:3.12-slim
//! USER 1000
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! project p { connection = azure, pool = linux }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline build {
//!   trigger push { branches = ["main"] }
//!   stage all { build_image api { tag = run.id } }
//! }
//! pipeline release {
//!   trigger after build
//!   stage dev { environment = dev, deploy api { tag = runs.build.id } }
//! }
//! ```
//!
//! Take the tag of the run that built it, `runs.PIPELINE.id`, or build it before, in a stage that this one waits for. A
//! service without `build` is built by others; a pipeline whose scripts speak of docker may build it itself, and is not
//! looked at.
//!
//! Source: Kubernetes documentation, "Images", `ImagePullBackOff`.

use crate::base::span::Span;
use crate::check::walk::{Place, same};
use crate::check::{Cx, Group, Rule, Safety};
use crate::model::expr::{Expr, ExprKind, Fact};
use crate::model::project::{Pipeline, TriggerKind};
use crate::model::steps::Kind;
use crate::model::steps::action::ScriptSource;
use crate::model::steps::build_image::BuildImage;
use crate::model::steps::deploy::Deploy;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "deploy-unbuilt-image", run).fixes(Safety::Unsafe).needs_all();

/// By pipeline and service.
type Builds<'a> = BTreeMap<(usize, usize), Vec<(Place<'a>, &'a BuildImage)>>;

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let mut builds: Builds<'_> = BTreeMap::new();
    let mut deploys = Vec::new();
    for place in cx.deliveries().iter().filter(|it| it.step.enabled && it.stage.enabled) {
        match &place.step.kind {
            Kind::BuildImage(it) => {
                builds.entry((place.id.index(), it.service.index())).or_default().push((*place, it));
            }
            Kind::Deploy(Deploy::Service(it)) if project.services[it.service].build.is_some() => {
                deploys.push((*place, it));
            }
            _ => {}
        }
    }
    let mut unknown: BTreeMap<usize, bool> = BTreeMap::new();
    for (place, deploy) in deploys {
        let Some(tag) = &deploy.tag else { continue };
        let service = &project.services[deploy.service];
        let has_tag = service.chart.as_ref().is_none_or(|it| it.image_tag.is_some());
        let (pipeline, of) = (place.id.index(), deploy.service.index());
        if !has_tag || *unknown.entry(pipeline).or_insert_with(|| builds_otherwise(cx, place.pipeline)) {
            continue;
        }
        let name = &service.header.ident.value;
        match builds.get(&(pipeline, of)) {
            None if of_this_run(tag) => {
                report_elsewhere(cx, &place, tag, name, &elsewhere(&place, &builds, of));
            }
            Some(here) => {
                let Some(span) = beside(cx, &place, tag, here) else { continue };
                cx.report(&RULE, place.step.head, format!("nothing makes this wait until the image of `{name}` is built"))
                    .label(span, "built here")
                    .help("put it behind that step, or name its stage or job in `needs`");
            }
            None => {}
        }
    }
}

/// Where an image with this tag is built, if that may be at the same time or later. People may choose one of two
/// conditions, and when they start a stage by hand.
fn beside(cx: &Cx<'_>, place: &Place<'_>, tag: &Expr, builds: &[(Place<'_>, &BuildImage)]) -> Option<Span> {
    let same_tag = || builds.iter().filter(|it| same(&it.1.tag, tag)).map(|it| &it.0);
    let chosen = |it: &Place<'_>| it.stage.when.is_some() && place.stage.when.is_some();
    let sure = place.stage.manual.is_some() || same_tag().any(|it| chosen(it) || before(cx, it, place));
    same_tag().next().filter(|_| !sure).map(|it| it.step.head)
}

fn report_elsewhere(cx: &mut Cx<'_>, place: &Place<'_>, tag: &Expr, name: &str, sources: &[String]) {
    let finding = cx
        .report(&RULE, tag.span, format!("this run builds no image of `{name}`, and the tag is its own id"))
        .label(place.pipeline.header.head, "no `build_image` in it");
    let plain = matches!(tag.kind, ExprKind::Fact(Fact::Id));
    match sources {
        [source] if plain => {
            let better = format!("runs.{source}.id");
            finding.help(format!("take that of the run that built it: `{better}`")).suggest(format!("write `{better}`"), tag.span, better);
        }
        _ => {
            finding.help("take the tag of the run that built it, `runs.PIPELINE.id`, or build it before");
        }
    }
}

/// What the pipelines that this one follows or reads are called here, of those that build the service.
fn elsewhere(place: &Place<'_>, builds: &Builds<'_>, service: usize) -> Vec<String> {
    let started = place.pipeline.triggers.iter().filter_map(|it| match &it.kind {
        TriggerKind::After { pipeline, .. } => Some((pipeline.value.index(), None)),
        _ => None,
    });
    let read = place.pipeline.sources.iter().map(|it| (it.pipeline.value.index(), Some(it.alias.value.clone())));
    let mut found: Vec<String> = started
        .chain(read)
        .filter_map(|(index, alias)| {
            let (built, _) = builds.get(&(index, service))?.first()?;
            Some(alias.unwrap_or_else(|| built.pipeline.header.ident.value.clone()))
        })
        .collect();
    found.dedup();
    found
}

fn of_this_run(tag: &Expr) -> bool {
    let mut found = false;
    tag.walk(&mut |it| found |= matches!(it.kind, ExprKind::Fact(Fact::Id | Fact::Number)));
    found
}

/// Whether what a pipeline does cannot be told from its steps.
fn builds_otherwise(cx: &Cx<'_>, pipeline: &Pipeline) -> bool {
    let steps = || pipeline.stages.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    let included = pipeline.extends.is_some() || !pipeline.includes.is_empty() || pipeline.stages.iter().any(|it| !it.includes.is_empty());
    included
        || steps().any(|it| match &it.kind {
            Kind::Include(_) | Kind::Task(_) | Kind::Queue(_) => true,
            kind => match kind.script() {
                Some(ScriptSource::File(path)) => cx.read(path).is_none_or(|it| builds(&it)),
                _ => kind.script_texts().iter().any(|it| builds(it)),
            },
        })
}

fn builds(text: &str) -> bool {
    let tools = ["docker", "podman", "buildah", "kaniko", "buildctl", "nerdctl", "acr ", "make", "task ", "just ", ".sh", ".ps1"];
    tools.iter().any(|it| text.contains(it))
}

/// Whether the second step runs only after the first.
fn before(cx: &Cx<'_>, first: &Place<'_>, second: &Place<'_>) -> bool {
    let graph = &cx.graphs.pipelines[first.id.index()];
    if first.stage_index != second.stage_index {
        return graph.before(second.stage_index).contains(&first.stage_index);
    }
    let index = |of: &Place<'_>| of.stage.jobs.iter().position(|it| std::ptr::eq(it, of.job));
    let (Some(from), Some(to)) = (index(first), index(second)) else { return false };
    if from == to {
        return first.step_index < second.step_index;
    }
    let needs = &graph.jobs[first.stage_index];
    let (mut open, mut seen) = (vec![to], vec![false; needs.len()]);
    while let Some(at) = open.pop() {
        if at == from {
            return true;
        }
        if !std::mem::replace(&mut seen[at], true) {
            open.extend(&needs[at]);
        }
    }
    false
}
