//! What stands in Azure ML: resources, ML pipelines with their inputs and steps, registrations, schedules.

use super::{Reader, declared};
use crate::compare::tree::{Kind, Node, Value, Weight, named};
use crate::model::data::json_of;
use crate::model::project::{
    AssetPath, AssetVersion, Clock, Component, ComponentSource, Compute, DataSource, DatastoreKind, Header,
    MlDefault, MlInput, MlPipeline, MlPort, Model, Registration, Runtime, Schedule, Workspace,
};

const WEIGHT: Weight = Weight::MachineLearning;

impl Reader<'_> {
    pub(super) fn machine_learning(&self) -> Vec<Node> {
        let project = self.project;
        let mut found: Vec<Node> = project.workspaces.values().map(workspace).collect();
        found.extend(project.datastores.values().map(|it| {
            let mut node = declared(Kind::Datastore, &it.header);
            node.described(it.description.as_ref(), it.header.doc.as_ref());
            node.text("place", it.kind.as_ref().map(place), WEIGHT);
            let credentials = it.credentials.iter().map(|(key, it)| (*key, self.expr(it)));
            for (key, value) in credentials {
                node.text(key, Some(value), Weight::Secrets);
            }
            node
        }));
        found.extend(project.data.values().map(|it| {
            let mut node = declared(Kind::Data, &it.header);
            node.described(it.description.as_ref(), it.header.doc.as_ref());
            node.text("type", Some(it.ty.word()), WEIGHT);
            node.text("path", it.path.as_ref().map(|it| self.path(it)), WEIGHT);
            node.text("version", it.version.as_ref().map(|it| &it.value), WEIGHT);
            node
        }));
        found.extend(project.models.values().map(model));
        found.extend(project.computes.values().filter(|it| !it.serverless).map(compute));
        found.extend(project.runtimes.values().map(|it| self.runtime(it)));
        found.extend(project.components.values().map(|it| self.component(it)));
        found.extend(project.ml_pipelines.values().map(|it| self.ml_pipeline(it)));
        found.extend(project.endpoints.values().map(|it| self.endpoint(it)));
        found
    }

    pub(super) fn path(&self, path: &AssetPath) -> String {
        match path {
            AssetPath::Datastore(store, path) => {
                format!("{}/{path}", name(Kind::Datastore, &self.project.datastores[*store].header))
            }
            AssetPath::Local(it) | AssetPath::Url(it) => it.clone(),
        }
    }

    pub(super) fn value(&self, value: &MlDefault) -> String {
        match value {
            MlDefault::String(it) => it.clone(),
            MlDefault::Integer(it) => it.to_string(),
            MlDefault::Number(it) => it.to_string(),
            MlDefault::Boolean(it) => it.to_string(),
            MlDefault::Data(DataSource::Path(it)) => self.path(it),
            MlDefault::Data(DataSource::Asset(it, version)) => {
                name(Kind::Data, &self.project.data[*it].header) + &of_version(version)
            }
            MlDefault::Data(DataSource::Model(it, version)) => {
                name(Kind::Model, &self.project.models[*it].header) + &of_version(version)
            }
        }
    }

    fn runtime(&self, it: &Runtime) -> Node {
        let mut node = declared(Kind::Runtime, &it.header);
        node.described(it.description.as_ref(), it.header.doc.as_ref());
        node.image("image", it.image.as_ref().map(|it| it.value.as_str()));
        node.text("conda", it.conda.as_ref().map(|it| &it.value), Weight::Images);
        node.text("built from", it.build.as_ref().map(|it| &it.context.value), Weight::Images);
        let dockerfile = it.build.as_ref().and_then(|it| it.dockerfile.as_ref());
        node.text("dockerfile", dockerfile.map(|it| &it.value), Weight::Images);
        node.text("version", it.version.as_ref().map(|it| &it.value), Weight::Images);
        let registry = it.registry.as_ref().map(|it| &self.project.ml_registries[it.value].header.name.value);
        node.text("registry", registry, Weight::Images);
        node
    }

    fn component(&self, it: &Component) -> Node {
        let mut node = declared(Kind::Component, &it.header);
        node.described(it.description.as_ref(), it.header.doc.as_ref());
        node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
        node.text("type", Some(it.kind.word()), WEIGHT);
        node.text("version", it.version.as_ref().map(|it| &it.value), WEIGHT);
        match &it.source {
            ComponentSource::File(it) => node.text("file", Some(&it.value), WEIGHT),
            ComponentSource::Registry(it) => {
                let registry = &self.project.ml_registries[it.value].header.name.value;
                node.text("registry", Some(registry), WEIGHT);
            }
            ComponentSource::Workspace => {}
            ComponentSource::Written(it) => {
                node.text("code", it.code.as_ref().map(|it| &it.value), WEIGHT);
                node.text(
                    "runtime",
                    it.runtime.as_ref().map(|it| self.runtime_name(it.value)),
                    Weight::Images,
                );
                node.text("command", it.command.as_ref().map(|it| &it.value), WEIGHT);
                node.flag("reuse", it.reuse, Weight::Costs);
                node.long("resources", Some(&it.resources), Weight::Costs);
                node.long("distribution", it.distribution.as_ref(), Weight::Costs);
            }
        }
        node.children.extend(it.inputs.values().map(|it| self.input(it)));
        for output in it.outputs.values() {
            node.text(&format!("output `{}`", output.ident.value), Some(output.ty.word()), WEIGHT);
        }
        node
    }

    fn input(&self, it: &MlInput) -> Node {
        let mut node = Node::new(Kind::MlInput, &it.ident.value, it.ident.span);
        node.described(None, it.doc.as_ref());
        node.text("type", Some(it.ty.word()), WEIGHT);
        node.text("default", it.default.as_ref().map(|it| self.value(it)), WEIGHT);
        node.number("min", it.min, WEIGHT);
        node.number("max", it.max, WEIGHT);
        node.flag("optional", it.optional, WEIGHT);
        node.set("enum", it.choices.iter().map(String::as_str), WEIGHT);
        node
    }

    fn ml_pipeline(&self, it: &MlPipeline) -> Node {
        let mut node = declared(Kind::MlPipeline, &it.header);
        node.described(it.description.as_ref(), it.header.doc.as_ref());
        node.text("experiment", it.experiment.as_ref().map(|it| &it.value), WEIGHT);
        let compute = it.compute.as_ref().map(|it| &self.project.computes[it.value].header);
        node.text("compute", compute.map(|it| name(Kind::Compute, it)), Weight::Costs);
        let store = it.datastore.as_ref().map(|it| &self.project.datastores[it.value].header);
        node.text("datastore", store.map(|it| name(Kind::Datastore, it)), WEIGHT);
        node.flag("reuse", it.reuse, Weight::Costs);
        node.flag("continue_on_step_failure", it.continue_on_step_failure, WEIGHT);
        node.long("identity", it.identity.as_ref(), Weight::ChangesProtection);
        node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
        let extra = it.extra.iter().map(|(key, it)| (key, json_of(&it.value.value)));
        node.table("key", extra, WEIGHT);
        for output in it.outputs.values() {
            let from = port(it, &output.from.value);
            let mode = output.mode.map(|it| format!(" ({it})")).unwrap_or_default();
            let text = format!("{}{mode} from {from}", output.ty.word());
            node.text(&format!("output `{}`", output.ident.value), Some(text), WEIGHT);
            let path = output.path.as_ref().map(|it| self.path(it));
            node.text(&format!("path of output `{}`", output.ident.value), path, WEIGHT);
        }
        node.children.extend(it.inputs.values().map(|it| self.input(it)));
        node.children.extend(it.steps.iter().map(|step| self.ml_step(it, step)));
        node.children.extend(it.registrations.iter().map(|own| self.registration(it, own)));
        node.children.extend(it.schedules.values().map(|it| self.schedule(it)));
        node
    }

    fn registration(&self, pipeline: &MlPipeline, it: &Registration) -> Node {
        let model = name(Kind::Model, &self.project.models[it.model.value].header);
        let mut node = Node::new(Kind::Registration, model, it.span);
        node.text("from", Some(port(pipeline, &it.from.value)), WEIGHT);
        if let Some(when) = &it.when {
            let text = format!("`{}`", port(pipeline, &when.value));
            // Without it each version is registered, good or not.
            node.fact("when", Value::Text(text), Weight::ChangesProtection)
                .down(Weight::LowersProtection)
                .at(Some(when.span));
        }
        node
    }

    fn schedule(&self, it: &Schedule) -> Node {
        let mut node = declared(Kind::Schedule, &it.header);
        node.described(it.description.as_ref(), it.header.doc.as_ref());
        node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
        let clock = match &it.clock {
            Clock::Cron(it) => it.clone(),
            Clock::Every { unit, interval, pattern } => {
                let pattern = pattern.as_ref().map(|it| {
                    format!(" at {:?}:{:?} on {:?} {:?}", it.hours, it.minutes, it.week_days, it.month_days)
                });
                format!(
                    "every {interval} {}{}",
                    format!("{unit:?}").to_lowercase(),
                    pattern.unwrap_or_default()
                )
            }
        };
        node.text("time", Some(clock), WEIGHT);
        node.text("time_zone", it.zone.as_ref().map(|it| &it.value), WEIGHT);
        node.text("start", it.start.as_ref(), WEIGHT);
        node.text("end", it.end.as_ref(), WEIGHT);
        node.flag("enabled", it.enabled, Weight::Reaches).down(Weight::Runs);
        node.table("input", it.inputs.iter().map(|(key, value)| (key, self.value(value))), WEIGHT);
        node
    }
}

/// `step.output`
pub(super) fn port(pipeline: &MlPipeline, port: &MlPort) -> String {
    let step = pipeline.steps.get(port.step).map_or("", |it| it.ident.value.as_str());
    let path = [(Kind::MlPipeline, pipeline.header.ident.value.as_str()), (Kind::MlStep, step)];
    format!("{}.{}", named(&path), port.output)
}

pub(super) fn name(kind: Kind, header: &Header) -> String {
    named(&[(kind, &header.ident.value)])
}

fn of_version(version: &AssetVersion) -> String {
    match version {
        AssetVersion::Declared => String::new(),
        AssetVersion::Latest => "@latest".to_owned(),
        AssetVersion::At(it) => format!(":{it}"),
    }
}

fn workspace(it: &Workspace) -> Node {
    let mut node = declared(Kind::Workspace, &it.header);
    node.described(it.description.as_ref(), it.header.doc.as_ref());
    node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
    node.text("resource_group", Some(&it.resource_group.value), Weight::Runs);
    node.text("region", it.region.as_ref().map(|it| &it.value), Weight::Runs);
    node.text("key_vault", it.key_vault.as_ref(), Weight::ChangesProtection);
    node.text("storage_account", it.storage_account.as_ref(), Weight::Runs);
    node.text("application_insights", it.application_insights.as_ref(), Weight::Runs);
    node.text("container_registry", it.container_registry.as_ref(), Weight::Runs);
    node
}

fn place(kind: &DatastoreKind) -> String {
    match kind {
        DatastoreKind::AzureBlob { account, container } => format!("{account}/{container}"),
        DatastoreKind::AzureFile { account, share } => format!("{account}/{share} (files)"),
        DatastoreKind::AzureDataLakeGen2 { account, filesystem } => format!("{account}/{filesystem} (gen2)"),
    }
}

fn model(it: &Model) -> Node {
    let mut node = declared(Kind::Model, &it.header);
    node.described(it.description.as_ref(), it.header.doc.as_ref());
    node.text("type", Some(it.ty.word()), WEIGHT);
    // By these a candidate is let in or not.
    node.text("metric", it.metric.as_ref().map(|it| &it.value), Weight::ChangesProtection);
    node.flag("minimize", it.minimize, Weight::ChangesProtection);
    let gain = Value::Number(it.minimum_gain, it.minimum_gain.to_string());
    node.fact("minimum_gain", gain, Weight::RaisesProtection).down(Weight::LowersProtection);
    node.text("stage", Some(&it.stage), WEIGHT);
    node.text("stage_tag", Some(&it.stage_tag), WEIGHT);
    node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
    node
}

fn compute(it: &Compute) -> Node {
    let mut node = declared(Kind::Compute, &it.header);
    node.described(it.description.as_ref(), it.header.doc.as_ref());
    node.table("tag", it.tags.iter().map(|(key, value)| (key, value.clone())), Weight::Other);
    node.text("size", it.size.as_ref().map(|it| &it.value), Weight::Costs);
    node.range(["fewest nodes", "most nodes"], it.nodes, Weight::Costs);
    node.time("idle", it.idle_seconds, Weight::Costs);
    node.flag("low_priority", it.low_priority, Weight::Costs);
    node.text("identity", it.identity.as_ref(), Weight::ChangesProtection);
    node.table("key", it.extra.iter().map(|(key, it)| (key, json_of(&it.value.value))), Weight::Costs);
    node
}
