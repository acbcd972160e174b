//! Pipelines: their stages, jobs and steps stand in the file as they stand in the plan, with templates between them.

use super::Cx;
use super::outline::ROOT;
use crate::model::documents;
use crate::model::project::TriggerKind;
use crate::plan;

pub fn trace(cx: &mut Cx<'_, '_>) {
    let (project, plan) = (cx.tracer.project, cx.tracer.plan);
    let path = |it: &&plan::Pipeline| documents::pipeline(&project.pipelines[it.id].header) == cx.file.path;
    let Some(pipeline) = plan.pipelines.iter().find(path) else { return };
    parameters(cx, pipeline);
    variables(cx, ROOT, &pipeline.variables);
    resources(cx, pipeline);
    let stages = items(cx, ROOT, "stages").into_iter().filter(|it| cx.outline.child(*it, "stage").is_some());
    for (node, stage) in stages.collect::<Vec<_>>().into_iter().zip(&pipeline.stages) {
        cx.push(node, stage.source, format!("stage `{}`", stage.name));
        variables(cx, node, &stage.variables);
        let jobs =
            items(cx, node, "jobs").into_iter().filter(|it| cx.outline.child(*it, "template").is_none());
        for (node, job) in jobs.collect::<Vec<_>>().into_iter().zip(&stage.jobs) {
            cx.push(node, job.source, format!("job `{}`", job.name));
            variables(cx, node, &job.variables);
            steps(cx, node, job);
        }
    }
}

fn parameters(cx: &mut Cx<'_, '_>, pipeline: &plan::Pipeline) {
    let declared = &cx.tracer.project.pipelines[pipeline.id].params;
    for (node, parameter) in items(cx, ROOT, "parameters").into_iter().zip(&pipeline.parameters) {
        if let Some(it) = declared.get(&parameter.name) {
            cx.push(node, it.ident.span, format!("parameter `{}`", parameter.name));
        }
    }
}

/// Each leads to the block that holds it, a value to its own line there.
fn variables(cx: &mut Cx<'_, '_>, node: usize, variables: &[plan::Variable]) {
    let declared = &cx.tracer.project.variables;
    for (node, variable) in items(cx, node, "variables").into_iter().zip(variables) {
        let blocks = || declared.values();
        let found = match variable {
            plan::Variable::Group(group) => blocks()
                .find(|it| it.group.as_ref().is_some_and(|it| it.value == *group))
                .map(|it| &it.header),
            plan::Variable::Template(path) => blocks()
                .find(|it| {
                    it.template.as_ref().is_some_and(|it| path.ends_with(it.value.trim_start_matches("./")))
                })
                .map(|it| &it.header),
            plan::Variable::Value(name, _) => {
                let mut members = blocks().flat_map(|it| it.members.values());
                if let Some(member) = members.find(|it| it.name == *name && it.value.is_some()) {
                    cx.push(node, member.ident.span, format!("variable `{name}`"));
                }
                continue;
            }
            plan::Variable::Runtime(..) => continue,
        };
        if let Some(header) = found {
            cx.push(node, header.head, format!("variables `{}`", header.ident.value));
        }
    }
}

/// What makes them be there: the declaration of a repository, the trigger or `resource` of this pipeline for the others.
fn resources(cx: &mut Cx<'_, '_>, pipeline: &plan::Pipeline) {
    let project = cx.tracer.project;
    let source = &project.pipelines[pipeline.id];
    let list =
        |key: &str| cx.outline.get(ROOT, &["resources"]).map_or_else(Vec::new, |it| items(cx, it, key));
    let (repositories, pipelines) = (list("repositories"), list("pipelines"));
    let (containers, webhooks) = (list("containers"), list("webhooks"));
    for (node, it) in repositories.into_iter().zip(&pipeline.repositories) {
        cx.push(node, project.repositories[it.id].header.head, format!("repository `{}`", it.alias));
    }
    let trigger = |wanted: &dyn Fn(&TriggerKind) -> bool| {
        source.triggers.iter().find(|it| wanted(&it.kind)).map(|it| it.span)
    };
    for (node, it) in pipelines.into_iter().zip(&pipeline.sources) {
        let said = source.sources.iter().find(|said| said.alias.value == it.alias).map(|it| it.span);
        let starts = |kind: &TriggerKind| matches!(kind, TriggerKind::After { pipeline, .. } if pipeline.value == it.id);
        if let Some(span) = said.or_else(|| trigger(&starts)) {
            cx.push(node, span, format!("pipeline `{}`", it.alias));
        }
    }
    for (node, it) in containers.into_iter().zip(&pipeline.images) {
        cx.push(node, it.image.alias.span, format!("image `{}`", it.image.alias.value));
    }
    for (node, it) in webhooks.into_iter().zip(&pipeline.webhooks) {
        cx.push(node, it.name.span, format!("webhook `{}`", it.name.value));
    }
}

fn steps(cx: &mut Cx<'_, '_>, node: usize, job: &plan::Job) {
    let deploy = cx.outline.get(node, &["strategy", "runOnce", "deploy"]).unwrap_or(node);
    for (node, step) in items(cx, deploy, "steps").into_iter().zip(&job.steps) {
        let name = step.name.as_ref().filter(|_| step.title.is_empty()).unwrap_or(&step.title);
        cx.push(node, step.source, format!("step `{name}`"));
    }
}

fn items(cx: &Cx<'_, '_>, node: usize, key: &str) -> Vec<usize> {
    let list = cx.outline.child(node, key);
    list.map_or_else(Vec::new, |it| cx.outline.children(it).map(|it| it.1).collect())
}
