//! From the project to the plan, pipeline by pipeline.

use super::context::Context;
use super::include;
use super::parts::{self, Part as JobPart};
use super::read::Reading;
use super::stage::stages;
use super::{Constant, Parameter, Pipeline, Plan, RepositoryResource, Variable, triggers};
use crate::base::arena::Id;
use crate::base::parallel;
use crate::diag::Diagnostic;
use crate::graph::Graphs;
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::{self, Project, Variables};
use crate::model::steps::action::{ActionBody, Files};
use indexmap::IndexSet;
use std::cell::RefCell;

/// The work of planning a pipeline, in bytes of source that cost as much to read.
const WORTH: usize = 300;

/// The plan of all pipelines. `out` is the output folder relative to the project's root.
pub fn build(project: &Project, graphs: &Graphs, out: &str) -> (Plan, Vec<Diagnostic>) {
    let ids: Vec<_> = project.pipelines.ids().collect();
    let planned = parallel::map(&ids, ids.len() * WORTH, |id| {
        let findings = RefCell::new(Vec::new());
        (pipeline(project, graphs, out, *id, &findings), findings.into_inner())
    });
    let (pipelines, findings): (Vec<_>, Vec<_>) = planned.into_iter().unzip();
    (Plan { pipelines }, findings.concat())
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
    let stages = stages(&reading, &context, &graphs.pipelines[id.index()], &attached);
    let extended = include::extended(project, source).filter(|_| stages.is_empty());
    let included = source.includes.iter().filter(|_| extended.is_none());
    Pipeline {
        id,
        title: title(source),
        push: triggers::self_push(project, source),
        pull_request: triggers::pull_request(project, source),
        schedules: triggers::schedules(source),
        images: triggers::images(project, source, &context, findings),
        webhooks: triggers::webhooks(source),
        repositories: repositories(project, source, &parts),
        sources: triggers::sources(project, source),
        parameters: source.params.values().map(parameter).collect(),
        variables: variables(project, out, &attached),
        includes: included.map(|it| (it.before, include::outside(&reading, 0, &it.include))).collect(),
        extends: source.extends.as_ref().or(extended).map(|it| include::outside(&reading, 0, it)),
        stages,
    }
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
    out: &str,
    attached: impl IntoIterator<Item = &'i Id<Variables>>,
) -> Vec<Variable> {
    let mut found = Vec::new();
    for id in attached {
        let variables = &project.variables[*id];
        found.extend(variables.group.as_ref().map(|it| Variable::Group(it.value.clone())));
        let template = variables.template.as_ref();
        found.extend(template.map(|it| Variable::Template(include::from_pipelines(out, &it.value))));
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

/// Other repositories: those that start it and those whose files it reads.
fn repositories(
    project: &Project,
    pipeline: &project::Pipeline,
    parts: &[Vec<Vec<JobPart>>],
) -> Vec<RepositoryResource> {
    let mut used: IndexSet<Id<project::Repository>> =
        triggers::pushes(project, pipeline).filter_map(|it| it.0).collect();
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
        push: triggers::pushes(project, pipeline).find(|it| it.0 == Some(id)).map(|it| it.1),
    });
    resources.collect()
}
