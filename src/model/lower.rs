//! What a step sees of its surroundings when it becomes actions.

use super::documents;
use super::expr::{Expr, Ty};
use super::project::{
    Connection, ContainerRegistry, Environment, Overlay, Project, Service, Step, Workspace,
};
use super::steps::action::{Action, Data, Files, Script, ScriptSource};
use crate::base::arena::Id;
use crate::base::span::Span;

/// The surroundings of one step, inheritance worked out.
#[derive(Debug)]
pub struct Lower<'a> {
    /// As the environment sees it.
    pub project: &'a Project,
    pub step: &'a Step,
    /// Its place in its job.
    pub index: usize,
    /// The nearest Azure connection.
    pub connection: Option<Id<Connection>>,
    pub workspace: Option<Id<Workspace>>,
    /// The environment the stage deploys to, or takes its context from.
    pub environment: Option<Id<Environment>>,
    /// The output folder relative to the project's root.
    pub out: &'a str,
}

impl<'a> Lower<'a> {
    pub fn span(&self) -> Span {
        self.step.head
    }

    pub fn text(&self, text: impl Into<String>) -> Expr {
        Expr::string(text, self.span())
    }

    pub fn predefined(&self, name: &'static str) -> Expr {
        Expr::predefined(name, self.span())
    }

    /// Where a path of a step stands: absolute, or below the folder of the checked-out sources.
    pub fn in_sources(&self, path: &str) -> Expr {
        if path.starts_with('/') {
            return self.text(path);
        }
        let sources = self.predefined("Build.SourcesDirectory");
        if path == "." {
            return sources;
        }
        self.concat(vec![sources, self.text(format!("/{path}"))])
    }

    pub fn concat(&self, parts: Vec<Expr>) -> Expr {
        Expr { kind: super::expr::ExprKind::Concat(parts), ty: Ty::String, span: self.span() }
    }

    /// What an emitted step with outputs is called, and what else is named after the step.
    pub fn step_name(&self) -> String {
        let unnamed = || format!("{}_{}", self.step.kind.word(), self.index);
        self.step.ident.as_ref().map_or_else(unnamed, |it| it.value.clone())
    }

    /// An emitted document, relative to the project's root, where the compiler's scripts start. A document of Azure ML
    /// is the environment's own where that differs.
    pub fn output(&self, path: &str) -> Expr {
        let own = self.environment().filter(|_| self.project.own_documents.contains(path));
        let own = own.map(|it| documents::in_environment(path, &it.header.ident.value));
        self.text(format!("{}/{}", self.out, own.as_deref().unwrap_or(path)))
    }

    pub fn workspace(&self) -> Option<&'a Workspace> {
        self.workspace.map(|id| &self.project.workspaces[id])
    }

    pub fn environment(&self) -> Option<&'a Environment> {
        self.environment.map(|id| &self.project.environments[id])
    }

    pub fn service(&self, id: Id<Service>) -> &'a Service {
        &self.project.services[id]
    }

    pub fn registry_of(&self, service: &Service) -> Option<&'a ContainerRegistry> {
        service.registry.as_ref().map(|it| &self.project.container_registries[it.value])
    }

    /// What the environment says differently about the service.
    pub fn overlay(&self, service: Id<Service>) -> Option<&'a Overlay> {
        self.environment()?.services.get(&service.index())
    }

    pub fn title(&self, otherwise: impl Into<String>) -> String {
        self.step.title.clone().unwrap_or_else(|| otherwise.into())
    }

    /// A script the user wrote: it starts where Azure Pipelines starts it, with the job's checkouts before it.
    pub fn user_script(&self, script: Script) -> Action {
        let reads_project = matches!(script.source, ScriptSource::File(_));
        let mut action = Action::script(self.title(script_title(&script.source)), script);
        if reads_project {
            action.reads.push(Files::Project);
        }
        action.outputs = self.step.outputs.keys().cloned().collect();
        action
    }

    /// A script of the compiler, signed in to Azure. `None` where no connection is known: a check reports that.
    pub fn azure(&self, title: String, template: &'static str, data: Data) -> Option<Action> {
        Some(Action::script(title, Script::azure(template, data, self.connection?)))
    }

    /// The same, working in the workspace. `None` too where no workspace is known.
    pub fn azure_ml(&self, title: String, template: &'static str, data: Data) -> Option<Action> {
        self.workspace?;
        self.azure(title, template, data).map(|it| self.in_workspace(it))
    }

    /// Workspace and resource group as every `az ml` script of the compiler takes them.
    pub fn in_workspace(&self, action: Action) -> Action {
        let Some(workspace) = self.workspace() else { return action };
        action
            .env("RESOURCE_GROUP", self.text(&workspace.resource_group.value))
            .env("WORKSPACE", self.text(&workspace.header.name.value))
    }

    /// An output of this same step, set by an earlier action of it.
    pub fn own_output(&self, name: &str) -> Expr {
        Expr { kind: super::expr::ExprKind::OwnOutput(name.to_owned()), ty: Ty::String, span: self.span() }
    }

    /// What the service is in this environment.
    pub fn settings(&self, service: Id<Service>) -> super::project::ServiceSettings {
        self.service(service).settings.overlaid(self.overlay(service).map(|it| &it.settings))
    }

    pub fn run_id(&self) -> Expr {
        Expr { kind: super::expr::ExprKind::Fact(super::expr::Fact::Id), ty: Ty::String, span: self.span() }
    }
}

/// What a run shows for a script without a title: its file, or its first command if that is short and plain.
fn script_title(source: &ScriptSource) -> String {
    let text = match source {
        ScriptSource::File(path) => return format!("Run {path}"),
        ScriptSource::Template { name, .. } => name,
        ScriptSource::Verbatim(text) => text.as_str(),
    };
    let mut lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let first = lines.find(|it| !it.starts_with('#') && !it.starts_with("set ")).unwrap_or_default();
    // A dollar sign might become something else in a title.
    let plain =
        !first.is_empty() && first.chars().count() <= 60 && !first.contains('$') && !first.ends_with('\\');
    if plain { first.to_owned() } else { "Run a script".to_owned() }
}
