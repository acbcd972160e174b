//! A deployment of an endpoint: what it says, and whether its endpoint can have it.

use super::flag;
use crate::base::arena::Id;
use crate::base::files::{FileKind, normalize};
use crate::base::span::{Span, Spanned};
use crate::model::decode::resources::{tags, whole_ends};
use crate::model::errors;
use crate::model::fields::{Cx, Fields, check_identifier};
use crate::model::project::{
    Collect, Deployment, EndpointKind, InstanceProbe, InstanceResources, InstanceScale, MiniBatch,
    ModelChoice, ModelVersion, Requests, ScoringCode,
};
use crate::schema::Kind;
use crate::syntax::ast;

pub(super) fn deployment(fields: &mut Fields<'_, '_>) -> Deployment {
    let header = fields.header(str::to_owned);
    if !header.ident.value.is_empty() {
        check_identifier(fields.cx, &header.ident);
    }
    let (readiness, liveness) = probes(fields);
    Deployment {
        head: header.head,
        doc: header.doc,
        description: fields.plain("description"),
        model: fields.ast("model").and_then(|it| model(fields.cx, it)),
        runtime: fields.reference("runtime"),
        code: fields.one("code", code),
        size: fields.string("size"),
        instances: fields
            .count("instances")
            .zip(fields.span_of("instances"))
            .map(|(it, span)| Spanned::new(it, span)),
        compute: fields.reference("compute"),
        ml_pipeline: fields.reference("ml_pipeline"),
        mount: fields.string("mount"),
        app_insights: flag(fields, "app_insights"),
        egress: flag(fields, "egress"),
        env: fields.string_map("env"),
        tags: tags(fields),
        requests: fields.one("requests", requests),
        readiness,
        liveness,
        collect: fields.one("collect", collect),
        scale: fields.one("scale", scale),
        resources: fields.one("resources", resources),
        mini_batch: fields.one("mini_batch", mini_batch),
        said: NEEDED.into_iter().filter(|it| fields.has(it)).collect(),
        ident: header.ident,
    }
}

const NEEDED: [&str; 4] = ["model", "ml_pipeline", "size", "compute"];

fn model(cx: &mut Cx<'_>, written: &ast::Expr) -> Option<Spanned<ModelVersion>> {
    let choice = match &written.kind {
        ast::ExprKind::Path(path) => Some((path, ModelChoice::Latest)),
        ast::ExprKind::Call(name, arguments) => called(name, arguments),
        ast::ExprKind::Broken => return None,
        _ => None,
    };
    let Some((path, choice)) = choice else {
        let help = "write its name, `latest(price)`, `at(price, \"3\")` or `staged(price, \"production\")`";
        cx.push(errors::wrong_type(written.span, "this is no model", help));
        return None;
    };
    if let ModelChoice::At(version) = &choice
        && !version.parse::<u32>().is_ok_and(|it| it > 0)
    {
        let help = "write a whole number from 1: Azure ML counts them";
        cx.push(errors::invalid_value(written.span, "this is no version of a model", help));
    }
    match cx.symbols.find(&[Kind::Model], path) {
        Ok(found) => Some(Spanned::new(ModelVersion { model: Id::new(found.index), choice }, written.span)),
        Err(finding) => {
            cx.push(finding);
            None
        }
    }
}

fn called<'a>(name: &ast::Path, arguments: &'a [ast::Expr]) -> Option<(&'a ast::Path, ModelChoice)> {
    let path = |it: &'a ast::Expr| match &it.kind {
        ast::ExprKind::Path(path) => Some(path),
        _ => None,
    };
    let text = |it: &ast::Expr| match &it.kind {
        ast::ExprKind::String(text) if !text.value.is_empty() => Some(text.constant()?.into_owned()),
        _ => None,
    };
    match (name.as_ident()?.value.as_str(), arguments) {
        ("latest", [model]) => Some((path(model)?, ModelChoice::Latest)),
        ("at", [model, version]) => Some((path(model)?, ModelChoice::At(text(version)?))),
        ("staged", [model]) => Some((path(model)?, ModelChoice::Staged(None))),
        ("staged", [model, stage]) => Some((path(model)?, ModelChoice::Staged(Some(text(stage)?)))),
        _ => None,
    }
}

fn code(fields: &mut Fields<'_, '_>) -> ScoringCode {
    let (folder, script) = (fields.required_string("folder"), fields.required_string("script"));
    if !folder.value.is_empty() && !script.value.is_empty() {
        match normalize(&script.value).filter(|_| !script.value.starts_with('/')) {
            None => {
                let help = "write its path from the folder on";
                fields.cx.push(errors::invalid_value(
                    script.span,
                    "the scoring script stands in the folder",
                    help,
                ));
            }
            Some(inside) => {
                let path = if folder.value == "." { inside } else { format!("{}/{inside}", folder.value) };
                fields.cx.existing_path(&Spanned::new(path, script.span), Some(FileKind::File));
            }
        }
    }
    ScoringCode { folder, script, span: fields.head() }
}

fn requests(fields: &mut Fields<'_, '_>) -> Requests {
    Requests {
        timeout: fields.seconds("timeout").map(|it| it.value),
        concurrency: fields.count("concurrency"),
        queue: fields.seconds("queue"),
        span: fields.head(),
    }
}

fn probes(fields: &mut Fields<'_, '_>) -> (Option<InstanceProbe>, Option<InstanceProbe>) {
    let decoded = fields.each("probe", |it| {
        let seconds = |name: &str| it.seconds(name).map(|it| it.value);
        let probe = InstanceProbe {
            delay: seconds("delay"),
            period: seconds("period"),
            timeout: seconds("timeout"),
            failures: it.count("failures"),
            successes: it.count("successes"),
            span: it.head(),
        };
        (it.argument_word("kind"), probe)
    });
    let (mut readiness, mut liveness) = (None::<InstanceProbe>, None::<InstanceProbe>);
    for (kind, probe) in decoded {
        let Some(kind) = kind else { continue };
        let slot = if kind == "liveness" { &mut liveness } else { &mut readiness };
        match slot {
            Some(first) => {
                fields.cx.push(errors::duplicate_block(probe.span, &format!("probe {kind}"), first.span));
            }
            None => *slot = Some(probe),
        }
    }
    (readiness, liveness)
}

fn percent(fields: &Fields<'_, '_>, name: &str) -> Option<u32> {
    match fields.value(name)?.value {
        crate::model::convert::Value::Percent(it) => Some(it),
        _ => None,
    }
}

fn collect(fields: &mut Fields<'_, '_>) -> Collect {
    Collect {
        inputs: fields.bool("inputs").unwrap_or(true),
        outputs: fields.bool("outputs").unwrap_or(true),
        sampling: percent(fields, "sampling"),
        rolling: fields.word("rolling"),
        headers: fields.strings("headers").into_iter().map(|it| it.value).collect(),
        span: fields.head(),
    }
}

fn scale(fields: &mut Fields<'_, '_>) -> InstanceScale {
    InstanceScale {
        instances: fields.value("instances").map_or((1, 1), |it| whole_ends(&it.value)),
        utilization: percent(fields, "utilization"),
        poll: fields.seconds("poll").map(|it| it.value),
        span: fields.head(),
    }
}

fn resources(fields: &mut Fields<'_, '_>) -> InstanceResources {
    let ends = |name: &str| {
        let (low, high) = fields.value(name)?.value.ends();
        Some((low.as_string()?.to_owned(), high.as_string()?.to_owned()))
    };
    InstanceResources {
        cpu: ends("cpu"),
        memory: ends("memory"),
        gpu: fields.count("gpu"),
        span: fields.head(),
    }
}

fn mini_batch(fields: &mut Fields<'_, '_>) -> MiniBatch {
    MiniBatch {
        size: fields.count("size"),
        concurrency: fields.count("concurrency"),
        retries: fields.count("retries"),
        timeout: fields.seconds("timeout").map(|it| it.value),
        failures: fields.int("failures").map(|it| it.value),
        output: fields.word("output"),
        file: fields.string("file"),
        logging: fields.word("logging"),
        span: fields.head(),
    }
}

/// Whether an endpoint of that type, managed or on a cluster, can have it.
pub(super) fn check(cx: &mut Cx<'_>, kind: EndpointKind, on_cluster: bool, deployment: &Deployment) {
    foreign(cx, kind, on_cluster, deployment);
    let lacks = |word: &str| !deployment.said.contains(&word);
    let mut missing = |word: &str, help: &str| {
        cx.push(errors::missing_attribute(deployment.head, "deployment", word, help));
    };
    match kind {
        EndpointKind::Online if lacks("model") => missing("model", "add `model = NAME`"),
        EndpointKind::Batch if lacks("model") && lacks("ml_pipeline") => {
            missing("model", "add `model = NAME`, or `ml_pipeline = NAME`");
        }
        EndpointKind::Online | EndpointKind::Batch => {}
    }
    if kind == EndpointKind::Online && !on_cluster && lacks("size") {
        missing("size", "add `size = \"Standard_DS3_v2\"`");
    }
    if kind == EndpointKind::Batch && lacks("ml_pipeline") && lacks("compute") {
        missing("compute", "add `compute = NAME`: a batch deployment runs on a cluster");
    }
    if let Some(pipeline) = &deployment.ml_pipeline {
        beside_pipeline(cx, pipeline.span, deployment);
    }
    if let (Some(code), None) = (&deployment.code, &deployment.runtime) {
        cx.push(errors::missing_attribute(
            code.span,
            "deployment",
            "runtime",
            "add `runtime = NAME`: code needs something to run in",
        ));
    }
    if let (Some(scale), Some(instances)) = (&deployment.scale, &deployment.instances) {
        let finding = errors::invalid_value(
            instances.span,
            "what scales has no fixed number of instances",
            "remove `instances`, or `scale`",
        );
        cx.push(finding.label(scale.span, "scales"));
    }
}

/// Words with where they stand.
type Words<'a> = &'a [(&'static str, Option<Span>)];

/// Words that this endpoint cannot have.
fn foreign(cx: &mut Cx<'_>, kind: EndpointKind, on_cluster: bool, deployment: &Deployment) {
    let span = |it: &Option<Spanned<bool>>| it.as_ref().map(|it| it.span);
    let online = [
        ("app_insights", span(&deployment.app_insights)),
        ("requests", deployment.requests.as_ref().map(|it| it.span)),
        ("probe", deployment.readiness.as_ref().or(deployment.liveness.as_ref()).map(|it| it.span)),
        ("collect", deployment.collect.as_ref().map(|it| it.span)),
        ("mount", deployment.mount.as_ref().map(|it| it.span)),
    ];
    let managed = [("egress", span(&deployment.egress))];
    let cluster = [
        ("scale", deployment.scale.as_ref().map(|it| it.span)),
        ("resources", deployment.resources.as_ref().map(|it| it.span)),
        ("queue", deployment.requests.as_ref().and_then(|it| it.queue.as_ref()).map(|it| it.span)),
    ];
    let batch = [
        ("mini_batch", deployment.mini_batch.as_ref().map(|it| it.span)),
        ("compute", deployment.compute.as_ref().map(|it| it.span)),
        ("ml_pipeline", deployment.ml_pipeline.as_ref().map(|it| it.span)),
    ];
    let size = [("size", deployment.size.as_ref().map(|it| it.span))];
    let none: Words<'_> = &[];
    let (what, groups): (_, [Words<'_>; 4]) = match (kind, on_cluster) {
        (EndpointKind::Online, false) => ("a managed online endpoint", [&cluster, &batch, none, none]),
        (EndpointKind::Online, true) => ("an online endpoint on a cluster", [&managed, &batch, none, none]),
        (EndpointKind::Batch, _) => ("a batch endpoint", [&online, &managed, &cluster, &size]),
    };
    for (word, span) in groups.into_iter().flatten() {
        if let Some(span) = span {
            let message = format!("`{word}` has no meaning in {what}");
            cx.push(errors::invalid_value(*span, message, "remove it"));
        }
    }
}

/// An ML pipeline brings everything with it.
fn beside_pipeline(cx: &mut Cx<'_>, pipeline: Span, deployment: &Deployment) {
    let brought = [
        ("model", deployment.model.as_ref().map(|it| it.span)),
        ("runtime", deployment.runtime.as_ref().map(|it| it.span)),
        ("code", deployment.code.as_ref().map(|it| it.span)),
        ("instances", deployment.instances.as_ref().map(|it| it.span)),
        ("mini_batch", deployment.mini_batch.as_ref().map(|it| it.span)),
        ("env", deployment.env.first().map(|_| deployment.head)),
    ];
    for (word, span) in brought {
        if let Some(span) = span {
            let message = format!("`{word}` has no meaning beside an ML pipeline");
            let finding = errors::invalid_value(span, message, "remove it: the ML pipeline's steps say it");
            cx.push(finding.label(pipeline, "runs this"));
        }
    }
}
