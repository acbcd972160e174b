//! Who waits for whom: stages and jobs, ML steps, pipelines through their triggers; cycles in any of them; and which
//! environments a trigger reaches. In: the resolved project. Out: edges by index, and the cycles as findings.

mod cycle;
pub mod errors;
pub mod pages;
pub mod reach;

use crate::base::span::Span;
use crate::diag::Diagnostic;
use crate::model::ml_flow;
use crate::model::project::{MlPipeline, MlSource, MlWork, Pipeline, Project, Stage, TriggerKind};
use crate::model::steps::Kind as StepKind;
use crate::model::walk;
use std::collections::BTreeSet;

/// Edges point from who waits to what it waits for.
#[derive(Debug, Default)]
pub struct Graphs {
    /// By pipeline.
    pub pipelines: Vec<PipelineGraph>,
    /// By ML pipeline: for each step the steps whose outputs it reads.
    pub ml_pipelines: Vec<Vec<Vec<usize>>>,
}

#[derive(Debug, Default)]
pub struct PipelineGraph {
    /// For each stage the stages it waits for, sorted.
    pub stages: Vec<Vec<usize>>,
    /// For each stage, for each of its jobs, the jobs it waits for, sorted.
    pub jobs: Vec<Vec<Vec<usize>>>,
}

impl PipelineGraph {
    /// Every stage that must end before this one starts, sorted.
    pub fn before(&self, stage: usize) -> Vec<usize> {
        let mut found = BTreeSet::new();
        let mut open = self.stages[stage].clone();
        while let Some(at) = open.pop() {
            if found.insert(at) {
                open.extend(&self.stages[at]);
            }
        }
        found.into_iter().collect()
    }
}

pub fn build(project: &Project) -> (Graphs, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let graphs = Graphs {
        pipelines: project.pipelines.values().map(|it| pipeline(it, &mut findings)).collect(),
        ml_pipelines: project.ml_pipelines.values().map(|it| ml_pipeline(it, &mut findings)).collect(),
    };
    nested(project, &mut findings);
    triggers(project, &mut findings);
    (graphs, findings)
}

fn pipeline(pipeline: &Pipeline, findings: &mut Vec<Diagnostic>) -> PipelineGraph {
    let all = &pipeline.stages;
    let mut stages: Vec<Vec<usize>> = (0..all.len()).map(|index| stage_needs(all, index)).collect();
    for cycle in cycle::find(&stages) {
        let name = |it: usize| all[it].ident.value.as_str();
        findings.push(errors::cycle("stage", &cycle, &name, &|from, to| stage_edge(&all[from], to)));
    }
    around_disabled(&mut stages, &|it| all[it].enabled);
    let jobs = all.iter().enumerate().map(|(index, stage)| jobs(stage, index, findings)).collect();
    PipelineGraph { stages, jobs }
}

fn stage_needs(stages: &[Stage], index: usize) -> Vec<usize> {
    let stage = &stages[index];
    if stage.manual.is_some() {
        return Vec::new();
    }
    let mut needs: Vec<usize> = match &stage.needs {
        Some(written) => written.iter().map(|it| it.value).collect(),
        // Stages that are included stand between.
        None if stage.follows.is_some() => Vec::new(),
        None => index.checked_sub(1).into_iter().collect(),
    };
    let elsewhere = stage.reads.iter().filter(|it| it.node.stage != index || it.job.is_none());
    needs.extend(elsewhere.map(|it| it.node.stage));
    needs.sort_unstable();
    needs.dedup();
    needs
}

/// What is off runs never: who waits for it waits for what it waits for.
fn around_disabled(edges: &mut [Vec<usize>], enabled: &dyn Fn(usize) -> bool) {
    if (0..edges.len()).all(enabled) {
        return;
    }
    let written = edges.to_vec();
    for needs in edges {
        let (mut open, mut seen) = (std::mem::take(needs), BTreeSet::new());
        while let Some(at) = open.pop() {
            if seen.insert(at) && !enabled(at) {
                open.extend(&written[at]);
            }
        }
        needs.extend(seen.into_iter().filter(|it| enabled(*it)));
    }
}

/// Where a stage says that it waits for another.
fn stage_edge(stage: &Stage, to: usize) -> Span {
    let written = stage.needs.iter().flatten().find(|it| it.value == to).map(|it| it.span);
    let read = || stage.reads.iter().find(|it| it.node.stage == to).map(|it| it.span);
    written.or_else(read).unwrap_or(stage.head)
}

fn jobs(stage: &Stage, index: usize, findings: &mut Vec<Diagnostic>) -> Vec<Vec<usize>> {
    let mut needs: Vec<Vec<usize>> = (0..stage.jobs.len()).map(|job| job_needs(stage, index, job)).collect();
    for cycle in cycle::find(&needs) {
        let name = |it: usize| stage.jobs[it].ident.value.as_str();
        let edge = |from: usize, to: usize| {
            let written = stage.jobs[from].needs.iter().find(|it| it.value == to).map(|it| it.span);
            let read = || stage.reads.iter().find(|it| it.job == Some(from) && it.node.job == Some(to));
            written.or_else(|| read().map(|it| it.span)).unwrap_or(stage.jobs[from].head)
        };
        findings.push(errors::cycle("job", &cycle, &name, &edge));
    }
    around_disabled(&mut needs, &|it| stage.jobs[it].enabled);
    needs
}

fn job_needs(stage: &Stage, index: usize, job: usize) -> Vec<usize> {
    let mut needs: Vec<usize> = stage.jobs[job].needs.iter().map(|it| it.value).collect();
    let read = stage.reads.iter().filter(|it| it.job == Some(job) && it.node.stage == index);
    needs.extend(read.filter_map(|it| it.node.job).filter(|it| *it != job));
    needs.sort_unstable();
    needs.dedup();
    needs
}

fn ml_pipeline(pipeline: &MlPipeline, findings: &mut Vec<Diagnostic>) -> Vec<Vec<usize>> {
    let needs: Vec<Vec<usize>> = pipeline
        .steps
        .iter()
        .map(|step| {
            let mut needs: Vec<usize> = ml_flow::needs(step).collect();
            needs.sort_unstable();
            needs.dedup();
            needs
        })
        .collect();
    for cycle in cycle::find(&needs) {
        let name = |it: usize| pipeline.steps[it].ident.value.as_str();
        let edge = |from: usize, to: usize| {
            let step = &pipeline.steps[from];
            let reads = |source: &MlSource| matches!(source, MlSource::Output(port) if port.step == to);
            let after = || step.after.iter().find(|it| it.value == to).map(|it| it.span);
            let read = step.inputs.values().find(|it| reads(&it.source)).map(|it| it.span);
            read.or_else(after).unwrap_or(step.head)
        };
        findings.push(errors::cycle("ML step", &cycle, &name, &edge));
    }
    needs
}

/// Pipelines that a step of another one starts in any case: which, by which, where. With a condition around it, a circle
/// has an end.
fn queued(project: &Project) -> impl Iterator<Item = (usize, usize, Span)> {
    walk::steps(project).filter_map(|it| {
        let StepKind::Queue(queue) = &it.step.kind else { return None };
        let conditional = it.step.when.is_some() || it.job.when.is_some() || it.stage.when.is_some();
        let starts = it.step.enabled && !conditional;
        starts.then(|| (queue.pipeline.index(), it.id.index(), it.step.head))
    })
}

/// ML pipelines as steps of each other.
fn nested(project: &Project, findings: &mut Vec<Diagnostic>) {
    let inner = |pipeline: &MlPipeline| -> Vec<(usize, Span)> {
        let steps = pipeline.steps.iter().filter_map(|step| match &step.work {
            MlWork::Pipeline(it) => Some((it.value.index(), it.span)),
            MlWork::Command
            | MlWork::Component(_)
            | MlWork::Sweep(_)
            | MlWork::Parallel(_)
            | MlWork::Spark(_) => None,
        });
        steps.collect()
    };
    let edges: Vec<Vec<(usize, Span)>> = project.ml_pipelines.values().map(inner).collect();
    let plain: Vec<Vec<usize>> = edges.iter().map(|it| it.iter().map(|it| it.0).collect()).collect();
    let names: Vec<&str> = project.ml_pipelines.values().map(|it| it.header.ident.value.as_str()).collect();
    for cycle in cycle::find(&plain) {
        let edge = |from: usize, to: usize| {
            edges[from].iter().find(|it| it.0 == to).map_or(Span::default(), |it| it.1)
        };
        findings.push(errors::cycle("ML pipeline", &cycle, &|it| names[it], &edge));
    }
}

fn triggers(project: &Project, findings: &mut Vec<Diagnostic>) {
    let sources = |pipeline: &Pipeline| -> Vec<(usize, Span)> {
        let mut found = Vec::new();
        for trigger in pipeline.active_triggers() {
            if let TriggerKind::After { pipeline, .. } = &trigger.kind {
                found.push((pipeline.value.index(), trigger.span));
            }
        }
        found
    };
    let mut edges: Vec<Vec<(usize, Span)>> = project.pipelines.values().map(sources).collect();
    for (started, starter, span) in queued(project) {
        edges[started].push((starter, span));
    }
    let plain: Vec<Vec<usize>> = edges.iter().map(|it| it.iter().map(|it| it.0).collect()).collect();
    let names: Vec<&str> = project.pipelines.values().map(|it| it.header.ident.value.as_str()).collect();
    for cycle in cycle::find(&plain) {
        let edge = |from: usize, to: usize| {
            edges[from].iter().find(|it| it.0 == to).map_or(Span::default(), |it| it.1)
        };
        findings.push(errors::trigger_cycle(&cycle, &|it| names[it], &edge));
    }
}
