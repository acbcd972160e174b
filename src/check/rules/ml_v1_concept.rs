//! # Something of the first version of Azure ML
//!
//! The packages and commands of version 1 are not maintained any more: `azureml-core` since June 2026, the extension
//! `azure-cli-ml` since September 2025. They fail without notice when the service changes, and know nothing of what this
//! project writes, which is version 2.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1", conda = "conda.yml" }
//! ```
//!
//! ```file:conda.yml
//! dependencies:
//!   - python=3.12
//!   - pip:
//!       - azureml-core==1.60.0
//! ```
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pipeline set_up {
//!   trigger manual
//!   stage all {
//!     azure "az extension add --name azure-cli-ml --yes" { connection = azure }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1", conda = "new.yml" }
//! ```
//!
//! ```file:new.yml
//! dependencies:
//!   - python=3.12
//!   - pip:
//!       - azure-ai-ml==1.27.1
//!       - mlflow==2.22.0
//! ```
//!
//! Metrics and models are logged with `mlflow`; what a step reads and writes are arguments of its command; what else a
//! script asks Azure ML for, `azure-ai-ml` answers. Commands of version 2 begin with `az ml` too, and have other words behind
//! it.
//!
//! Source: Azure ML documentation, "Upgrade to v2".

use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule, Safety};
use crate::diag::Edit;
use crate::model::steps::action::ScriptSource;
use crate::target::{conda, source_text};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-v1-concept", in_scripts).by_pipeline().and_outside(in_runtimes).fixes(Safety::Unsafe);

/// Beginnings of names; `azureml-mlflow` and the like are of version 2.
const PACKAGES: [&str; 5] = ["azureml-core", "azureml-sdk", "azureml-pipeline", "azureml-train", "azureml-widgets"];

/// What is written, and what version 2 has for it.
const COMMANDS: [(&str, &str); 8] = [
    (EXTENSION, "install the extension `ml` instead: `az extension add --name ml`"),
    ("az ml run ", "a run is a job in version 2: `az ml job create --file job.yml`, or `submit` here"),
    ("az ml folder attach", "version 2 attaches nothing: say the workspace with `az configure --defaults group=… workspace=…`"),
    ("az ml computetarget", "version 2 says `az ml compute`, or `ensure` here"),
    ("az ml model deploy", "version 2 says `az ml online-deployment create`, or `deploy` here"),
    ("az ml runconfig", "version 2 has no run configurations: `az ml job create --file job.yml`, or `submit` here"),
    ("az ml experiment", "version 2 has jobs with the name of an experiment: `az ml job list`"),
    ("az ml pipeline ", "a pipeline is a job in version 2: `az ml job create --file pipeline.yml`, or `submit` here"),
];

/// The extension of the Azure CLI for version 1.
const EXTENSION: &str = "azure-cli-ml";

const HELP: &str = "use `mlflow` for metrics and models, and `azure-ai-ml` for the rest";

fn in_runtimes(cx: &mut Cx<'_>) {
    for file in cx.project.runtimes.values().filter_map(|it| it.conda.as_ref()) {
        let packages = cx.read(&file.value).as_deref().and_then(conda::packages).unwrap_or_default();
        let old = packages.iter().find(|(name, _)| PACKAGES.iter().any(|it| name.starts_with(it)));
        if let Some((name, _)) = old {
            cx.report(&RULE, file.span, format!("`{}` installs `{name}`, which is version 1 of Azure ML", file.value)).help(HELP);
        }
    }
}

fn in_scripts(cx: &mut Cx<'_>) {
    for place in cx.steps().filter(|it| it.step.enabled) {
        let from_file = match place.step.kind.script() {
            Some(ScriptSource::File(path)) => cx.read(path),
            _ => None,
        };
        let texts = place.step.kind.script_texts();
        let found = texts.into_iter().chain(from_file.as_deref()).find_map(first);
        if let Some((found, help)) = found {
            let edit = if found == EXTENSION { renamed(cx, &place) } else { None };
            let finding = cx.report(&RULE, place.step.head, format!("the script uses `{}`, which is version 1 of Azure ML", found.trim())).help(help);
            if let Some(edit) = edit {
                finding.edits(Safety::Unsafe, "write `ml`, the extension for version 2", vec![edit]);
            }
        }
    }
}

/// The extension's name in a script that is written here.
fn renamed(cx: &Cx<'_>, place: &Place<'_>) -> Option<Edit> {
    let scripts = cx.scripts();
    let script = scripts.iter().find(|it| it.place.step.head == place.step.head && it.text.contains(EXTENSION))?;
    let at = script.text.find(EXTENSION)?;
    script.replaced(cx.sources, at..at + EXTENSION.len(), "ml").filter(|it| cx.is_written(it.span))
}

fn first(text: &str) -> Option<(&'static str, &'static str)> {
    if !text.contains("az") {
        return None;
    }
    let lines = || source_text::shell_lines(text).map(|it| it.1);
    let imports = lines().any(|it| {
        let it = it.trim_start();
        it.starts_with("from azureml.core") || it.starts_with("import azureml.core") || it.starts_with("from azureml.pipeline")
    });
    let command = || COMMANDS.into_iter().find(|it| lines().any(|line| line.contains(it.0)));
    if imports { Some(("azureml.core", HELP)) } else { command() }
}
