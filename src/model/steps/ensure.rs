//! `ensure REF`, `ensure [a, b]`: what is missing is created, what is there is brought to what is declared.

use super::action::{Action, Data, Datum, Files};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::convert::Value;
use crate::model::documents;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::live::Live;
use crate::model::lower::Lower;
use crate::model::project::{
    ComponentSource, Compute, Datastore, Environment, Header, Project, TargetPlace, Workspace,
};
use crate::model::symbols::Ref;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_ENSURE, outputs: |_| IndexMap::new(), decode };

const KINDS: Type = Type::Ref(&[
    Declared::Workspace,
    Declared::Compute,
    Declared::Datastore,
    Declared::Data,
    Declared::Runtime,
    Declared::Schedule,
    Declared::Endpoint,
    Declared::Component,
    Declared::Environment,
]);

static BLOCK_ENSURE: Block = Block {
    word: "ensure",
    head: Head::Arguments(&[argument("what", Type::OneOrMany(&KINDS))]),
    doc: "Creates what is missing, and brings what is there to what is declared. What exists by declaration is only checked.",
    attributes: &[COMMON],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Ensure {
    pub what: Vec<Ref>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("what")?;
    let named = Value::items(argument);
    let what: Vec<Spanned<Ref>> =
        named.into_iter().filter_map(|it| Some(Spanned::new(it.value.as_ref_to()?, it.span))).collect();
    for one in &what {
        check(fields.cx, one);
    }
    Some(Kind::Ensure(Ensure { what: what.into_iter().map(|it| it.value).collect() }))
}

/// What has nothing to be ensured is a mistake of the reader's mind.
fn check(cx: &mut Cx<'_>, what: &Spanned<Ref>) {
    let Some(project) = cx.project else { return };
    let finding = match what.value.kind {
        Declared::Environment if project.environments[Id::new(what.value.index)].target.is_none() => {
            errors::invalid_value(
                what.span,
                "this environment has no target: there is nothing to create",
                "add `target aks { … }` or `target aci { … }` to it, or remove it here",
            )
        }
        Declared::Compute if project.computes[Id::new(what.value.index)].serverless => errors::invalid_value(
            what.span,
            "serverless compute is always there",
            "remove it; a cluster is declared with `compute NAME { size = …, nodes = 0..2 }`",
        ),
        Declared::Runtime | Declared::Component if elsewhere(project, what.value) => errors::invalid_value(
            what.span,
            "it is taken from a registry or a file, so there is nothing to create in the workspace",
            "remove it here",
        ),
        Declared::Data | Declared::Runtime | Declared::Component if unregistered(project, what.value) => errors::invalid_value(
            what.span,
            "nothing is registered without a version: it is written into what uses it",
            "remove it here, or give its declaration a `version`",
        ),
        _ => return,
    };
    cx.push(finding);
}

/// Whether it is no asset of the workspace.
fn elsewhere(project: &Project, what: Ref) -> bool {
    if what.kind == Declared::Component {
        let source = &project.components[Id::new(what.index)].source;
        return matches!(source, ComponentSource::Registry(_) | ComponentSource::File(_));
    }
    project.runtimes[Id::new(what.index)].registry.is_some()
}

fn unregistered(project: &Project, what: Ref) -> bool {
    let (header, version) = asset(project, what);
    !header.existing && version.is_none()
}

/// Header and version of a data asset, a component or a runtime.
fn asset(project: &Project, what: Ref) -> (&Header, Option<&str>) {
    let (header, version) = if what.kind == Declared::Data {
        let data = &project.data[Id::new(what.index)];
        (&data.header, &data.version)
    } else if what.kind == Declared::Component {
        let component = &project.components[Id::new(what.index)];
        (&component.header, &component.version)
    } else {
        let runtime = &project.runtimes[Id::new(what.index)];
        (&runtime.header, &runtime.version)
    };
    (header, version.as_ref().map(|it| it.value.as_str()))
}

/// Which version of something is looked for.
#[derive(Clone, Copy)]
enum Version<'a> {
    /// It has none.
    Without,
    Latest,
    At(&'a str),
}

impl Ensure {
    /// It may bring something that runs there to another state: a compute, an endpoint, the namespace.
    pub fn changes_environment(&self) -> bool {
        let runs = [Declared::Compute, Declared::Endpoint, Declared::Environment];
        self.what.iter().any(|it| runs.contains(&it.kind))
    }

    /// It works in no workspace, or in one that it names itself.
    pub fn is_outside(&self) -> bool {
        self.what.iter().all(|it| matches!(it.kind, Declared::Environment | Declared::Workspace))
    }

    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.what.iter().filter_map(|it| self.one(cx, *it)).collect()
    }

    fn one(&self, cx: &Lower<'_>, what: Ref) -> Option<Action> {
        match what.kind {
            Declared::Workspace => self.workspace(cx, Id::new(what.index)),
            Declared::Compute => self.compute(cx, Id::new(what.index)),
            Declared::Datastore => self.datastore(cx, Id::new(what.index)),
            Declared::Environment => self.environment(cx, Id::new(what.index)),
            Declared::Data | Declared::Runtime | Declared::Component => self.version(cx, what),
            Declared::Schedule => self.schedule(cx, what.index),
            Declared::Endpoint => {
                let live = Live::new(cx, Id::new(what.index));
                let title = self.title(cx, "endpoint", &live.endpoint.header);
                Some(live.with_document(live.action(title, "ensure_endpoint", Vec::new())?))
            }
            _ => None,
        }
    }

    fn workspace(&self, cx: &Lower<'_>, id: Id<Workspace>) -> Option<Action> {
        let header = &cx.project.workspaces[id].header;
        let cx = &Lower { workspace: Some(id), ..*cx };
        if header.existing {
            return self.existing(cx, "workspace", header, Version::Without);
        }
        let title = self.title(cx, "workspace", header);
        let action = cx.azure_ml(title, "ensure_workspace", Vec::new())?;
        Some(action.env("FILE", cx.output(&documents::workspace(header))).reads(Files::Project))
    }

    fn compute(&self, cx: &Lower<'_>, id: Id<Compute>) -> Option<Action> {
        let compute = &cx.project.computes[id];
        let header = &compute.header;
        if header.existing {
            return self.existing(cx, "compute", header, Version::Without);
        }
        let data = vec![("idle", Datum::Flag(compute.idle_seconds.is_some()))];
        let size = compute.size.as_ref().map_or("", |it| &it.value);
        let idle = compute.idle_seconds.map(|it| cx.text(it.to_string()));
        let action = self.action(cx, "ensure_compute", data, "compute", header)?;
        let action = action
            .env("FILE", cx.output(&documents::compute(header)))
            .env("SIZE", cx.text(size))
            .env("MIN_NODES", cx.text(compute.nodes.0.to_string()))
            .env("MAX_NODES", cx.text(compute.nodes.1.to_string()))
            .env_maybe("IDLE_SECONDS", idle);
        Some(action.reads(Files::Project))
    }

    fn datastore(&self, cx: &Lower<'_>, id: Id<Datastore>) -> Option<Action> {
        let store = &cx.project.datastores[id];
        let header = &store.header;
        if header.existing {
            return self.existing(cx, "datastore", header, Version::Without);
        }
        let row = |name: &&str| {
            vec![("name", Datum::Word((*name).to_owned())), ("variable", Datum::Word(name.to_uppercase()))]
        };
        let data = vec![("credentials", Datum::Rows(store.credentials.keys().map(row).collect()))];
        let action = self.action(cx, "ensure_datastore", data, "datastore", header)?;
        let mut action = action.env("FILE", cx.output(&documents::datastore(header))).reads(Files::Project);
        for (name, value) in &store.credentials {
            action = action.env(name.to_uppercase(), value.clone());
        }
        Some(action)
    }

    /// What services are deployed to there.
    fn environment(&self, cx: &Lower<'_>, id: Id<Environment>) -> Option<Action> {
        let environment = &cx.project.environments[id];
        let title = self.title(cx, "environment", &environment.header);
        match environment.target.as_ref()? {
            TargetPlace::Aci { resource_group, region, .. } => {
                let data = vec![("region", Datum::Flag(region.is_some()))];
                let action = cx.azure(title, "ensure_group", data)?;
                let region = region.as_ref().map(|it| cx.text(it));
                Some(action.env("RESOURCE_GROUP", cx.text(&resource_group.value)).env_maybe("LOCATION", region))
            }
            TargetPlace::Aks { cluster, resource_group, namespace, create, .. } => {
                let region = create.as_ref().and_then(|it| it.region.as_ref()).map(|it| cx.text(it));
                let data = vec![
                    ("create", Datum::Flag(create.is_some())),
                    ("region", Datum::Flag(region.is_some())),
                    ("scales", Datum::Flag(create.as_ref().is_some_and(|it| it.nodes.0 < it.nodes.1))),
                ];
                let action = cx
                    .azure(title, "ensure_cluster", data)?
                    .env("RESOURCE_GROUP", cx.text(&resource_group.value))
                    .env("CLUSTER", cx.text(&cluster.value))
                    .env("NAMESPACE", cx.text(&namespace.value))
                    .env_maybe("LOCATION", region);
                let Some(create) = create else { return Some(action) };
                let action = action
                    .env("NODE_SIZE", cx.text(&create.node_size))
                    .env("MIN_NODES", cx.text(create.nodes.0.to_string()));
                let most = (create.nodes.0 < create.nodes.1).then(|| cx.text(create.nodes.1.to_string()));
                Some(action.env_maybe("MAX_NODES", most))
            }
        }
    }

    fn schedule(&self, cx: &Lower<'_>, index: usize) -> Option<Action> {
        let (pipeline, schedule) = cx.project.schedule(index)?;
        let data = vec![("enabled", Datum::Flag(schedule.enabled))];
        let action = self.action(cx, "ensure_schedule", data, "schedule", &schedule.header)?;
        let file = documents::schedule(&pipeline.header, &schedule.header);
        Some(action.env("FILE", cx.output(&file)).reads(Files::Project))
    }

    fn version(&self, cx: &Lower<'_>, what: Ref) -> Option<Action> {
        let (header, version) = asset(cx.project, what);
        let (kind, file) = if what.kind == Declared::Data {
            ("data", documents::data(header))
        } else if what.kind == Declared::Component {
            ("component", documents::component(header))
        } else {
            ("environment", documents::runtime(header))
        };
        if header.existing {
            return self.existing(cx, kind, header, version.map_or(Version::Latest, Version::At));
        }
        let data = vec![("kind", Datum::Word(kind.to_owned()))];
        let action = self.action(cx, "ensure_version", data, kind, header)?;
        let action = action.env("VERSION", cx.text(version?)).env("FILE", cx.output(&file));
        Some(action.reads(Files::Project))
    }

    fn existing(
        &self,
        cx: &Lower<'_>,
        kind: &str,
        header: &Header,
        version: Version<'_>,
    ) -> Option<Action> {
        let data = vec![
            ("kind", Datum::Word(kind.to_owned())),
            ("versioned", Datum::Flag(matches!(version, Version::At(_)))),
            ("latest", Datum::Flag(matches!(version, Version::Latest))),
        ];
        let action = self.action(cx, "ensure_existing", data, kind, header)?;
        Some(match version {
            Version::At(version) => action.env("VERSION", cx.text(version)),
            Version::Latest | Version::Without => action,
        })
    }

    fn action(
        &self,
        cx: &Lower<'_>,
        template: &'static str,
        data: Data,
        kind: &str,
        header: &Header,
    ) -> Option<Action> {
        let action = cx.azure_ml(self.title(cx, kind, header), template, data)?;
        Some(action.env("NAME", cx.text(&header.name.value)))
    }

    fn title(&self, cx: &Lower<'_>, kind: &str, header: &Header) -> String {
        let own = format!("Ensure {kind} {}", header.name.value);
        if self.what.len() == 1 { cx.title(own) } else { own }
    }
}
