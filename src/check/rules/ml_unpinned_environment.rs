//! # A runtime that may be another one tomorrow
//!
//! An image without a tag, or with `latest`, is what the registry holds when the node starts. Yesterday's training cannot
//! be repeated, and a run fails without any commit.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest" }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ```
//!
//! Name a version. The tags of Microsoft's images are dates.
//!
//! Source: Azure ML documentation, "Core yaml syntax"; the list of tags of mcr.microsoft.com.

use crate::check::{Cx, Group, Rule, images};
use crate::target::dockerfile;
use crate::target::image::Image;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-unpinned-environment", run).in_views();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for runtime in project.runtimes.values() {
        let Some(written) = runtime.image.as_ref().filter(|it| !it.value.is_empty()) else { continue };
        let image = Image::read(&written.value);
        if image.wrong().is_none() && image.floats() {
            cx.report(&RULE, written.span, format!("`{}` is whatever the registry holds when a node starts", written.value))
                .help(versions(&image));
        }
    }
    for file in images::of_runtimes(cx) {
        for base in dockerfile::bases(&file.text).iter().filter(|it| !it.contains('$')) {
            if Image::read(base).floats() {
                cx.report(&RULE, file.span, format!("`{}` begins with `{base}`, whatever that is when it is built", file.path))
                    .help(format!("in its `FROM`, {}", versions(&Image::read(base))));
            }
        }
    }
}

/// How to find what can be written instead.
fn versions(image: &Image<'_>) -> String {
    let name = image.name;
    match name.strip_prefix("mcr.microsoft.com/") {
        Some(path) => format!("name a version, `{name}:20250601.v1`; `curl https://mcr.microsoft.com/v2/{path}/tags/list` shows which there are"),
        None => format!("name a version, or write `{name}@sha256:…` with the digest that `docker buildx imagetools inspect {name}` prints"),
    }
}
