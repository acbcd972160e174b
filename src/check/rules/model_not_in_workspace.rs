//! # A model is used where nothing registers it
//!
//! Versions of a model belong to one workspace. Where an environment has a workspace of its own, what a pipeline registers in
//! another one is not there: Azure ML refuses the deployment, the download or the run, "model not found".
//!
//! ```mlops,fails
//! project prices { connection = azure, workspace = lab, pool = linux }
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! workspace lab { resource_group = "rg-lab", existing = true }
//! workspace live { resource_group = "rg-live", existing = true }
//! model price { type = mlflow_model }
//! endpoint prices {
//!   type = online
//!   deployment main { model = price, size = "Standard_DS3_v2", instances = 3 }
//! }
//! environment prod { workspace = live }
//! pipeline train {
//!   trigger manual
//!   stage fit { register price { path = "model" } }
//!   stage prod { environment = prod, deploy prices }
//! }
//! ```
//!
//! ```mlops,passes
//! project prices { connection = azure, workspace = lab, pool = linux }
//! connection azure { type = azure_rm }
//! pool linux { image = "ubuntu-24.04" }
//! workspace lab { resource_group = "rg-lab", existing = true }
//! workspace live { resource_group = "rg-live", existing = true }
//! model price { type = mlflow_model }
//! endpoint prices {
//!   type = online
//!   deployment main { model = price, size = "Standard_DS3_v2", instances = 3 }
//! }
//! environment prod { workspace = live }
//! pipeline train {
//!   trigger manual
//!   stage fit {
//!     register price { path = "model" }
//!     download_model price { to = "fetched" }
//!     publish model { path = "fetched" }
//!   }
//!   stage prod {
//!     environment = prod
//!     download model { to = "fetched" }
//!     register price { path = "fetched" }
//!     deploy prices
//!   }
//! }
//! ```
//!
//! Register it there too: `download_model` where it is, `publish` the files, and `register` them in the other environment.
//! A model that the project never registers is taken to be there everywhere, and so are all where a script of the project calls
//! `az ml model`.
//!
//! Source: Azure Machine Learning documentation, "Work with models in Azure Machine Learning": a model that is registered
//! in a workspace is found in that workspace.

use crate::base::arena::Id;
use crate::check::walk::{self, Made};
use crate::check::{Cx, Group, Rule};
use crate::model::live::Which;
use crate::model::project::{DataSource, Endpoint, MlDefault, MlPipeline, MlSource, Model, Project};
use crate::model::steps::Kind;
use crate::model::steps::deploy::Deploy;
use crate::model::steps::submit::{Input, Submit};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "model-not-in-workspace", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let registered = registered(cx);
    if registered.is_empty() || cx.scripts().iter().any(|it| it.text.contains("az ml model")) {
        return;
    }
    for place in cx.deliveries().iter().filter(|it| it.step.enabled) {
        let (Some(workspace), view) = (walk::workspace(project, place), project.seen_in(place.environment())) else { continue };
        let mut used = used(view, &place.step.kind);
        used.sort_by_key(|it| it.index());
        used.dedup();
        for model in used {
            let Some(elsewhere) = walk::made_elsewhere(&registered, model, workspace) else { continue };
            let name = &view.models[model].header.ident.value;
            let workspace = &project.workspaces[workspace].header.ident.value;
            cx.report(&RULE, place.step.head, format!("nothing registers `{name}` in workspace `{workspace}`, where this uses it"))
                .label(elsewhere.step.head, "registered in another workspace only")
                .help(format!("`register {name}` there too, from files that `download_model` fetches where it is"));
        }
    }
}

fn registered<'p>(cx: &Cx<'p>) -> Vec<Made<'p, Model>> {
    let mut found = Vec::new();
    for place in cx.deliveries() {
        let Some(workspace) = walk::workspace(cx.project, place) else { continue };
        let models: Vec<Id<Model>> = match &place.step.kind {
            Kind::Register(register) => vec![register.model()],
            Kind::Submit(submit) => {
                cx.project.ml_pipelines[submit.ml_pipeline].registrations.iter().map(|it| it.model.value).collect()
            }
            _ => Vec::new(),
        };
        found.extend(models.into_iter().map(|model| Made { what: model, workspace, place: *place }));
    }
    found
}

/// The models that must be in the workspace before a step.
fn used(view: &Project, kind: &Kind) -> Vec<Id<Model>> {
    match kind {
        Kind::Deploy(Deploy::Endpoint(deploy)) => deployed(&view.endpoints[deploy.endpoint], &deploy.which),
        Kind::DownloadModel(download) => vec![download.model],
        Kind::Promote(promote) => vec![promote.model],
        Kind::Submit(submit) => submitted(&view.ml_pipelines[submit.ml_pipeline], submit),
        _ => Vec::new(),
    }
}

fn deployed(endpoint: &Endpoint, which: &Which) -> Vec<Id<Model>> {
    let deployments = endpoint.settings.deployments.iter();
    let named = deployments.filter(|(name, _)| match which {
        Which::Named(only) => *name == only,
        Which::Idle | Which::New | Which::Old => true,
    });
    named.filter_map(|(_, it)| it.model.as_ref()).map(|it| it.value.model).collect()
}

/// Of its inputs, those that the step gives otherwise do not count.
fn submitted(pipeline: &MlPipeline, submit: &Submit) -> Vec<Id<Model>> {
    let given = submit.inputs.values().filter_map(|it| match it {
        Input::Data(source) | Input::Version(source, _) => Some(source),
        Input::Literal(_) => None,
    });
    let left = pipeline.inputs.iter().filter(|(name, _)| !submit.inputs.contains_key(*name));
    let bound = pipeline.steps.iter().flat_map(|it| it.inputs.values()).filter_map(|it| match &it.source {
        MlSource::Literal(value) => Some(value),
        MlSource::Input(_) | MlSource::Output(_) => None,
    });
    let written = left.filter_map(|(_, it)| it.default.as_ref()).chain(bound);
    let written = written.filter_map(|it| if let MlDefault::Data(source) = it { Some(source) } else { None });
    let models = given.chain(written);
    models.filter_map(|it| if let DataSource::Model(model, _) = it { Some(*model) } else { None }).collect()
}
