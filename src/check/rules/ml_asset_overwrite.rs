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
//!   stage all {
//!     ensure ml
//!     ensure python
//!   }
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
use crate::base::span::{Span, Spanned};
use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule, Safety};
use crate::diag::Edit;
use crate::model::project::{AssetPath, Project};
use crate::model::steps::Kind;
use crate::model::symbols::Ref;
use crate::schema;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::info(Group::Ml, "ml-asset-overwrite", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let mut seen = BTreeSet::new();
    for place in cx.deliveries().iter().filter(|it| it.step.enabled) {
        let Kind::Ensure(ensure) = &place.step.kind else { continue };
        for what in &ensure.what {
            let Some((version, content)) = of_files(cx.project, *what) else { continue };
            if !seen.insert((what.kind, what.index)) {
                continue;
            }
            let edits = left_out(cx, place, *what, version.span);
            let finding = cx.report(&RULE, version.span, format!("version `{}` stays as it was when {content} changes", version.value))
                .label(place.step.head, "registered once")
                .help("change the version with every change, or leave it out: then it is addressed by its content, and needs no `ensure`");
            if let Some(edits) = edits {
                finding.edits(Safety::Unsafe, "address it by its content", edits);
            }
        }
    }
}

/// Without its version and the one step that registers it alone, where the job has others and no loop made it: what has no version is
/// written into what uses it. A component has one always.
fn left_out(cx: &Cx<'_>, place: &Place<'_>, what: Ref, version: Span) -> Option<Vec<Edit>> {
    let registers = |it: &&Place<'_>| matches!(&it.step.kind, Kind::Ensure(it) if it.what.contains(&what));
    let is_only = cx.deliveries().iter().filter(registers).count() == 1;
    let is_alone = matches!(&place.step.kind, Kind::Ensure(it) if it.what.len() == 1);
    let is_read = cx.is_copy(version) || cx.is_copy(place.step.head);
    let fits = is_only && is_alone && place.job.steps.len() > 1 && !is_read && what.kind != schema::Kind::Component;
    fits.then(|| vec![cx.remove_attribute(version), cx.remove_block(place.step.head)])
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
