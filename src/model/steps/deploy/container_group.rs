//! A container group of Azure Container Instances as its template and its environment see it.

use super::{variable, variable_row};
use crate::model::convert::amount;
use crate::model::expr::Expr;
use crate::model::lower::Lower;
use crate::model::project::{ContainerRegistry, Probe, ServiceSettings};
use crate::model::steps::action::{Action, Data, Datum};

pub(super) struct Group<'a, 'p> {
    pub cx: &'a Lower<'p>,
    pub settings: &'a ServiceSettings,
    pub registry: Option<&'p ContainerRegistry>,
}

impl Group<'_, '_> {
    pub fn data(&self, region: Option<&str>) -> Data {
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

    pub fn env(&self, action: Action, group: &str) -> Action {
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
