//! # A conda file that leaves versions open
//!
//! The image of a runtime is built once for each content of its conda file. A workspace that builds it anew, a second
//! workspace or a new region gets whatever versions are newest on that day.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1", conda = "conda.yml" }
//! ```
//!
//! ```file:conda.yml
//! dependencies:
//!   - python=3.12
//!   - pip:
//!       - scikit-learn
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1", conda = "pinned.yml" }
//! ```
//!
//! ```file:pinned.yml
//! dependencies:
//!   - python=3.12
//!   - pip:
//!       - scikit-learn==1.5.2
//! ```
//!
//! Say a version of each package, or at least bounds. This is a note.
//!
//! Source: Azure ML documentation, "Manage software environments": pin versions to make runs reproducible.

use crate::check::{Cx, Group, Rule};
use crate::target::conda;

pub(super) static RULE: Rule = Rule::info(Group::Ml, "conda-not-pinned", run);

/// Installers: what they install is what counts.
const TOOLS: [&str; 3] = ["pip", "setuptools", "wheel"];
const SHOWN: usize = 4;

fn run(cx: &mut Cx<'_>) {
    let files = cx.project.runtimes.values().filter_map(|it| it.conda.as_ref());
    for file in files {
        let Some(packages) = cx.read(&file.value).as_deref().and_then(conda::packages) else { continue };
        let open = packages.iter().filter(|(name, version)| version.is_empty() && !TOOLS.contains(&name.as_str()));
        let open: Vec<String> = open.map(|it| format!("`{}`", it.0)).collect();
        if open.is_empty() {
            continue;
        }
        let more = if open.len() > SHOWN { format!(" and {} more", open.len() - SHOWN) } else { String::new() };
        let shown = open[..open.len().min(SHOWN)].join(", ");
        cx.report(&RULE, file.span, format!("`{}` says no version of {shown}{more}", file.value))
            .help("write which version each package has, `name==1.2.3`");
    }
}
