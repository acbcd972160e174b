//! # An image that may be another one tomorrow
//!
//! An image without a tag, or with one such as `latest`, is what the registry holds at that moment. Two pods of one
//! deployment run different builds, nobody can say what ran yesterday, and there is nothing to roll back to.
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
//!   stage dev { environment = dev, deploy api { tag = "latest" } }
//! }
//! ```
//!
//! ```file:Dockerfile
//! FROM scratch
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage dev { environment = dev, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! Name a version, or for what is deployed the tag of one build: `tag = run.id`, `tag = runs.build.id`. Images of
//! containers, of `init`, and those that the Dockerfile of a service begins with are looked at, too.
//!
//! Source: Kubernetes documentation, "Images": avoid `latest` in production, because it is hard to tell which version runs
//! and hard to roll back.

use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule, Safety, images};
use crate::model::expr::Expr;
use crate::model::project::TriggerKind;
use crate::model::steps::Kind;
use crate::model::steps::deploy::Deploy;
use crate::target::dockerfile;
use crate::target::image::Image;

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "image-not-pinned", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for named in images::named(project) {
        let image = Image::read(named.image);
        if image.wrong().is_none() && image.floats() {
            cx.report(&RULE, named.span, format!("{} in `{}`, whatever that is at the moment", named.what, named.image))
                .help(format!("name a version, `{0}:1.2.3`, or write `{0}@sha256:…` with the digest that `docker buildx imagetools inspect {1}` prints", image.name, named.image));
        }
    }
    for place in cx.deliveries().iter().filter(|it| it.step.enabled) {
        match &place.step.kind {
            Kind::Deploy(Deploy::Service(it)) => {
                if let Some(tag) = &it.tag {
                    moving(cx, tag, built(cx, place, it.service.index()));
                }
            }
            Kind::BuildImage(it) => moving(cx, &it.tag, Some("run.id".to_owned())),
            _ => {}
        }
    }
    for file in images::of_services(cx) {
        for base in dockerfile::bases(&file.text).iter().filter(|it| !it.contains('$')) {
            if Image::read(base).floats() {
                cx.report(&RULE, file.span, format!("`{}` begins with `{base}`, whatever that is when it is built", file.path))
                    .help(format!("name a version in its `FROM`, or the digest that `docker buildx imagetools inspect {base}` prints"));
            }
        }
    }
}

fn moving(cx: &mut Cx<'_>, tag: &Expr, better: Option<String>) {
    let Some(text) = tag.as_str() else { return };
    if !Image::read(&format!("x:{text}")).floats() {
        return;
    }
    let finding = cx.report(&RULE, tag.span, format!("`{text}` is another image after each build"));
    match better {
        Some(better) => {
            finding.help(format!("take the tag of one build: `{better}`")).suggest(format!("write `{better}`"), tag.span, better);
        }
        None => {
            finding.help("take a tag of one build: `run.id` where it is built, `runs.PIPELINE.id` behind it, or a parameter");
        }
    }
}

/// The tag of the build whose image this place can deploy: of this run, or of the only one that starts it.
fn built(cx: &Cx<'_>, place: &Place<'_>, service: usize) -> Option<String> {
    let builds = |pipeline: usize| {
        cx.deliveries().iter().filter(move |it| it.id.index() == pipeline).any(
            |it| matches!(&it.step.kind, Kind::BuildImage(step) if step.service.index() == service),
        )
    };
    if builds(place.id.index()) {
        return Some("run.id".to_owned());
    }
    let mut starters = place.pipeline.triggers.iter().filter_map(|it| match &it.kind {
        TriggerKind::After { pipeline, .. } if it.enabled => Some(pipeline.value),
        _ => None,
    });
    let (only, None) = (starters.next()?, starters.next()) else { return None };
    let name = &cx.project.pipelines[only].header.ident.value;
    builds(only.index()).then(|| format!("runs.{name}.id"))
}
