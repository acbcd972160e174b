//! # A chart that Helm would refuse
//!
//! The folder of a `chart` holds a `Chart.yaml` with `apiVersion`, `name` and `version`; `values.yaml` is YAML, and
//! `values.schema.json` is JSON. Helm finds out when it deploys.
//!
//! ```file:charts/api/Chart.yaml
//! apiVersion: v2
//! name: api
//! ```
//!
//! ```mlops,fails
//! service api {
//!   image = "team/api"
//!   chart "charts/api"
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! ```file:charts/whole/Chart.yaml
//! apiVersion: v2
//! name: api
//! version: 1.2.3
//! ```
//!
//! ```mlops,passes
//! service api {
//!   image = "team/api"
//!   chart "charts/whole"
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! Repair the file that the message names; `helm lint` looks at more of it.
//!
//! Source: Helm documentation, "Charts"; `helm lint`.

use crate::check::charts::existing;
use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::error(Group::Helm, "chart-broken", run);

fn run(cx: &mut Cx<'_>) {
    for found in existing(cx) {
        if let Err(fault) = found.chart {
            cx.report(&RULE, found.folder.span, format!("Helm refuses this chart: `{}` {}", fault.path, fault.message))
                .help("repair the chart, or name the folder that holds its `Chart.yaml`");
        }
    }
}
