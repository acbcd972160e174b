//! # An image that no registry can have
//!
//! Docker and Kubernetes refuse a reference that does not follow their grammar, when the job or the pod starts: "invalid
//! reference format".
//!
//! ```mlops,fails
//! pool linux { image = "ubuntu-24.04" }
//! pipeline build {
//!   trigger manual
//!   pool = linux
//!   stage test { job all { container = "Team/Builder:1", run "make" } }
//! }
//! ```
//!
//! ```mlops,passes
//! pool linux { image = "ubuntu-24.04" }
//! pipeline build {
//!   trigger manual
//!   pool = linux
//!   stage test { job all { container = "team/builder:1", run "make" } }
//! }
//! ```
//!
//! Write `registry/repository:tag`, the repository in lower case.
//!
//! Source: the grammar of image references of the distribution project.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule, images};
use crate::diag::{Edit, Safety};
use crate::target::image::Image;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "image-ref-invalid", run).fixes(Safety::Safe).in_views();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for named in images::named(project) {
        check(cx, named.image, named.span);
    }
    for image in project.runtimes.values().filter_map(|it| it.image.as_ref()).filter(|it| !it.value.is_empty()) {
        check(cx, &image.value, image.span);
    }
}

fn check(cx: &mut Cx<'_>, text: &str, span: Span) {
    let image = Image::read(text);
    let Some(wrong) = image.wrong() else { return };
    let lower = format!("{}{}", image.name.to_lowercase(), &text[image.name.len()..]);
    let edits: Vec<Edit> = match cx.places(span, text).as_slice() {
        [only] if lower != text && Image::read(&lower).wrong().is_none() => {
            vec![Edit { span: *only, text: lower.clone() }]
        }
        _ => Vec::new(),
    };
    let finding = cx.report(&RULE, span, format!("`{text}` names no image: {wrong}"));
    let finding = finding.help("write `registry/repository:tag`, the repository in lower case");
    if !edits.is_empty() {
        finding.edits(Safety::Safe, format!("write `{lower}`"), edits);
    }
}
