//! `deploy ENDPOINT { deployment, version }`: one deployment behind it, without any traffic.

use crate::base::arena::Id;
use crate::model::documents;
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::live::{Live, Which, which};
use crate::model::lower::Lower;
use crate::model::project::Endpoint;
use crate::model::steps::action::{Action, Datum, Files};

/// Making instances takes a quarter of an hour, and its script does not look at the clock.
const HOUR: u64 = 3600;

#[derive(Debug)]
pub struct ToEndpoint {
    pub endpoint: Id<Endpoint>,
    pub which: Which,
    /// Of the model, where not the declared one.
    pub version: Option<Expr>,
}

pub(super) fn decode(fields: &mut Fields<'_, '_>, endpoint: Id<Endpoint>) -> Option<ToEndpoint> {
    let project = fields.cx.project?;
    let deployments = &project.endpoints[endpoint].settings.deployments;
    let which = match deployments.keys().collect::<Vec<_>>().as_slice() {
        [only] if !fields.has("deployment") => Some(Which::Named((*only).clone())),
        _ if fields.has("deployment") => which(fields, endpoint, &["idle"]),
        [] => None,
        _ => {
            let first = deployments.keys().next().map_or("", String::as_str);
            let help = format!("add `deployment = idle` for the one without traffic, or the name of one, as in `deployment = {first}`");
            fields.missing("deployment", &help);
            None
        }
    }?;
    if let (Some(version), Some(found)) = (fields.span_of("version"), first(deployments, &which))
        && found.model.is_none()
    {
        let help = "remove it: what an ML pipeline uses is said in its inputs";
        fields.cx.push(errors::invalid_value(version, "this deployment has no model", help).label(found.head, "the deployment"));
    }
    Some(ToEndpoint { endpoint, which, version: fields.expr("version") })
}

fn first<'d>(
    deployments: &'d indexmap::IndexMap<String, crate::model::project::Deployment>,
    which: &Which,
) -> Option<&'d crate::model::project::Deployment> {
    match which {
        Which::Named(name) => deployments.get(name),
        Which::Idle | Which::New | Which::Old => deployments.values().next(),
    }
}

impl ToEndpoint {
    pub fn lower(&self, cx: &Lower<'_>) -> Option<Action> {
        let environment = cx.environment()?;
        let live = Live::new(cx, self.endpoint);
        let (rows, files) = live.candidates();
        let data = vec![
            ("idle", Datum::Flag(self.which == Which::Idle)),
            ("versioned", Datum::Flag(self.version.is_some())),
            ("candidates", Datum::Rows(rows)),
        ];
        let title = cx.title(format!("Deploy {} to {}", live.name(), environment.header.name.value));
        let mut action = live.with_document(live.action(title, "deploy_endpoint", data)?);
        if let Which::Named(_) = self.which {
            action = action.env("DEPLOYMENT", cx.text(self.which.word()));
        }
        for (variable, deployment) in files {
            let document = cx.output(&documents::deployment(&live.endpoint.header, deployment));
            action = action.env(variable, document);
        }
        let timeout = cx.step.timeout.as_ref().map_or(HOUR, |it| it.value);
        let action = action.env_maybe("VERSION", self.version.clone()).env("RUN_ID", cx.run_id());
        Some(action.reads(Files::Project).longest(timeout).outputs(&["url", "deployment", "model_version"]))
    }
}
