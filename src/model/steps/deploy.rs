//! `deploy SERVICE { tag }`, `deploy ENDPOINT { deployment }`: onto the environment of the stage.

mod container_group;
mod endpoint;
mod release;
mod storage;

use self::container_group::Group;
use self::endpoint::ToEndpoint;
use self::storage::fetched_rows;
use super::action::{Action, Data, Datum, Files};
use super::{Kind, StepKind, build_image};
use crate::base::arena::Id;
use crate::model::data::{self, Record};
use crate::model::errors;
use crate::model::expr::{Expr, Phase, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{
    ContainerRegistry, Endpoint, Environment, Expose, ExposeKind, Service, ServiceSettings, TargetPlace,
};
use crate::model::scope::output;
use crate::schema::declarations::ENV;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, optional};

pub static STEP: StepKind = StepKind {
    block: &BLOCK_DEPLOY,
    outputs: |it| {
        let of_endpoints: &[&str] = if it.declaration(Declared::Endpoint).is_some() { &["deployment", "model_version"] } else { &[] };
        let names = ["url"].iter().chain(of_endpoints);
        names.map(|it| ((*it).to_owned(), output(Ty::String))).collect()
    },
    decode,
};

static BLOCK_DEPLOY: Block = Block {
    word: "deploy",
    head: Head::Arguments(&[argument("what", Type::Ref(&[Declared::Service, Declared::Endpoint]))]),
    doc: "Deploys an image of a service onto the environment of the stage and waits until it runs; `timeout` bounds the wait, \
          10 minutes where nothing is said. Or creates or updates an endpoint and one of its deployments, which gets no traffic. Outputs: `url`; of an \
          endpoint `deployment` and `model_version` too.",
    attributes: &[
        COMMON,
        &[
            optional("tag", Type::Value, "Services: the image's tag. Needed, unless a chart brings the image."),
            optional("deployment", Type::Dotted, "Endpoints: which deployment; `idle` is the first one without traffic. Needed where there are several."),
            optional("version", Type::Value, "Endpoints: the version of the model, where not the declared one."),
        ],
    ],
    blocks: &[at_most_one(&ENV), at_most_one(&VALUES)],
    ..BLOCK
};

static VALUES: Block = Block {
    word: "values",
    doc: "Values of the service's `chart` for this deployment, laid over those of the service and the environment.",
    free: Some(Type::Data),
    ..BLOCK
};

const TEN_MINUTES: u64 = 600;

#[derive(Debug)]
pub enum Deploy {
    Service(ToPlace),
    Endpoint(ToEndpoint),
}

#[derive(Debug)]
pub struct ToPlace {
    pub service: Id<Service>,
    /// None where a chart brings the image.
    pub tag: Option<Expr>,
    /// Of the chart, for this deployment only.
    pub values: Record,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("what")?;
    let (what, span) = (argument.value.as_ref_to()?, argument.span);
    let foreign: &[&str] = if what.kind == Declared::Endpoint { &["tag"] } else { &["deployment", "version"] };
    for name in foreign {
        if let Some(at) = fields.span_of(name) {
            let message = format!("`{name}` has no meaning for {} {}", if what.kind == Declared::Endpoint { "an" } else { "a" }, what.kind.word());
            fields.cx.push(errors::invalid_value(at, message, "remove it").label(span, "deploys this"));
        }
    }
    if what.kind == Declared::Endpoint {
        if let Some(block) = fields.children("values").first() {
            let message = "an endpoint has no chart, and so no values";
            fields.cx.push(errors::invalid_value(block.head, message, "remove it").label(span, "deploys this"));
        }
        return endpoint::decode(fields, Id::new(what.index)).map(|it| Kind::Deploy(Deploy::Endpoint(it)));
    }
    to_place(fields, Id::new(what.index)).map(|it| Kind::Deploy(Deploy::Service(it)))
}

fn to_place(fields: &mut Fields<'_, '_>, service: Id<Service>) -> Option<ToPlace> {
    build_image::check_tag(fields);
    let values = fields.one("values", |it| data::block(it.ast, &mut it.cx.findings)).unwrap_or_default();
    let declared = fields.cx.project.map(|it| &it.services[service]);
    let brings_image = declared.is_some_and(Service::brings_image);
    if let Some(declared) = declared.filter(|it| it.chart.is_none())
        && let Some(block) = fields.children("values").first()
    {
        let message = format!("`{}` is deployed with a generated chart, which takes no values", declared.header.ident.value);
        let help = "say what differs in a `service` block of the environment, or give the service a `chart`";
        fields.cx.push(errors::invalid_value(block.head, message, help).label(declared.header.head, "the service"));
    }
    if !fields.has("tag") && !brings_image {
        fields.missing("tag", "add `tag = …`: the image's tag");
    }
    let tag = fields.expr("tag");
    (tag.is_some() || brings_image).then_some(ToPlace { service, tag, values })
}

impl Deploy {
    pub fn service(&self) -> Option<Id<Service>> {
        match self {
            Deploy::Service(it) => Some(it.service),
            Deploy::Endpoint(_) => None,
        }
    }

    pub fn endpoint(&self) -> Option<Id<Endpoint>> {
        match self {
            Deploy::Service(_) => None,
            Deploy::Endpoint(it) => Some(it.endpoint),
        }
    }

    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        match self {
            Deploy::Service(it) => it.lower(cx),
            Deploy::Endpoint(it) => it.lower(cx).into_iter().collect(),
        }
    }
}

/// What a service is called where it is deployed: the container group, or the release.
pub fn deployed_name(cx: &Lower<'_>, service: Id<Service>) -> String {
    let overlay = cx.overlay(service).and_then(|it| it.name.as_ref());
    overlay.unwrap_or(&cx.service(service).header.name).value.clone()
}

impl ToPlace {
    fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let Some(environment) = cx.environment() else { return Vec::new() };
        let action = match &environment.target {
            Some(TargetPlace::Aci { resource_group, region, .. }) => {
                self.container_group(cx, (&resource_group.value, region.as_deref()), None)
            }
            Some(TargetPlace::Aks { cluster, resource_group, namespace, .. }) => {
                let place = [&resource_group.value, &cluster.value, &namespace.value];
                self.release(cx, environment, place)
            }
            None => None,
        };
        let named = &environment.header;
        let timeout = timeout(cx);
        // What fails is rolled back, which may take as long again; deleting and addresses have limits of their own.
        let action = action.map(|mut it| {
            let service = &cx.service(self.service).header.name.value;
            it.title = cx.title(format!("Deploy {service} to {}", named.name.value));
            it.env("TIMEOUT_SECONDS", cx.text(timeout.to_string()))
                .env("RUN_ID", cx.run_id())
                .longest(2 * timeout + 2 * TEN_MINUTES)
                .outputs(&["url"])
        });
        action.into_iter().collect()
    }

    /// Deploys into the resource group and region; or rolls back, what any run or only this one has deployed.
    fn container_group(
        &self,
        cx: &Lower<'_>,
        (group, region): (&str, Option<&str>),
        rolls_back: Option<bool>,
    ) -> Option<Action> {
        let service = cx.service(self.service);
        let registry = cx.registry_of(service);
        // What the service itself says there is about pods.
        let extra = cx.overlay(self.service).map(|it| it.settings.extra.clone()).unwrap_or_default();
        let settings = ServiceSettings { extra, ..cx.settings(self.service) };
        let parts = Group { cx, settings: &settings, registry };
        let mut data = parts.data(region);
        data.push(("rollback", Datum::Flag(rolls_back.is_some())));
        data.push(("any_run", Datum::Flag(rolls_back == Some(true))));
        let action = cx.azure(String::new(), "deploy_aci", data)?;
        let action = action
            .env("RESOURCE_GROUP", cx.text(group))
            .env("NAME", cx.text(deployed_name(cx, self.service)))
            .env_maybe("LOCATION", region.map(|it| cx.text(it)))
            .env("SERVICE", cx.text(&service.header.name.value))
            .env("IMAGE", image(cx, service, registry))
            .env_maybe("TAG", self.tag.clone().filter(|_| rolls_back.is_none()));
        Some(parts.env(action, group))
    }

    fn release(&self, cx: &Lower<'_>, environment: &Environment, place: [&String; 3]) -> Option<Action> {
        let service = cx.service(self.service);
        let settings = cx.settings(self.service);
        let [group, cluster, namespace] = place;
        let (secrets, values): (Vec<_>, Vec<_>) =
            settings.env.iter().filter(|it| it.1.phase() > Phase::Compile).partition(|it| it.1.has_secret());
        let address = if service.chart.is_some() { Address::Unknown } else { Address::of(&settings) };
        let fetched = storage::of_vault(&settings).map(|it| it.0);
        let named: Vec<&String> = secrets.iter().map(|it| it.0).chain(fetched).collect();
        let shares = storage::share_rows(&settings);
        let mut data = vec![
            ("namespace", Datum::Flag(!named.is_empty() || !shares.is_empty())),
            ("fetched", Datum::Rows(fetched_rows(&settings))),
            ("shares", Datum::Rows(shares)),
            ("secrets", Datum::Rows(named.into_iter().map(|it| variable_row(it)).collect())),
            ("values", Datum::Rows(values.iter().map(|it| variable_row(it.0)).collect())),
            ("balancer", Datum::Flag(matches!(address, Address::Balancer(_)))),
            ("internal", Datum::Flag(matches!(address, Address::Internal(_)))),
            ("unknown", Datum::Flag(matches!(address, Address::Unknown))),
        ];
        data.extend(release::data(service, self));
        let action = cx.azure(String::new(), "deploy_aks", data)?;
        let (name, value) = match address {
            Address::Balancer(port) | Address::Internal(port) => ("PORT", Some(port.to_string())),
            Address::Known(url) => ("URL", Some(url)),
            Address::Unknown => ("URL", None),
        };
        let action = action
            .env("RESOURCE_GROUP", cx.text(group))
            .env("CLUSTER", cx.text(cluster))
            .env("NAMESPACE", cx.text(namespace))
            .env("RELEASE", cx.text(deployed_name(cx, self.service)))
            .env_maybe("TAG", self.tag.clone())
            .env_maybe("STEP_VALUES", (!self.values.is_empty()).then(|| cx.text(data::json(&self.values))))
            .env_maybe(name, value.map(|it| cx.text(it)));
        let mut action = storage::keys(cx, release::env(cx, action, service, environment), &settings);
        let env = secrets.into_iter().chain(values);
        action.env.extend(env.map(|(name, value)| (variable(name), value.clone())));
        Some(action.reads(Files::Project))
    }
}

/// Brings back the image that stood in a container group before.
pub fn rolled_back(cx: &Lower<'_>, service: Id<Service>, any_run: bool) -> Option<Action> {
    let Some(TargetPlace::Aci { resource_group, region, .. }) = &cx.environment()?.target else { return None };
    let place = ToPlace { service, tag: None, values: Record::new() };
    let action = place.container_group(cx, (&resource_group.value, region.as_deref()), Some(any_run))?;
    let timeout = timeout(cx);
    Some(action.env("TIMEOUT_SECONDS", cx.text(timeout.to_string())).longest(timeout + 2 * TEN_MINUTES))
}

fn timeout(cx: &Lower<'_>) -> u64 {
    cx.step.timeout.as_ref().map_or(TEN_MINUTES, |it| it.value)
}

fn image(cx: &Lower<'_>, service: &Service, registry: Option<&ContainerRegistry>) -> Expr {
    let repository = &service.image.value;
    cx.text(registry.map_or(repository.clone(), |it| format!("{}/{repository}", it.login_server())))
}

/// The step's variable that carries a variable of the service.
fn variable(name: &str) -> String {
    format!("ENV_{name}")
}

fn variable_row(name: &str) -> Data {
    vec![("name", Datum::Word(name.to_owned())), ("variable", Datum::Word(variable(name)))]
}

/// Where a release is reached.
pub enum Address {
    /// At the load balancer's address, at this port.
    Balancer(u16),
    /// Inside the cluster only, at this port.
    Internal(u16),
    Known(String),
    /// A chart that exists exposes what it likes.
    Unknown,
}

impl Address {
    pub fn of(settings: &ServiceSettings) -> Address {
        let own = settings.port.as_ref().map_or(80, |it| it.value);
        let Some(expose) = &settings.expose else { return Address::Internal(own) };
        let port = expose.port.unwrap_or(own);
        match (expose.kind, expose.hosts.first()) {
            (ExposeKind::LoadBalancer, _) => Address::Balancer(port),
            (ExposeKind::Ingress, Some(host)) => Address::Known(ingress(expose, host)),
            (ExposeKind::Ingress | ExposeKind::ClusterIp | ExposeKind::NodePort, _) => Address::Internal(port),
        }
    }
}

fn ingress(expose: &Expose, host: &str) -> String {
    let scheme = if expose.tls_secret.is_some() { "https" } else { "http" };
    format!("{scheme}://{host}{}", expose.paths.first().map_or("/", String::as_str))
}
