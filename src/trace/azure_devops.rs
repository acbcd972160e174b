//! Pipelines: their stages, jobs and steps stand in the file as they stand in the plan, with templates between them.

use super::Cx;
use super::outline::ROOT;
use crate::model::documents;
use crate::plan;

pub fn trace(cx: &mut Cx<'_, '_>) {
    let (project, plan) = (cx.tracer.project, cx.tracer.plan);
    let path = |it: &&plan::Pipeline| documents::pipeline(&project.pipelines[it.id].header) == cx.file.path;
    let Some(pipeline) = plan.pipelines.iter().find(path) else { return };
    parameters(cx, pipeline);
    let stages = items(cx, ROOT, "stages").into_iter().filter(|it| cx.outline.child(*it, "stage").is_some());
    for (node, stage) in stages.collect::<Vec<_>>().into_iter().zip(&pipeline.stages) {
        cx.push(node, stage.source, format!("stage `{}`", stage.name));
        let jobs =
            items(cx, node, "jobs").into_iter().filter(|it| cx.outline.child(*it, "template").is_none());
        for (node, job) in jobs.collect::<Vec<_>>().into_iter().zip(&stage.jobs) {
            cx.push(node, job.source, format!("job `{}`", job.name));
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
