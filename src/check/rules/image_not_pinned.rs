//! # An image that may be another one tomorrow
//!
//! An image without a tag, or with one such as `latest`, is what the registry holds at that moment. Two pods of one
//! deployment run different builds, nobody can say what ran yesterday, and there is nothing to roll back to.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! service api { image = "team/api", port = 8080 }
//! environment dev { target aci { resource_group = "rg-dev" } }
//! pipeline release {
//!   trigger manual
//!   stage dev { environment = dev, deploy api { tag = "latest" } }
//! }
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

use crate::check::{Cx, Group, Rule, images};
use crate::model::expr::Expr;
use crate::model::steps::Kind;
use crate::model::steps::deploy::Deploy;
use crate::target::dockerfile;
use crate::target::image::Image;

pub(super) static RULE: Rule = Rule::warning(Group::Deployment, "image-not-pinned", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for named in images::named(project) {
        let image = Image::read(named.image);
        if image.wrong().is_none() && image.floats() {
            cx.report(&RULE, named.span, format!("{} in `{}`, whatever that is at the moment", named.what, named.image))
                .help(format!("name a version: `{}:1.2.3`", image.name));
        }
    }
    for place in cx.deliveries().iter().filter(|it| it.step.enabled) {
        let tag = match &place.step.kind {
            Kind::Deploy(Deploy::Service(it)) => it.tag.as_ref(),
            Kind::BuildImage(it) => Some(&it.tag),
            _ => None,
        };
        if let Some(tag) = tag {
            moving(cx, tag);
        }
    }
    for file in images::of_services(cx) {
        for base in dockerfile::bases(&file.text).iter().filter(|it| !it.contains('$')) {
            if Image::read(base).floats() {
                cx.report(&RULE, file.span, format!("`{}` begins with `{base}`, whatever that is when it is built", file.path))
                    .help("name a version in its `FROM`");
            }
        }
    }
}

fn moving(cx: &mut Cx<'_>, tag: &Expr) {
    let Some(text) = tag.as_str() else { return };
    if Image::read(&format!("x:{text}")).floats() {
        cx.report(&RULE, tag.span, format!("`{text}` is another image after each build"))
            .help("take a tag of one build: `run.id` where it is built, `runs.PIPELINE.id` behind it, or a parameter");
    }
}
