//! From the project to the plan, pipeline by pipeline.

use super::context::Context;
use super::include;
use super::parts::{self, Part as JobPart};
use super::read::Reading;
use super::stage::stages;
use super::{
    Completion, Constant, Parameter, Pipeline, PipelineResource, Plan, Push, RepositoryResource, Variable,
};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::diag::Diagnostic;
use crate::graph::Graphs;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::{self, Project, TriggerKind, Variables};
use crate::model::steps::action::{ActionBody, Files};
use indexmap::IndexSet;
use std::cell::RefCell;

/// The plan of all pipelines. `out` is the output folder relative to the project's root.
pub fn build(project: &Project, graphs: &Graphs, out: &str) -> (Plan, Vec<Diagnostic>) {
    let findings = RefCell::new(Vec::new());
    let pipelines = project.pipelines.ids().map(|id| pipeline(project, graphs, out, id, &findings));
    (Plan { pipelines: pipelines.collect() }, findings.into_inner())
}

fn pipeline(
    project: &Project,
    graphs: &Graphs,
    out: &str,
    id: Id<project::Pipeline>,
    findings: &RefCell<Vec<Diagnostic>>,
) -> Pipeline {
    let source = &project.pipelines[id];
    let context = Context::of_pipeline(project, source);
    let parts: Vec<Vec<Vec<JobPart>>> = source
        .stages
        .iter()
        .map(|stage| {
            let context = context.stage(project, stage);
            let jobs =
                stage.jobs.iter().map(|job| parts::split(project, &context.job(project, job), job, out));
            jobs.collect()
        })
        .collect();
    let reading = Reading { project, pipeline: source, parts: &parts, out, findings };
    let attached = attached(project, source);
    Pipeline {
        id,
        title: title(source),
        push: self_push(project, source),
        repositories: repositories(project, source, &parts),
        sources: sources(project, source),
        parameters: source.params.values().map(parameter).collect(),
        variables: variables(project, &attached),
        includes: source
            .includes
            .iter()
            .map(|it| (it.before, include::outside(&reading, 0, &it.include)))
            .collect(),
        extends: source.extends.as_ref().map(|it| include::outside(&reading, 0, it)),
        stages: stages(&reading, &context, &graphs.pipelines[id.index()], &attached),
    }
}

fn other_repository(
    project: &Project,
    repository: Option<&Spanned<Id<project::Repository>>>,
) -> Option<Id<project::Repository>> {
    repository.map(|it| it.value).filter(|it| !project.repositories[*it].is_self())
}

pub fn title(pipeline: &project::Pipeline) -> String {
    pipeline.header.title.as_ref().map_or_else(|| pipeline.header.name.value.clone(), |it| it.value.clone())
}

/// Groups of project and pipeline, outermost first.
fn attached(project: &Project, pipeline: &project::Pipeline) -> IndexSet<Id<Variables>> {
    let outer = &project.settings.inherited.variables;
    outer.iter().chain(&pipeline.inherited.variables).map(|it| it.value).collect()
}

/// What attached groups and written values become.
pub fn variables<'i>(
    project: &Project,
    attached: impl IntoIterator<Item = &'i Id<Variables>>,
) -> Vec<Variable> {
    let mut found = Vec::new();
    for id in attached {
        let variables = &project.variables[*id];
        found.extend(variables.group.as_ref().map(|it| Variable::Group(it.value.clone())));
        for member in variables.members.values() {
            let value = member.value.as_ref().and_then(constant);
            found.extend(value.map(|it| Variable::Value(member.name.clone(), it)));
        }
    }
    found
}

pub fn constant(expr: &Expr) -> Option<Constant> {
    Some(match &expr.kind {
        ExprKind::Bool(value) => Constant::Bool(*value),
        ExprKind::Int(value) => Constant::Int(*value),
        ExprKind::Number(value) => Constant::Number(*value),
        ExprKind::String(value) => Constant::String(value.clone()),
        _ => return None,
    })
}

fn parameter(param: &project::Param) -> Parameter {
    Parameter {
        name: param.ident.value.clone(),
        title: param.title.clone(),
        ty: param.ty,
        default: param.default.as_ref().and_then(constant),
        choices: param.choices.iter().filter_map(constant).collect(),
    }
}

fn pushes<'p>(
    project: &'p Project,
    pipeline: &'p project::Pipeline,
) -> impl Iterator<Item = (Option<Id<project::Repository>>, Push)> + 'p {
    pipeline.triggers.iter().filter_map(|it| match &it.kind {
        TriggerKind::Push { repository, branches, paths, tags, batch } => {
            let other = other_repository(project, repository.as_ref());
            let push =
                Push { branches: branches.clone(), paths: paths.clone(), tags: tags.clone(), batch: *batch };
            Some((other, push))
        }
        TriggerKind::Manual | TriggerKind::After { .. } => None,
    })
}

fn self_push(project: &Project, pipeline: &project::Pipeline) -> Option<Push> {
    pushes(project, pipeline).find(|it| it.0.is_none()).map(|it| it.1)
}

/// Other repositories: those that start it and those whose files it reads.
fn repositories(
    project: &Project,
    pipeline: &project::Pipeline,
    parts: &[Vec<Vec<JobPart>>],
) -> Vec<RepositoryResource> {
    let mut used: IndexSet<Id<project::Repository>> =
        pushes(project, pipeline).filter_map(|it| it.0).collect();
    for part in parts.iter().flatten().flatten() {
        for (_, action) in &part.actions {
            if let ActionBody::Checkout { repository: Some(id), .. } = &action.body {
                used.insert(*id);
            }
            if let ActionBody::Include(include) = &action.body {
                used.extend(include.from.as_ref().map(|it| it.value));
            }
            used.extend(action.reads.iter().filter_map(|it| match it {
                Files::Repository(id) => Some(*id),
                Files::Project => None,
            }));
        }
    }
    let of_stages = pipeline.stages.iter().flat_map(|it| &it.includes);
    let includes = pipeline.includes.iter().map(|it| &it.include).chain(&pipeline.extends).chain(of_stages);
    used.extend(includes.filter_map(|it| it.from.as_ref()).map(|it| it.value));
    let others = used.into_iter().filter(|id| !project.repositories[*id].is_self());
    let resources = others.map(|id| RepositoryResource {
        alias: project.repositories[id].header.ident.value.clone(),
        id,
        push: pushes(project, pipeline).find(|it| it.0 == Some(id)).map(|it| it.1),
    });
    resources.collect()
}

fn sources(project: &Project, pipeline: &project::Pipeline) -> Vec<PipelineResource> {
    let mut found: Vec<PipelineResource> = Vec::new();
    for trigger in &pipeline.triggers {
        let TriggerKind::After { pipeline: source, branches, stages, tags } = &trigger.kind else { continue };
        let other = &project.pipelines[source.value];
        let stages = stages.iter().map(|it| other.stages[it.value].ident.value.clone()).collect();
        let tags = tags.iter().map(|it| it.value.clone()).collect();
        let folder =
            project.settings.folder.as_ref().map(|it| format!("\\{}\\", it.value)).unwrap_or_default();
        found.push(PipelineResource {
            alias: other.header.ident.value.clone(),
            id: source.value,
            source: format!("{folder}{}", title(other)),
            trigger: Some(Completion { branches: branches.clone(), stages, tags }),
        });
    }
    found
}
