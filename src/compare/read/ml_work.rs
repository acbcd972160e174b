//! Steps of ML pipelines.

use super::ml::{name, port};
use super::{Reader, shape};
use crate::base::arena::Id;
use crate::compare::tree::{Kind, Node, Value, Weight, reference};
use crate::model::data::json_of;
use crate::model::project::{MlPipeline, MlSource, MlStep, MlWork, Runtime, Spark, Sweep};

const WEIGHT: Weight = Weight::MachineLearning;

impl Reader<'_> {
    pub(super) fn runtime_name(&self, id: Id<Runtime>) -> String {
        name(Kind::Runtime, &self.project.runtimes[id].header)
    }

    pub(super) fn ml_step(&self, pipeline: &MlPipeline, it: &MlStep) -> Node {
        let mut node = Node::new(Kind::MlStep, &it.ident.value, it.head);
        node.text("title", it.title.as_ref(), Weight::Other);
        node.text("code", it.code.as_ref().map(|it| &it.value), WEIGHT);
        node.text("runtime", it.runtime.as_ref().map(|it| self.runtime_name(it.value)), Weight::Images);
        if let Some(command) = it.text() {
            let text: Vec<&str> = command.value.split_whitespace().collect();
            node.text("command", Some(text.join(" ")), WEIGHT);
        }
        let compute = it.compute.as_ref().map(|it| &self.project.computes[it.value].header);
        node.text("compute", compute.map(|it| name(Kind::Compute, it)), Weight::Costs);
        node.flag("reuse", it.reuse, Weight::Costs);
        if let Some(when) = &it.when {
            let text = format!("`{}`", port(pipeline, &when.value));
            node.fact("when", Value::Text(text), WEIGHT).at(Some(when.span));
        }
        node.time("timeout", it.timeout_seconds, Weight::Costs);
        node.number("instances", it.resources.instances, Weight::Costs);
        node.text("instance_type", it.resources.instance_type.as_ref(), Weight::Costs);
        node.text("shm_size", it.resources.shm_size.as_ref(), Weight::Costs);
        node.text("docker_args", it.resources.docker_args.as_ref(), WEIGHT);
        node.text("distribution", it.distribution.map(|it| shape(&it)), Weight::Costs);
        node.long("identity", it.identity.as_ref(), Weight::ChangesProtection);
        node.table("env", it.env.iter().map(|(key, value)| (key, value.clone())), WEIGHT);
        node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
        node.table("key", it.extra.iter().map(|(key, it)| (key, json_of(&it.value.value))), WEIGHT);
        for (key, binding) in &it.inputs {
            let source = match &binding.source {
                MlSource::Input(it) => format!("inputs.{it}"),
                MlSource::Output(it) => port(pipeline, it),
                MlSource::Literal(it) => self.value(it),
            };
            let mode = binding.mode.map(|it| format!(" ({it})")).unwrap_or_default();
            node.text(&format!("input `{key}`"), Some(source + &mode), WEIGHT);
        }
        for (key, output) in &it.outputs {
            let path = output.path.as_ref().map(|it| format!(" to {}", self.path(it))).unwrap_or_default();
            let mode = output.mode.map(|it| format!(" ({it})")).unwrap_or_default();
            node.text(&format!("output `{key}`"), Some(format!("{}{mode}{path}", output.ty.word())), WEIGHT);
        }
        self.work(&mut node, &it.work);
        let own = pipeline.header.ident.value.as_str();
        let before = it.after.iter().filter_map(|it| pipeline.steps.get(it.value));
        node.after =
            before.map(|it| reference(&[(Kind::MlPipeline, own), (Kind::MlStep, &it.ident.value)])).collect();
        node
    }

    fn work(&self, node: &mut Node, work: &MlWork) {
        let what = match work {
            MlWork::Pipeline(it) => name(Kind::MlPipeline, &self.project.ml_pipelines[it.value].header),
            _ => work.component().map_or_else(
                || work.describe().to_owned(),
                |it| name(Kind::Component, &self.project.components[it.value].header),
            ),
        };
        node.fact("does", Value::Text(what), WEIGHT);
        match work {
            MlWork::Sweep(it) => sweep(node, it),
            MlWork::Spark(it) => spark(node, it),
            MlWork::Parallel(it) => {
                node.text("mini_batch_size", it.mini_batch_size.as_ref(), Weight::Costs);
                node.number("concurrency", Some(it.max_concurrency_per_instance), Weight::Costs);
                node.time("timeout of a mini-batch", it.timeout, Weight::Costs);
                let rest = (
                    (&it.entry.value, &it.input_data.value, it.append_row_to.as_ref().map(|it| &it.value)),
                    (it.mini_batch_error_threshold, it.error_threshold, it.retries, it.logging_level),
                );
                node.long("settings of the parallel step", Some(&rest), WEIGHT);
            }
            MlWork::Command | MlWork::Component(_) | MlWork::Pipeline(_) => {}
        }
    }
}

fn sweep(node: &mut Node, it: &Sweep) {
    node.number("max_total", Some(it.max_total), Weight::Costs);
    node.number("max_concurrent", it.max_concurrent, Weight::Costs);
    node.time("timeout of the sweep", it.timeout, Weight::Costs);
    node.time("timeout of a trial", it.trial_timeout, Weight::Costs);
    node.text("sampling", Some(it.sampling.word()), WEIGHT);
    node.text("metric", Some(&it.metric), WEIGHT);
    node.flag("maximize", it.maximize, WEIGHT);
    node.table("space", it.space.iter().map(|(key, it)| (key, format!("{:?}", it.values.value))), WEIGHT);
    node.text("early_stop", it.early_stop.as_ref().map(shape), Weight::Costs);
}

fn spark(node: &mut Node, it: &Spark) {
    node.text("entry", Some(&it.entry.value), WEIGHT);
    node.text("instance_type of Spark", it.instance_type.as_ref().map(|it| &it.value), Weight::Costs);
    node.text("runtime_version", it.runtime_version.as_ref().map(|it| &it.value), Weight::Images);
    node.text("driver", Some(format!("{} cores, {}", it.driver.cores, it.driver.memory)), Weight::Costs);
    node.text(
        "executor",
        Some(format!("{} cores, {}", it.executor.cores, it.executor.memory)),
        Weight::Costs,
    );
    node.range(["fewest executors", "most executors"], it.executors, Weight::Costs);
    node.table("conf", it.conf.iter().map(|(key, value)| (key, value.clone())), WEIGHT);
    node.long("files of Spark", Some(&(&it.py_files, &it.jars, &it.files, &it.archives)), WEIGHT);
}
