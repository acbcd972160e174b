//! What the scripts of steps refuse: no version of a model, a text that cannot be the tag of an image, an empty tag of a run.

use super::engine::Engine;
use super::eval::At;
use super::run::Spot;
use super::system::Step;
use crate::model::expr::{Expr, ExprKind, Fact};
use crate::model::steps::Kind;
use crate::model::steps::action::ScriptSource;
use crate::model::steps::deploy::Deploy;
use crate::plan::StepBody;

/// As an image registry takes tags.
const LONGEST_TAG: usize = 128;

impl Engine<'_> {
    /// Why the script of a step ends with an error as soon as it starts.
    pub(super) fn refusal(&self, spot: Spot, step: &Step<'_>) -> Option<String> {
        let (name, is_taken): (&str, fn(&str) -> bool) = match template(&step.plan.body)? {
            "build_image" | "deploy_aci" | "deploy_aks" => ("TAG", is_image_tag),
            "promote" | "download_model" | "deploy_endpoint" => ("VERSION", is_said),
            "tag_run" => ("TAG", is_said),
            _ => return None,
        };
        let parts = &step.plan.env.iter().find(|it| it.0 == name)?.1;
        let value = self.text(parts, At::Step(spot));
        if is_taken(&value) {
            return None;
        }
        let word = name.to_lowercase();
        if !value.is_empty() {
            return Some(format!("`{word}` is `{value}`, which cannot be the tag of an image"));
        }
        let said = step.source.and_then(|it| said(&it.kind));
        Some(said.and_then(|it| self.emptiness(spot, it)).unwrap_or_else(|| format!("`{word}` is empty")))
    }

    /// Why a value is empty, where that can be told.
    fn emptiness(&self, spot: Spot, value: &Expr) -> Option<String> {
        let mut is_of_tag = false;
        value.walk(&mut |it| is_of_tag |= matches!(it.kind, ExprKind::Fact(Fact::Tag)));
        if is_of_tag {
            return Some("`run.tag` is empty: this run has no tag".to_owned());
        }
        let source = self.system.pipelines[self.runs[spot.run].pipeline].source;
        let output = value.outputs().into_iter().next()?;
        let step = &source.stages.get(output.stage)?.jobs.get(output.job)?.steps.get(output.step)?;
        let decided = match &step.kind {
            Kind::Submit(it) => it.decided_by(self.system.project, &output.output).is_some(),
            _ => false,
        };
        let name = &output.output;
        let of = step.ident.as_ref().map(|it| format!(" of `{}`", it.value)).unwrap_or_default();
        let why = if decided { "no model was registered" } else { "nothing has set it" };
        Some(format!("`{name}`{of} is empty: {why}"))
    }
}

fn template(body: &StepBody) -> Option<&'static str> {
    match body {
        StepBody::Script { source: ScriptSource::Template { name, .. }, .. }
        | StepBody::AzureCli { source: ScriptSource::Template { name, .. }, .. } => Some(*name),
        _ => None,
    }
}

/// What a step says that its script may refuse.
fn said(kind: &Kind) -> Option<&Expr> {
    match kind {
        Kind::BuildImage(it) => Some(&it.tag),
        Kind::Promote(it) => Some(&it.version),
        Kind::DownloadModel(it) => it.version.as_ref(),
        Kind::TagRun(it) => Some(&it.tag),
        Kind::Deploy(Deploy::Service(it)) => it.tag.as_ref(),
        Kind::Deploy(Deploy::Endpoint(it)) => it.version.as_ref(),
        _ => None,
    }
}

fn is_said(value: &str) -> bool {
    !value.is_empty()
}

/// The same as the scripts ask.
fn is_image_tag(value: &str) -> bool {
    let inner = |it: char| it.is_ascii_alphanumeric() || "_.-".contains(it);
    (1..=LONGEST_TAG).contains(&value.len()) && !value.starts_with(['.', '-']) && value.chars().all(inner)
}
