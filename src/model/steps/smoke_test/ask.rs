//! What is asked, and what is the right answer.

use crate::model::data::{self, Data as Json, Record};
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::steps::action::{Action, Data, Datum, Files};
use std::fmt::Write as _;

#[derive(Debug)]
pub(super) struct Request {
    /// Relative to the project's root.
    file: Option<String>,
    body: Option<Expr>,
    content_type: Option<String>,
    method: &'static str,
    pub path: Option<String>,
    pub url: Option<Expr>,
    auth: Option<Expr>,
    header: Option<String>,
}

pub(super) fn request(fields: &mut Fields<'_, '_>) -> Request {
    if let (Some(file), Some(body)) = (fields.span_of("request"), fields.span_of("body")) {
        let finding = errors::invalid_value(body, "a file or a text is sent, not both", "remove `request` or `body`");
        fields.cx.push(finding.label(file, "the file"));
    }
    if let Some(path) = fields.string("path").filter(|it| !it.value.starts_with('/')) {
        let help = format!("write `\"/{}\"`", path.value);
        fields.cx.push(errors::invalid_value(path.span, "a path begins with `/`", help));
    }
    let sends = fields.has("request") || fields.has("body");
    Request {
        file: fields.plain("request"),
        body: fields.expr("body"),
        content_type: fields.plain("content_type"),
        method: fields.word("method").unwrap_or(if sends { "POST" } else { "GET" }),
        path: fields.plain("path"),
        url: fields.expr("url"),
        auth: fields.expr("auth"),
        header: fields.plain("header"),
    }
}

impl Request {
    pub fn data(&self) -> Data {
        let sends = self.file.is_some() || self.body.is_some();
        vec![
            ("method", Datum::Word(self.method.to_owned())),
            ("content", Datum::Flag(sends)),
            ("file", Datum::Flag(self.file.is_some())),
            ("body", Datum::Flag(self.file.is_none() && self.body.is_some())),
            ("bearer", Datum::Flag(self.auth.is_some() && self.header.is_none())),
            ("header", Datum::Flag(self.auth.is_some() && self.header.is_some())),
        ]
    }

    pub fn env(&self, cx: &Lower<'_>, action: Action) -> Action {
        let text = |it: &Option<String>| it.as_ref().map(|it| cx.text(it));
        let sends = self.file.is_some() || self.body.is_some();
        let content_type = sends.then(|| cx.text(self.content_type.as_deref().unwrap_or("application/json")));
        let action = action
            .env_maybe("REQUEST", text(&self.file))
            .env_maybe("BODY", self.body.clone().filter(|_| self.file.is_none()))
            .env_maybe("CONTENT_TYPE", content_type)
            .env_maybe("HEADER", text(&self.header).filter(|_| self.auth.is_some()))
            .env_maybe("AUTH", self.auth.clone());
        if self.file.is_some() { action.reads(Files::Project) } else { action }
    }
}

#[derive(Debug, Default)]
pub(super) struct Expected {
    status: Option<u32>,
    body: Option<Expr>,
    contains: Vec<String>,
    json: Option<Record>,
}

pub(super) fn expected(fields: &mut Fields<'_, '_>) -> Expected {
    let json = fields.one("json", |it| data::block(it.ast, &mut it.cx.findings));
    Expected {
        status: fields.count("status"),
        body: fields.expr("body"),
        contains: fields.strings("contains").into_iter().map(|it| it.value).collect(),
        json,
    }
}

impl Expected {
    pub fn data(&self) -> Data {
        let rows = (1..=self.contains.len()).map(|it| vec![("variable", Datum::Word(contains(it)))]);
        vec![
            ("expects_body", Datum::Flag(self.body.is_some())),
            ("contains", Datum::Rows(rows.collect())),
            ("expects_json", Datum::Flag(self.json.is_some())),
        ]
    }

    pub fn env(&self, cx: &Lower<'_>, action: Action) -> Action {
        let json = self.json.as_ref().map(|it| {
            let mut text = String::new();
            record(&mut text, it);
            cx.text(text)
        });
        let mut action = action
            .env("EXPECT_STATUS", cx.text(self.status.unwrap_or(200).to_string()))
            .env_maybe("EXPECT_BODY", self.body.as_ref().map(without_last_breaks))
            .env_maybe("EXPECT_JSON", json);
        for (index, text) in self.contains.iter().enumerate() {
            action = action.env(contains(index + 1), cx.text(text));
        }
        action
    }
}

/// The shell drops line breaks at the end of what it reads.
fn without_last_breaks(body: &Expr) -> Expr {
    match &body.kind {
        ExprKind::String(text) => Expr::string(text.trim_end_matches('\n'), body.span),
        _ => body.clone(),
    }
}

fn contains(number: usize) -> String {
    format!("EXPECT_TEXT_{number}")
}

fn record(text: &mut String, record: &Record) {
    text.push('{');
    for (index, (key, entry)) in record.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        string(text, key);
        text.push(':');
        json(text, &entry.value.value);
    }
    text.push('}');
}

fn json(text: &mut String, data: &Json) {
    match data {
        Json::Bool(it) => text.push_str(if *it { "true" } else { "false" }),
        Json::Int(it) => write!(text, "{it}").expect("a string takes all that is written to it"),
        Json::Number(it) => write!(text, "{it}").expect("a string takes all that is written to it"),
        Json::String(it) => string(text, it),
        Json::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                json(text, &item.value);
            }
            text.push(']');
        }
        Json::Record(it) => record(text, it),
    }
}

fn string(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            it if it < ' ' => {
                write!(text, "\\u{:04x}", u32::from(it)).expect("a string takes all that is written to it");
            }
            it => text.push(it),
        }
    }
    text.push('"');
}
