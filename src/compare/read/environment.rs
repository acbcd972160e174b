//! Environments.

use super::{Reader, declared};
use crate::compare::tree::{Kind, Node, Weight, named};
use crate::model::project::{Environment, TargetPlace};

impl Reader<'_> {
    pub(super) fn environments(&self) -> Vec<Node> {
        self.project.environments.values().map(|it| self.environment(it)).collect()
    }

    fn environment(&self, it: &Environment) -> Node {
        let mut node = declared(Kind::Environment, &it.header);
        node.described(it.description.as_ref(), it.header.doc.as_ref());
        node.flag("protected", it.protected, Weight::RaisesProtection).down(Weight::LowersProtection);
        target(&mut node, it.target.as_ref());
        let inherited = &it.inherited;
        let connection = inherited.connection.as_ref().map(|it| self.connection(it.value));
        node.text("connection", connection, Weight::ChangesProtection);
        let workspace = inherited.workspace.as_ref().map(|it| &self.project.workspaces[it.value].header);
        node.text(
            "workspace",
            workspace.map(|it| named(&[(Kind::Workspace, &it.ident.value)])),
            Weight::Runs,
        );
        if !inherited.variables.is_empty() {
            let groups = inherited.variables.iter().map(|it| &self.project.variables[it.value].header.ident);
            let groups: Vec<String> = groups.map(|it| named(&[(Kind::Variables, &it.value)])).collect();
            node.set("variables", groups.iter().map(String::as_str), Weight::Runs);
        }
        self.variables(&mut node, &inherited.env);
        node.children.extend(self.checks(it));
        node
    }
}

fn target(node: &mut Node, target: Option<&TargetPlace>) {
    match target {
        None => {}
        Some(TargetPlace::Aci { resource_group, region, .. }) => {
            node.text("target", Some("aci"), Weight::Runs);
            node.text("resource_group", Some(&resource_group.value), Weight::Runs);
            node.text("region", region.as_ref(), Weight::Runs);
        }
        Some(TargetPlace::Aks { cluster, resource_group, namespace, create, .. }) => {
            node.text("target", Some("aks"), Weight::Runs);
            node.text("resource_group", Some(&resource_group.value), Weight::Runs);
            node.text("cluster", Some(&cluster.value), Weight::Runs);
            node.text("namespace", Some(&namespace.value), Weight::Runs);
            if let Some(create) = create {
                node.text("region of the cluster", create.region.as_ref(), Weight::Costs);
                node.text("size of nodes", Some(&create.node_size), Weight::Costs);
                node.range(["fewest nodes", "most nodes"], create.nodes, Weight::Costs);
            }
        }
    }
}
