//! A version of a system as a tree of things with facts. Values are what is in force: defaults, what is inherited and overlays are
//! worked out, and what only has a name inside of the project is told by what it holds.

mod check;
mod endpoint;
mod environment;
mod ml;
mod ml_work;
mod pipeline;
mod resources;
mod service;
mod settings;
mod stage;
mod step;
mod trigger;

pub use trigger::PULL_REQUEST;

use super::tree::{Kind, Node, Value, Weight, named};
use super::words::Words;
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::expr::Expr;
use crate::model::project::{Connection, Header, Project, Repository, Variables};
use crate::plan::Plan;
use crate::simulate::System;
use std::collections::BTreeSet;
use std::fmt::Debug;

pub struct Reader<'a> {
    project: &'a Project,
    plan: &'a Plan,
    /// The names that secrets have in Azure DevOps.
    secrets: BTreeSet<&'a str>,
}

pub fn system(system: &System<'_>) -> Node {
    let members = system.project.variables.values().flat_map(|it| it.members.values());
    let secrets = members.filter(|it| it.secret).map(|it| it.name.as_str()).collect();
    let reader = Reader { project: system.project, plan: system.plan, secrets };
    let mut root = Node::new(Kind::System, "", crate::base::span::Span::default());
    let settings = &system.project.settings;
    root.text("organization", settings.organization.as_ref().map(|it| &it.value), Weight::Other);
    root.text("project", settings.project.as_ref().map(|it| &it.value), Weight::Other);
    root.text("folder", settings.folder.as_ref().map(|it| &it.value), Weight::Other);
    root.text("name", system.project.settings.header.as_ref().map(|it| &it.name.value), Weight::Other);
    reader.groups(&mut root, &settings.inherited.variables);
    // What derived facts follow from comes before them.
    root.children.extend(reader.foundations());
    root.children.extend(reader.with_views());
    root.children.extend(reader.services());
    root.children.extend(reader.environments());
    root.children.extend(reader.pipelines());
    root
}

impl Reader<'_> {
    /// What environments see otherwise stands in what everybody sees.
    fn with_views(&self) -> Vec<Node> {
        let mut found = self.machine_learning();
        for view in &self.project.views {
            let environment = &self.project.environments[view.environment].header;
            let reader = Reader { project: &view.project, plan: self.plan, secrets: self.secrets.clone() };
            for seen in reader.machine_learning() {
                let base = found.iter_mut().find(|it| it.kind == seen.kind && it.name == seen.name);
                let Some(base) = base.filter(|it| it.fingerprint("") != seen.fingerprint("")) else {
                    continue;
                };
                let name = named(&[(Kind::Environment, environment.ident.value.as_str())]);
                base.children.push(Node { kind: Kind::Environment, name, outer: None, ..seen });
            }
        }
        found
    }

    fn expr(&self, expr: &Expr) -> String {
        Words { project: self.project, pipeline: None }.expr(expr)
    }

    /// A value of the environment; one that holds a secret is told as such.
    fn variables<'e>(&self, node: &mut Node, values: impl IntoIterator<Item = (&'e String, &'e Expr)>) {
        for (key, value) in values {
            let weight = if value.has_secret() { Weight::Secrets } else { Weight::Runs };
            let kind = if value.has_secret() { "secret" } else { "env" };
            node.text(&format!("{kind} {key}"), Some(self.expr(value)), weight);
        }
    }

    /// In order: of two that hold the same variable the later one counts.
    fn groups(&self, node: &mut Node, groups: &[Spanned<Id<Variables>>]) {
        let all: Vec<&Variables> = groups.iter().map(|it| &self.project.variables[it.value]).collect();
        let names: Vec<String> = all
            .iter()
            .map(|it| format!("`{}`", named(&[(Kind::Variables, &it.header.ident.value)])))
            .collect();
        let secret = all.iter().any(|it| it.members.values().any(|it| it.secret));
        if !names.is_empty() {
            let weight = if secret { Weight::Secrets } else { Weight::Runs };
            node.fact("variables", Value::Text(names.join(", ")), weight);
        }
    }

    fn connection(&self, id: Id<Connection>) -> String {
        named(&[(Kind::Connection, &self.project.connections[id].header.ident.value)])
    }

    /// `None`: that of the project.
    fn repository(&self, id: Option<Id<Repository>>) -> String {
        let repository = id.map(|it| &self.project.repositories[it]).filter(|it| !it.is_self());
        repository.map_or("self".to_owned(), |it| named(&[(Kind::Repository, &it.header.ident.value)]))
    }
}

/// A declaration with what every declaration has.
fn declared(kind: Kind, header: &Header) -> Node {
    let mut node = Node::new(kind, &header.ident.value, header.head);
    if header.name.span != header.ident.span {
        node.outer = Some(header.name.value.clone());
        node.text("name", node.outer.clone(), Weight::Runs);
    }
    node.text("title", header.title.as_ref().map(|it| &it.value), Weight::Other);
    node.flag("existing", header.existing, Weight::Runs);
    node
}

/// What it holds, wherever it stands in the sources.
fn shape(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let mut shape = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once("Span { file: FileId(") {
        shape.push_str(before);
        rest = behind.split_once('}').map_or("", |it| it.1);
    }
    shape + rest
}

impl Node {
    /// What is compared and not shown.
    fn long(&mut self, label: &str, value: Option<&impl Debug>, weight: Weight) {
        if let Some(value) = value {
            self.fact(label, Value::Long(shape(value)), weight);
        }
    }

    fn image(&mut self, label: &str, image: Option<&str>) {
        if let Some(image) = image {
            self.fact(label, Value::Image(image.to_owned()), Weight::Images);
        }
    }

    /// A range, as two facts.
    fn range(&mut self, labels: [&str; 2], range: (u32, u32), weight: Weight) {
        self.number(labels[0], Some(range.0), weight);
        self.number(labels[1], Some(range.1), weight);
    }
}
