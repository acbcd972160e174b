//! `deploy SERVICE { tag }`: onto the environment of the stage.

use super::action::{Action, Data, Datum, Files};
use super::{Kind, StepKind, build_image};
use crate::base::arena::Id;
use crate::model::convert::amount;
use crate::model::documents;
use crate::model::expr::{Expr, Phase, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{
    ContainerRegistry, Environment, Expose, ExposeKind, Probe, Service, ServiceSettings, TargetPlace,
};
use crate::model::scope::output;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, required};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_DEPLOY,
    outputs: |_| IndexMap::from([("url".to_owned(), output(Ty::String))]),
    decode,
};

static BLOCK_DEPLOY: Block = Block {
    word: "deploy",
    head: Head::Arguments(&[argument("service", Type::Ref(&[Declared::Service]))]),
    doc: "Deploys an image of a service onto the environment of the stage and waits until it runs; `timeout` bounds the wait, \
          10 minutes where nothing is said. Outputs: `url`.",
    attributes: &[COMMON, &[required("tag", Type::Value, "The image's tag.")]],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

const TEN_MINUTES: u64 = 600;

#[derive(Debug)]
pub struct Deploy {
    pub service: Id<Service>,
    pub tag: Expr,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    build_image::check_tag(fields);
    let service = fields.argument_ref("service")?.value;
    Some(Kind::Deploy(Deploy { service, tag: fields.expr("tag")? }))
}

/// What a service is called where it is deployed: the container group, or the release.
pub fn deployed_name(cx: &Lower<'_>, service: Id<Service>) -> String {
    let overlay = cx.overlay(service).and_then(|it| it.name.as_ref());
    overlay.unwrap_or(&cx.service(service).header.name).value.clone()
}

impl Deploy {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let Some(environment) = cx.environment() else { return Vec::new() };
        let action = match &environment.target {
            Some(TargetPlace::Aci { resource_group, region, .. }) => {
                self.container_group(cx, &resource_group.value, region.as_deref())
            }
            Some(TargetPlace::Aks { cluster, resource_group, namespace, .. }) => {
                let place = [&resource_group.value, &cluster.value, &namespace.value];
                self.release(cx, environment, place)
            }
            None => None,
        };
        let named = &environment.header;
        let timeout = timeout(cx);
        let action = action.map(|mut it| {
            let service = &cx.service(self.service).header.name.value;
            it.title = cx.title(format!("Deploy {service} to {}", named.name.value));
            it.env("TIMEOUT_SECONDS", cx.text(timeout.to_string()))
                .env("RUN_ID", cx.run_id())
                .longest(timeout + 2 * TEN_MINUTES)
                .outputs(&["url"])
        });
        action.into_iter().collect()
    }

    fn container_group(&self, cx: &Lower<'_>, group: &str, region: Option<&str>) -> Option<Action> {
        let service = cx.service(self.service);
        let registry = cx.registry_of(service);
        let settings = cx.settings(self.service);
        let parts = Group { cx, settings: &settings, registry };
        let action = cx.azure(String::new(), "deploy_aci", parts.data(region))?;
        let action = action
            .env("RESOURCE_GROUP", cx.text(group))
            .env("NAME", cx.text(deployed_name(cx, self.service)))
            .env_maybe("LOCATION", region.map(|it| cx.text(it)))
            .env("SERVICE", cx.text(&service.header.name.value))
            .env("IMAGE", image(cx, service, registry))
            .env("TAG", self.tag.clone());
        Some(parts.env(action, group))
    }

    fn release(&self, cx: &Lower<'_>, environment: &Environment, place: [&String; 3]) -> Option<Action> {
        let service = cx.service(self.service);
        let settings = cx.settings(self.service);
        let [group, cluster, namespace] = place;
        let (secrets, values): (Vec<_>, Vec<_>) =
            settings.env.iter().filter(|it| it.1.phase() > Phase::Compile).partition(|it| it.1.has_secret());
        let address = Address::of(&settings);
        let data = vec![
            ("secrets", Datum::Rows(secrets.iter().map(|it| variable_row(it.0)).collect())),
            ("values", Datum::Rows(values.iter().map(|it| variable_row(it.0)).collect())),
            ("balancer", Datum::Flag(matches!(address, Address::Balancer(_)))),
            ("internal", Datum::Flag(matches!(address, Address::Internal(_)))),
        ];
        let action = cx.azure(String::new(), "deploy_aks", data)?;
        let (name, value) = match address {
            Address::Balancer(port) | Address::Internal(port) => ("PORT", port.to_string()),
            Address::Known(url) => ("URL", url),
        };
        let mut action = action
            .env("RESOURCE_GROUP", cx.text(group))
            .env("CLUSTER", cx.text(cluster))
            .env("NAMESPACE", cx.text(namespace))
            .env("RELEASE", cx.text(deployed_name(cx, self.service)))
            .env("CHART", cx.output(&documents::chart(service)))
            .env("VALUES", cx.output(&documents::values(service, &environment.header)))
            .env("TAG", self.tag.clone())
            .env(name, cx.text(value));
        let env = secrets.into_iter().chain(values);
        action.env.extend(env.map(|(name, value)| (variable(name), value.clone())));
        Some(action.reads(Files::Project))
    }
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
enum Address {
    /// At the load balancer's address, at this port.
    Balancer(u16),
    /// Inside the cluster only, at this port.
    Internal(u16),
    Known(String),
}

impl Address {
    fn of(settings: &ServiceSettings) -> Address {
        let own = settings.port.as_ref().map_or(80, |it| it.value);
        let Some(expose) = &settings.expose else { return Address::Internal(own) };
        let port = expose.port.unwrap_or(own);
        match (expose.kind, &expose.host) {
            (ExposeKind::LoadBalancer, _) => Address::Balancer(port),
            (ExposeKind::Ingress, Some(host)) => Address::Known(ingress(expose, host)),
            (ExposeKind::Ingress | ExposeKind::ClusterIp | ExposeKind::NodePort, _) => Address::Internal(port),
        }
    }
}

fn ingress(expose: &Expose, host: &str) -> String {
    let scheme = if expose.tls_secret.is_some() { "https" } else { "http" };
    format!("{scheme}://{host}{}", expose.path.as_deref().unwrap_or("/"))
}

/// A container group as its template sees it.
struct Group<'a, 'p> {
    cx: &'a Lower<'p>,
    settings: &'a ServiceSettings,
    registry: Option<&'p ContainerRegistry>,
}

impl Group<'_, '_> {
    fn data(&self, region: Option<&str>) -> Data {
        let identity = self.registry.is_some_and(|it| it.pull_identity.is_some());
        let environment = self.settings.env.iter().map(|(name, value)| {
            let mut row = variable_row(name);
            row.push(("secret", Datum::Flag(value.has_secret())));
            row
        });
        let command = (1..=self.command().len()).map(|it| vec![("variable", Datum::Word(command_variable(it)))]);
        vec![
            ("region", Datum::Flag(region.is_some())),
            ("identity", Datum::Flag(identity)),
            ("credentials", Datum::Flag(!identity && self.credentials().is_some())),
            ("subnet", Datum::Flag(self.settings.subnet.is_some())),
            ("port", Datum::Flag(self.settings.port.is_some())),
            ("dns", Datum::Flag(self.settings.dns.is_some())),
            ("command", Datum::Rows(command.collect())),
            ("probes", Datum::Rows(self.probes().iter().map(|it| probe_row(it)).collect())),
            ("environment", Datum::Rows(environment.collect())),
        ]
    }

    fn env(&self, action: Action, group: &str) -> Action {
        let (cx, settings) = (self.cx, self.settings);
        let text = |it: Option<&str>| it.map(|it| cx.text(it));
        let resources = settings.resources.as_ref();
        let (cpu, memory) = (
            resources.and_then(|it| it.cpu.as_ref()).map_or("1".into(), |it| cores(&it.1)),
            resources.and_then(|it| it.memory.as_ref()).map_or("1.5".into(), |it| gibibytes(&it.1)),
        );
        let mut action = action
            .env("CPU", cx.text(cpu))
            .env("MEMORY", cx.text(memory))
            .env_maybe("PORT", settings.port.as_ref().map(|it| cx.text(it.value.to_string())))
            .env_maybe("SUBNET", text(settings.subnet.as_ref().map(|it| it.value.as_str())));
        if let Some(identity) = self.registry.and_then(|it| it.pull_identity.as_ref()) {
            action = action.env("REGISTRY", self.login_server()).env("PULL_IDENTITY", cx.text(&identity.value));
        } else if let Some((username, password)) = self.credentials() {
            action = action.env("REGISTRY", self.login_server());
            action = action.env("REGISTRY_USERNAME", username).env("REGISTRY_PASSWORD", password);
        }
        if let Some(dns) = &settings.dns {
            action = action
                .env("DNS_RESOURCE_GROUP", cx.text(dns.resource_group.as_deref().unwrap_or(group)))
                .env("DNS_ZONE", cx.text(&dns.zone.value))
                .env("DNS_RECORD", cx.text(&dns.record.value));
        }
        for (name, path, _) in self.probes() {
            action = action.env(probe_variable(name), cx.text(path));
        }
        for (index, word) in self.command().iter().enumerate() {
            action = action.env(command_variable(index + 1), cx.text(word));
        }
        action.env.extend(settings.env.iter().map(|(name, value)| (variable(name), value.clone())));
        action
    }

    fn login_server(&self) -> Expr {
        self.cx.text(self.registry.map(ContainerRegistry::login_server).unwrap_or_default())
    }

    fn credentials(&self) -> Option<(Expr, Expr)> {
        let registry = self.registry?;
        Some((registry.username.clone()?, registry.password.clone()?))
    }

    /// Container instances know one command line; arguments alone cannot be given.
    fn command(&self) -> Vec<String> {
        let Some(command) = &self.settings.command else { return Vec::new() };
        command.iter().chain(self.settings.args.iter().flatten()).cloned().collect()
    }

    /// Those that container instances have: HTTP, for readiness and liveness.
    fn probes(&self) -> Vec<(&'static str, &str, &Probe)> {
        let probes = [("readinessProbe", &self.settings.probes.readiness), ("livenessProbe", &self.settings.probes.liveness)];
        let known = probes.into_iter().filter_map(|(name, probe)| {
            let probe = probe.as_ref().filter(|_| self.settings.port.is_some())?;
            Some((name, probe.path.as_deref()?, probe))
        });
        known.collect()
    }
}

fn probe_row((name, _, probe): &(&'static str, &str, &Probe)) -> Data {
    let numbers = [
        ("initialDelaySeconds", probe.delay),
        ("periodSeconds", probe.period),
        ("timeoutSeconds", probe.timeout),
        ("failureThreshold", probe.failures.map(u64::from)),
    ];
    let numbers = numbers.into_iter().filter_map(|(name, value)| {
        Some(vec![("name", Datum::Word(name.to_owned())), ("value", Datum::Word(value?.to_string()))])
    });
    vec![
        ("name", Datum::Word((*name).to_owned())),
        ("path", Datum::Word(probe_variable(name))),
        ("numbers", Datum::Rows(numbers.collect())),
    ]
}

fn probe_variable(name: &str) -> String {
    if name == "livenessProbe" { "LIVENESS_PATH".to_owned() } else { "READINESS_PATH".to_owned() }
}

fn command_variable(number: usize) -> String {
    format!("COMMAND_{number}")
}

/// Plain cores, in hundredths.
fn cores(quantity: &str) -> String {
    rounded_up(amount(quantity), 100.0)
}

/// Container instances measure memory in GiB and tenths of it, whatever they call it.
fn gibibytes(quantity: &str) -> String {
    rounded_up(amount(quantity) / 1_073_741_824.0, 10.0)
}

fn rounded_up(value: f64, parts: f64) -> String {
    ((value * parts - 1e-6).ceil() / parts).to_string()
}
