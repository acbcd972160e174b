//! `call CONNECTION { path, method, body }`: a request to a service, without an agent.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{Connection, ConnectionKind};
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, default, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_CALL, outputs: |_| IndexMap::new(), decode };

static BLOCK_CALL: Block = Block {
    word: "call",
    head: Head::Arguments(&[argument("connection", Type::Ref(&[Declared::Connection]))]),
    doc: "Sends a request to the address of a connection (`type = generic`, or `azure_rm` for Azure's own interface), without an agent. \
          `timeout` bounds it, an hour where nothing is said.",
    attributes: &[
        COMMON,
        &[
            optional("path", Type::Text, "What stands behind the connection's address."),
            default(
                "method",
                Type::Word(&["get", "post", "put", "patch", "delete", "head", "options"]),
                "post",
                "The method of the request.",
            ),
            optional("body", Type::Text, "What is sent, a JSON text."),
            default(
                "wait",
                Type::Word(&["response", "callback"]),
                "response",
                "When it is done: with the answer, or when the service calls Azure DevOps back. For a `callback` it is sent the run's \
                 token and what names this task.",
            ),
            optional(
                "success",
                Type::Name,
                "What an answer must be, as an expression of Azure Pipelines: `eq(root['status'], 'ready')`.",
            ),
        ],
    ],
    blocks: &[at_most_one(&HEADERS)],
    ..BLOCK
};

static HEADERS: Block = Block {
    word: "headers",
    doc: "Headers of the request, by name, beside `Content-Type: application/json`.",
    free: Some(Type::Value),
    ..BLOCK
};

const HOUR: u64 = 3600;

/// What a service needs to call back: the names of the documentation of `InvokeRESTAPI`.
const CALLBACK: &[(&str, &str)] = &[
    ("PlanUrl", "system.CollectionUri"),
    ("ProjectId", "system.TeamProjectId"),
    ("HubName", "system.HostType"),
    ("PlanId", "system.PlanId"),
    ("JobId", "system.JobId"),
    ("TimelineId", "system.TimelineId"),
    ("TaskInstanceId", "system.TaskInstanceId"),
    ("AuthToken", "system.AccessToken"),
];

#[derive(Debug)]
pub struct Call {
    pub connection: Id<Connection>,
    pub path: Option<Expr>,
    pub method: &'static str,
    pub headers: IndexMap<String, Expr>,
    pub body: Option<Expr>,
    pub callback: bool,
    pub success: Option<String>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let connection = fields.argument_ref("connection")?;
    if let Some(project) = fields.cx.project
        && !matches!(project.connections[connection.value].kind, ConnectionKind::Generic | ConnectionKind::AzureRm)
    {
        let help = "name a connection with `type = generic`, or `type = azure_rm`";
        let message = "requests without an agent go to generic connections and to Azure";
        fields.cx.push(errors::invalid_value(connection.span, message, help));
    }
    let method = fields.word("method").unwrap_or("post");
    let callback = fields.word("wait") == Some("callback");
    if let Some(span) = fields.span_of("body").filter(|_| matches!(method, "get" | "head")) {
        let message = format!("a `{method}` request has no body");
        fields.cx.push(errors::invalid_value(span, message, "remove it, or write another `method`"));
    }
    if let Some(span) = fields.span_of("success").filter(|_| callback) {
        let help = "remove it: the service that calls back says whether all went well";
        fields.cx.push(errors::invalid_value(span, "nobody looks at the answer before a callback", help));
    }
    if fields.has("connection") {
        let span = fields.span_of("connection").unwrap_or(connection.span);
        let help = "remove it: the connection stands behind the word";
        fields.cx.push(errors::invalid_value(span, "a `call` names its connection already", help));
    }
    let headers = fields.expr_map("headers");
    for value in headers.values() {
        if value.as_str().is_some_and(|it| it.contains(['\n', '\r'])) {
            fields.cx.push(errors::invalid_value(value.span, "a header is one line", "write it in one line"));
        }
    }
    Some(Kind::Call(Call {
        connection: connection.value,
        path: fields.expr("path"),
        method,
        headers,
        body: fields.expr("body"),
        callback,
        success: fields.plain("success"),
    }))
}

impl Call {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let connection = &cx.project.connections[self.connection];
        let name = cx.text(&connection.header.name.value);
        let (kind, input) = if connection.kind == ConnectionKind::AzureRm {
            ("connectedServiceNameARM", "azureServiceConnection")
        } else {
            ("connectedServiceName", "serviceConnection")
        };
        let mut inputs = vec![
            ("connectionType", cx.text(kind)),
            (input, name),
            ("method", cx.text(self.method.to_uppercase())),
            ("headers", self.headers(cx)),
        ];
        inputs.extend(self.body.clone().map(|it| ("body", it)));
        inputs.extend(self.path.clone().map(|it| ("urlSuffix", it)));
        inputs.push(("waitForCompletion", cx.text(if self.callback { "true" } else { "false" })));
        inputs.extend(self.success.as_ref().map(|it| ("successCriteria", cx.text(it))));
        let inputs = inputs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let body = ActionBody::Task { name: "InvokeRESTAPI@1".to_owned(), inputs };
        let longest = cx.step.timeout.as_ref().map_or(HOUR, |it| it.value);
        let title = cx.title(format!("Call {}", connection.header.ident.value));
        vec![Action::server(title, body, longest)]
    }

    /// Always written: left out, the task sends the run's token to whatever answers.
    fn headers(&self, cx: &Lower<'_>) -> Expr {
        let mut headers: IndexMap<&str, Expr> = IndexMap::new();
        headers.insert("Content-Type", cx.text("application/json"));
        if self.callback {
            headers.extend(CALLBACK.iter().map(|(name, variable)| (*name, cx.predefined(variable))));
        }
        for (name, value) in &self.headers {
            headers.retain(|it, _| !it.eq_ignore_ascii_case(name));
            headers.insert(name, value.clone());
        }
        let mut parts = vec![cx.text("{")];
        for (number, (name, value)) in headers.into_iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            parts.push(cx.text(format!("{comma}\"{}\": \"", escaped(name))));
            parts.push(in_json(cx, value));
            parts.push(cx.text("\""));
        }
        parts.push(cx.text("}"));
        cx.concat(parts)
    }
}

/// Constants inside a JSON text; what only a run knows stands as it is.
fn in_json(cx: &Lower<'_>, value: Expr) -> Expr {
    match value.kind {
        ExprKind::String(text) => cx.text(escaped(&text)),
        ExprKind::Concat(parts) => cx.concat(parts.into_iter().map(|it| in_json(cx, it)).collect()),
        _ => value,
    }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, it| {
        if matches!(it, '"' | '\\') {
            all.push('\\');
        }
        all.push(it);
        all
    })
}
