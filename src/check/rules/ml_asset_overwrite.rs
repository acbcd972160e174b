//! # A version that stays as it was when its content changes
//!
//! A version of an asset never changes. `ensure` registers it where it is missing; what is edited later under the same
//! version reaches nobody, and jobs go on with the old content.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1", conda = "conda.yml", version = "1" }
//! pipeline set_up {
//!   trigger manual
//!   stage all { ensure python }
//! }
//! ```
//!
//! ```file:conda.yml
//! dependencies: [python=3.12]
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1", conda = "conda.yml" }
//! runtime plain { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1", version = "1" }
//! pipeline set_up {
//!   trigger manual
//!   stage all { ensure plain }
//! }
//! ```
//!
//! Without a `version`, a runtime or data is addressed by its content, and a change is a new one. With one, change it
//! with every change of the files. This is a note.
//!
//! Source: Azure ML: "already registered and cannot be changed"; azure-cli-extensions, issue 5440.

use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{AssetPath, Project};
use crate::model::steps::Kind;
use crate::model::symbols::Ref;
use crate::schema;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::info(Group::Ml, "ml-asset-overwrite", run);

fn run(cx: &mut Cx<'_>) {
    let mut seen = BTreeSet::new();
    for place in cx.deliveries().iter().filter(|it| it.step.enabled) {
        let Kind::Ensure(ensure) = &place.step.kind else { continue };
        for what in &ensure.what {
            let Some((version, content)) = of_files(cx.project, *what) else { continue };
            if !seen.insert((what.kind, what.index)) {
                continue;
            }
            cx.report(&RULE, version.span, format!("version `{}` stays as it was when {content} changes", version.value))
                .label(place.step.head, "registered once")
                .help("change the version with every change, or leave it out: then it is addressed by its content");
        }
    }
}

/// The version, and what of the project's files it holds.
fn of_files(project: &Project, what: Ref) -> Option<(&Spanned<String>, &'static str)> {
    match what.kind {
        schema::Kind::Runtime => {
            let runtime = &project.runtimes[Id::new(what.index)];
            let content = match (&runtime.conda, &runtime.build) {
                (Some(_), _) => "its conda file",
                (None, Some(_)) => "what it is built of",
                (None, None) => return None,
            };
            Some((runtime.version.as_ref().filter(|_| !runtime.header.existing)?, content))
        }
        schema::Kind::Data => {
            let data = &project.data[Id::new(what.index)];
            let local = matches!(data.path, Some(AssetPath::Local(_)));
            Some((data.version.as_ref().filter(|_| local && !data.header.existing)?, "the file"))
        }
        schema::Kind::Component => {
            let component = &project.components[Id::new(what.index)];
            let code = component.written().is_some_and(|it| it.code.is_some());
            Some((component.version.as_ref().filter(|_| code)?, "its code"))
        }
        _ => None,
    }
}
