//! Endpoints of Azure ML.

use super::ml::name;
use super::{Reader, declared};
use crate::compare::tree::{Kind, Node, Value, Weight};
use crate::model::project::{Deployment, Endpoint, ModelChoice};

impl Reader<'_> {
    pub(super) fn endpoint(&self, it: &Endpoint) -> Node {
        let mut node = declared(Kind::Endpoint, &it.header);
        let settings = &it.settings;
        node.described(settings.description.as_ref(), it.header.doc.as_ref());
        node.text("type", Some(it.kind.word()), Weight::Runs);
        node.text("auth", Some(it.auth().word()), Weight::ChangesProtection);
        let public = settings.public.as_ref().is_none_or(|it| it.value);
        node.flag("public", public, Weight::LowersProtection).down(Weight::RaisesProtection);
        node.text("identity", settings.identity.as_ref(), Weight::ChangesProtection);
        let compute = settings.compute.as_ref().map(|it| &self.project.computes[it.value].header);
        node.text("compute", compute.map(|it| name(Kind::Compute, it)), Weight::Costs);
        node.text("default", settings.default.as_ref().map(|it| &it.value), Weight::Runs);
        let shares = |all: &crate::model::project::Traffic| {
            let each: Vec<String> = all.iter().map(|(name, it)| format!("`{name}` {} %", it.value)).collect();
            (!each.is_empty()).then(|| each.join(", "))
        };
        for (label, all) in [("traffic", &settings.traffic), ("mirror", &settings.mirror)] {
            if let Some(text) = shares(all) {
                node.fact(label, Value::Text(text), Weight::Runs);
            }
        }
        node.table("tag", settings.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
        node.children.extend(settings.deployments.values().map(|it| self.deployment(it)));
        node
    }

    fn deployment(&self, it: &Deployment) -> Node {
        let mut node = Node::new(Kind::Deployment, &it.ident.value, it.head);
        node.described(it.description.as_ref(), None);
        let model = it.model.as_ref().map(|it| {
            let version = match &it.value.choice {
                ModelChoice::Latest => "@latest".to_owned(),
                ModelChoice::At(version) => format!(":{version}"),
                ModelChoice::Staged(stage) => format!("@{}", stage.as_deref().unwrap_or("stage")),
            };
            name(Kind::Model, &self.project.models[it.value.model].header) + &version
        });
        node.text("model", model, Weight::Images);
        node.text("runtime", it.runtime.as_ref().map(|it| self.runtime_name(it.value)), Weight::Images);
        let code = it.code.as_ref().map(|it| format!("{}/{}", it.folder.value, it.script.value));
        node.text("code", code, Weight::Runs);
        node.text("size", it.size.as_ref().map(|it| &it.value), Weight::Costs);
        node.number("instances", it.instances.as_ref().map(|it| it.value), Weight::Costs);
        let compute = it.compute.as_ref().map(|it| &self.project.computes[it.value].header);
        node.text("compute", compute.map(|it| name(Kind::Compute, it)), Weight::Costs);
        let pipeline = it.ml_pipeline.as_ref().map(|it| &self.project.ml_pipelines[it.value].header);
        node.text("ml_pipeline", pipeline.map(|it| name(Kind::MlPipeline, it)), Weight::MachineLearning);
        node.text("mount", it.mount.as_ref().map(|it| &it.value), Weight::Runs);
        node.flag("app_insights", it.app_insights.as_ref().is_some_and(|it| it.value), Weight::Other);
        let egress = it.egress.as_ref().is_none_or(|it| it.value);
        node.flag("egress", egress, Weight::LowersProtection).down(Weight::RaisesProtection);
        node.table("env", it.env.iter().map(|(key, value)| (key, value.clone())), Weight::Runs);
        node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
        if let Some(requests) = &it.requests {
            node.time("timeout of requests", requests.timeout, Weight::Runs);
            node.number("concurrency", requests.concurrency, Weight::Costs);
            node.time("queue", requests.queue.as_ref().map(|it| it.value), Weight::Runs);
        }
        if let Some(scale) = &it.scale {
            node.range(["fewest instances", "most instances"], scale.instances, Weight::Costs);
            node.number("percent of utilization", scale.utilization, Weight::Costs);
            node.time("poll", scale.poll, Weight::Costs);
        }
        if let Some(resources) = &it.resources {
            for (label, range) in [("cpu", &resources.cpu), ("memory", &resources.memory)] {
                node.text(label, range.as_ref().map(|it| format!("{}..{}", it.0, it.1)), Weight::Costs);
            }
            node.number("gpu", resources.gpu, Weight::Costs);
        }
        node.long("probe readiness", it.readiness.as_ref(), Weight::Runs);
        node.long("probe liveness", it.liveness.as_ref(), Weight::Runs);
        node.long("collect", it.collect.as_ref(), Weight::Runs);
        node.long("mini_batch", it.mini_batch.as_ref(), Weight::Runs);
        node
    }
}
