//! Steps of pipelines: what they say, and what they become.

use super::Reader;
use super::pipeline::{included, spelled};
use super::service::extra;
use crate::compare::differ::TAG;
use crate::compare::tree::{ITSELF, Kind, Node, SHOWN, Value, Weight, named, reference};
use crate::compare::words::Words;
use crate::model::project::{Pipeline, Stage, Step};
use crate::model::steps::Kind as StepKind;
use crate::model::steps::action::{ScriptSource, Shell};
use crate::model::steps::deploy::Deploy;
use crate::model::symbols::Ref;
use crate::plan::{self, Part, StepBody};

#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub pipeline: &'a Pipeline,
    pub stage: &'a Stage,
    pub plan: &'a plan::Pipeline,
}

/// What a step can name several of.
const ENSURED: &[Kind] = &[
    Kind::Workspace,
    Kind::Compute,
    Kind::Datastore,
    Kind::Data,
    Kind::Runtime,
    Kind::MlPipeline,
    Kind::Endpoint,
    Kind::Component,
    Kind::Environment,
];

impl Reader<'_> {
    pub(super) fn step(&self, place: &Place<'_>, it: &Step, name: String) -> Node {
        let mut node = Node::new(Kind::Step, name, it.head);
        node.shown = it.kind.script_texts().first().map_or_else(
            || Some(format!("`{}`", it.kind.word())),
            |text| Some(format!("`{}`", shortened(text))),
        );
        self.common(&mut node, place, it);
        self.env(&mut node, place, it);
        self.said(&mut node, place, it);
        let stages = place.plan.stages.iter();
        let made =
            stages.flat_map(|it| &it.jobs).flat_map(|it| &it.steps).filter(|made| made.source == it.head);
        for (count, made) in made.enumerate() {
            let start = node.facts.len();
            self.body(&mut node, made, it);
            for fact in &mut node.facts[start..] {
                if count > 0 {
                    fact.label = format!("{} of part {}", fact.label, count + 1);
                }
                fact.derived = true;
            }
        }
        node.follows = self.follows(it);
        node
    }

    /// What every step may say.
    fn common(&self, node: &mut Node, place: &Place<'_>, it: &Step) {
        node.text("title", it.title.as_ref(), Weight::Other);
        if it.when.is_some() {
            self.condition(node, place.pipeline, it.when.as_ref());
        }
        node.time("timeout", it.timeout.as_ref().map(|it| it.value), Weight::Costs);
        if it.retries > 0 {
            node.number("retries", Some(it.retries), Weight::Runs);
        }
        node.flag("continue_on_error", it.continue_on_error, Weight::Runs);
        node.flag("enabled", it.enabled, Weight::Runs);
        extra(node, "key", &it.extra);
    }

    /// A step that asks people: what keeps it from asking lowers protection.
    pub(super) fn asking(&self, place: &Place<'_>, it: &Step, mut node: Node) -> Node {
        let own = node.facts.len();
        self.common(&mut node, place, it);
        for fact in &mut node.facts[own..] {
            match fact.label.as_str() {
                "title" => {}
                // The approval has its own.
                "timeout" => "timeout of the step".clone_into(&mut fact.label),
                "enabled" => {
                    fact.up(Weight::RaisesProtection).down(Weight::LowersProtection);
                }
                _ => {
                    fact.up(Weight::ChangesProtection).down(Weight::ChangesProtection);
                }
            }
        }
        node
    }

    /// Variables of the user, as the user says them.
    fn env(&self, node: &mut Node, place: &Place<'_>, it: &Step) {
        let words = Words { project: self.project, pipeline: Some(place.pipeline) };
        for (key, value) in &it.env {
            let (kind, weight) =
                if value.has_secret() { ("secret", Weight::Secrets) } else { ("env", Weight::Runs) };
            let text = words.expr(value);
            if text.chars().count() > SHOWN || text.contains('\n') {
                node.fact(format!("{kind} {key}"), Value::Long(text.clone()), weight);
            } else {
                node.text(&format!("{kind} {key}"), Some(text), weight);
            }
        }
    }

    fn said(&self, node: &mut Node, place: &Place<'_>, it: &Step) {
        let words = Words { project: self.project, pipeline: Some(place.pipeline) };
        match &it.kind {
            StepKind::Deploy(Deploy::Service(it)) => {
                let service = &self.project.services[it.service].header.ident.value;
                node.text("deploys", Some(named(&[(Kind::Service, service)])), Weight::Images);
                node.text(TAG, it.tag.as_ref().map(|it| words.expr(it)), Weight::Images);
            }
            StepKind::BuildImage(it) => node.text(TAG, Some(words.expr(&it.tag)), Weight::Images),
            StepKind::Ensure(it) => self.things(node, &it.what),
            StepKind::Delete(it) => self.things(node, &it.what),
            StepKind::Deploy(Deploy::Endpoint(it)) => {
                let endpoint = &self.project.endpoints[it.endpoint].header.ident.value;
                node.text("deploys", Some(named(&[(Kind::Endpoint, endpoint)])), Weight::Images);
                node.text("version", it.version.as_ref().map(|it| words.expr(it)), Weight::Images);
            }
            StepKind::Submit(it) => {
                let pipeline = &self.project.ml_pipelines[it.ml_pipeline].header.ident.value;
                node.text("runs", Some(named(&[(Kind::MlPipeline, pipeline)])), Weight::MachineLearning);
                node.text("waits for it", Some(format!("{:?}", it.wait).to_lowercase()), Weight::Runs);
                node.flag("published", it.published, Weight::MachineLearning);
            }
            StepKind::Queue(it) => {
                let pipeline = &self.project.pipelines[it.pipeline].header.ident.value;
                node.text("queues", Some(named(&[(Kind::Pipeline, pipeline)])), Weight::Reaches);
            }
            _ => {}
        }
    }

    fn things(&self, node: &mut Node, what: &[Ref]) {
        let name = |it: &Ref| {
            let declared = self.project.declared.iter().filter(|one| one.kind == it.kind).nth(it.index)?;
            let kind = ENSURED.iter().find(|kind| kind.word() == it.kind.word())?;
            Some(named(&[(*kind, &declared.name.value)]))
        };
        let names: Vec<String> = what.iter().filter_map(name).collect();
        node.set("things", names.iter().map(String::as_str), Weight::Runs);
    }

    fn body(&self, node: &mut Node, it: &plan::Step, said: &Step) {
        match &it.body {
            StepBody::NoCheckout | StepBody::NoDownload => {}
            StepBody::Checkout { repository, path, depth, submodules, lfs, clean } => {
                let rest = format!("{path:?} {depth} {submodules} {lfs} {clean}");
                node.text("repository", Some(repository), Weight::Runs);
                node.long("how it is checked out", Some(&rest), Weight::Runs);
            }
            StepBody::Include(it) => node.text("template", Some(included(it)), Weight::Runs),
            StepBody::Download { source, artifact, path } => {
                let source = source.as_deref().unwrap_or("this run");
                let text = format!("{} from {source}", artifact.as_deref().unwrap_or("all"));
                node.text("downloads", Some(text), Weight::Runs);
                node.text("to", path.as_ref().map(spelled), Weight::Runs);
            }
            StepBody::Publish { artifact, path } => {
                node.text("publishes", Some(artifact), Weight::Runs);
                node.text("from", Some(spelled(path)), Weight::Runs);
            }
            StepBody::Script { source, shell } => script(node, source, *shell),
            StepBody::AzureCli { connection, source, shell, .. } => {
                node.text("connection", Some(connection), Weight::ChangesProtection);
                script(node, source, *shell);
            }
            StepBody::Task { name, inputs } => {
                node.text("task", Some(name), Weight::Runs);
                for (key, value) in inputs {
                    self.given(node, &format!("input `{key}`"), value);
                }
            }
        }
        for (key, value) in it.env.iter().filter(|it| !said.env.contains_key(&it.0)) {
            self.given(node, &format!("env {key}"), value);
        }
        node.text("working_directory", it.working_directory.as_ref().map(spelled), Weight::Runs);
    }

    fn given(&self, node: &mut Node, label: &str, value: &plan::Value) {
        let secret =
            value.iter().any(|it| matches!(it, Part::Variable(it) if self.secrets.contains(it.as_str())));
        let weight = if secret { Weight::Secrets } else { Weight::Runs };
        let label = if secret { label.replace("env ", "secret ") } else { label.to_owned() };
        let value = spelled(value);
        if value.chars().count() > SHOWN || value.contains('\n') {
            node.fact(label, Value::Long(value), weight);
        } else {
            node.text(&label, Some(value), weight);
        }
    }

    /// Where a change of the step comes from if that has changed.
    fn follows(&self, it: &Step) -> Vec<String> {
        let mut found: Vec<String> = vec![];
        let kinds: &[Kind] = match &it.kind {
            StepKind::Deploy(it) => {
                if let Some(service) = it.service() {
                    let name = &self.project.services[service].header.ident.value;
                    found.push(reference(&[(Kind::Service, name)]));
                }
                &[Kind::Environment, Kind::Registry, Kind::Endpoint, Kind::Model, Kind::Workspace]
            }
            StepKind::Rollback(_)
            | StepKind::Undeploy(_)
            | StepKind::SmokeTest(_)
            | StepKind::SetTraffic(_) => {
                &[Kind::Service, Kind::Endpoint, Kind::Environment, Kind::Registry, Kind::Workspace]
            }
            StepKind::BuildImage(_) => &[Kind::Service, Kind::Registry, Kind::Repository],
            StepKind::Submit(it) => {
                let name = &self.project.ml_pipelines[it.ml_pipeline].header.ident.value;
                found.push(reference(&[(Kind::MlPipeline, name)]));
                &[Kind::Workspace, Kind::Model, Kind::Data, Kind::Compute, Kind::Datastore]
            }
            StepKind::PublishPipeline(it) => {
                let name = &self.project.ml_pipelines[it.ml_pipeline].header.ident.value;
                found.push(reference(&[(Kind::MlPipeline, name)]));
                &[Kind::Workspace, Kind::Model, Kind::Data, Kind::Compute, Kind::Runtime]
            }
            StepKind::Ensure(_) | StepKind::Delete(_) => ENSURED,
            StepKind::Register(_)
            | StepKind::Compare(_)
            | StepKind::Promote(_)
            | StepKind::DownloadModel(_) => &[Kind::Model, Kind::Workspace],
            StepKind::Task(_) | StepKind::Run(_) | StepKind::Azure(_) | StepKind::Include(_) => return found,
            _ => &[Kind::Workspace, Kind::Environment],
        };
        found.extend(kinds.iter().map(|it| it.word().to_owned()));
        found.extend([Kind::Connection.word(), ITSELF].map(str::to_owned));
        found
    }
}

fn script(node: &mut Node, source: &ScriptSource, shell: Shell) {
    match source {
        ScriptSource::Verbatim(text) => {
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            let text = lines.join("\n").trim().to_owned();
            if text.contains('\n') || text.chars().count() > SHOWN {
                node.fact("script", Value::Long(text), Weight::Runs);
            } else {
                node.text("script", Some(text), Weight::Runs);
            }
        }
        ScriptSource::File(it) => node.text("script", Some(it), Weight::Runs),
        ScriptSource::Template { name, data } => {
            node.long("what it does", Some(&(name, data)), Weight::Runs);
        }
    }
    node.text("shell", Some(format!("{shell:?}").to_lowercase()), Weight::Runs);
}

/// The first line, cut.
fn shortened(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let first = lines.next().unwrap_or_default();
    let cut: String = first.chars().take(40).collect();
    if cut.len() < first.len() || lines.next().is_some() { format!("{cut}…") } else { cut }
}
