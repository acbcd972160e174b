//! `set_traffic ENDPOINT { new = 10%, old = 90% }`: which deployment gets how much.

use super::action::{Action, Data, Datum};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::decode::endpoint::{check_mirror, percentages, shares, sum};
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::live::Live;
use crate::model::lower::Lower;
use crate::model::project::{Endpoint, EndpointKind, Traffic};
use crate::schema::pipeline::{STEP as COMMON};
use crate::schema::declarations::ENV;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, at_most_one};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_SET_TRAFFIC, outputs: |_| IndexMap::new(), decode };

static MIRROR: Block = Block {
    word: "mirror_traffic",
    doc: "How much of the traffic one more deployment gets as a copy; nothing where nothing is said.",
    free: Some(Type::Any),
    ..BLOCK
};

static BLOCK_SET_TRAFFIC: Block = Block {
    word: "set_traffic",
    head: Head::Arguments(&[argument("endpoint", Type::Ref(&[Declared::Endpoint]))]),
    doc: "Gives the deployments of an online endpoint their shares of the traffic: by name, or `new` for what was deployed last and `old` for what had \
          the traffic before. Who is not named gets none. Without shares, what the endpoint declares. Of a batch endpoint, the deployment with `100%` \
          becomes the default.",
    attributes: &[COMMON],
    blocks: &[at_most_one(&ENV), at_most_one(&MIRROR)],
    free: Some(Type::Any),
    ..BLOCK
};

#[derive(Debug)]
pub struct SetTraffic {
    pub endpoint: Id<Endpoint>,
    pub traffic: Traffic,
    pub mirror: Traffic,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let endpoint = fields.argument_ref("endpoint")?;
    let project = fields.cx.project?;
    let declared = &project.endpoints[endpoint.value];
    let deployments = &declared.settings.deployments;
    let words = ["new", "old"];
    let written = fields.free_ast();
    let mirrored = fields.syntax_map("mirror_traffic");
    let mut traffic = percentages(fields.cx, &written, deployments, &words);
    let mut mirror = percentages(fields.cx, &mirrored, deployments, &words);
    if written.is_empty() && mirrored.is_empty() {
        traffic = said(fields, declared, endpoint.span)?;
        mirror.clone_from(&declared.settings.mirror);
    } else if traffic.len() == written.len() {
        let first = traffic.values().next().map_or(fields.head(), |it| it.span);
        let whole = traffic.values().any(|it| it.value == 100);
        if declared.kind == EndpointKind::Batch && !whole {
            let help = "write `100%` behind the deployment that is to be the default";
            fields.cx.push(errors::invalid_value(first, "a batch endpoint has one default, and no shares", help));
        } else if sum(&traffic) != 100 {
            fields.cx.push(errors::traffic_sum(shares(&traffic).unwrap_or(first), sum(&traffic)));
        }
        check_mirror(fields.cx, &traffic, &mirror);
        refuse_mixture(fields, &traffic);
    }
    if let Some(copy) = mirrored.first().filter(|_| declared.kind == EndpointKind::Batch) {
        let finding = errors::invalid_value(copy.key.span, "a batch endpoint has no traffic to mirror", "remove it");
        fields.cx.push(finding);
    }
    Some(Kind::SetTraffic(SetTraffic { endpoint: endpoint.value, traffic, mirror }))
}

/// What the endpoint's declaration says.
fn said(fields: &mut Fields<'_, '_>, endpoint: &Endpoint, span: crate::base::span::Span) -> Option<Traffic> {
    let settings = &endpoint.settings;
    let default = settings.default.as_ref().map(|it| Traffic::from([(it.value.clone(), Spanned::new(100, it.span))]));
    let declared = (sum(&settings.traffic) == 100).then(|| settings.traffic.clone()).or(default);
    if declared.is_none() {
        let help = "write shares, as in `{ new = 100% }`, or give the endpoint its `traffic { … }`";
        let finding = errors::invalid_value(span, "neither this nor the endpoint says who gets the traffic", help);
        fields.cx.push(finding.label(endpoint.header.head, "the endpoint"));
    }
    declared
}

impl SetTraffic {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let live = Live::new(cx, self.endpoint);
        let copy = self.mirror.iter().find(|it| it.1.value > 0);
        let data = vec![
            ("shares", Datum::Rows(self.traffic.iter().map(|(name, share)| row(name, share.value)).collect())),
            ("mirror", Datum::Word(copy.map_or_else(String::new, |it| it.0.replace('_', "-")))),
            ("mirror_percent", Datum::Word(copy.map_or_else(String::new, |it| it.1.value.to_string()))),
        ];
        let title = cx.title(format!("Set the traffic of {}", live.name()));
        let action = live.action(title, "set_traffic", data);
        action.map(|it| it.env("RUN_ID", cx.run_id())).into_iter().collect()
    }
}

/// Which deployment is new is known in the run only: it may be the one that another share names.
fn refuse_mixture(fields: &mut Fields<'_, '_>, traffic: &Traffic) {
    let role = |name: &String| matches!(name.as_str(), "new" | "old");
    let by_name = traffic.iter().find(|it| !role(it.0));
    if let Some((name, share)) = by_name.filter(|_| traffic.keys().any(role)) {
        let message = format!("`{name}` may be the deployment that is `new` or `old`");
        let help = "write all shares by `new` and `old`, or all by the names of deployments";
        fields.cx.push(errors::invalid_value(share.span, message, help));
    }
}

fn row(name: &str, percent: u32) -> Data {
    vec![("name", Datum::Word(name.replace('_', "-"))), ("percent", Datum::Word(percent.to_string()))]
}
