//! Stages with the gates before them, and the jobs their parts become.

use super::build::variables;
use super::context::Context;
use super::errors;
use super::include;
use super::job::{self, Parted};
use super::read::{At, Reading, Spot};
use super::term::{Function, Producer, Reader, Term};
use super::{Job, JobSettings, Pool, Stage, Step, StepBody, Variable, facts, gate};
use crate::base::arena::Id;
use crate::graph::PipelineGraph;
use crate::model::data::Record;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::{self, Lock, Variables};
use crate::model::steps::Kind;
use crate::target::template::Holds;
use indexmap::IndexSet;

pub fn stages(
    reading: &Reading<'_>,
    context: &Context,
    graph: &PipelineGraph,
    attached: &IndexSet<Id<Variables>>,
) -> Vec<Stage> {
    let gates = reading.pipeline.stages.iter().filter(|it| it.approval.is_some()).count();
    let mut planned = Vec::with_capacity(reading.pipeline.stages.len() + gates + 1);
    planned.extend(facts::stage(reading.pipeline, context));
    for index in 0..reading.pipeline.stages.len() {
        let builder = Builder { reading, graph, attached, index, stage: &reading.pipeline.stages[index] };
        planned.extend(builder.with_gate(context));
    }
    planned
}

/// Whether the loose steps of a stage are templates of jobs, so that nothing is left for a job of its own.
fn only_includes(job: &project::Job) -> bool {
    let of_jobs = |it: &project::Step| match &it.kind {
        Kind::Include(it) => it.template.holds == Holds::Jobs,
        _ => false,
    };
    job.implicit && !job.steps.is_empty() && job.steps.iter().all(of_jobs)
}

struct Builder<'a> {
    reading: &'a Reading<'a>,
    graph: &'a PipelineGraph,
    attached: &'a IndexSet<Id<Variables>>,
    index: usize,
    stage: &'a project::Stage,
}

impl Builder<'_> {
    fn with_gate(&self, context: &Context) -> Vec<Stage> {
        let context = context.stage(self.reading.project, self.stage);
        let needs = self.needs();
        let (condition, moved) = self.condition();
        let mut stage = self.stage(&context, needs.clone(), condition, &moved);
        let Some(approval) = self.stage.approval.as_ref().filter(|_| self.stage.enabled) else {
            return vec![stage];
        };
        let gate = self.gate(approval.value, needs, stage.condition, &moved);
        let granted = Producer { reader: Reader::StageCondition, stage: Some(gate.name.clone()), job: None };
        let granted = Term::call(Function::Equal, [Term::Result(granted), Term::Text("Succeeded".into())]);
        stage.condition = Term::call(Function::Canceled, []).negated().and(granted);
        stage.depends_on.retain(|it| self.reads(it));
        stage.depends_on.insert(0, gate.name.clone());
        vec![gate, stage]
    }

    /// Whether an expression of the stage's jobs reads something of that stage.
    fn reads(&self, name: &str) -> bool {
        if self.stage.looks && name == facts::stage_name(self.reading.pipeline) {
            return true;
        }
        let read = self.stage.reads.iter().filter(|it| it.job.is_some());
        read.into_iter().any(|it| self.reading.pipeline.stages[it.node.stage].ident.value == name)
    }

    fn needs(&self) -> Vec<String> {
        let needs = self.graph.stages[self.index].iter();
        let needs = needs.map(|it| self.reading.pipeline.stages[*it].ident.value.clone());
        let looked_up = self.stage.looks.then(|| facts::stage_name(self.reading.pipeline));
        let included = self.stage.follows.iter().flatten().filter(|_| self.stage.needs.is_none());
        looked_up.into_iter().chain(included.cloned()).chain(needs).collect()
    }

    /// The stage's condition, and those of its conjuncts that read what a stage's condition cannot: they are for the jobs.
    fn condition(&self) -> (Term, Vec<&Expr>) {
        if !self.stage.enabled {
            return (Term::Bool(false), Vec::new());
        }
        let Some(when) = &self.stage.when else { return (Term::succeeded(), Vec::new()) };
        let (moved, own): (Vec<&Expr>, Vec<&Expr>) =
            when.conjuncts().into_iter().partition(|it| self.reads_deployment(it));
        for of_the_stage in moved.iter().filter(|it| it.has_status()) {
            let finding = errors::status_beside_deployment(of_the_stage.span);
            self.reading.findings.borrow_mut().push(finding);
        }
        let mut at = At::new(*self.reading, self.index, Spot::StageCondition);
        let implied = if when.has_status() { Term::Bool(true) } else { Term::succeeded() };
        (own.into_iter().fold(implied, |all, it| all.and(at.condition(it))), moved)
    }

    /// Outputs of deployment jobs cannot be read in a stage's condition.
    fn reads_deployment(&self, when: &Expr) -> bool {
        when.outputs()
            .into_iter()
            .any(|it| self.reading.parts[it.stage][it.job].iter().any(|part| part.deployment))
    }

    fn stage(&self, context: &Context, needs: Vec<String>, condition: Term, moved: &[&Expr]) -> Stage {
        let parts = &self.reading.parts[self.index];
        let mut jobs = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for (number, job) in self.stage.jobs.iter().enumerate().filter(|it| !only_includes(it.1)) {
            let parted = Parted {
                reading: self.reading,
                stage: self.index,
                job: number,
                source: job,
                context: context.job(self.reading.project, job),
                needs: &self.graph.jobs[self.index][number],
                moved,
            };
            jobs.extend(job::jobs(&parted));
        }
        Stage {
            name: self.stage.ident.value.clone(),
            title: self.stage.title.clone().unwrap_or_else(|| self.stage.ident.value.clone()),
            depends_on: needs,
            condition,
            variables: self.variables(),
            lock: self.lock(),
            manual: self.stage.manual.is_some(),
            jobs,
            includes: self
                .stage
                .includes
                .iter()
                .map(|it| include::outside(self.reading, self.index, it))
                .collect(),
            origin: Some(self.index),
            source: self.stage.head,
        }
    }

    /// The stage's own, else that of what it deploys to; of several, the one that loses no run.
    fn lock(&self) -> Option<Lock> {
        let locks: Vec<Lock> = self
            .stage
            .environments()
            .filter_map(|it| self.reading.project.environments[it.value].lock)
            .collect();
        let sequential = locks.iter().find(|it| **it == Lock::Sequential);
        self.stage.lock.or(sequential.or(locks.first()).copied())
    }

    /// What the stage and its environments attach, and what its steps use of services' groups.
    fn variables(&self) -> Vec<Variable> {
        let project = self.reading.project;
        let mut here: IndexSet<Id<Variables>> = IndexSet::new();
        let of_jobs = self.stage.jobs.iter().filter_map(|it| it.environment.as_ref());
        let environments = self.stage.environment.iter().chain(&self.stage.context).chain(of_jobs);
        for environment in environments {
            here.extend(
                project.environments[environment.value].inherited.variables.iter().map(|it| it.value),
            );
        }
        here.extend(self.stage.inherited.variables.iter().map(|it| it.value));
        for job in &self.stage.jobs {
            here.extend(job.inherited.variables.iter().map(|it| it.value));
        }
        for part in self.reading.parts[self.index].iter().flatten() {
            for (_, action) in &part.actions {
                for (_, value) in &action.env {
                    value.walk(&mut |it| {
                        if let ExprKind::Variable { group, .. } = &it.kind {
                            here.insert(*group);
                        }
                    });
                }
            }
        }
        variables(project, self.reading.out, here.iter().filter(|it| !self.attached.contains(*it)))
    }

    /// A stage that asks and does nothing else, so that no lock is held and the condition is decided first.
    fn gate(
        &self,
        approval: Id<project::Approval>,
        needs: Vec<String>,
        condition: Term,
        moved: &[&Expr],
    ) -> Stage {
        let approval = &self.reading.project.approvals[approval];
        let name = format!("{}_approval", self.stage.ident.value);
        let title = self.stage.title.as_deref().unwrap_or(&self.stage.ident.value);
        let mut at = At::new(*self.reading, self.index, Spot::Step { job: 0, part: usize::MAX, step: 0 });
        let inputs = gate::inputs(approval, &mut at);
        let mut asks = At::new(*self.reading, self.index, Spot::JobCondition { job: 0, part: usize::MAX });
        let asked_if = moved.iter().fold(Term::succeeded(), |all, it| all.and(asks.condition(it)));
        let step = Step {
            name: None,
            title: format!("Ask {}", gate::people(approval)),
            body: StepBody::Task { name: "ManualValidation@1".into(), inputs },
            condition: None,
            env: Vec::new(),
            timeout_minutes: Some(gate::minutes(approval.timeout_seconds)),
            retries: 0,
            continue_on_error: false,
            enabled: true,
            working_directory: None,
            extra: Record::new(),
            source: self.stage.head,
        };
        let job = Job {
            name: "approval".into(),
            title: format!("Approval: {title}"),
            pool: Pool::Server,
            environment: None,
            depends_on: Vec::new(),
            condition: asked_if,
            timeout_minutes: gate::minutes(approval.timeout_seconds) + gate::MARGIN,
            settings: JobSettings::default(),
            variables: at.carried,
            steps: vec![step],
            source: self.stage.head,
        };
        Stage {
            name,
            title: format!("Approval: {title}"),
            depends_on: needs,
            condition,
            variables: Vec::new(),
            lock: None,
            manual: false,
            jobs: vec![job],
            includes: Vec::new(),
            origin: Some(self.index),
            source: self.stage.head,
        }
    }
}
