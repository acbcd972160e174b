//! # A deployment without the code that its model needs
//!
//! Azure ML knows how to run an `mlflow_model`: the model brings its code and its environment. Any other model is just
//! files. Its deployment needs a scoring script and something to run it in; without them it fails after a quarter of an
//! hour, when its instances have been made.
//!
//! ```mlops,fails
//! model vision { type = custom_model }
//! endpoint pictures {
//!   type = online
//!   deployment main { model = vision, size = "Standard_DS3_v2" }
//! }
//! ```
//!
//! ```mlops,passes
//! model vision { type = custom_model }
//! runtime torch { image = "mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:20250601.v1" }
//! endpoint pictures {
//!   type = online
//!   deployment main {
//!     model   = vision
//!     runtime = torch
//!     size    = "Standard_DS3_v2"
//!     code { folder = "ml/score", script = "score.py" }
//!   }
//! }
//! ```
//!
//! ```file:ml/score/score.py
//! def init(): ...
//! def run(request): ...
//! ```
//!
//! Add `code` and `runtime`, or make it an `mlflow_model`. A Triton model brings what it needs, and a runtime with a
//! server of its own (`build`) needs no scoring script.
//!
//! Source: Azure ML documentation, "Managed online deployment YAML schema".

use crate::check::{Cx, Group, Rule};
use crate::model::project::{Deployment, MlType};

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "endpoint-code-missing", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for endpoint in project.endpoints.values() {
        for deployment in endpoint.settings.deployments.values() {
            check(cx, deployment);
        }
    }
}

fn check(cx: &mut Cx<'_>, deployment: &Deployment) {
    let project = cx.project;
    let Some(model) = &deployment.model else { return };
    let declared = &project.models[model.value.model];
    let serves = deployment.runtime.as_ref().is_some_and(|it| project.runtimes[it.value].build.is_some());
    let complete = deployment.runtime.is_some() && (deployment.code.is_some() || serves);
    // Code without a runtime is told where it is read.
    if declared.ty != MlType::CustomModel || complete || deployment.code.is_some() {
        return;
    }
    let (name, missing) = (&declared.header.ident.value, &deployment.ident.value);
    cx.report(&RULE, model.span, format!("`{name}` is no MLflow model, and deployment `{missing}` does not say what runs it"))
        .label(declared.header.head, "the model")
        .help("add `code { folder = \"…\", script = \"score.py\" }` and `runtime = NAME` to the deployment, or `type = mlflow_model` to the model");
}
