//! Where the tested thing is asked, and what the script is given to find it.

use super::Tested;
use super::ask::Request;
use crate::base::arena::Id;
use crate::model::expr::Expr;
use crate::model::live::{Live, Which};
use crate::model::lower::Lower;
use crate::model::project::{Endpoint, EndpointAuth, Service, TargetPlace};
use crate::model::steps::action::{Data, Datum};
use crate::model::steps::deploy::Address;
use crate::model::steps::deploy::deployed_name;

pub(super) struct Place {
    pub name: String,
    pub data: Data,
    pub env: Vec<(&'static str, Expr)>,
}

/// What decides which lines the script has; all false but those of the place.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a group of lines of the script")]
struct Lines {
    endpoint: bool,
    role: String,
    credential: &'static str,
    path: bool,
    aci: bool,
    public: bool,
    balancer: bool,
    internal: bool,
    known: bool,
}

impl Lines {
    fn data(self, what: &str) -> Data {
        vec![
            ("what", Datum::Word(what.to_owned())),
            ("kind", Datum::Word("online".to_owned())),
            ("batch", Datum::Flag(false)),
            ("endpoint", Datum::Flag(self.endpoint)),
            ("deployment_header", Datum::Flag(!self.role.is_empty())),
            ("role", Datum::Word(self.role)),
            ("credential", Datum::Word(self.credential.to_owned())),
            ("path", Datum::Flag(self.path)),
            ("aci", Datum::Flag(self.aci)),
            ("public", Datum::Flag(self.public)),
            ("cluster", Datum::Flag(self.balancer || self.internal)),
            ("balancer", Datum::Flag(self.balancer)),
            ("internal", Datum::Flag(self.internal)),
            ("known", Datum::Flag(self.known)),
        ]
    }
}

pub(super) fn of(cx: &Lower<'_>, what: &Tested, request: &Request) -> Option<Place> {
    let path = request.path.as_deref();
    match what {
        Tested::Endpoint(id, deployment) => Some(endpoint(cx, *id, deployment.as_ref(), path)),
        Tested::Service(id) => match &request.url {
            Some(url) => Some(at(cx, *id, url, path.unwrap_or_default())),
            None => service(cx, *id, path.unwrap_or("/")),
        },
    }
}

fn endpoint(cx: &Lower<'_>, id: Id<Endpoint>, deployment: Option<&Which>, path: Option<&str>) -> Place {
    let live = Live::new(cx, id);
    let credential = match live.endpoint.auth() {
        EndpointAuth::Key => "primaryKey",
        EndpointAuth::AmlToken | EndpointAuth::AadToken => "accessToken",
    };
    let lines = Lines {
        endpoint: true,
        role: deployment.map_or_else(String::new, Which::word),
        credential,
        path: path.is_some(),
        ..Lines::default()
    };
    let mut env = vec![("ENDPOINT", cx.text(live.name())), ("RUN_ID", cx.run_id())];
    env.extend(path.map(|it| ("URL_PATH", cx.text(it))));
    Place { name: live.name().to_owned(), data: lines.data("the endpoint"), env }
}

/// A service at an address that the step says.
fn at(cx: &Lower<'_>, id: Id<Service>, url: &Expr, path: &str) -> Place {
    let lines = Lines { known: true, ..Lines::default() };
    let url = if path.is_empty() { url.clone() } else { cx.concat(vec![url.clone(), cx.text(path)]) };
    Place { name: deployed_name(cx, id), data: lines.data("the service"), env: vec![("URL", url)] }
}

fn service(cx: &Lower<'_>, id: Id<Service>, path: &str) -> Option<Place> {
    let settings = cx.settings(id);
    let name = deployed_name(cx, id);
    let own = settings.port.as_ref().map_or(80, |it| it.value);
    let (lines, env) = match cx.environment()?.target.as_ref()? {
        TargetPlace::Aci { resource_group, .. } => {
            let env = vec![
                ("RESOURCE_GROUP", cx.text(&resource_group.value)),
                ("NAME", cx.text(&name)),
                ("PORT", cx.text(own.to_string())),
                ("URL_PATH", cx.text(path)),
            ];
            (Lines { aci: true, public: settings.dns_label.is_some(), ..Lines::default() }, env)
        }
        TargetPlace::Aks { cluster, resource_group, namespace, .. } => {
            let mut env = vec![
                ("RESOURCE_GROUP", cx.text(&resource_group.value)),
                ("CLUSTER", cx.text(&cluster.value)),
                ("NAMESPACE", cx.text(&namespace.value)),
                ("RELEASE", cx.text(&name)),
            ];
            let mut lines = Lines::default();
            match Address::of(&settings) {
                Address::Balancer(port) => {
                    lines.balancer = true;
                    env.extend([("PORT", cx.text(port.to_string())), ("URL_PATH", cx.text(path))]);
                }
                Address::Internal(port) => {
                    lines.internal = true;
                    env.extend([("PORT", cx.text(port.to_string())), ("URL_PATH", cx.text(path))]);
                }
                Address::Known(url) => {
                    lines.known = true;
                    let url = format!("{}/{}", url.trim_end_matches('/'), path.trim_start_matches('/'));
                    env.push(("URL", cx.text(url)));
                }
                Address::Unknown => return None,
            }
            (lines, env)
        }
    };
    Some(Place { name, data: lines.data("the service"), env })
}
