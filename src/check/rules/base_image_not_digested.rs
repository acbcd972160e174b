//! # A service is built on a tag, not on a digest
//!
//! Whoever may push to the base image's repository can put other content under the same tag. The same commit then builds
//! another service, and nothing in the project has changed.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod { target aci { resource_group = "rg-prod" }, approval = leads, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage prod { environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! ```file:Dockerfile
//! FROM python:3.12-slim
//! USER 1000
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! project p { connection = azure }
//! container_registry acr { name = "acrteam", existing = true }
//! service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "pinned/Dockerfile" } }
//! approval leads { approvers = ["leads@contoso.com"] }
//! environment prod { target aci { resource_group = "rg-prod" }, approval = leads, lock = sequential, branches = ["main"] }
//! pipeline release {
//!   trigger manual
//!   param tag: string
//!   stage prod { environment = prod, deploy api { tag = params.tag } }
//! }
//! ```
//!
//! ```file:pinned/Dockerfile
//! FROM python:3.12-slim@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
//! USER 1000
//! ```
//!
//! Put the digest behind the tag: `docker buildx imagetools inspect IMAGE` shows it, and tools such as Renovate renew it.
//! This is a note, about what goes to production: an environment that is `protected` or called so.
//!
//! Source: Docker documentation, "Building best practices": pin base image versions.

use crate::base::span::Span;
use crate::check::production::is_production;
use crate::check::{Cx, Group, Rule, deployed, images};
use crate::target::dockerfile;
use crate::target::image::Image;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::info(Group::Deployment, "base-image-not-digested", run);

fn run(cx: &mut Cx<'_>) {
    let deployed = deployed::services(cx).into_iter().filter(|it| is_production(it.environment));
    let in_production: BTreeSet<Span> = deployed.map(|it| it.service.header.head).collect();
    for file in images::of_services(cx).into_iter().filter(|it| in_production.contains(&it.of)) {
        let bases = dockerfile::bases(&file.text);
        let by_tag = bases.iter().filter(|it| !it.contains('$') && Image::read(it).digest.is_none());
        let by_tag: Vec<String> = by_tag.filter(|it| !Image::read(it).floats()).map(|it| format!("`{it}`")).collect();
        if !by_tag.is_empty() {
            cx.report(&RULE, file.span, format!("`{}` is built on {}, whose content can change", file.path, by_tag.join(", ")))
                .help("put the digest behind the tag: `IMAGE:TAG@sha256:…`");
        }
    }
}
