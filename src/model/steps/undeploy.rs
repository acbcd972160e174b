//! `undeploy X`: takes a service or an endpoint off the environment of the stage, if wanted only while a certain run's deployment stands.

use super::action::{Action, Datum};
use super::deploy::deployed_name;
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::live::{Live, Which, which};
use crate::model::lower::Lower;
use crate::model::project::{Endpoint, Service, TargetPlace};
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_UNDEPLOY, outputs: |_| IndexMap::new(), decode };

static BLOCK_UNDEPLOY: Block = Block {
    word: "undeploy",
    head: Head::Arguments(&[argument("what", Type::Ref(&[Declared::Service, Declared::Endpoint]))]),
    doc: "Removes a service or an endpoint from the environment of the stage, or one deployment of an endpoint. What is not there is no error.",
    attributes: &[
        COMMON,
        &[
            optional("only_if_tag", Type::Value, "The id of a run: a deployment of any other run is left alone."),
            optional(
                "deployment",
                Type::Dotted,
                "Endpoints: only this deployment, by name; or `old`, what had the traffic before the last `deploy`, or `new`.",
            ),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Undeploy {
    pub what: Undeployed,
    pub only_if_tag: Option<Expr>,
}

#[derive(Debug)]
pub enum Undeployed {
    Service(Id<Service>),
    Endpoint(Id<Endpoint>, Option<Which>),
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("what")?;
    let (named, span) = (argument.value.as_ref_to()?, argument.span);
    let what = if named.kind == Declared::Endpoint {
        let id = Id::new(named.index);
        check_existing(fields, id, span);
        let deployment = if fields.has("deployment") { Some(which(fields, id, &["new", "old"])?) } else { None };
        Undeployed::Endpoint(id, deployment)
    } else {
        if let Some(at) = fields.span_of("deployment") {
            fields.cx.push(errors::invalid_value(at, "`deployment` has no meaning for a service", "remove it"));
        }
        Undeployed::Service(Id::new(named.index))
    };
    Some(Kind::Undeploy(Undeploy { what, only_if_tag: fields.expr("only_if_tag") }))
}

/// Of an endpoint of others, only deployments are this project's.
fn check_existing(fields: &mut Fields<'_, '_>, id: Id<Endpoint>, span: Span) {
    let Some(project) = fields.cx.project else { return };
    let header = &project.endpoints[id].header;
    if header.existing && !fields.has("deployment") {
        let message = format!("`{}` belongs to others: it is declared as existing", header.ident.value);
        let help = "add `deployment = NAME`, or remove `existing = true` from its declaration";
        fields.cx.push(errors::invalid_value(span, message, help));
    }
}

impl Undeploy {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.action(cx).into_iter().collect()
    }

    fn action(&self, cx: &Lower<'_>) -> Option<Action> {
        match &self.what {
            Undeployed::Service(it) => self.service(cx, *it),
            Undeployed::Endpoint(it, deployment) => self.endpoint(cx, *it, deployment.as_ref()),
        }
    }

    fn endpoint(&self, cx: &Lower<'_>, endpoint: Id<Endpoint>, deployment: Option<&Which>) -> Option<Action> {
        let live = Live::new(cx, endpoint);
        let guarded = self.only_if_tag.is_some();
        let data = vec![
            ("guarded", Datum::Flag(guarded)),
            ("deployment", Datum::Word(deployment.map_or_else(String::new, Which::word))),
            ("reads", Datum::Flag(guarded || deployment.is_some())),
        ];
        let what = deployment.map_or_else(|| live.name().to_owned(), |it| format!("deployment {} of {}", it.word(), live.name()));
        let action = live.action(cx.title(format!("Remove {what}")), "undeploy_endpoint", data)?;
        let action = if guarded || deployment.is_some() { action.env("RUN_ID", cx.run_id()) } else { action };
        Some(action.env_maybe("EXPECTED", self.only_if_tag.clone()))
    }

    fn service(&self, cx: &Lower<'_>, id: Id<Service>) -> Option<Action> {
        let environment = cx.environment()?;
        let service = &cx.service(id).header.name.value;
        let title = cx.title(format!("Remove {service} from {}", environment.header.name.value));
        let dns = cx.settings(id).dns;
        let data = vec![
            ("guarded", Datum::Flag(self.only_if_tag.is_some())),
            ("dns", Datum::Flag(dns.is_some())),
        ];
        let name = cx.text(deployed_name(cx, id));
        let action = match environment.target.as_ref()? {
            TargetPlace::Aci { resource_group, .. } => {
                let action = cx.azure(title, "undeploy_aci", data)?;
                let group = &resource_group.value;
                let action = action.env("RESOURCE_GROUP", cx.text(group)).env("NAME", name);
                match &dns {
                    Some(dns) => action
                        .env("DNS_RESOURCE_GROUP", cx.text(dns.resource_group.as_deref().unwrap_or(group)))
                        .env("DNS_ZONE", cx.text(&dns.zone.value))
                        .env("DNS_RECORD", cx.text(&dns.record.value)),
                    None => action,
                }
            }
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
