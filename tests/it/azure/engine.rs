//! Runs side by side on one clock: what happens next is what is next in time, and then in order of its making.

use super::conditions::{Here, Place};
use super::document::{Body, Pipeline, Variable};
use super::events::Event;
use super::gates::Locks;
use super::node::{Node, Read};
use super::setup::{Files, Organization};
use super::timeline::{Ended, Run, StageRun, Timeline, Wait};
use super::variables::Variables;
use super::world::World;
use super::{expression, read};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

/// More runs than that after one event are a chain that feeds itself.
const MOST_RUNS: usize = 200;

/// Ids of runs that were before the event.
pub const PAST: u64 = 900;

pub struct System {
    pub(super) organization: Organization,
    /// What runs of a pipeline execute, where that does not depend on parameters.
    bodies: Vec<Option<Rc<Body>>>,
}

/// A run that is to begin.
#[derive(Clone, Default)]
pub struct Start {
    pub pipeline: usize,
    pub reason: String,
    /// Of its own repository.
    pub branch: String,
    /// `Build.SourceBranch`: of the repository that triggered.
    pub source_branch: String,
    pub parameters: BTreeMap<String, String>,
    pub variables: Vec<(String, String)>,
    /// Alias and id of the run that completed.
    pub after: Option<(String, u64)>,
}

impl Start {
    pub fn on(reason: &str, branch: &str) -> Start {
        let (branch, reason) = (branch.to_owned(), reason.to_owned());
        Start { source_branch: branch.clone(), branch, reason, ..Start::default() }
    }
}

/// A run that goes on.
pub struct Live<'s> {
    pub definition: &'s Pipeline,
    pub body: Rc<Body>,
    pub start: Start,
    pub variables: Variables,
    pub canceled: bool,
    pub run: Run,
    begun: BTreeSet<String>,
}

enum Happening {
    Begins(Start),
    /// Run and stage whose approvals are granted.
    Granted(usize, usize, Vec<Wait>),
    Ended(usize, StageRun),
}

pub struct Engine<'s, 'w> {
    pub system: &'s System,
    pub world: &'w mut dyn World,
    agenda: BTreeMap<(u64, u64), Happening>,
    count: u64,
    pub runs: Vec<Live<'s>>,
    locks: Locks,
}

impl System {
    /// Reads an output folder: the one that holds `azure-pipelines`.
    pub fn read(folder: &Path) -> Read<System> {
        let mut files = Files::new();
        let mut open = vec![folder.join("azure-pipelines")];
        while let Some(path) = open.pop() {
            for entry in std::fs::read_dir(&path).map_err(|it| format!("{}: {it}", path.display()))?.flatten()
            {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if let (Ok(text), Ok(inside)) =
                    (std::fs::read_to_string(&path), path.strip_prefix(folder))
                {
                    files.insert(inside.to_string_lossy().into_owned(), text);
                }
            }
        }
        System::of(&files)
    }

    /// The same from memory; paths begin with `azure-pipelines/`.
    pub fn of(files: &Files) -> Read<System> {
        let organization = Organization::read(files)?;
        let mut bodies = Vec::new();
        for pipeline in &organization.pipelines {
            organization.check_sources(pipeline)?;
            let fixed = !pipeline.body.to_string().contains("${{");
            let body = Rc::new(pipeline.body(&BTreeMap::new())?);
            organization.check_uses(pipeline, &body)?;
            bodies.push(fixed.then_some(body));
        }
        Ok(System { organization, bodies })
    }

    /// Names of the files, without ending.
    pub fn pipelines(&self) -> Vec<&str> {
        self.organization.pipelines.iter().map(Pipeline::stem).collect()
    }

    /// Everything that follows from an event, until nothing goes on.
    pub fn event(&self, event: &Event, world: &mut dyn World) -> Read<Timeline> {
        let (starts, not_started) = self.started(event)?;
        let mut engine = Engine {
            system: self,
            world,
            agenda: BTreeMap::new(),
            count: 0,
            runs: Vec::new(),
            locks: Locks::default(),
        };
        for start in starts {
            engine.plan(0, Happening::Begins(start));
        }
        while let Some(((now, _), happening)) = engine.agenda.pop_first() {
            engine.happens(now, happening)?;
        }
        let runs = engine.runs.into_iter().map(|it| it.run).collect();
        Ok(Timeline { runs, not_started })
    }
}

impl Pipeline {
    pub fn stem(&self) -> &str {
        let file = self.file.rsplit('/').next().unwrap_or_default();
        file.trim_end_matches(".yml")
    }

    /// Whether a name means it: its path, its name, its file.
    pub fn is(&self, name: &str) -> bool {
        let same = |own: &str| own.eq_ignore_ascii_case(name.trim_start_matches('\\'));
        same(self.path.trim_start_matches('\\')) || same(&self.name) || same(self.stem())
    }

    /// The stages with these parameters; those that are missing are empty.
    fn body(&self, parameters: &BTreeMap<String, String>) -> Read<Body> {
        let mut body = self.body.clone();
        expand(&mut body, &Given { pipeline: self, parameters })?;
        read::body(&Node::root(&body, &self.file))
    }
}

/// `${{ }}`: sees parameters only.
struct Given<'g> {
    pipeline: &'g Pipeline,
    parameters: &'g BTreeMap<String, String>,
}

impl expression::Scope for Given<'_> {
    fn named(&self, path: &[String]) -> Read<expression::Value> {
        let [parameters, name] = path else { return Err(format!("`{}` is not known", path.join("."))) };
        let found = self.pipeline.parameters.iter().find(|it| it.name == *name);
        let Some(parameter) = found.filter(|_| parameters == "parameters") else {
            return Err(format!("`{}` is no parameter", path.join(".")));
        };
        let value = self.parameters.get(name).or(parameter.default.as_ref()).cloned().unwrap_or_default();
        Ok(match parameter.boolean {
            true => expression::Value::Bool(value == "true"),
            false => expression::Value::Text(value),
        })
    }

    fn status(&self, function: &str, _: &[String]) -> Read<bool> {
        Err(format!("`{function}` is not known while a file is expanded"))
    }
}

fn expand(value: &mut Value, given: &Given) -> Read<()> {
    match value {
        Value::String(text) if text.contains("${{") => *text = expand_text(text, given)?,
        Value::Array(items) => items.iter_mut().try_for_each(|it| expand(it, given))?,
        Value::Object(map) => {
            if let Some(key) = map.keys().find(|it| it.contains("${{")) {
                return Err(format!("`{key}`: expressions in keys are not understood"));
            }
            map.values_mut().try_for_each(|it| expand(it, given))?;
        }
        _ => {}
    }
    Ok(())
}

fn expand_text(text: &str, given: &Given) -> Read<String> {
    let mut parts = text.split("${{");
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inside, behind) =
            part.split_once("}}").ok_or_else(|| format!("`{text}`: `${{{{` stays open"))?;
        expanded += &expression::evaluate(inside, given)?.text();
        expanded += behind;
    }
    Ok(expanded)
}

impl<'s> Engine<'s, '_> {
    fn plan(&mut self, at: u64, happening: Happening) {
        self.count += 1;
        self.agenda.insert((at, self.count), happening);
    }

    fn happens(&mut self, now: u64, happening: Happening) -> Read<()> {
        match happening {
            Happening::Begins(start) => self.begin(now, start),
            Happening::Granted(run, stage, waits) => self.granted(now, run, stage, waits),
            Happening::Ended(run, stage) => self.stage_ended(now, run, stage),
        }
    }

    fn begin(&mut self, now: u64, start: Start) -> Read<()> {
        if self.runs.len() >= MOST_RUNS {
            return Err(format!("more than {MOST_RUNS} runs: a chain that feeds itself"));
        }
        let definition = &self.system.organization.pipelines[start.pipeline];
        definition.check_parameters(&start.parameters)?;
        let body = match &self.system.bodies[start.pipeline] {
            Some(body) => Rc::clone(body),
            None => Rc::new(definition.body(&start.parameters)?),
        };
        let run = Run {
            id: 1000 + self.runs.len() as u64,
            pipeline: definition.stem().to_owned(),
            reason: start.reason.clone(),
            branch: start.branch.clone(),
            started: now,
            ended: now,
            result: Ended::Succeeded,
            stages: Vec::new(),
            tags: BTreeSet::new(),
            artifacts: BTreeSet::new(),
            notes: BTreeSet::new(),
        };
        let variables = self.variables_of_run(definition, &body, &start, run.id)?;
        let begun = BTreeSet::new();
        self.runs.push(Live { definition, body, start, variables, canceled: false, run, begun });
        self.advance(now, self.runs.len() - 1)
    }

    /// Begins, or skips, the stages whose dependencies have ended.
    fn advance(&mut self, now: u64, run: usize) -> Read<()> {
        loop {
            let live = &self.runs[run];
            let ended = |name: &String| live.run.stages.iter().any(|it| it.name == *name);
            let ready = |it: &super::document::Stage| {
                !live.begun.contains(&it.name) && it.depends_on.iter().all(ended)
            };
            let Some(stage) = live.body.stages.iter().position(ready) else { break };
            let text = &live.body.stages[stage];
            let mut variables = live.variables.clone();
            self.system.organization.add_variables(
                &text.variables,
                &mut variables,
                |it| Ok(it.to_owned()),
            )?;
            let notes = RefCell::default();
            let place = Place::Stage(text);
            let here = Here { live, variables: &variables, place, notes: &notes };
            let runs = here.holds(text.condition.as_deref())?;
            let name = text.name.clone();
            self.runs[run].run.notes.append(&mut notes.into_inner());
            self.runs[run].begun.insert(name);
            if runs {
                self.ask(now, run, stage)?;
            } else {
                let skipped = self.without_jobs(now, run, stage, (Ended::Skipped, now, Vec::new()));
                self.runs[run].run.stages.push(skipped);
            }
        }
        self.finish_if_done(now, run)
    }

    /// Plans the end of a stage without any job: its result, when, and what it waited for.
    pub fn end_stage(&mut self, now: u64, run: usize, stage: usize, end: (Ended, u64, Vec<Wait>)) {
        let stage = self.without_jobs(now, run, stage, end);
        self.plan(stage.ended, Happening::Ended(run, stage));
    }

    fn without_jobs(
        &self,
        started: u64,
        run: usize,
        stage: usize,
        (result, ended, waits): (Ended, u64, Vec<Wait>),
    ) -> StageRun {
        let name = self.runs[run].body.stages[stage].name.clone();
        StageRun { name, result, started, ended, waits, jobs: Vec::new() }
    }

    pub fn grant(&mut self, at: u64, run: usize, stage: usize, waits: Vec<Wait>) {
        self.plan(at, Happening::Granted(run, stage, waits));
    }

    /// Nothing but locks stands before the stage.
    fn granted(&mut self, now: u64, run: usize, stage: usize, waits: Vec<Wait>) -> Read<()> {
        for other in self.locks.arrives(now, (run, stage), self.lock_of(run, stage), waits) {
            let (run, stage) = other.who;
            self.runs[run].canceled = true;
            self.end_stage(now, run, stage, (Ended::Canceled, now, other.waits));
        }
        self.enter(now)
    }

    /// Lets in whom the locks let in.
    fn enter(&mut self, now: u64) -> Read<()> {
        while let Some(next) = self.locks.next() {
            let (run, stage) = next.who;
            let mut waits = next.waits;
            if next.since < now {
                waits.push(Wait { what: "lock".to_owned(), from: next.since, until: now, granted: true });
            }
            let done = self.run_stage(now, (run, stage), waits)?;
            self.plan(done.ended, Happening::Ended(run, done));
        }
        Ok(())
    }

    fn stage_ended(&mut self, now: u64, run: usize, stage: StageRun) -> Read<()> {
        let name = stage.name.clone();
        let position = self.runs[run].body.stages.iter().position(|it| it.name == name);
        self.locks.release((run, position.expect("it is a stage of this run")));
        self.runs[run].run.stages.push(stage);
        self.follow(now, run, Some(&name));
        self.advance(now, run)?;
        self.enter(now)
    }

    fn finish_if_done(&mut self, now: u64, run: usize) -> Read<()> {
        let live = &mut self.runs[run];
        if live.run.stages.len() == live.body.stages.len() {
            let results = live.run.stages.iter().map(|it| it.result);
            live.run.result = match Ended::of(results) {
                _ if live.canceled => Ended::Canceled,
                Ended::Skipped => Ended::Succeeded,
                other => other,
            };
            live.run.ended = now;
            self.follow(now, run, None);
        }
        Ok(())
    }

    /// Starts what waits for this run, or for one of its stages.
    fn follow(&mut self, now: u64, run: usize, stage: Option<&str>) {
        let live = &self.runs[run];
        let good = |name: &String| {
            live.run.stages.iter().any(|it| it.name == *name && it.result == Ended::Succeeded)
        };
        let mut starts = Vec::new();
        for (index, pipeline) in self.system.organization.pipelines.iter().enumerate() {
            for source in pipeline.sources.iter().filter(|it| live.definition.is(&it.source)) {
                let Some(trigger) = &source.trigger else { continue };
                let fires = match stage {
                    Some(stage) => {
                        trigger.stages.iter().any(|it| it == stage) && trigger.stages.iter().all(good)
                    }
                    None => trigger.stages.is_empty() && live.run.result == Ended::Succeeded,
                };
                let branch = trigger.branches.as_ref().is_none_or(|it| it.takes(&live.run.branch));
                if fires && branch && trigger.tags.iter().all(|it| live.run.tags.contains(it)) {
                    let same = pipeline.repository == live.definition.repository;
                    let branch = if same { &live.run.branch } else { &pipeline.default_branch };
                    let after = Some((source.alias.clone(), live.run.id));
                    let start = Start::on("ResourceTrigger", branch);
                    starts.push(Start { pipeline: index, after, ..start });
                }
            }
        }
        for start in starts {
            self.plan(now, Happening::Begins(start));
        }
    }

    /// The branches that a branch control looks at: its own, and those of all it uses.
    pub fn branches(&self, run: usize) -> Vec<&str> {
        let live = &self.runs[run];
        let repositories = live.definition.repositories.iter().map(|it| it.branch.as_str());
        std::iter::once(live.run.branch.as_str()).chain(repositories).collect()
    }
}

impl Organization {
    /// Adds the variables of a level; `value` works out what is written.
    pub fn add_variables(
        &self,
        written: &[Variable],
        to: &mut Variables,
        value: impl Fn(&str) -> Read<String>,
    ) -> Read<()> {
        for variable in written {
            match variable {
                Variable::Named(name, text) => to.set(name, &value(text)?, false),
                Variable::Group(group) => {
                    let variables = self
                        .groups
                        .get(group)
                        .ok_or_else(|| format!("there is no variable group {group}"))?;
                    for (name, secret) in variables {
                        to.set(name, &format!("value-of-{name}"), *secret);
                    }
                }
            }
        }
        Ok(())
    }
}
