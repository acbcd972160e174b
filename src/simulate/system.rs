//! What is looked up again and again in a simulation, found once: who waits for whom in the plan, which statement is
//! behind a step, what guards a stage.

use super::given::StepKey;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::{self, Approval, Environment, Lock, Project};
use crate::model::steps::Kind;
use crate::model::steps::action::ScriptSource;
use crate::model::steps::submit::Wait as Waits;
use crate::plan::{self, Plan, StepBody};
use std::collections::{BTreeSet, HashMap};

/// A project with its plan, ready to be simulated.
#[derive(Debug)]
pub struct System<'a> {
    pub project: &'a Project,
    pub plan: &'a Plan,
    pub(super) pipelines: Vec<Pipeline<'a>>,
}

#[derive(Debug)]
pub(super) struct Pipeline<'a> {
    pub source: &'a project::Pipeline,
    pub plan: &'a plan::Pipeline,
    pub stages: Vec<Stage<'a>>,
    pub by_name: HashMap<&'a str, usize>,
}

#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub plan: &'a plan::Stage,
    pub source: Option<&'a project::Stage>,
    pub depends_on: Vec<usize>,
    /// Every stage before it, near or far.
    pub before: Vec<usize>,
    pub jobs: Vec<Job<'a>>,
    pub by_name: HashMap<&'a str, usize>,
    pub gates: Vec<Gate>,
    /// One run at a time holds each of these.
    pub locks: Vec<String>,
    pub behavior: Lock,
}

#[derive(Debug)]
pub(super) struct Job<'a> {
    pub plan: &'a plan::Job,
    pub depends_on: Vec<usize>,
    pub before: Vec<usize>,
    pub steps: Vec<Step<'a>>,
    pub environment: Option<Id<Environment>>,
}

#[derive(Debug)]
pub(super) struct Step<'a> {
    pub plan: &'a plan::Step,
    pub source: Option<&'a project::Step>,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Checks out, downloads, or notes something: takes no time.
    Instant,
    Work,
    Wait(u64),
    Ask(Id<Approval>),
    /// Waits for a run in Azure ML.
    Ml,
    Queue,
}

/// A check before a stage, in the order Azure DevOps asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    Branches(Id<Environment>),
    Template(Id<Environment>),
    Approval(Id<Environment>, Id<Approval>),
    Hours(Id<Environment>),
    Call(Id<Environment>, usize),
}

impl<'a> System<'a> {
    pub fn new(project: &'a Project, plan: &'a Plan) -> System<'a> {
        let environments: HashMap<&str, Id<Environment>> =
            project.environments.iter().map(|(id, it)| (it.header.name.value.as_str(), id)).collect();
        let cx = Cx { project, environments };
        System { project, plan, pipelines: plan.pipelines.iter().map(|it| cx.pipeline(it)).collect() }
    }

    /// By the identifier of a project's pipeline.
    pub fn index_of(&self, id: Id<project::Pipeline>) -> usize {
        self.plan.pipelines.iter().position(|it| it.id == id).unwrap_or(0)
    }

    pub fn name(&self, pipeline: usize) -> &'a str {
        &self.pipelines[pipeline].source.header.ident.value
    }

    /// The branch whose YAML runs where nothing says another one.
    pub fn home_branch(&self) -> &'a str {
        let own = self.project.repositories.values().find(|it| it.is_self());
        own.and_then(|it| it.branch.as_ref()).map_or("main", |it| &it.value)
    }

    /// `stage.step`, with the job between where the stage has several.
    pub(super) fn path(&self, key: StepKey) -> String {
        let stage = &self.pipelines[key.pipeline].stages[key.stage];
        let job = &stage.jobs[key.job];
        let step = &job.steps[key.step];
        let ident = step.source.and_then(|it| it.ident.as_ref()).map(|it| it.value.as_str());
        let name = ident.or(step.plan.name.as_deref()).unwrap_or(&step.plan.title);
        let explicit = stage.source.is_some_and(|it| it.jobs.first().is_some_and(|it| !it.implicit));
        let job = if explicit { format!("{}.", job.plan.name) } else { String::new() };
        format!("{}.{}.{job}{name}", self.name(key.pipeline), stage.plan.name)
    }
}

struct Cx<'a> {
    project: &'a Project,
    environments: HashMap<&'a str, Id<Environment>>,
}

impl<'a> Cx<'a> {
    fn pipeline(&self, plan: &'a plan::Pipeline) -> Pipeline<'a> {
        let source = &self.project.pipelines[plan.id];
        let by_name: HashMap<&str, usize> =
            plan.stages.iter().enumerate().map(|(index, it)| (it.name.as_str(), index)).collect();
        let depends_on: Vec<Vec<usize>> =
            plan.stages.iter().map(|it| places(&it.depends_on, &by_name)).collect();
        let stages = plan.stages.iter().enumerate();
        let stages = stages.map(|(index, it)| self.stage(source, it, &depends_on, index)).collect();
        Pipeline { source, plan, stages, by_name }
    }

    fn stage(
        &self,
        pipeline: &'a project::Pipeline,
        plan: &'a plan::Stage,
        depends_on: &[Vec<usize>],
        index: usize,
    ) -> Stage<'a> {
        let source = plan.origin.and_then(|it| pipeline.stages.get(it));
        let steps: HashMap<Span, &project::Step> =
            source.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps).map(|it| (it.head, it)).collect();
        let by_name: HashMap<&str, usize> =
            plan.jobs.iter().enumerate().map(|(index, it)| (it.name.as_str(), index)).collect();
        let needs: Vec<Vec<usize>> = plan.jobs.iter().map(|it| places(&it.depends_on, &by_name)).collect();
        let jobs = plan.jobs.iter().enumerate().map(|(job, it)| Job {
            plan: it,
            depends_on: needs[job].clone(),
            before: before(&needs, job),
            steps: it.steps.iter().map(|it| step(it, source, &steps)).collect(),
            environment: it.environment.as_deref().and_then(|it| self.environments.get(it)).copied(),
        });
        let jobs: Vec<Job<'a>> = jobs.collect();
        let environments: BTreeSet<usize> =
            jobs.iter().filter_map(|it| it.environment).map(Id::index).collect();
        let environments: Vec<Id<Environment>> = environments.into_iter().map(Id::new).collect();
        let mut locks: Vec<String> = environments
            .iter()
            .map(|it| &self.project.environments[*it])
            .filter(|it| it.lock.is_some())
            .map(|it| it.header.ident.value.clone())
            .collect();
        if plan.lock.is_some() {
            locks.push(format!("{}.{}", pipeline.header.ident.value, plan.name));
        }
        Stage {
            plan,
            source,
            depends_on: depends_on[index].clone(),
            before: before(depends_on, index),
            gates: self.gates(&environments),
            behavior: plan.lock.unwrap_or(Lock::Latest),
            jobs,
            by_name,
            locks,
        }
    }

    /// Those that look come first, then people, then hours and services.
    fn gates(&self, environments: &[Id<Environment>]) -> Vec<Gate> {
        let of = |it: &Id<Environment>| &self.project.environments[*it];
        let mut gates = Vec::new();
        for it in environments {
            if !of(it).branches.is_empty() {
                gates.push(Gate::Branches(*it));
            }
            if !of(it).required_templates.is_empty() {
                gates.push(Gate::Template(*it));
            }
        }
        let asked = environments.iter().filter_map(|it| Some((*it, of(it).approval.as_ref()?.value)));
        gates.extend(asked.map(|(environment, approval)| Gate::Approval(environment, approval)));
        for it in environments {
            if of(it).hours.is_some() {
                gates.push(Gate::Hours(*it));
            }
            gates.extend((0..of(it).calls.len()).map(|call| Gate::Call(*it, call)));
        }
        gates
    }
}

fn step<'a>(
    plan: &'a plan::Step,
    stage: Option<&'a project::Stage>,
    steps: &HashMap<Span, &'a project::Step>,
) -> Step<'a> {
    let source = steps.get(&plan.source).copied().filter(|_| !is_marker(plan));
    Step { plan, source, role: role(plan, source, stage) }
}

fn role(plan: &plan::Step, source: Option<&project::Step>, stage: Option<&project::Stage>) -> Role {
    let validation = matches!(&plan.body, StepBody::Task { name, .. } if name == "ManualValidation@1");
    match (source.map(|it| &it.kind), &plan.body) {
        (None, StepBody::Task { .. }) if validation => {
            let asked = stage.and_then(|it| it.approval.as_ref());
            asked.map_or(Role::Work, |it| Role::Ask(it.value))
        }
        (
            _,
            StepBody::Checkout { .. }
            | StepBody::NoCheckout
            | StepBody::NoDownload
            | StepBody::Download { .. }
            | StepBody::Publish { .. },
        ) => Role::Instant,
        (Some(Kind::Approve(it)), _) if validation => Role::Ask(it.approval),
        (Some(Kind::Wait(it)), _) => Role::Wait(it.seconds),
        (Some(Kind::Queue(_)), _) => Role::Queue,
        (Some(Kind::Submit(it)), body) => {
            let server = matches!(body, StepBody::Task { .. });
            match it.wait {
                Waits::Agent => Role::Ml,
                Waits::Server if server => Role::Ml,
                Waits::Server | Waits::None => Role::Work,
            }
        }
        _ if is_marker(plan) => Role::Instant,
        _ => Role::Work,
    }
}

/// It only notes that the step behind it starts.
fn is_marker(plan: &plan::Step) -> bool {
    let StepBody::Script { source: ScriptSource::Template { name, .. }, .. } = &plan.body else {
        return false;
    };
    *name == "mark_start"
}

/// Names that are none of the plan's own are those of existing templates.
fn places(names: &[String], by_name: &HashMap<&str, usize>) -> Vec<usize> {
    names.iter().filter_map(|it| by_name.get(it.as_str()).copied()).collect()
}

fn before(depends_on: &[Vec<usize>], at: usize) -> Vec<usize> {
    let mut found = BTreeSet::new();
    let mut open = depends_on[at].clone();
    while let Some(it) = open.pop() {
        if found.insert(it) {
            open.extend(&depends_on[it]);
        }
    }
    found.into_iter().collect()
}

/// The job of a stage that changes what is in an environment which the stage has as its context only, and the word of its step: its
/// checks do not ask there.
pub(super) fn changes(stage: &Stage<'_>, environment: Id<Environment>) -> Option<(usize, &'static str)> {
    let source = stage.source.filter(|it| it.context.as_ref().is_some_and(|it| it.value == environment))?;
    let of = |step: &Step<'_>| {
        let kind = &step.source.filter(|it| it.enabled)?.kind;
        kind.changes_environment().then(|| kind.word())
    };
    let mut jobs = stage.jobs.iter().enumerate().filter(|_| source.environment.is_none());
    jobs.find_map(|(index, it)| Some((index, it.steps.iter().find_map(of)?)))
}
