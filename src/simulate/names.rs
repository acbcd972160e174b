//! What people call things: `train`, `train.artifacts`, `train.train.fit`, `train.train.fit.promote`.

use super::given::StepKey;
use super::system::{Role, System};
use crate::base::arena::Id;
use crate::base::suggest;
use crate::model::expr::Ty;
use crate::model::project::{self, Approval, Project};
use crate::model::steps::Kind;
use crate::plan::variable_name;

/// Something in a pipeline; indices are those of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Index in the plan.
    pub pipeline: usize,
    pub stage: Option<usize>,
    pub job: Option<usize>,
    /// Job and step.
    pub step: Option<(usize, usize)>,
    pub output: Option<String>,
    /// What the jobs of the stage are called in the plan, before they are split.
    pub jobs: Vec<String>,
}

/// A name that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Which part of the path.
    pub at: usize,
    pub message: String,
    pub help: String,
}

impl System<'_> {
    /// Finds a path of names. Without its pipeline, a stage goes by its name if only one pipeline has it.
    pub fn find(&self, path: &[&str]) -> Result<Target, Misfit> {
        let Some(first) = path.first() else { return Err(unknown(0, "", "pipeline", &[])) };
        if let Some(pipeline) = (0..self.pipelines.len()).find(|it| self.name(*it) == *first) {
            return self.find_in(pipeline, path, 1);
        }
        let with_stage = |it: &usize| stage(self.pipelines[*it].source, first).is_some();
        let found: Vec<usize> = (0..self.pipelines.len()).filter(with_stage).collect();
        match found.as_slice() {
            [only] => self.find_in(*only, path, 0),
            [] => {
                let names: Vec<&str> = (0..self.pipelines.len()).map(|it| self.name(it)).collect();
                Err(unknown(0, first, "pipeline", &names))
            }
            [one, other, ..] => Err(Misfit {
                at: 0,
                message: format!("two pipelines have a stage `{first}`"),
                help: format!("write `{}.{first}` or `{}.{first}`", self.name(*one), self.name(*other)),
            }),
        }
    }

    fn find_in(&self, pipeline: usize, path: &[&str], at: usize) -> Result<Target, Misfit> {
        let source = self.pipelines[pipeline].source;
        let mut target =
            Target { pipeline, stage: None, job: None, step: None, output: None, jobs: Vec::new() };
        let Some(name) = path.get(at) else { return Ok(target) };
        let index = stage(source, name).ok_or_else(|| {
            let names: Vec<&str> = source.stages.iter().map(|it| it.ident.value.as_str()).collect();
            unknown(at, name, "stage", &names)
        })?;
        target.stage = Some(index);
        target.jobs = source.stages[index].jobs.iter().map(|it| it.ident.value.clone()).collect();
        inside(&source.stages[index], target, path, at + 1)
    }

    /// The steps of the plan that stand for a step of the source, in order.
    pub fn keys(&self, target: &Target) -> Vec<StepKey> {
        let (Some(stage), Some((job, step))) = (target.stage, target.step) else { return Vec::new() };
        let pipeline = &self.pipelines[target.pipeline];
        let head = pipeline.source.stages[stage].jobs[job].steps[step].head;
        let mut found = Vec::new();
        for (at, planned) in pipeline.stages.iter().enumerate() {
            if planned.plan.origin != Some(stage) {
                continue;
            }
            for (job, of) in planned.jobs.iter().enumerate() {
                let steps = of.steps.iter().enumerate();
                let same = steps.filter(|(_, it)| it.source.is_some_and(|it| it.head == head));
                found.extend(same.map(|(step, _)| StepKey {
                    pipeline: target.pipeline,
                    stage: at,
                    job,
                    step,
                }));
            }
        }
        found
    }

    /// The step that decides how a stage, job or step ends: the last action of a step, the first work of a job.
    pub fn deciding(&self, target: &Target) -> Option<StepKey> {
        if target.step.is_some() {
            return self.keys(target).pop();
        }
        let pipeline = &self.pipelines[target.pipeline];
        let stages = pipeline.stages.iter().enumerate();
        let mut stages = stages.filter(|(_, it)| target.stage.is_none() || it.plan.origin == target.stage);
        stages.find_map(|(stage, planned)| {
            let named = target.job.and_then(|it| Some(planned.source?.jobs.get(it)?.head));
            planned
                .jobs
                .iter()
                .enumerate()
                .filter(|(_, it)| named.is_none_or(|head| it.plan.source == head))
                .find_map(|(job, of)| {
                    let work = |it: &super::system::Step<'_>| {
                        it.source.is_some_and(|it| it.handler.is_none())
                            && it.plan.enabled
                            && it.role != Role::Instant
                    };
                    let step = of.steps.iter().position(work)?;
                    Some(StepKey { pipeline: target.pipeline, stage, job, step })
                })
        })
    }

    /// The part of a step that takes its time.
    pub fn slow(&self, target: &Target) -> Option<StepKey> {
        let keys = self.keys(target);
        let waits = |it: &&StepKey| {
            let step = &self.pipelines[it.pipeline].stages[it.stage].jobs[it.job].steps[it.step];
            matches!(step.role, Role::Ml | Role::Wait(_))
        };
        keys.iter().find(waits).or(keys.last()).copied()
    }

    /// Whether other runs decide how a step ends.
    pub fn waits_for_runs(&self, key: StepKey) -> bool {
        let step = &self.pipelines[key.pipeline].stages[key.stage].jobs[key.job].steps[key.step];
        step.source.is_some_and(|it| matches!(&it.kind, Kind::Queue(it) if it.wait))
    }

    /// The type of an output.
    pub fn type_of(&self, target: &Target, output: &str) -> Option<Ty> {
        let (stage, (job, step)) = (target.stage?, target.step?);
        let step = &self.pipelines[target.pipeline].source.stages[stage].jobs[job].steps[step];
        step.outputs.get(output).map(|it| it.ty)
    }

    /// The variable behind an output.
    pub fn variable_of(&self, target: &Target, output: &str) -> Result<String, Misfit> {
        let (Some(stage), Some((job, step))) = (target.stage, target.step) else {
            let help = "name a step: `pipeline.stage.step`".to_owned();
            return Err(Misfit { at: 0, message: "only steps have outputs".to_owned(), help });
        };
        let step = &self.pipelines[target.pipeline].source.stages[stage].jobs[job].steps[step];
        match step.outputs.get(output) {
            Some(it) => Ok(it.variable.clone().unwrap_or_else(|| variable_name(output))),
            None => {
                let names: Vec<&str> = step.outputs.keys().map(String::as_str).collect();
                Err(unknown(usize::MAX, output, "output", &names))
            }
        }
    }
}

fn stage(pipeline: &project::Pipeline, name: &str) -> Option<usize> {
    pipeline.stages.iter().position(|it| it.ident.value == name)
}

/// A job, a step, or a step of a job, and then perhaps an output.
fn inside(stage: &project::Stage, mut target: Target, path: &[&str], at: usize) -> Result<Target, Misfit> {
    let Some(name) = path.get(at) else { return Ok(target) };
    let explicit = |it: &&project::Job| !it.implicit;
    let named = stage.jobs.iter().position(|it| explicit(&it) && it.ident.value == *name);
    let mut at = at;
    if let Some(job) = named {
        target.job = Some(job);
        at += 1;
        if path.get(at).is_none() {
            return Ok(target);
        }
    }
    let jobs = stage.jobs.iter().enumerate().filter(|(index, _)| named.is_none_or(|it| it == *index));
    let is_it = |it: &project::Step| it.ident.as_ref().is_some_and(|it| it.value == path[at]);
    let found = jobs.clone().find_map(|(job, it)| Some((job, it.steps.iter().rposition(is_it)?)));
    let Some(step) = found else {
        let jobs_named = stage.jobs.iter().filter(explicit).filter(|_| named.is_none()).map(|it| &it.ident);
        let steps = jobs.flat_map(|(_, it)| &it.steps).filter_map(|it| it.ident.as_ref());
        let names: Vec<&str> = jobs_named.chain(steps).map(|it| it.value.as_str()).collect();
        return Err(unknown(at, path[at], if named.is_some() { "step" } else { "job or step" }, &names));
    };
    target.step = Some(step);
    target.job = Some(step.0);
    if at + 1 < path.len() {
        target.output = Some(path[at + 1..].join("."));
    }
    Ok(target)
}

/// An approval by its name.
pub fn approval(project: &Project, name: &str) -> Result<Id<Approval>, Misfit> {
    let found = project.approvals.iter().find(|(_, it)| it.header.ident.value == name);
    found.map(|it| it.0).ok_or_else(|| {
        let names: Vec<&str> = project.approvals.values().map(|it| it.header.ident.value.as_str()).collect();
        unknown(0, name, "approval", &names)
    })
}

pub fn unknown(at: usize, name: &str, kind: &str, known: &[&str]) -> Misfit {
    let help = match suggest::nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("there is no {kind} here"),
        None => format!("known: {}", super::filter::listed(known.iter().copied())),
    };
    Misfit { at, message: format!("there is no {kind} `{name}`"), help }
}
