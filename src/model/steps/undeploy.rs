//! `undeploy SERVICE`: takes it off the environment of the stage, if wanted only while a certain run's deployment stands.

use super::action::{Action, Datum};
use super::deploy::deployed_name;
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{Service, TargetPlace};
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_UNDEPLOY, outputs: |_| IndexMap::new(), decode };

static BLOCK_UNDEPLOY: Block = Block {
    word: "undeploy",
    head: Head::Arguments(&[argument("service", Type::Ref(&[Declared::Service]))]),
    doc: "Removes a service from the environment of the stage. What is not there is no error.",
    attributes: &[
        COMMON,
        &[optional(
            "only_if_tag",
            Type::Value,
            "The id of a run: a deployment of any other run is left alone.",
        )],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Undeploy {
    pub service: Id<Service>,
    pub only_if_tag: Option<Expr>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let service = fields.argument_ref("service")?.value;
    Some(Kind::Undeploy(Undeploy { service, only_if_tag: fields.expr("only_if_tag") }))
}

impl Undeploy {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.action(cx).into_iter().collect()
    }

    fn action(&self, cx: &Lower<'_>) -> Option<Action> {
        let environment = cx.environment()?;
        let service = &cx.service(self.service).header.name.value;
        let title = cx.title(format!("Remove {service} from {}", environment.header.name.value));
        let data = vec![("guarded", Datum::Flag(self.only_if_tag.is_some()))];
        let name = cx.text(deployed_name(cx, self.service));
        let action = match environment.target.as_ref()? {
            TargetPlace::Aci { resource_group, .. } => cx
                .azure(title, "undeploy_aci", data)?
                .env("RESOURCE_GROUP", cx.text(&resource_group.value))
                .env("NAME", name),
            TargetPlace::Aks { cluster, resource_group, namespace, .. } => cx
                .azure(title, "undeploy_aks", data)?
                .env("RESOURCE_GROUP", cx.text(&resource_group.value))
                .env("CLUSTER", cx.text(&cluster.value))
                .env("NAMESPACE", cx.text(&namespace.value))
                .env("RELEASE", name),
        };
        Some(action.env_maybe("EXPECTED", self.only_if_tag.clone()))
    }
}
