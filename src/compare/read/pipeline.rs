//! Pipelines.

use super::{Reader, declared};
use crate::base::arena::Id;
use crate::compare::tree::{Kind, Node, Weight, named};
use crate::model::data::json_of;
use crate::model::project::{Image, Include, Param, Pipeline, Trigger, TriggerKind};
use crate::plan;
use crate::plan::{Argument, Part};
use crate::target::run_variable;

impl Reader<'_> {
    pub(super) fn pipelines(&self) -> Vec<Node> {
        self.plan.pipelines.iter().map(|it| self.pipeline(it.id, it)).collect()
    }

    fn pipeline(&self, id: Id<Pipeline>, plan: &plan::Pipeline) -> Node {
        let it = &self.project.pipelines[id];
        let mut node = declared(Kind::Pipeline, &it.header);
        // Azure DevOps knows it by its title.
        node.outer = it.header.title.as_ref().map(|it| it.value.clone());
        node.described(it.description.as_ref(), it.header.doc.as_ref());
        self.groups(&mut node, &it.inherited.variables);
        for include in it.extends.iter().chain(it.includes.iter().map(|it| &it.include)) {
            node.text(&format!("template `{}`", include.path), Some(self.include(include)), Weight::Runs);
        }
        for source in &it.sources {
            let pipeline = &self.project.pipelines[source.pipeline.value].header.ident.value;
            let version = source.version.as_ref().map(|it| format!(":{it}")).unwrap_or_default();
            let branch = source.branch.as_ref().map(|it| format!(" of {}", it.value)).unwrap_or_default();
            let tags: Vec<String> = source.tags.iter().map(|it| format!(" tagged {}", it.value)).collect();
            let text = named(&[(Kind::Pipeline, pipeline)]) + &version + &branch + &tags.concat();
            node.text(&format!("takes `{}` from", source.alias.value), Some(text), Weight::Runs);
        }
        for (trigger, image) in it.triggers.iter().filter_map(|it| Some((it, image(it)?))) {
            let registry = &self.project.container_registries[image.registry.value].header.ident.value;
            let text = format!("{}/{}", named(&[(Kind::Registry, registry)]), image.repository.value);
            if !trigger.enabled {
                node.text(
                    &format!("image `{}` that starts nothing", image.alias.value),
                    Some(text),
                    Weight::Runs,
                );
            }
        }
        node.table("key", it.extra.iter().map(|(key, it)| (key, json_of(&it.value.value))), Weight::Runs);
        node.children.extend(self.triggers(it));
        node.children.extend(it.params.values().map(|it| self.param(it)));
        for (index, stage) in it.stages.iter().enumerate() {
            node.children.push(self.stage(it, plan, index, stage));
        }
        node
    }

    fn param(&self, it: &Param) -> Node {
        let mut node = Node::new(Kind::Parameter, &it.ident.value, it.ident.span);
        node.text("title", it.title.as_ref(), Weight::Other);
        node.text("type", Some(format!("{:?}", it.ty).to_lowercase()), Weight::Runs);
        node.text("default", it.default.as_ref().map(|it| self.expr(it)), Weight::Runs);
        let choices: Vec<String> = it.choices.iter().map(|it| self.expr(it)).collect();
        if !choices.is_empty() {
            node.set("enum", choices.iter().map(String::as_str), Weight::Runs);
        }
        node
    }

    pub(super) fn include(&self, it: &Include) -> String {
        let from = self.repository(it.from.as_ref().map(|it| it.value));
        let given: Vec<String> = it
            .parameters
            .iter()
            .map(|(name, value)| match value {
                crate::model::project::Argument::Data(it) => format!("{name} = {}", json_of(it)),
                crate::model::project::Argument::Value(it) => format!("{name} = {}", self.expr(it)),
            })
            .collect();
        format!("{from}/{} ({})", it.path, given.join(", "))
    }
}

fn image(trigger: &Trigger) -> Option<&Image> {
    if let TriggerKind::Image(it) = &trigger.kind { Some(it) } else { None }
}

pub(super) fn included(it: &plan::Include) -> String {
    let given: Vec<String> = it
        .parameters
        .iter()
        .map(|(name, value)| match value {
            Argument::Data(it) => format!("{name} = {}", json_of(it)),
            Argument::Value(it) => format!("{name} = {}", spelled(it)),
        })
        .collect();
    format!("{} ({})", it.template, given.join(", "))
}

/// Variables, most of them the compiler's, that hold facts of a run as the language writes them.
const FACTS: &[(&str, &str)] = &[
    ("Build.Reason", "run.reason"),
    ("run_branch", "run.branch"),
    ("run_tag", "run.tag"),
    ("run_schedule", "run.schedule"),
    ("pull_request_id", "run.pull_request.id"),
    ("pull_request_source", "run.pull_request.source"),
    ("pull_request_target", "run.pull_request.target"),
];

fn own_fact(variable: &str) -> Option<&'static str> {
    FACTS.iter().find(|it| it.0 == variable).map(|it| it.1)
}

/// Facts of a run as the language spells them; the rest as Azure Pipelines does.
pub(super) fn spelled(value: &plan::Value) -> String {
    let part = |it: &Part| match it {
        Part::Literal(it) => it.clone(),
        Part::Variable(it) => match own_fact(it).or_else(|| run_variable::fact(it)) {
            Some(fact) => format!("${{{fact}}}"),
            None => format!("$({it})"),
        },
        Part::Parameter { name, .. } => format!("${{params.{name}}}"),
    };
    value.iter().map(part).collect()
}
