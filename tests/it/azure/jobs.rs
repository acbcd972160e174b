//! A stage that runs: its jobs as soon as their dependencies have ended, each with its steps in order.

use super::calls::At;
use super::commands;
use super::conditions::{Done, Here, Place};
use super::document::{Job, Kind, Stage, Step};
use super::engine::Engine;
use super::node::Read;
use super::tasks;
use super::timeline::{Ended, JobRun, StageRun, StepRun, Wait};
use super::variables::Variables;
use super::world::{Decision, Gate, Outcome, World};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Where every agent works.
pub const AGENT_FOLDER: &str = "/agent/1";

/// A job may go on for so long where its timeout is 0, on an agent of Microsoft.
const LONGEST_MINUTES: u64 = 360;

impl Job {
    /// What stands before `STEP.NAME` in the paths of its outputs.
    fn prefixes(&self) -> Vec<String> {
        if let Some(environment) = &self.deployment {
            let resource = environment.resource.as_ref().map(|it| format!("Deploy_{it}."));
            return vec![resource.unwrap_or_else(|| format!("{}.", self.name))];
        }
        if self.legs.is_empty() {
            return vec![String::new()];
        }
        self.legs.iter().map(|it| format!("{}.", it.0)).collect()
    }

    /// Whether a step can ever set the output of that path.
    pub fn can_set(&self, path: &str) -> bool {
        let prefixes = self.prefixes();
        let mut inside = prefixes.iter().filter_map(|it| path.strip_prefix(it.as_str()));
        inside.any(|path| {
            let Some((step, name)) = path.split_once('.') else { return false };
            let step = self.steps.iter().find(|it| it.name.as_deref() == Some(step));
            let sets = step.map(|it| commands::declared(it).unwrap_or_default());
            sets.is_some_and(|sets| sets.is_none_or(|it| it.iter().any(|it| it.name == name && it.output)))
        })
    }

    /// Where each repository goes: with one checkout into the sources, else into a folder of its name.
    pub fn checkout_folder(&self, name: &str, path: Option<&str>) -> String {
        let many = self.steps.iter().filter(|it| matches!(&it.kind, Kind::Checkout(it, _) if it != "none"));
        match path {
            Some(path) => format!("{AGENT_FOLDER}/{path}"),
            None if many.count() > 1 => format!("{AGENT_FOLDER}/s/{name}"),
            None => format!("{AGENT_FOLDER}/s"),
        }
    }

    /// The checkout that a job on an agent does where it says nothing.
    fn implicit_checkout(&self) -> Option<Step> {
        let said = self.steps.iter().any(|it| matches!(it.kind, Kind::Checkout(..)));
        (!said && !self.server && self.deployment.is_none()).then(|| Step {
            name: None,
            title: "Checkout".to_owned(),
            kind: Kind::Checkout("self".to_owned(), None),
            condition: None,
            minutes: None,
            continue_on_error: false,
            enabled: true,
            env: Vec::new(),
        })
    }
}

/// What a job does beyond itself.
#[derive(Default)]
struct Effects {
    tags: Vec<(u64, String)>,
    artifacts: BTreeSet<String>,
    notes: BTreeSet<String>,
    waits: Vec<Wait>,
    canceled: bool,
}

impl Engine<'_, '_> {
    pub fn run_stage(&mut self, now: u64, (run, stage): (usize, usize), waits: Vec<Wait>) -> Read<StageRun> {
        self.runs[run].late = self.runs[run].canceled;
        let body = std::rc::Rc::clone(&self.runs[run].body);
        let stage = &body.stages[stage];
        let mut done = Done::new();
        let mut order = Vec::new();
        let mut waits = waits;
        while let Some(job) = stage
            .jobs
            .iter()
            .find(|it| !done.contains_key(&it.name) && it.depends_on.iter().all(|it| done.contains_key(it)))
        {
            let start = job.depends_on.iter().map(|it| done[it].ended).max().unwrap_or(now);
            let mut effects = Effects::default();
            let ran = self.run_job(start, run, (stage, job, &done), &mut effects)?;
            let live = &mut self.runs[run];
            live.run.tags.extend(effects.tags.iter().map(|it| it.1.clone()));
            live.tagged.append(&mut effects.tags);
            live.run.artifacts.append(&mut effects.artifacts);
            live.run.notes.append(&mut effects.notes);
            live.canceled |= effects.canceled;
            waits.append(&mut effects.waits);
            order.push(job.name.clone());
            done.insert(job.name.clone(), ran);
        }
        if done.len() < stage.jobs.len() {
            return Err(format!("jobs of stage {} wait for each other", stage.name));
        }
        let jobs: Vec<JobRun> = order.into_iter().filter_map(|it| done.remove(&it)).collect();
        let result = Ended::of(jobs.iter().map(|it| it.result));
        let ended = jobs.iter().map(|it| it.ended).max().unwrap_or(now);
        Ok(StageRun { name: stage.name.clone(), result, started: now, ended, waits, jobs })
    }

    fn run_job(
        &mut self,
        now: u64,
        run: usize,
        (stage, job, done): (&Stage, &Job, &Done),
        effects: &mut Effects,
    ) -> Read<JobRun> {
        let live = &self.runs[run];
        let notes = RefCell::default();
        let organization = &self.system.organization;
        let mut variables = live.variables.clone();
        let evaluate = |text: &str, variables: &Variables| {
            Here { live, variables, place: Place::Job(stage, job, done), notes: &notes }.value(text)
        };
        let outer = variables.clone();
        organization.add_variables(&stage.variables, &mut variables, |it| evaluate(it, &outer))?;
        let outer = variables.clone();
        let conditional =
            Here { live, variables: &outer, place: Place::Job(stage, job, done), notes: &notes };
        let runs = conditional.holds(job.condition.as_deref())?;
        let mut ran = JobRun {
            name: job.name.clone(),
            result: Ended::Skipped,
            started: now,
            ended: now,
            environment: job.deployment.as_ref().map(|it| it.name.clone()),
            steps: Vec::new(),
            outputs: BTreeMap::new(),
        };
        if runs {
            organization.add_variables(&job.variables, &mut variables, |it| evaluate(it, &outer))?;
            let whole = vec![(String::new(), Vec::new())];
            let legs = if job.legs.is_empty() { &whole } else { &job.legs };
            for (leg, own) in legs {
                let mut variables = variables.clone();
                for (name, value) in own {
                    variables.set(name, value, false);
                }
                let at = At { live, runs: &self.runs, stage, job, leg, notes: &notes };
                let agent = On { at, world: self.world, effects };
                let mut done = agent.run(now, variables)?;
                if done.result == Ended::Failed && job.continue_on_error {
                    done.result = Ended::SucceededWithIssues;
                }
                ran.result = Ended::of([ran.result, done.result]);
                ran.ended = ran.ended.max(done.ended);
                ran.steps.extend(done.steps);
                ran.outputs.extend(done.outputs);
            }
        }
        effects.notes.append(&mut notes.into_inner());
        Ok(ran)
    }
}

/// A job on an agent, or on the server.
struct On<'o> {
    at: At<'o>,
    world: &'o mut dyn World,
    effects: &'o mut Effects,
}

/// A job so far.
struct Progress {
    now: u64,
    /// When it is canceled because it takes too long.
    deadline: u64,
    /// When its agent is stopped, once it is canceled.
    killed: Option<u64>,
    status: Ended,
    variables: Variables,
    outputs: BTreeMap<String, String>,
}

impl On<'_> {
    fn run(mut self, now: u64, variables: Variables) -> Read<JobRun> {
        self.world.job_begins();
        let minutes = if self.at.job.minutes == 0 { LONGEST_MINUTES } else { self.at.job.minutes };
        let deadline = now + minutes * 60;
        let outputs = BTreeMap::new();
        let mut progress =
            Progress { now, deadline, killed: None, status: Ended::Succeeded, variables, outputs };
        let mut steps = Vec::new();
        let implicit = self.at.job.implicit_checkout();
        for step in implicit.iter().chain(&self.at.job.steps) {
            let at = self.at;
            let result = self.step(step, &mut progress).map_err(|it| at.error(step, &it))?;
            let connections = step.connections().into_iter().map(str::to_owned).collect();
            steps.push(StepRun { title: step.title.clone(), result, connections });
        }
        Ok(JobRun {
            name: self.at.job.name.clone(),
            result: progress.status,
            started: now,
            ended: progress.now,
            environment: None,
            steps,
            outputs: progress.outputs,
        })
    }

    fn step(&mut self, step: &Step, progress: &mut Progress) -> Read<Ended> {
        progress.variables.set("Agent.JobStatus", &progress.status.to_string(), false);
        let place = Place::Step(progress.status);
        let here = Here { live: self.at.live, variables: &progress.variables, place, notes: self.at.notes };
        if !step.enabled || progress.killed.is_some_and(|it| it <= progress.now) {
            return Ok(Ended::Skipped);
        }
        if !here.holds(step.condition.as_deref())? {
            return Ok(Ended::Skipped);
        }
        let (outcome, commands) = self.outcome(step, progress)?;
        let mut result = outcome.ended;
        let mut seconds = outcome.seconds.max(tasks::delay(step)?);
        let mut cut = false;
        if let Some(limit) = step.minutes.filter(|it| *it > 0 && seconds > it * 60) {
            (result, seconds, cut) = (Ended::Failed, limit * 60, true);
        }
        if progress.now + seconds > progress.deadline && progress.status != Ended::Canceled {
            let goes_on = self.cancel(step, progress)?;
            if !goes_on {
                (result, seconds, cut) = (Ended::Canceled, progress.deadline - progress.now, true);
            }
        }
        if let Some(killed) = progress.killed.filter(|it| progress.now + seconds > *it) {
            (result, seconds, cut) = (Ended::Canceled, killed - progress.now, true);
        }
        if outcome.cancels_run {
            self.effects.canceled = true;
            result = Ended::Canceled;
        }
        progress.now += seconds;
        // What it would have said at its end it has not said.
        if !cut {
            self.obey(step, &commands, progress)?;
        }
        if result == Ended::Failed && step.continue_on_error {
            result = Ended::SucceededWithIssues;
        }
        progress.status = match (progress.status, result) {
            (Ended::Canceled, _) | (_, Ended::Skipped) => progress.status,
            (_, Ended::Canceled) => Ended::Canceled,
            (status, result) => Ended::of([status, result]),
        };
        Ok(result)
    }

    /// The job takes too long in this step. An agent asks the step's condition again, and lets it go on where that holds.
    fn cancel(&mut self, step: &Step, progress: &mut Progress) -> Read<bool> {
        progress.status = Ended::Canceled;
        if self.at.job.server {
            return Ok(false);
        }
        progress.killed = Some(progress.deadline + self.at.job.cancel_minutes * 60);
        progress.variables.set("Agent.JobStatus", &progress.status.to_string(), false);
        let place = Place::Step(progress.status);
        let here = Here { live: self.at.live, variables: &progress.variables, place, notes: self.at.notes };
        here.holds(step.condition.as_deref())
    }

    /// Asks how the step ends, and what it says.
    fn outcome(&mut self, step: &Step, progress: &Progress) -> Read<(Outcome, commands::Commands)> {
        if step.task() == "ManualValidation@1" {
            return Ok((self.validation(step, progress.now), commands::Commands::default()));
        }
        let at = self.at;
        let call = at.call(step, &progress.variables)?;
        let missing = call.artifact.as_ref().is_some_and(|it| {
            !matches!(step.kind, Kind::Publish { .. }) && !at.there(it, &self.effects.artifacts)
        });
        let published = call.artifact.clone().filter(|_| matches!(step.kind, Kind::Publish { .. }));
        let outcome = if missing { Outcome::ended(Ended::Failed) } else { self.world.step(&call) };
        let given = commands::given(step, &outcome.outputs)?;
        let mut said = commands::read(&outcome.said)?;
        if outcome.said.is_empty() {
            said = given;
        }
        if let (true, Some((_, artifact))) = (outcome.ended.good(), published) {
            self.effects.artifacts.insert(artifact);
        }
        let outcome = match said.result.as_deref() {
            Some("SucceededWithIssues") if outcome.ended.good() => {
                Outcome { ended: Ended::SucceededWithIssues, ..outcome }
            }
            Some("Failed") => Outcome { ended: Ended::Failed, ..outcome },
            _ => outcome,
        };
        Ok((outcome, said))
    }

    fn validation(&mut self, step: &Step, now: u64) -> Outcome {
        let gate =
            Gate { pipeline: self.at.live.definition.stem(), stage: &self.at.stage.name, what: "validation" };
        let longest = tasks::longest(step);
        let late = if step.input("onTimeout") == Some("resume") { Ended::Succeeded } else { Ended::Failed };
        let (ended, seconds) = match self.world.decide(&gate) {
            Decision::Approve(after) if after <= longest => (Ended::Succeeded, after),
            Decision::Reject(after) if after <= longest => (Ended::Failed, after),
            _ => (late, longest),
        };
        let granted = ended == Ended::Succeeded;
        self.effects.waits.push(Wait {
            what: "validation".to_owned(),
            from: now,
            until: now + seconds,
            granted,
        });
        Outcome { seconds, ..Outcome::ended(ended) }
    }

    /// Does what the step told the agent.
    fn obey(&mut self, step: &Step, commands: &commands::Commands, progress: &mut Progress) -> Read<()> {
        self.effects.tags.extend(commands.tags.iter().map(|it| (progress.now, it.clone())));
        for set in &commands.sets {
            if !set.output {
                progress.variables.set(&set.name, &set.value, set.secret);
                continue;
            }
            let Some(name) = &step.name else {
                return Err(format!("the output `{}` of a step without a name is lost", set.name));
            };
            let path = format!("{name}.{}", set.name);
            progress.variables.set(&path, &set.value, set.secret);
            let prefixes = self.at.job.prefixes();
            let own =
                prefixes.iter().find(|it| it.trim_end_matches('.') == self.at.leg).unwrap_or(&prefixes[0]);
            progress.outputs.insert(format!("{own}{path}"), set.value.clone());
        }
        Ok(())
    }
}
