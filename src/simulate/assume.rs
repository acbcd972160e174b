//! Values nobody computes in a simulation: what is said about them, else what goes well.

use super::engine::Engine;
use super::given::StepKey;
use super::run::{Run, Spot};
use super::used::Use;
use super::value::Value;
use super::{filter, system};
use crate::model::expr::{ExprKind, Ty};
use crate::model::steps::Kind;
use crate::plan::variable_name;

impl Engine<'_> {
    pub(super) fn key(&self, spot: Spot, step: usize) -> StepKey {
        StepKey { pipeline: self.runs[spot.run].pipeline, stage: spot.stage, job: spot.job, step }
    }

    /// An output of a step that went well.
    pub(super) fn assume(&self, spot: Spot, index: usize, variable: &str) -> Value {
        let key = self.key(spot, index);
        if let Some(said) = self.given.outputs.get(&(key, variable.to_owned())) {
            self.uses(Use::Output(key, variable.to_owned()));
            return Value::text(said);
        }
        let pipeline = &self.system.pipelines[key.pipeline];
        let step = &pipeline.stages[key.stage].jobs[key.job].steps[index];
        if step.source.is_none() && pipeline.stages[key.stage].source.is_none() {
            return self.looked_up(spot, variable);
        }
        let Some(source) = step.source else { return Value::text("true") };
        let declared = source.outputs.iter().find(|(name, it)| {
            it.variable.as_deref().map_or_else(|| variable_name(name) == variable, |it| it == variable)
        });
        let Some((name, output)) = declared else { return Value::text(variable) };
        if self.is_not_registered(key, step, name) {
            return Value::text(if output.ty == Ty::Bool { "false" } else { "" });
        }
        let value = match (output.ty, name.as_str()) {
            (Ty::Bool, _) => "true".to_owned(),
            (Ty::Int | Ty::Number, _) => "1".to_owned(),
            (Ty::String | Ty::Result, "status") if matches!(source.kind, Kind::Submit(_)) => {
                "Completed".to_owned()
            }
            (Ty::String | Ty::Result, _) => format!("some-{}", name.replace(['.', '_'], "-")),
        };
        // A version is there because a model is taken to be registered.
        let registers = match &source.kind {
            Kind::Submit(it) if it.decided_by(self.system.project, name).is_some() => {
                name.strip_suffix("model_version")
            }
            _ => None,
        };
        let (told, taken) = match registers {
            Some(prefix) => (format!("{prefix}registered"), "true".to_owned()),
            None => (name.clone(), value.clone()),
        };
        self.assumed.borrow_mut().insert(format!("{}.{told}", self.system.path(key)), taken);
        Value::Text(value)
    }

    /// What an ML pipeline registers follows from what it decides.
    fn is_not_registered(&self, key: StepKey, step: &system::Step<'_>, output: &str) -> bool {
        let Some(Kind::Submit(submit)) = step.source.map(|it| &it.kind) else { return false };
        let Some(decision) = submit.decided_by(self.system.project, output) else { return false };
        let registered =
            output.strip_suffix("model_version").map(|it| variable_name(&format!("{it}registered")));
        if let Some(said) = registered.and_then(|it| self.given.outputs.get_key_value(&(key, it))) {
            self.uses(Use::Output(key, said.0.1.clone()));
            return said.1 != "true";
        }
        let decision = variable_name(&decision);
        let said = self.given.outputs.get(&(key, decision.clone()));
        self.uses(Use::Output(key, decision));
        said.is_some_and(|it| it != "true")
    }

    /// Of the stage that is put before others: changed paths, tags of runs.
    fn looked_up(&self, spot: Spot, variable: &str) -> Value {
        let run = &self.runs[spot.run];
        let looks = &self.system.pipelines[run.pipeline].source.looks;
        let number = |prefix: &str| variable.strip_prefix(prefix)?.parse::<usize>().ok()?.checked_sub(1);
        if let Some(patterns) = number("changed_").and_then(|it| looks.changed.get(it)) {
            let changed =
                run.start.changed.as_ref().map(|paths| {
                    paths.iter().any(|path| patterns.iter().any(|it| filter::path_fits(it, path)))
                });
            if changed.is_none() {
                let what = format!("changed({})", patterns.join(", "));
                self.assumed
                    .borrow_mut()
                    .insert(format!("{}: {what}", self.system.name(run.pipeline)), "true".into());
            }
            return Value::text(changed.unwrap_or(true).to_string());
        }
        let alias = number("tags_").and_then(|it| looks.tags.get(it));
        let source = alias.and_then(|it| self.source_run(run, it));
        let tags = source.map(|it| self.runs[it].tags.iter().cloned().collect::<Vec<_>>().join(","));
        Value::Text(tags.unwrap_or_default())
    }

    /// The run of another pipeline that this one takes: the one that started it, else the last that went well.
    pub(super) fn source_run(&self, run: &Run, alias: &str) -> Option<usize> {
        if let Some((_, index)) = run.start.source.as_ref().filter(|it| it.0 == alias) {
            return Some(*index);
        }
        let plan = self.system.pipelines[run.pipeline].plan;
        let wanted = plan.sources.iter().find(|it| it.alias == alias)?;
        let wanted = self.system.index_of(wanted.id);
        let well = |it: &Run| it.pipeline == wanted && it.result.is_some_and(super::run::went_well);
        self.runs.iter().rposition(well)
    }

    /// `pipeline.build.runID`, `container.api.tag`.
    pub(super) fn resource(&self, path: &str, run: &Run) -> Value {
        let mut parts = path.splitn(3, '.');
        let (kind, alias, field) = (parts.next(), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        if kind == Some("container") {
            let started = run.start.image.as_ref().filter(|it| it.0 == alias);
            if field == "tag" && started.is_none() {
                let path = format!("{}: image.tag", self.system.name(run.pipeline));
                self.assumed.borrow_mut().insert(path, "latest".to_owned());
            }
            let tag = started.map_or("latest", |it| &it.1);
            return Value::text(if field == "tag" { tag } else { "sha256:0" });
        }
        let source = self.source_run(run, alias);
        Value::Text(match (source, field) {
            (Some(source), "runID") => self.runs[source].number.to_string(),
            (Some(source), "sourceBranch") => self.runs[source].start.own.clone(),
            (None, "runID") => format!("last-{alias}"),
            (None, "sourceBranch") => format!("refs/heads/{}", self.system.home_branch()),
            _ => "commit".to_owned(),
        })
    }

    /// A variable of a group: what is said, what the source says it holds, else something of its type.
    pub(super) fn of_group(&self, name: &str) -> Value {
        if let Some(said) = self.given.variables.get(name) {
            self.uses(Use::Variable(name.to_owned()));
            return Value::text(said);
        }
        let members = self.system.project.variables.values().flat_map(|it| it.members.values());
        let Some(member) = members.into_iter().find(|it| it.name.eq_ignore_ascii_case(name)) else {
            return Value::Nothing;
        };
        let held = member.held.as_ref().or(member.value.as_ref()).and_then(|it| match &it.kind {
            ExprKind::String(it) => Some(it.clone()),
            ExprKind::Bool(it) => Some(it.to_string()),
            ExprKind::Int(it) => Some(it.to_string()),
            ExprKind::Number(it) => Some(it.to_string()),
            _ => None,
        });
        let value = held.unwrap_or_else(|| match member.ty {
            Ty::Bool => "true".to_owned(),
            Ty::Int | Ty::Number => "1".to_owned(),
            Ty::String | Ty::Result => format!("some-{}", name.replace(['.', '_'], "-")),
        });
        if member.held.is_none() && member.value.is_none() && !member.secret {
            self.assumed.borrow_mut().insert(format!("vars.{}", member.ident.value), value.clone());
        }
        Value::Text(value)
    }
}
