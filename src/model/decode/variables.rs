//! Where variables come from, other than from a group: a key vault, or an existing template.

use super::declarations::add;
use super::include;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::errors;
use crate::model::expr::Ty;
use crate::model::fields::Fields;
use crate::model::project::Variable;
use crate::target::template::Holds;
use indexmap::IndexMap;
use serde_json::Value;

type Members = IndexMap<String, Variable>;

/// Whether there is such a place, well or not.
pub(super) fn of(fields: &mut Fields<'_, '_>, members: &mut Members) -> bool {
    one_place(fields);
    if fields.has("key_vault") {
        key_vault(fields, members);
    } else if let Some(span) = fields.span_of("connection") {
        let help = "remove it, or name the `key_vault` that it reads";
        fields.cx.push(errors::invalid_value(span, "only a key vault is read with a connection", help));
    }
    if let Some(file) = fields.string("template") {
        template(fields, &file, members);
    }
    fields.has("key_vault") || fields.has("template")
}

fn one_place(fields: &mut Fields<'_, '_>) {
    let said: Vec<(&str, Span)> = ["group", "key_vault", "template"]
        .into_iter()
        .filter_map(|it| Some((it, fields.span_of(it)?)))
        .collect();
    if let [first, second, ..] = said.as_slice() {
        let message = format!("variables come from a `{}` or a `{}`, not from both", first.0, second.0);
        let help = "write a `variables` block for each of them";
        fields.cx.push(errors::invalid_value(second.1, message, help).label(first.1, "the other one"));
    }
}

fn key_vault(fields: &mut Fields<'_, '_>, members: &Members) {
    if !fields.has("connection") {
        fields.missing(
            "connection",
            "add `connection = NAME`: a key vault is read through an Azure connection",
        );
    }
    for member in members.values() {
        if !member.secret && member.value.is_none() {
            let help = format!("write `secret {}`", member.ident.value);
            fields.cx.push(errors::invalid_value(member.ident.span, "a key vault holds secrets only", help));
        }
        let legal = member.name.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
        if member.secret && !(legal && member.name.len() <= 127) {
            let message = format!("`{}` cannot be the name of a secret in a key vault", member.name);
            let help = "use up to 127 letters, digits and `-`";
            fields.cx.push(errors::invalid_value(member.ident.span, message, help));
        }
    }
}

/// What is declared must be there; where nothing is, all that is there can be read.
fn template(fields: &mut Fields<'_, '_>, file: &Spanned<String>, members: &mut Members) {
    let Some(template) = include::read(fields.cx, file) else { return };
    if template.holds != Holds::Variables {
        let message = format!("`{}` holds {}, not variables", file.value, template.holds.word());
        let help = format!("include it in {}", template.holds.place());
        fields.cx.push(errors::template_mismatch(file.span, message, help));
        return;
    }
    for secret in members.values().filter(|it| it.secret) {
        let help = "keep it in a variable group or a key vault";
        fields.cx.push(errors::invalid_value(secret.ident.span, "a template holds no secrets", help));
    }
    let Some(there) = template.variables else { return };
    let known: Vec<&str> = there.iter().map(|it| it.0.as_str()).collect();
    for member in members.values().filter(|it| !it.secret && it.value.is_none()) {
        if !known.contains(&member.name.as_str()) {
            let nearest = suggest::nearest(&member.name, known.iter().copied());
            let what = format!("variable of `{}`", file.value);
            let name = Spanned::new(member.name.clone(), member.ident.span);
            fields.cx.push(errors::undefined_name(&name, &what, nearest, &known));
        }
    }
    if members.is_empty() {
        for (name, value) in there {
            let ident = Spanned::new(name.clone(), file.span);
            let variable =
                Variable { ident, name, secret: false, ty: type_of(&value), value: None, held: None };
            // Names that no reference can spell are for others.
            if crate::model::symbols::is_identifier(&variable.name) {
                add(fields.cx, members, variable);
            }
        }
    }
}

fn type_of(value: &Value) -> Ty {
    match value {
        Value::Bool(_) => Ty::Bool,
        Value::Number(it) if it.is_i64() => Ty::Int,
        Value::Number(_) => Ty::Number,
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => Ty::String,
    }
}
