//! # A cluster that never goes to sleep
//!
//! A cluster whose fewest nodes are not 0 is paid for day and night, whether a job runs or not.
//!
//! ```mlops,fails
//! compute train { size = "Standard_DS3_v2", nodes = 1..4 }
//! ```
//!
//! ```mlops,passes
//! compute train { size = "Standard_DS3_v2", nodes = 0..4, idle = 15m }
//! ```
//!
//! Start the range at 0; `idle` says how long nodes stay for the next job. Where jobs must start at once at any time, keep
//! it: this is a warning.
//!
//! Source: Azure ML documentation, "Create an Azure Machine Learning compute cluster": set the minimum to 0 to avoid
//! charges while no jobs run.

use crate::check::{Cx, Group, Rule, Safety};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-compute-always-on", run).fixes(Safety::Unsafe).in_views();

fn run(cx: &mut Cx<'_>) {
    for compute in cx.project.computes.values().filter(|it| !it.header.existing && !it.serverless) {
        let (fewest, most) = compute.nodes;
        if fewest == 0 {
            continue;
        }
        let nodes = cx.value(compute.header.head, "nodes");
        let (name, what) = (&compute.header.ident.value, if fewest == 1 { "node" } else { "nodes" });
        let finding = cx
            .report(&RULE, nodes.unwrap_or(compute.header.head), format!("{fewest} {what} of `{name}` cost money day and night"))
            .help(format!("write `nodes = 0..{most}`; `idle` says how long nodes stay for the next job"));
        if let Some(nodes) = nodes {
            finding.suggest(format!("write `0..{most}`"), nodes, format!("0..{most}"));
        }
    }
}
