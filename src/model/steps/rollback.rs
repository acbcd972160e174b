//! `rollback X`: what stood before this run deployed stands again.

use super::action::{Action, Datum};
use super::deploy::deployed_name;
use super::deploy::rolled_back;
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::live::Live;
use crate::model::lower::Lower;
use crate::model::project::{Endpoint, Service, TargetPlace};
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, default};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_ROLLBACK, outputs: |_| IndexMap::new(), decode };

static BLOCK_ROLLBACK: Block = Block {
    word: "rollback",
    head: Head::Arguments(&[argument("what", Type::Ref(&[Declared::Service, Declared::Endpoint]))]),
    doc: "Undoes what this run has deployed: the traffic of an endpoint is again what it was before, and the new deployment is deleted; a service is \
          again what another run deployed last, or deleted if there was nothing. Where this run has deployed nothing, nothing happens.",
    attributes: &[
        COMMON,
        &[default("any_run", Type::Bool, "false", "Undoes the last deployment, whichever run made it.")],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

const TEN_MINUTES: u64 = 600;

#[derive(Debug)]
pub struct Rollback {
    pub what: RolledBack,
    pub any_run: bool,
}

#[derive(Debug)]
pub enum RolledBack {
    Service(Id<Service>),
    Endpoint(Id<Endpoint>),
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("what")?;
    let (named, span) = (argument.value.as_ref_to()?, argument.span);
    let what = if named.kind == Declared::Endpoint {
        let id = Id::new(named.index);
        check_two(fields, id, span);
        RolledBack::Endpoint(id)
    } else {
        RolledBack::Service(Id::new(named.index))
    };
    Some(Kind::Rollback(Rollback { what, any_run: fields.flag("any_run") }))
}

fn check_two(fields: &mut Fields<'_, '_>, id: Id<Endpoint>, span: Span) {
    let Some(project) = fields.cx.project else { return };
    let declared = &project.endpoints[id];
    if declared.settings.deployments.len() == 1 {
        let help = "declare a second deployment, and deploy with `deployment = idle`: what has the traffic then stays as it is";
        let message = format!(
            "`{}` has one deployment, which is updated in place: there is nothing to go back to",
            declared.header.ident.value
        );
        fields.cx.push(errors::invalid_value(span, message, help).label(declared.header.head, "the endpoint"));
    }
}

impl Rollback {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let action = match &self.what {
            RolledBack::Endpoint(id) => self.endpoint(cx, *id),
            RolledBack::Service(id) => self.service(cx, *id),
        };
        action.map(|it| it.env("RUN_ID", cx.run_id())).into_iter().collect()
    }

    fn endpoint(&self, cx: &Lower<'_>, id: Id<Endpoint>) -> Option<Action> {
        let live = Live::new(cx, id);
        let title = cx.title(format!("Roll back {}", live.name()));
        live.action(title, "rollback_endpoint", vec![("any_run", Datum::Flag(self.any_run))])
    }

    fn service(&self, cx: &Lower<'_>, id: Id<Service>) -> Option<Action> {
        let name = deployed_name(cx, id);
        let title = cx.title(format!("Roll back {name}"));
        let TargetPlace::Aks { cluster, resource_group, namespace, .. } = cx.environment()?.target.as_ref()? else {
            let action = rolled_back(cx, id, self.any_run)?;
            return Some(Action { title, ..action });
        };
        let timeout = cx.step.timeout.as_ref().map_or(TEN_MINUTES, |it| it.value);
        let action = cx.azure(title, "rollback_aks", vec![("any_run", Datum::Flag(self.any_run))])?;
        let action = action
            .env("RESOURCE_GROUP", cx.text(&resource_group.value))
            .env("CLUSTER", cx.text(&cluster.value))
            .env("NAMESPACE", cx.text(&namespace.value))
            .env("RELEASE", cx.text(name))
            .env("TIMEOUT_SECONDS", cx.text(timeout.to_string()));
        Some(action.longest(timeout + TEN_MINUTES))
    }
}
