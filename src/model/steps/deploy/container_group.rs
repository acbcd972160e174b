//! A container group of Azure Container Instances as its template and its environment see it.

use super::{fetched_rows, storage, variable, variable_row};
use crate::model::convert::amount;
use crate::model::data;
use crate::model::expr::Expr;
use crate::model::lower::Lower;
use crate::model::project::{ContainerRegistry, Init, Probe, ServiceSettings};
use crate::model::steps::action::{Action, Data, Datum};

pub(super) struct Group<'a, 'p> {
    pub cx: &'a Lower<'p>,
    pub settings: &'a ServiceSettings,
    pub registry: Option<&'p ContainerRegistry>,
}

impl Group<'_, '_> {
    pub fn data(&self, region: Option<&str>) -> Data {
        let identity = self.registry.is_some_and(|it| it.pull_identity.is_some());
        let row = |name: &str, secret: bool| {
            let mut row = variable_row(name);
            row.push(("secret", Datum::Flag(secret)));
            row
        };
        let environment = self.settings.env.iter().map(|(name, value)| row(name, value.has_secret()));
        let fetched = storage::of_vault(self.settings).map(|it| row(it.0, true));
        let identities = [("PULL_IDENTITY", identity), ("IDENTITY", self.own_identity().is_some())];
        let identities = identities.into_iter().filter(|it| it.1).map(|it| word_row(it.0));
        let environment: Vec<Data> = environment.chain(fetched).collect();
        vec![
            ("region", Datum::Flag(region.is_some())),
            ("identity", Datum::Flag(identity)),
            ("identities", Datum::Rows(identities.collect())),
            ("fetched", Datum::Rows(fetched_rows(self.settings))),
            ("volumes", Datum::Rows(storage::rows(self.settings))),
            ("init", Datum::Rows(self.settings.init.iter().enumerate().map(|(at, it)| init_row(at, it)).collect())),
            ("extra", Datum::Flag(!self.settings.extra.is_empty())),
            ("credentials", Datum::Flag(!identity && self.credentials().is_some())),
            ("subnet", Datum::Flag(self.settings.subnet.is_some())),
            ("port", Datum::Flag(self.settings.port.is_some())),
            ("dns", Datum::Flag(self.settings.dns.is_some())),
            ("label", Datum::Flag(self.settings.dns_label.is_some())),
            ("command", Datum::Rows(word_rows("COMMAND", self.command().len()))),
            ("probes", Datum::Rows(self.probes().iter().map(|it| probe_row(it)).collect())),
            ("environment", Datum::Rows(environment)),
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
            .env_maybe("DNS_LABEL", text(settings.dns_label.as_ref().map(|it| it.value.as_str())))
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
        for (name, probe) in self.probes() {
            action = action.env_maybe(probe_variable(name, "PATH"), text(probe.path.as_deref()));
            action = words(cx, action, &probe_variable(name, "COMMAND"), &probe.command);
        }
        action = words(cx, action, "COMMAND", &self.command());
        for (at, init) in settings.init.iter().enumerate() {
            action = action.env_maybe(format!("{}_IMAGE", init_variable(at)), text(init.image.as_deref()));
            action = words(cx, action, &format!("{}_COMMAND", init_variable(at)), &init_command(init));
        }
        action = action.env_maybe("IDENTITY", text(self.own_identity()));
        if !settings.extra.is_empty() {
            action = action.env("EXTRA", cx.text(data::json(&settings.extra)));
        }
        action.env.extend(settings.env.iter().map(|(name, value)| (variable(name), value.clone())));
        storage::env(cx, action, settings)
    }

    fn own_identity(&self) -> Option<&str> {
        Some(&self.settings.identity.as_ref()?.resource.as_ref()?.value)
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

    /// Those that container instances have: HTTP and commands, for readiness and liveness.
    fn probes(&self) -> Vec<(&'static str, &Probe)> {
        let probes = [("readinessProbe", &self.settings.probes.readiness), ("livenessProbe", &self.settings.probes.liveness)];
        let listens = self.settings.port.is_some();
        let known = |it: &Probe| !it.command.is_empty() || it.path.is_some() && (listens || it.port.is_some());
        let known = probes.into_iter().filter_map(|(name, probe)| Some((name, probe.as_ref().filter(|it| known(it))?)));
        known.collect()
    }
}

fn probe_row((name, probe): &(&'static str, &Probe)) -> Data {
    let numbers = [
        ("initialDelaySeconds", probe.delay),
        ("periodSeconds", probe.period),
        ("timeoutSeconds", probe.timeout),
        ("failureThreshold", probe.failures.map(u64::from)),
        ("successThreshold", probe.successes.map(u64::from)),
    ];
    let numbers = numbers.into_iter().filter_map(|(name, value)| {
        Some(vec![("name", Datum::Word(name.to_owned())), ("value", Datum::Word(value?.to_string()))])
    });
    let command = probe_variable(name, "COMMAND");
    let mut row = vec![
        ("name", Datum::Word((*name).to_owned())),
        ("path", Datum::Word(probe_variable(name, "PATH"))),
        ("scheme", Datum::Word(if probe.https { "https" } else { "http" }.to_owned())),
        ("exec", Datum::Flag(!probe.command.is_empty())),
        ("command", Datum::Rows(word_rows(&command, probe.command.len()))),
        ("numbers", Datum::Rows(numbers.collect())),
    ];
    row.extend(probe.port.map(|it| ("port", Datum::Word(it.to_string()))));
    row
}

fn probe_variable(name: &str, what: &str) -> String {
    let kind = if name == "livenessProbe" { "LIVENESS" } else { "READINESS" };
    format!("{kind}_{what}")
}

fn init_row(at: usize, init: &Init) -> Data {
    let variable = init_variable(at);
    let command = word_rows(&format!("{variable}_COMMAND"), init_command(init).len());
    vec![
        ("name", Datum::Word(init.name.value.clone())),
        ("image", Datum::Flag(init.image.is_some())),
        ("command", Datum::Rows(command)),
        ("variable", Datum::Word(variable)),
    ]
}

fn init_variable(at: usize) -> String {
    format!("INIT_{}", at + 1)
}

/// As of the service itself: one command line, and no arguments alone.
fn init_command(init: &Init) -> Vec<String> {
    if init.command.is_empty() { Vec::new() } else { init.command.iter().chain(&init.args).cloned().collect() }
}

fn word_row(variable: &str) -> Data {
    vec![("variable", Datum::Word(variable.to_owned()))]
}

/// The variables of a list of words: `COMMAND_1`, `COMMAND_2`, …
fn word_rows(prefix: &str, count: usize) -> Vec<Data> {
    (1..=count).map(|it| word_row(&format!("{prefix}_{it}"))).collect()
}

fn words(cx: &Lower<'_>, action: Action, prefix: &str, words: &[String]) -> Action {
    let named = words.iter().enumerate().map(|(at, it)| (format!("{prefix}_{}", at + 1), it));
    named.fold(action, |action, (name, word)| action.env(name, cx.text(word)))
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
