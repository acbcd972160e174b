//! # Every run installs a release of its own
//!
//! The task takes the number of the build for the name of the release where none is said. Each run then installs a new
//! release beside the old ones, which keep running.
//!
//! ```mlops,fails
//! pipeline release {
//!   trigger manual
//!   stage all {
//!     task "HelmDeploy@0" {
//!       inputs { connectionType = "None", command = "upgrade", chartName = "charts/api" }
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
//!       inputs { connectionType = "None", command = "upgrade", chartName = "charts/api", releaseName = "api" }
//!     }
//!   }
//! }
//! ```
//!
//! Name the release, or let a `service` with a `chart` do it: `deploy` always names it.
//!
//! Source: `helmupgrade.ts` of the task `HelmDeployV1`.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule, helm_tasks};
use crate::diag::{Edit, Safety};

pub(super) static RULE: Rule = Rule::error(Group::Helm, "helm-release-name-missing", run).by_pipeline().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    for installation in helm_tasks::installations(cx) {
        let arguments = installation.input("arguments").map(helm_tasks::shape).unwrap_or_default();
        if installation.input("releaseName").is_some() || arguments.contains("--generate-name") {
            continue;
        }
        let chart = installation.input("chartName").or_else(|| installation.input("chartPath"));
        let name = chart.and_then(|it| Some((it.span, it.as_str()?.trim_end_matches('/').rsplit('/').next()?)));
        let finding = cx
            .report(&RULE, installation.step.head, "no release is named, so that each run installs another one beside the old ones")
            .help("add `releaseName = \"…\"` to its inputs");
        if let Some((span, name)) = name.filter(|it| is_release(it.1)) {
            let end = span.end as usize;
            let edit = Edit { span: Span::new(span.file, end, end), text: format!(", releaseName = \"{name}\"") };
            finding.edits(Safety::Safe, format!("call it `{name}`"), vec![edit]);
        }
    }
}

fn is_release(name: &str) -> bool {
    crate::target::naming::HELM_RELEASE.fits(name)
}
