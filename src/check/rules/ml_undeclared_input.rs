//! # A command uses an input or output that its step does not declare
//!
//! Azure ML's own validation takes such a binding as text; the command then sees `${{inputs.x}}` itself and fails on
//! the cluster.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_folder
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raws}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   input raw: uri_folder
//!   step train {
//!     runtime = python
//!     command = "python -m train ${{inputs.raw}}"
//!     inputs { raw = inputs.raw }
//!   }
//! }
//! ```
//!
//! Declare it in `inputs { … }` or as `output name: type`, or correct the name.
//!
//! Source: measured with azure-ai-ml 1.35.2.

use crate::base::suggest;
use crate::check::ml::{self, Commanded};
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::project::{MlStep, MlWork};
use crate::target::ml_command::{self, Binding};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-undeclared-input", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for commanded in ml::commanded(project) {
        check(cx, &commanded);
    }
    for step in project.ml_pipelines.values().flat_map(|it| &it.steps) {
        mini_batches(cx, step);
    }
}

fn check(cx: &mut Cx<'_>, commanded: &Commanded<'_>) {
    for binding in ml_command::bindings(&commanded.text.value) {
        let (kind, name, known): (&str, &str, Vec<&str>) = match &binding {
            Binding::Input { name, .. } => ("input", name, commanded.input_names()),
            Binding::Output(name) => ("output", name, commanded.outputs.clone()),
            Binding::SearchSpace(name) => {
                ("search_space", name, commanded.space.iter().map(|it| it.value.as_str()).collect())
            }
            Binding::BuiltIn => continue,
            Binding::Unknown(text) => {
                cx.report(&RULE, commanded.text.span, format!("the command uses `${{{{{text}}}}}`, which Azure ML does not know"))
                    .help("write `${{inputs.NAME}}`, `${{outputs.NAME}}`, `${{name}}` or `${{default_datastore}}`");
                continue;
            }
        };
        if known.contains(&name) {
            continue;
        }
        let (prefix, spoken) = match kind {
            "search_space" => (kind.to_owned(), "value to try"),
            other => (format!("{other}s"), other),
        };
        let nearest = suggest::nearest(name, known.iter().copied());
        let edits: Vec<Edit> = nearest.map_or_else(Vec::new, |nearest| {
            let places = cx.places(commanded.text.span, &format!("{prefix}.{name}}}"));
            let renamed = |span| Edit { span, text: format!("{prefix}.{nearest}}}") };
            places.into_iter().map(renamed).collect()
        });
        let finding = cx
            .report(&RULE, commanded.text.span, format!("the command uses {spoken} `{name}`, which {} does not declare", commanded.what))
            .label(commanded.head, "declared here");
        match nearest {
            Some(nearest) if !edits.is_empty() => finding
                .help(format!("did you mean `${{{{{prefix}.{nearest}}}}}`?"))
                .edits(Safety::Unsafe, format!("write `{nearest}`"), edits),
            Some(nearest) => finding.help(format!("did you mean `${{{{{prefix}.{nearest}}}}}`?")),
            None if kind == "input" && commanded.what.starts_with("component") => {
                finding.help(format!("add `input {name}: TYPE`"))
            }
            None if kind == "input" => finding.help(format!("add `{name} = …` to `inputs {{ … }}`")),
            None if kind == "output" => finding.help(format!("add `output {name}: uri_folder`")),
            None => finding.help(format!("add `{name} = choice(…)` to `space {{ … }}` of the step's `sweep`")),
        };
    }
}

fn mini_batches(cx: &mut Cx<'_>, step: &MlStep) {
    let MlWork::Parallel(parallel) = &step.work else { return };
    let inputs: Vec<&str> = step.inputs.keys().map(String::as_str).collect();
    let outputs: Vec<&str> = step.outputs.keys().map(String::as_str).collect();
    let named = [("input", Some(&parallel.input_data), inputs), ("output", parallel.append_row_to.as_ref(), outputs)];
    for (kind, name, known) in named {
        let Some(name) = name.filter(|it| !it.value.is_empty() && !known.contains(&it.value.as_str())) else { continue };
        let finding = cx.report(&RULE, name.span, format!("step `{}` declares no {kind} `{}`", step.ident.value, name.value));
        match suggest::nearest(&name.value, known.iter().copied()) {
            Some(nearest) => finding.help(format!("did you mean `{nearest}`?")).suggest(format!("write `{nearest}`"), name.span, nearest),
            None => finding.help(format!("declare it, or name one of the step's own {kind}s")),
        };
    }
}
