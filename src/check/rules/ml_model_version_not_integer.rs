//! # A version of a model that is no number
//!
//! Versions of models are whole numbers from 1; other assets take any text. Azure ML refuses to register a model under
//! another version, and finds none when it is asked for.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! model price {}
//! pipeline train {
//!   trigger manual
//!   stage all {
//!     run "python train.py"
//!     register price { path = "model", version = "2024.1" }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! model price {}
//! pipeline train {
//!   trigger manual
//!   stage all {
//!     run "python train.py"
//!     register price { path = "model", tags { version = "2024.1" } }
//!   }
//! }
//! ```
//!
//! Leave the version out, so that it is the next number, and put what people call it into a tag.
//!
//! Source: Azure ML, model registry; azureml-examples, issue 2725.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::diag::{Edit, Safety};
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::{AssetVersion, DataSource, MlDefault, MlSource};
use crate::model::steps::Kind;
use crate::model::steps::deploy::Deploy;

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-model-version-not-integer", run).fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.deliveries() {
        let (version, tagged) = match &place.step.kind {
            Kind::Register(it) => (it.version(), it.has_tags()),
            Kind::Promote(it) => (Some(&it.version), true),
            Kind::DownloadModel(it) => (it.version.as_ref(), true),
            Kind::Deploy(Deploy::Endpoint(it)) => (it.version.as_ref(), true),
            _ => continue,
        };
        let Some((version, text)) = version.and_then(|it| Some((it, constant(it)?))) else { continue };
        if !is_version(&text) {
            let edit = (!tagged).then(|| {
                let written = cx.written(version.span);
                Edit { span: cx.attribute(version.span), text: format!("tags {{ version = {written} }}") }
            });
            report(cx, version.span, &text, edit);
        }
    }
    for pipeline in project.ml_pipelines.values() {
        let defaults = pipeline.inputs.values().filter_map(|it| Some((it.default.as_ref()?, it.ident.span)));
        let bound = pipeline.steps.iter().flat_map(|it| it.inputs.values()).filter_map(|it| match &it.source {
            MlSource::Literal(value) => Some((value, it.span)),
            MlSource::Input(_) | MlSource::Output(_) => None,
        });
        for (value, span) in defaults.chain(bound).collect::<Vec<_>>() {
            let MlDefault::Data(DataSource::Model(_, AssetVersion::At(version))) = value else { continue };
            if !is_version(version) {
                report(cx, span, version, None);
            }
        }
    }
}

fn constant(version: &Expr) -> Option<String> {
    match &version.kind {
        ExprKind::String(text) => Some(text.clone()),
        ExprKind::Int(number) => Some(number.to_string()),
        ExprKind::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is_version(text: &str) -> bool {
    text.parse::<u32>().is_ok_and(|it| it > 0)
}

fn report(cx: &mut Cx<'_>, span: Span, version: &str, edit: Option<Edit>) {
    let finding = cx
        .report(&RULE, span, format!("`{version}` is no version of a model: they are whole numbers from 1"))
        .help("leave it out, so that it is the next number, and put what people call it into a tag");
    if let Some(edit) = edit {
        finding.edits(Safety::Safe, "make it a tag", vec![edit]);
    }
}
