//! # A step and its component disagree
//!
//! A step that is a component, or another ML pipeline, gives it its inputs. Azure ML's own validation lets through an
//! input that the component does not have, a value outside of its bounds and a swept value that is no input.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! component train {
//!   runtime = python
//!   command = "python -m train --rate ${{inputs.rate}} --depth ${{inputs.depth}}"
//!   input rate: number = 0.1 { min = 0, max = 1 }
//!   input depth: integer
//! }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { component = train, inputs { rte = 2 } }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! component train {
//!   runtime = python
//!   command = "python -m train --rate ${{inputs.rate}} --depth ${{inputs.depth}}"
//!   input rate: number = 0.1 { min = 0, max = 1 }
//!   input depth: integer
//! }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { component = train, inputs { rate = 0.2, depth = 4 } }
//! }
//! ```
//!
//! Give what the component declares. A sweep over a component tries some of its inputs, with values of their type:
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! component train { runtime = python, command = "python -m train --depth ${{inputs.depth}}", input depth: integer }
//! ml_pipeline training {
//!   compute = serverless
//!   step tune {
//!     component = train
//!     sweep {
//!       sampling = random
//!       space { depth = uniform(1, 10) }
//!       objective { metric = "loss", goal = minimize }
//!       limits { max_total = 10 }
//!     }
//!   }
//! }
//! ```
//!
//! Source: measured with azure-ai-ml 1.35.2, which accepts all of these.

use crate::base::span::Span;
use crate::base::suggest;
use crate::check::ml::Interface;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{MlDefault, MlInput, MlPipeline, MlSource, MlStep, MlType, MlWork, SpaceEntry};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-component-mismatch", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for pipeline in project.ml_pipelines.values() {
        for step in &pipeline.steps {
            if let Some(interface) = Interface::of(project, step) {
                given(cx, pipeline, step, &interface);
                tried(cx, step, &interface);
            }
        }
    }
}

fn given(cx: &mut Cx<'_>, pipeline: &MlPipeline, step: &MlStep, interface: &Interface<'_>) {
    for (name, binding) in &step.inputs {
        let Some(input) = find(interface, name) else {
            unknown(cx, interface, name, binding.key.span);
            continue;
        };
        match &binding.source {
            MlSource::Input(source) => {
                let optional = pipeline.inputs.get(source).filter(|it| it.optional);
                if let Some(source) = optional.filter(|it| it.default.is_none() && !input.has_own_value()) {
                    cx.report(&RULE, binding.span, format!("`{name}` of {} must be given, and `inputs.{}` may be missing", interface.what, source.ident.value))
                        .label(source.ident.span, "optional")
                        .help("give the input a default instead of `optional = true`, or make that of the component optional");
                }
            }
            MlSource::Literal(literal) => {
                if let Some(message) = refused(input, literal) {
                    cx.report(&RULE, binding.span, message)
                        .label(input.ident.span, "declared here")
                        .help("give it a value that its declaration allows");
                }
            }
            MlSource::Output(_) => {}
        }
    }
}

fn find<'p>(interface: &Interface<'p>, name: &str) -> Option<&'p MlInput> {
    interface.inputs.iter().copied().find(|it| it.ident.value == name)
}

fn unknown(cx: &mut Cx<'_>, interface: &Interface<'_>, name: &str, span: Span) {
    let known: Vec<&str> = interface.inputs.iter().map(|it| it.ident.value.as_str()).collect();
    let finding =
        cx.report(&RULE, span, format!("{} has no input `{name}`", interface.what)).label(interface.head, "declared here");
    match suggest::nearest(name, known.iter().copied()) {
        Some(nearest) => finding.help(format!("did you mean `{nearest}`?")),
        None if known.is_empty() => finding.help("it has no inputs at all: remove it"),
        None => finding.help(format!("it has `{}`", known.join("`, `"))),
    };
}

/// What is wrong with a literal of the right type.
#[expect(clippy::cast_precision_loss, reason = "bounds of ML inputs are written by people")]
fn refused(input: &MlInput, literal: &MlDefault) -> Option<String> {
    let name = &input.ident.value;
    let (text, number) = match literal {
        MlDefault::String(text) => (text.clone(), None),
        MlDefault::Integer(it) => (it.to_string(), Some(*it as f64)),
        MlDefault::Number(it) => (it.to_string(), Some(*it)),
        MlDefault::Boolean(_) | MlDefault::Data(_) => return None,
    };
    if !input.choices.is_empty() && !input.choices.contains(&text) {
        return Some(format!("`{name}` is one of `{}`", input.choices.join("`, `")));
    }
    match (number, input.min, input.max) {
        (Some(number), Some(min), _) if number < min => Some(format!("`{name}` is at least {min}")),
        (Some(number), _, Some(max)) if number > max => Some(format!("`{name}` is at most {max}")),
        _ => None,
    }
}

fn tried(cx: &mut Cx<'_>, step: &MlStep, interface: &Interface<'_>) {
    let MlWork::Sweep(sweep) = &step.work else { return };
    for (name, entry) in &sweep.space {
        let Some(input) = find(interface, name) else {
            unknown(cx, interface, name, entry.key.span);
            continue;
        };
        if let Some(bound) = step.inputs.get(name) {
            cx.report(&RULE, entry.key.span, format!("`{name}` is tried, and given too"))
                .label(bound.span, "given here")
                .help("remove it from `inputs` or from `space`");
        }
        values(cx, input, entry, interface);
    }
}

fn values(cx: &mut Cx<'_>, input: &MlInput, entry: &SpaceEntry, interface: &Interface<'_>) {
    let (have, want) = (entry.values.value.ty(), input.ty);
    if have.fits(want) {
        return;
    }
    let word = entry.values.value.word();
    let message = format!("`{}` of {} is of type {}, and `{word}` gives {}", input.ident.value, interface.what, want.word(), have.word());
    let help = if want == MlType::Integer { "write `choice(2, 4, 8)` or `randint(10)`" } else { "write values of its type: `choice(…)`" };
    cx.report(&RULE, entry.values.span, message).label(input.ident.span, "declared here").help(help);
}
