//! # A size of machines that Azure has retired
//!
//! Machines of these series have been switched off: a cluster or a deployment of that size cannot be created, and one that
//! exists gets no nodes, so that jobs wait in the queue.
//!
//! ```mlops,fails
//! compute gpu { size = "Standard_NC6", nodes = 0..2 }
//! ```
//!
//! ```mlops,fails
//! compute cpu { size = "DS3_v2", nodes = 0..2 }
//! ```
//!
//! ```mlops,passes
//! compute gpu { size = "Standard_NC4as_T4_v3", nodes = 0..2 }
//! ```
//!
//! Take a size of the series that the message names. A size is written as Azure spells it, `Standard_` first.
//!
//! Source: Azure documentation, "Retired Azure VM sizes" and the retirement notices of the series NC (to version 3), ND, NV and A.

use crate::base::span::Span;
use crate::base::suggest;
use crate::check::{Cx, Group, Rule};
use crate::target::vm_size;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "retired-vm-size", run).in_views();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for size in project.computes.values().filter(|it| !it.serverless).filter_map(|it| it.size.as_ref()) {
        check(cx, &size.value, size.span);
    }
    // On a cluster of Kubernetes, sizes are names of its own.
    let managed = project.endpoints.values().filter(|it| it.settings.compute.is_none());
    for deployment in managed.flat_map(|it| it.settings.deployments.values()) {
        if let Some(size) = &deployment.size {
            check(cx, &size.value, size.span);
        }
    }
}

fn check(cx: &mut Cx<'_>, size: &str, span: Span) {
    if size.is_empty() || size.contains('$') {
        return;
    }
    let Some(series) = vm_size::series(size) else {
        cx.report(&RULE, span, format!("`{size}` is not written as Azure spells sizes"))
            .help(format!("write it in full: `{}`", spelled(size)));
        return;
    };
    if let Some((since, better)) = vm_size::retired(&series) {
        cx.report(&RULE, span, format!("Azure has no machines of the size `{size}` since {since}"))
            .help(format!("take another one: {better}"));
    }
}

/// With the prefix that it lacks or that is misspelt; another size where it would still be none.
fn spelled(size: &str) -> String {
    let rest = match size.split_once('_') {
        Some((prefix, rest)) if suggest::nearest(&prefix.to_ascii_lowercase(), ["standard", "basic"]).is_some() => rest,
        _ => size,
    };
    let whole = format!("Standard_{rest}");
    if vm_size::series(&whole).is_some() { whole } else { "Standard_DS3_v2".to_owned() }
}
