//! Variable groups, with what the project knows of their variables.

use super::{Group, Member, Resource, ResourceKind};
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::Project;

/// Each group once, although several blocks may describe it.
pub fn groups(project: &Project) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for variables in project.variables.values() {
        let Some(name) = &variables.group else { continue };
        let members = variables.members.values().filter(|it| it.value.is_none()).map(|it| Member {
            name: it.name.clone(),
            secret: it.secret,
            value: it.held.as_ref().and_then(text),
        });
        match found.iter_mut().find(|it| it.resource.name == name.value) {
            Some(known) => {
                for member in members {
                    if known.members.iter().all(|it| it.name != member.name) {
                        known.members.push(member);
                    }
                }
            }
            None => found.push(Group {
                resource: Resource {
                    kind: ResourceKind::VariableGroup,
                    key: variables.header.ident.value.clone(),
                    name: name.value.clone(),
                },
                members: members.collect(),
                source: variables.header.head,
            }),
        }
    }
    found
}

/// Variables of Azure DevOps are texts.
fn text(expr: &Expr) -> Option<String> {
    Some(match &expr.kind {
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Number(it) => it.to_string(),
        ExprKind::String(it) => it.clone(),
        _ => return None,
    })
}
