//! What conditions and `$[ ]` see at each place: results and outputs of what was before, and variables.

use super::document::{Job, Stage};
use super::engine::Live;
use super::expression::{Scope, Value, evaluate};
use super::node::Read;
use super::timeline::{Ended, JobRun};
use super::variables::Variables;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Runs of jobs of a stage so far, by name.
pub type Done = BTreeMap<String, JobRun>;

pub struct Here<'h> {
    pub live: &'h Live<'h>,
    pub variables: &'h Variables,
    pub place: Place<'h>,
    pub notes: &'h RefCell<BTreeSet<String>>,
}

pub enum Place<'h> {
    Stage(&'h Stage),
    Job(&'h Stage, &'h Job, &'h Done),
    /// With the status of the job so far.
    Step(Ended),
}

impl Here<'_> {
    /// Whether a condition holds; without one it is `succeeded()`.
    pub fn holds(&self, condition: Option<&str>) -> Read<bool> {
        Ok(evaluate(condition.unwrap_or("succeeded()"), self)?.truth())
    }

    /// The value of a variable: `$[ … ]` is evaluated, and must be all of it.
    pub fn value(&self, text: &str) -> Read<String> {
        let inside = text.trim().strip_prefix("$[").and_then(|it| it.strip_suffix(']'));
        match inside {
            Some(inside) => Ok(evaluate(inside, self)?.text()),
            None if text.contains("$[") => Err(format!("`{text}`: `$[ ]` must be the whole value")),
            None => Ok(text.to_owned()),
        }
    }

    fn nothing(&self, path: &[String], why: &str) -> Value {
        self.notes.borrow_mut().insert(format!("{} is empty: {why}", path.join(".")));
        Value::Null
    }

    /// `dependencies.STAGE.result` and `dependencies.STAGE.outputs['JOB.STEP.NAME']`
    fn of_stage(&self, stage: &Stage, path: &[String]) -> Value {
        let Some(run) = self.stage_before(stage, &path[0]) else {
            return self.nothing(path, "the stage does not depend on it");
        };
        let (job, rest) = match &path[1..] {
            [result] if result == "result" => return Value::Text(run.0.to_string()),
            [outputs, name] if outputs == "outputs" => name.split_once('.').unwrap_or((name.as_str(), "")),
            _ => return self.nothing(path, "it is neither result nor outputs"),
        };
        let deployment = run.1.jobs.iter().any(|it| it.name == job && it.deployment.is_some());
        if deployment {
            return self.nothing(path, "outputs of deployment jobs are not seen in conditions of stages");
        }
        self.output(path, run.1, run.2.iter().find(|it| it.name == job), (job, rest))
    }

    /// `stageDependencies.STAGE.JOB.result` and `stageDependencies.STAGE.JOB.outputs['…']`
    fn of_other_stage(&self, stage: &Stage, path: &[String]) -> Value {
        let Some(run) = self.stage_before(stage, &path[0]) else {
            return self.nothing(path, "the stage does not depend on it");
        };
        let Some(job) = path.get(1) else { return self.nothing(path, "no job is named") };
        let found = run.2.iter().find(|it| it.name == *job);
        match &path[2..] {
            [result] if result == "result" => match found {
                Some(run) => Value::Text(run.result.to_string()),
                None => self.nothing(path, "there is no such job"),
            },
            [outputs, name] if outputs == "outputs" => self.output(path, run.1, found, (job, name)),
            _ => self.nothing(path, "it is neither result nor outputs"),
        }
    }

    /// Result, text and jobs of a stage that this one depends on directly.
    fn stage_before(&self, stage: &Stage, name: &str) -> Option<(Ended, &Stage, &[JobRun])> {
        let direct = stage.depends_on.iter().any(|it| it == name);
        let text = self.live.body.stages.iter().find(|it| it.name == name).filter(|_| direct)?;
        let run = self.live.run.stages.iter().find(|it| it.name == name)?;
        Some((run.result, text, &run.jobs))
    }

    /// `dependencies.JOB.result` and `dependencies.JOB.outputs['…']`
    fn of_job(&self, (stage, job, done): (&Stage, &Job, &Done), path: &[String]) -> Value {
        if !job.depends_on.contains(&path[0]) {
            return self.nothing(path, "the job does not depend on it");
        }
        let run = done.get(&path[0]);
        match &path[1..] {
            [result] if result == "result" => {
                run.map_or(Value::Null, |it| Value::Text(it.result.to_string()))
            }
            [outputs, name] if outputs == "outputs" => self.output(path, stage, run, (&path[0], name)),
            _ => self.nothing(path, "it is neither result nor outputs"),
        }
    }

    /// An output that was not set is empty. That nothing of the job could ever set it is worth a note.
    fn output(
        &self,
        path: &[String],
        stage: &Stage,
        run: Option<&JobRun>,
        (job, name): (&str, &str),
    ) -> Value {
        let Some(text) = stage.jobs.iter().find(|it| it.name == job) else {
            return self.nothing(path, "there is no such job");
        };
        if let Some(value) = run.and_then(|it| it.outputs.get(name)) {
            return Value::Text(value.clone());
        }
        if text.can_set(name) { Value::Null } else { self.nothing(path, "no step sets it") }
    }

    /// Results of everything before, near and far, or of the named ones.
    fn before(&self, names: &[String]) -> Read<Vec<Ended>> {
        let result_of_stage = |name: &String| {
            let run = self.live.run.stages.iter().find(|it| it.name == *name);
            run.map(|it| it.result).ok_or_else(|| format!("nothing before is called `{name}`"))
        };
        match &self.place {
            Place::Stage(stage) => {
                let needs = |name: &str| {
                    self.live.body.stages.iter().find(|it| it.name == name).map(|it| &it.depends_on)
                };
                let wanted =
                    if names.is_empty() { ancestors(&stage.depends_on, needs) } else { names.to_vec() };
                wanted.iter().map(result_of_stage).collect()
            }
            Place::Job(stage, job, done) => {
                let needs =
                    |name: &str| stage.jobs.iter().find(|it| it.name == name).map(|it| &it.depends_on);
                let wanted =
                    if names.is_empty() { ancestors(&job.depends_on, needs) } else { names.to_vec() };
                let result = |name: &String| {
                    let run = done.get(name).map(|it| it.result);
                    run.ok_or_else(|| format!("nothing before is called `{name}`"))
                };
                wanted.iter().map(result).collect()
            }
            Place::Step(_) if !names.is_empty() => Err("a step has no names before it".to_owned()),
            Place::Step(status) => Ok(vec![*status]),
        }
    }
}

fn ancestors<'n>(direct: &[String], needs: impl Fn(&str) -> Option<&'n Vec<String>>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = direct.to_vec();
    while let Some(name) = open.pop() {
        if !found.contains(&name) {
            open.extend(needs(&name).into_iter().flatten().cloned());
            found.push(name);
        }
    }
    found
}

impl Scope for Here<'_> {
    fn named(&self, path: &[String]) -> Read<Value> {
        let (first, rest) = path.split_first().ok_or("an empty name")?;
        match (first.to_lowercase().as_str(), &self.place) {
            ("variables", _) => {
                let name = rest.join(".");
                Ok(self.variables.get(&name).map_or(Value::Null, |it| Value::Text(it.to_owned())))
            }
            ("dependencies", Place::Stage(stage)) if rest.len() > 1 => Ok(self.of_stage(stage, rest)),
            ("dependencies", Place::Job(stage, job, done)) if rest.len() > 1 => {
                Ok(self.of_job((stage, job, done), rest))
            }
            ("stagedependencies", Place::Job(stage, ..)) if rest.len() > 2 => {
                Ok(self.of_other_stage(stage, rest))
            }
            _ => Err(format!("`{}` is not known here", path.join("."))),
        }
    }

    fn status(&self, function: &str, names: &[String]) -> Read<bool> {
        // A job that starts in a canceled run is itself not canceled.
        let canceled = match self.place {
            Place::Step(status) => status == Ended::Canceled,
            Place::Stage(_) | Place::Job(..) => self.live.canceled,
        };
        match function {
            "always" => return Ok(true),
            "canceled" => return Ok(canceled),
            _ => {}
        }
        let canceled = canceled && !(self.live.late && matches!(self.place, Place::Job(..)));
        match function {
            "succeededorfailed" if names.is_empty() => return Ok(!canceled),
            _ => {}
        }
        let before = self.before(names)?;
        let found = match function {
            "failed" => before.contains(&Ended::Failed),
            "succeededorfailed" => before.iter().all(|it| it.good() || *it == Ended::Failed),
            _ => before.iter().all(|it| it.good()),
        };
        Ok(found && !canceled)
    }
}
