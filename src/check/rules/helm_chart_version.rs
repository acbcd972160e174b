//! # A chart's version that is none
//!
//! The task takes a version that does not follow semantic versioning for no version at all, says so in debug logs only, and
//! installs the newest chart.
//!
//! ```mlops,fails
//! pipeline release {
//!   trigger manual
//!   stage all {
//!     task "HelmDeploy@0" {
//!       inputs { connectionType = "None", command = "upgrade", chartName = "team/api", releaseName = "api", chartVersion = "1.2" }
//!     }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline release {
//!   trigger manual
//!   stage all {
//!     task "HelmDeploy@0" {
//!       inputs { connectionType = "None", command = "upgrade", chartName = "team/api", releaseName = "api", chartVersion = "1.2.0" }
//!     }
//!   }
//! }
//! ```
//!
//! Write all three numbers: `1.2.0`. The `chart` of a service is held to the same, and never takes the newest.
//!
//! Source: `helmupgrade.ts` of the task `HelmDeployV1`, `semver.valid`.

use crate::check::{Cx, Group, Rule, helm_tasks};

pub(super) static RULE: Rule = Rule::error(Group::Helm, "helm-chart-version", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for installation in helm_tasks::installations(cx) {
        let version = installation.input("chartVersion").or_else(|| installation.input("version"));
        let Some((version, text)) = version.and_then(|it| Some((it, it.as_str()?))) else { continue };
        if !is_semantic(text) && !text.contains('$') {
            cx.report(&RULE, version.span, format!("`{text}` is no version, and the task then installs the newest chart"))
                .help("write all three numbers: `1.2.0`");
        }
    }
}

fn is_semantic(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['v', '=']);
    let core = text.split(['-', '+']).next().unwrap_or(text);
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |it: &&str| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit()) && (it.len() == 1 || !it.starts_with('0'));
    let legal = |it: char| it.is_ascii_alphanumeric() || ".-+".contains(it);
    numbers.len() == 3 && numbers.iter().all(is_number) && text.chars().all(legal)
}
