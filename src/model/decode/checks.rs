//! Templates that pipelines must extend, and services that are asked, on environments.

use crate::base::files::normalize;
use crate::base::span::{Span, Spanned};
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::project::{CallTarget, CheckCall, RequiredTemplate};

/// A day: what Azure DevOps gives such a check where nothing is said. Seconds.
const DAY: u64 = 24 * 3600;

pub fn required_templates(fields: &mut Fields<'_, '_>) -> Vec<RequiredTemplate> {
    let found = fields.each("required_template", |it| {
        Some(RequiredTemplate {
            path: in_repository(it)?,
            repository: it.reference("repository"),
            reference: it.string("ref"),
            head: it.head(),
        })
    });
    found.into_iter().flatten().collect()
}

fn in_repository(fields: &mut Fields<'_, '_>) -> Option<Spanned<String>> {
    let path = fields.argument_string("path")?;
    if normalize(&path.value).is_none() {
        let help = "write the way from the repository's root; `repository` says which one it is in";
        fields.cx.push(errors::invalid_value(
            path.span,
            "this template lies outside of its repository",
            help,
        ));
    }
    Some(path)
}

pub fn calls(fields: &mut Fields<'_, '_>) -> Vec<CheckCall> {
    let mut found = fields.each("call", |it| {
        let id = it.argument_ref("connection")?;
        let path = it.plain("path");
        Some(call(it, CallTarget::Connection { id, path }))
    });
    found.extend(fields.each("function", |it| {
        let url = it.argument_string("url")?;
        if !url.value.starts_with("https://") {
            let help = "write where it is, such as `https://checks.azurewebsites.net/api/may_deploy`";
            it.cx.push(errors::invalid_value(url.span, "a function is called by `https://…`", help));
        }
        let target = CallTarget::Function { url, key: it.string("key"), query: it.plain("query") };
        Some(call(it, target))
    }));
    found.into_iter().flatten().collect()
}

fn call(fields: &mut Fields<'_, '_>, to: CallTarget) -> CheckCall {
    let method = fields.word("method").unwrap_or("post");
    let callback = fields.word("wait") == Some("callback");
    if let Some(span) = fields.span_of("body").filter(|_| matches!(method, "get" | "head")) {
        let message = format!("a `{method}` request has no body");
        fields.cx.push(errors::invalid_value(span, message, "remove it, or write another `method`"));
    }
    for name in ["success", "every"] {
        if let Some(span) = fields.span_of(name).filter(|_| callback) {
            refuse_beside_callback(fields, span, name);
        }
    }
    CheckCall {
        to,
        title: fields.string("title"),
        method,
        headers: fields.string_map("headers"),
        body: fields.string("body"),
        callback,
        success: fields.plain("success"),
        every: fields.seconds("every"),
        timeout_seconds: fields.seconds("timeout").map_or(DAY, |it| it.value),
        variables: fields.reference("variables"),
        head: fields.head(),
    }
}

fn refuse_beside_callback(fields: &mut Fields<'_, '_>, span: Span, name: &str) {
    let message = format!("`{name}` has no meaning beside `wait = callback`");
    let help = "remove it: the service that calls back says once and for all whether the stage may start";
    fields.cx.push(errors::invalid_value(span, message, help));
}
