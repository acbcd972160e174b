//! Repositories, connections, registries, variables.

use super::{Reader, declared};
use crate::compare::tree::{Kind, Node, Weight};
use crate::model::project::{ContainerRegistry, Repository, Variables};

impl Reader<'_> {
    pub(super) fn foundations(&self) -> Vec<Node> {
        let project = self.project;
        let mut found: Vec<Node> = project.repositories.values().map(|it| self.repository_node(it)).collect();
        found.extend(project.connections.values().map(|it| {
            let mut node = declared(Kind::Connection, &it.header);
            node.text("type", Some(format!("{:?}", it.kind)), Weight::Runs);
            // Another one has other rights.
            for fact in node.facts.iter_mut().filter(|it| matches!(it.label.as_str(), "name" | "type")) {
                (fact.up, fact.down) = (Weight::ChangesProtection, Weight::ChangesProtection);
            }
            node
        }));
        found.extend(project.container_registries.values().map(|it| self.registry(it)));
        found.extend(project.variables.values().map(|it| self.group(it)));
        found
    }

    fn repository_node(&self, it: &Repository) -> Node {
        let mut node = declared(Kind::Repository, &it.header);
        node.text("type", Some(format!("{:?}", it.kind)), Weight::Runs);
        node.text("branch", it.branch.as_ref().map(|it| &it.value), Weight::Runs);
        node.text(
            "connection",
            it.connection.as_ref().map(|it| self.connection(it.value)),
            Weight::ChangesProtection,
        );
        node.text("folder", Some(&it.folder).filter(|it| *it != "."), Weight::Runs);
        node
    }

    fn registry(&self, it: &ContainerRegistry) -> Node {
        let mut node = declared(Kind::Registry, &it.header);
        node.text("login server", Some(it.login_server()), Weight::Images);
        node.text(
            "connection",
            it.connection.as_ref().map(|it| self.connection(it.value)),
            Weight::ChangesProtection,
        );
        node.text("resource_group", it.resource_group.as_ref().map(|it| &it.value), Weight::Runs);
        node.text("pull_identity", it.pull_identity.as_ref().map(|it| &it.value), Weight::ChangesProtection);
        let user = it.username.iter().map(|it| ("username", it));
        for (label, value) in user.chain(it.password.iter().map(|it| ("password", it))) {
            let weight = if value.has_secret() { Weight::Secrets } else { Weight::Runs };
            node.text(label, Some(self.expr(value)), weight);
        }
        // Said twice otherwise.
        node.facts.retain(|it| it.label != "name");
        node
    }

    fn group(&self, it: &Variables) -> Node {
        let mut node = declared(Kind::Variables, &it.header);
        node.outer = it.group.as_ref().or(it.template.as_ref()).map(|it| it.value.clone());
        node.text("group", it.group.as_ref().map(|it| &it.value), Weight::Runs);
        node.text("template", it.template.as_ref().map(|it| &it.value), Weight::Runs);
        if let Some(vault) = &it.key_vault {
            node.text("key_vault", Some(&vault.name.value), Weight::Secrets);
            let connection = vault.connection.as_ref().map(|it| self.connection(it.value));
            node.text("connection of the key vault", connection, Weight::Secrets);
        }
        for member in it.members.values() {
            let said = member.value.as_ref().or(member.held.as_ref()).map(|it| self.expr(it));
            let (kind, weight) =
                if member.secret { ("secret", Weight::Secrets) } else { ("var", Weight::Runs) };
            let value = said.unwrap_or_else(|| "kept outside".to_owned());
            node.text(&format!("{kind} {}", member.name), Some(value), weight);
        }
        node
    }
}
