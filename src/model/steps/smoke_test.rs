//! `smoke_test X { request, expect { … } }`: asks a service or an endpoint until it answers as expected.

mod ask;
mod place;

use self::ask::{Expected, Request};
use super::action::Action;
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::errors;
use crate::model::expr::Ty;
use crate::model::fields::Fields;
use crate::model::live::{Which, which};
use crate::model::lower::Lower;
use crate::model::project::{Endpoint, EndpointKind, Service};
use crate::model::scope::output;
use crate::schema::declarations::ENV;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, default, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_SMOKE_TEST,
    outputs: |_| IndexMap::from([("passed".to_owned(), output(Ty::Bool))]),
    decode,
};

static JSON: Block = Block {
    word: "json",
    doc: "JSON that the answer holds, among other things.",
    free: Some(Type::Data),
    ..BLOCK
};

static EXPECT: Block = Block {
    word: "expect",
    doc: "What is the right answer: all of this.",
    attributes: &[&[
        default("status", Type::Int(100, 599), "200", "The status."),
        optional("body", Type::Text, "The whole text of the answer, without line breaks at its end."),
        optional("contains", Type::OneOrMany(&Type::Name), "Texts that the answer holds."),
    ]],
    blocks: &[at_most_one(&JSON)],
    ..BLOCK
};

static BLOCK_SMOKE_TEST: Block = Block {
    word: "smoke_test",
    head: Head::Arguments(&[argument("what", Type::Ref(&[Declared::Service, Declared::Endpoint]))]),
    doc: "Asks a service or an online endpoint until it answers as expected, every ten seconds; fails when the time is up. An endpoint is asked with \
          its own key or token. Outputs: `passed`.",
    attributes: &[
        COMMON,
        &[
            optional("request", Type::File, "The file that is sent."),
            optional("body", Type::Text, "Or the text that is sent."),
            default("content_type", Type::Name, "application/json", "What is sent."),
            optional("method", Type::Word(&["GET", "POST", "PUT"]), "`POST` where something is sent, else `GET`."),
            optional("path", Type::Name, "The path that is asked; `/` of a service, the scoring path of an endpoint where nothing is said."),
            optional("url", Type::Value, "Services: where it is asked; needed where a chart of its own decides that."),
            optional("auth", Type::Value, "Services: the key or token that is sent, from a secret, as `Authorization: Bearer …`."),
            optional("header", Type::Name, "Services: the header that carries `auth` instead, such as `x-api-key`."),
            optional("deployment", Type::Dotted, "Endpoints: asks this deployment, whatever traffic it has: by name, or `new` for what was deployed last, or `old`."),
            default("within", Type::Duration(1, 24 * 3600), "2m", "How long it has to answer as expected."),
        ],
    ],
    blocks: &[at_most_one(&ENV), at_most_one(&EXPECT)],
    ..BLOCK
};

#[derive(Debug)]
pub struct SmokeTest {
    pub what: Tested,
    request: Box<Request>,
    expected: Box<Expected>,
    within: u64,
}

#[derive(Debug)]
pub enum Tested {
    Service(Id<Service>),
    Endpoint(Id<Endpoint>, Option<Which>),
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("what")?;
    let (named, span) = (argument.value.as_ref_to()?, argument.span);
    let is_endpoint = named.kind == Declared::Endpoint;
    let foreign: &[&str] = if is_endpoint { &["auth", "header", "url"] } else { &["deployment"] };
    for name in foreign {
        if let Some(at) = fields.span_of(name) {
            let (message, help) = if is_endpoint {
                (format!("`{name}` has no meaning for an endpoint"), "remove it: address and key are fetched")
            } else {
                (format!("`{name}` has no meaning for a service"), "remove it")
            };
            fields.cx.push(errors::invalid_value(at, message, help));
        }
    }
    let what = if is_endpoint { endpoint(fields, Id::new(named.index), span)? } else { service(fields, Id::new(named.index), span) };
    let request = Box::new(ask::request(fields));
    let expected = Box::new(fields.one("expect", ask::expected).unwrap_or_default());
    let within = fields.seconds("within").map_or(120, |it| it.value);
    Some(Kind::SmokeTest(SmokeTest { what, request, expected, within }))
}

fn endpoint(fields: &mut Fields<'_, '_>, id: Id<Endpoint>, span: Span) -> Option<Tested> {
    let declared = &fields.cx.project?.endpoints[id];
    if declared.kind == EndpointKind::Batch {
        let help = "remove it: invoke the endpoint in an `azure` step, and look at the job";
        fields.cx.push(errors::invalid_value(span, "a batch endpoint answers with a job, not with a result", help));
    }
    let deployment = if fields.has("deployment") { Some(which(fields, id, &["new", "old"])?) } else { None };
    Some(Tested::Endpoint(id, deployment))
}

fn service(fields: &mut Fields<'_, '_>, id: Id<Service>, span: Span) -> Tested {
    if let Some(header) = fields.span_of("header").filter(|_| !fields.has("auth")) {
        let help = "add `auth = vars.KEY`, or remove the header";
        fields.cx.push(errors::invalid_value(header, "this header carries nothing", help));
    }
    let declared = fields.cx.project.map(|it| &it.services[id]);
    if let Some(declared) = declared.filter(|it| it.settings.port.is_none() && it.chart.is_none() && !fields.has("url")) {
        let help = "add `port = 8080` to it";
        let message = format!("`{}` listens on no port", declared.header.ident.value);
        fields.cx.push(errors::invalid_value(span, message, help).label(declared.header.head, "the service"));
    }
    let charted = declared.filter(|it| it.chart.is_some() && !fields.has("url"));
    if let Some(declared) = charted {
        let help = "add `url = \"https://…\"`, or the `url` of its `deploy`";
        let message = format!("the chart of `{}` decides where it is reached", declared.header.ident.value);
        fields.cx.push(errors::invalid_value(span, message, help).label(declared.header.head, "the service"));
    }
    Tested::Service(id)
}

impl SmokeTest {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.action(cx).into_iter().collect()
    }

    fn action(&self, cx: &Lower<'_>) -> Option<Action> {
        let place = place::of(cx, &self.what, &self.request)?;
        let mut data = place.data;
        data.extend(self.request.data());
        data.extend(self.expected.data());
        let title = cx.title(format!("Test {}", place.name));
        let action = match &self.what {
            Tested::Service(_) => cx.azure(title, "smoke_test", data)?,
            Tested::Endpoint(..) => cx.azure_ml(title, "smoke_test", data)?,
        };
        let mut action = self.expected.env(cx, self.request.env(cx, action));
        action.env.extend(place.env.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let action = action.env("WITHIN", cx.text(self.within.to_string()));
        // The last question may take a minute, and a tunnel half of one.
        Some(action.longest(self.within + 180).outputs(&["passed"]))
    }
}
