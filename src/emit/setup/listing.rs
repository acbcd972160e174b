//! The desired state for people and programs: every thing with its checks, and who may use it.

use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::model::project::{Lock, Project};
use crate::plan::setup::{Address, Check, CheckKind, Group, Resource, ResourceKind, Setup};
use indexmap::IndexMap;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Listing {
    pub organization: Option<String>,
    pub project: Option<String>,
    pub things: Vec<Thing>,
    /// What is left out, or not known, and why.
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Thing {
    /// `environment`, `connection`, `variable-group`, `queue`, `repository`, `pipeline`, `policy`
    pub kind: &'static str,
    pub name: String,
    /// `path:line`
    pub source: String,
    /// Whether setting up makes it; what is only used must be there.
    pub made: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What else is to be known of it, by name.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub facts: IndexMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Variable>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Asked>,
    /// The pipelines that may use it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pipelines: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Variable {
    pub name: String,
    pub secret: bool,
    /// None where whoever sets up must say it.
    pub value: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Asked {
    pub check: String,
    /// In a sentence.
    pub says: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<String>,
    pub timeout_minutes: u64,
}

pub fn listing(project: &Project, setup: &Setup, sources: &Sources) -> Listing {
    let cx = Cx { setup, sources };
    let mut things = cx.groups();
    things.extend(cx.environments());
    things.extend(cx.used());
    things.extend(cx.pipelines());
    things.extend(cx.policies());
    let settings = &project.settings;
    Listing {
        organization: settings.organization.as_ref().map(|it| it.value.clone()),
        project: settings.project.as_ref().map(|it| it.value.clone()),
        things,
        notes: notes(setup),
    }
}

fn notes(setup: &Setup) -> Vec<String> {
    let homeless =
        "pipelines, their permissions and policies: `repository self` is not declared, or has no `name`";
    setup.homeless.then(|| homeless.to_owned()).into_iter().collect()
}

struct Cx<'a> {
    setup: &'a Setup,
    sources: &'a Sources,
}

impl Cx<'_> {
    fn thing(&self, kind: &'static str, name: String, source: Span) -> Thing {
        let line = self.sources.position(source).line;
        Thing {
            kind,
            name,
            source: format!("{}:{line}", self.sources.get(source.file).path),
            made: true,
            description: None,
            facts: IndexMap::new(),
            variables: Vec::new(),
            checks: Vec::new(),
            pipelines: Vec::new(),
        }
    }

    fn resource(&self, resource: &Resource, source: Span) -> Thing {
        let permission = self.setup.permissions.iter().find(|it| is_same(&it.resource, resource));
        let users = permission.iter().flat_map(|it| &it.pipelines);
        Thing {
            checks: self.setup.checks.iter().filter(|it| is_same(&it.on, resource)).map(asked).collect(),
            pipelines: users.map(|it| self.setup.pipelines[*it].path()).collect(),
            ..self.thing(super::kind(resource.kind), resource.name.clone(), source)
        }
    }

    fn groups(&self) -> Vec<Thing> {
        let of = |group: &Group| {
            let variables = group.members.iter().map(|it| Variable {
                name: it.name.clone(),
                secret: it.secret,
                value: it.value.clone(),
            });
            Thing { variables: variables.collect(), ..self.resource(&group.resource, group.source) }
        };
        self.setup.groups.iter().map(of).collect()
    }

    fn environments(&self) -> Vec<Thing> {
        let all = self.setup.environments.iter();
        let all = all.map(|it| Thing {
            description: it.description.clone(),
            ..self.resource(&it.resource, it.source)
        });
        all.collect()
    }

    /// What others make: connections, agents, repositories.
    fn used(&self) -> Vec<Thing> {
        let others = self.setup.permissions.iter().filter(|it| {
            !matches!(it.resource.kind, ResourceKind::Environment | ResourceKind::VariableGroup)
        });
        others.map(|it| Thing { made: false, ..self.resource(&it.resource, it.source) }).collect()
    }

    fn pipelines(&self) -> Vec<Thing> {
        let of = |(index, pipeline): (usize, &crate::plan::setup::Pipeline)| {
            let uses = self.setup.permissions.iter().filter(|it| it.pipelines.contains(&index));
            let uses: Vec<String> = uses.map(|it| super::title(&it.resource)).collect();
            let home = &pipeline.repository;
            let branch = home.branch.trim_start_matches("refs/heads/");
            let mut facts =
                IndexMap::from([("file", format!("{} in {}, branch {branch}", pipeline.file, home.name))]);
            if !uses.is_empty() {
                facts.insert("uses", uses.join(", "));
            }
            let description = pipeline.description.clone();
            Thing { description, facts, ..self.thing("pipeline", pipeline.path(), pipeline.source) }
        };
        self.setup.pipelines.iter().enumerate().map(of).collect()
    }

    fn policies(&self) -> Vec<Thing> {
        let of = |policy: &crate::plan::setup::Policy| {
            let every = if policy.branch.prefix { "*" } else { "" };
            let name = format!("{} {}{every}", policy.repository, policy.branch.reference);
            let by = self.setup.pipelines[policy.pipeline].path();
            let mut facts = IndexMap::from([("asks for", format!("a successful run of {by}"))]);
            if !policy.paths.is_empty() {
                facts.insert("paths", policy.paths.join(", "));
            }
            Thing { facts, ..self.thing("policy", name, policy.source) }
        };
        self.setup.policies.iter().map(of).collect()
    }
}

fn is_same(a: &Resource, b: &Resource) -> bool {
    (a.kind, &a.name) == (b.kind, &b.name)
}

fn asked(check: &Check) -> Asked {
    let (says, approvers) = match &check.kind {
        CheckKind::Approval(approval) => {
            let many = match (approval.minimum, approval.approvers.len()) {
                (0, 1) => String::new(),
                (0, _) => ", all of them".to_owned(),
                (minimum, count) => format!(", {minimum} of {count}"),
            };
            let order = if approval.in_sequence { ", one after the other" } else { "" };
            let own = if approval.self_approve { "" } else { ", not of one's own run" };
            (format!("by {}{many}{order}{own}", approval.approvers.join(", ")), approval.approvers.clone())
        }
        other => (says(other), Vec::new()),
    };
    Asked { check: word(&check.kind), says, approvers, timeout_minutes: check.timeout_minutes }
}

fn says(kind: &CheckKind) -> String {
    match kind {
        CheckKind::Approval(_) => String::new(),
        CheckKind::Branches { allowed, only_protected } => {
            let protected = if *only_protected { ", protected ones only" } else { "" };
            format!("{}{protected}", allowed.join(", "))
        }
        CheckKind::Hours { days, from, to, zone } => format!("{} {from} to {to}, {zone}", days.join(", ")),
        CheckKind::Lock(Lock::Sequential) => "one run at a time, in their order".to_owned(),
        CheckKind::Lock(Lock::Latest) => {
            "one run at a time; of those that wait, only the latest goes on".to_owned()
        }
        CheckKind::Templates(all) => {
            let all: Vec<String> = all.iter().map(|it| format!("{}@{}", it.path, it.repository)).collect();
            all.join(" or ")
        }
        CheckKind::Call(call) => {
            let to = match &call.to {
                Address::Connection { name, path, .. } => {
                    format!("{name}/{}", path.as_deref().unwrap_or_default())
                }
                Address::Function { url, .. } => url.clone(),
            };
            let again = if call.every_minutes > 0 {
                format!(", every {} minutes", call.every_minutes)
            } else {
                String::new()
            };
            format!("{}: {} {to}{again}", call.title, call.method)
        }
    }
}

fn word(kind: &CheckKind) -> String {
    match kind {
        CheckKind::Approval(_) => "approval",
        CheckKind::Branches { .. } => "branches",
        CheckKind::Hours { .. } => "hours",
        CheckKind::Lock(_) => "lock",
        CheckKind::Templates(_) => "required template",
        CheckKind::Call(_) => "call",
    }
    .to_owned()
}
