//! # An image that Microsoft does not host
//!
//! A job for an image that does not exist, or that is gone, never starts: no agent can be found for it.
//!
//! ```mlops,fails
//! pool linux { image = "ubunto-24.04" }
//! project p { pool = linux }
//! ```
//!
//! ```mlops,fails
//! pool linux { image = "ubuntu-20.04" }
//! project p { pool = linux }
//! ```
//!
//! ```mlops,passes
//! pool linux { image = "ubuntu-24.04" }
//! project p { pool = linux }
//! ```
//!
//! Take an image of the table that the source shows. An image of a pool of your own is chosen by that pool: write
//! `name = "…"` instead. Images that are newer than those this compiler knows are not spoken of.
//!
//! Source: Azure DevOps documentation, "Microsoft-hosted agents"; announcements of actions/runner-images.

use crate::base::suggest;
use crate::check::{Cx, Group, Rule, edit};
use crate::diag::{Edit, Safety};
use crate::model::project::PoolKind;
use crate::target::hosted_image;

pub(super) static RULE: Rule = Rule::warning(Group::Jobs, "hosted-image-unknown", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pool in project.pools.values() {
        let PoolKind::Hosted { image } = &pool.kind else { continue };
        if image.is_empty() || image.contains('$') || hosted_image::is_hosted(image) {
            continue;
        }
        let head = pool.header.head;
        let written = cx.places(edit::block(cx.sources, head), &format!("\"{image}\""));
        let span = written.first().copied().unwrap_or(head);
        let (message, better) = match hosted_image::retired(image) {
            Some(better) => (format!("Microsoft hosts `{image}` no more"), Some(better)),
            None => (format!("Microsoft hosts no image `{image}`"), suggest::nearest(image, hosted_image::all())),
        };
        let finding = cx.report(&RULE, span, message);
        let Some(better) = better else {
            finding.help("write `ubuntu-24.04`, or the `name` of a pool of your own");
            continue;
        };
        let edits: Vec<Edit> = written.into_iter().map(|span| Edit { span, text: format!("\"{better}\"") }).collect();
        let finding = finding.help(format!("write `{better}`"));
        if !edits.is_empty() {
            finding.edits(Safety::Unsafe, format!("write `{better}`"), edits);
        }
    }
}
