//! The parameters that a started run gets, against those the other pipeline declares.

use crate::base::span::Spanned;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::convert::{Value, convert};
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind, Ty};
use crate::model::fields::Fields;
use crate::model::scope::value_type_or_near;
use super::Item;
use crate::model::steps::action::Datum;
use crate::schema::types::Type;
use crate::syntax::ast;

#[derive(Debug)]
pub struct Param {
    pub name: String,
    pub value: ParamValue,
}

#[derive(Debug)]
pub enum ParamValue {
    Expr(Expr),
    /// The item of `each`, or a field of it: `.name`.
    Item(String),
}

pub struct Given<'a> {
    pub written: Vec<&'a ast::Attribute>,
    /// The other pipeline.
    pub declared: &'a ast::Block,
    pub item: Item,
}

impl Param {
    /// What the script's template reads.
    pub fn row(&self) -> Vec<(&'static str, Datum)> {
        let value = match &self.value {
            ParamValue::Expr(_) => format!("env.PARAM_{}", self.name.to_uppercase()),
            ParamValue::Item(path) => format!("($item{path} | if type == \"string\" then . else tojson end)"),
        };
        vec![("name", Datum::Word(self.name.clone())), ("value", Datum::Word(value))]
    }

    pub fn variable(&self) -> Option<(String, Expr)> {
        match &self.value {
            ParamValue::Expr(value) => Some((format!("PARAM_{}", self.name.to_uppercase()), value.clone())),
            ParamValue::Item(_) => None,
        }
    }
}

pub fn decode(fields: &mut Fields<'_, '_>, given: &Given<'_>) -> Vec<Param> {
    let declared: Vec<&ast::Declaration> = params(given.declared).collect();
    let mut found = Vec::new();
    for attribute in &given.written {
        let key = &attribute.key;
        let Some(param) = declared.iter().find(|it| it.name.ident.value == key.value) else {
            let finding = unknown(key, &declared);
            fields.cx.push(finding);
            continue;
        };
        fields.cx.symbols.link(key, param.name.ident.span);
        let value = match (item(&attribute.value), &given.item) {
            (Some(_), Item::None) => without_each(fields, attribute, param).map(ParamValue::Expr),
            (Some(path), item) => of_item(fields, path, item),
            (None, _) => value(fields, attribute, param).map(ParamValue::Expr),
        };
        found.extend(value.map(|value| Param { name: key.value.clone(), value }));
    }
    let lacking: Vec<&&ast::Declaration> = declared
        .iter()
        .filter(|it| it.default.is_none() && !given.written.iter().any(|own| own.key.value == it.name.ident.value))
        .collect();
    for param in lacking {
        let name = &param.name.ident;
        let help = format!("add `params {{ {} = … }}`, or give the parameter a default", name.value);
        let message = format!("the pipeline's parameter `{}` has no default and gets no value", name.value);
        let finding = Diagnostic::error("missing-attribute", fields.head(), message);
        fields.cx.push(finding.label(name.span, "declared here").help(help));
    }
    found
}

fn params(pipeline: &ast::Block) -> impl Iterator<Item = &ast::Declaration> {
    pipeline.body.iter().flat_map(|body| &body.statements).filter_map(|it| match it {
        ast::Statement::Declaration(it) if it.word.value == "param" => Some(&**it),
        _ => None,
    })
}

fn unknown(key: &Spanned<String>, declared: &[&ast::Declaration]) -> Diagnostic {
    let known: Vec<&str> = declared.iter().map(|it| it.name.ident.value.as_str()).collect();
    let nearest = suggest::nearest(&key.value, known.iter().copied());
    let finding = errors::undefined_name(key, "parameter of that pipeline", nearest, &known);
    Diagnostic { code: "undefined-parameter", ..finding }
}

/// `item`, `item.name`
fn item(value: &ast::Expr) -> Option<&[ast::Segment]> {
    let ast::ExprKind::Path(path) = &value.kind else { return None };
    let (first, fields) = path.segments.split_first()?;
    let plain = path.segments.iter().all(|it| it.indices.is_empty());
    let of_item = plain && first.name.value == "item";
    of_item.then_some(fields)
}

/// Something else may be called `item`; if nothing is, the item of an `each` is meant.
fn without_each(fields: &mut Fields<'_, '_>, attribute: &ast::Attribute, param: &ast::Declaration) -> Option<Expr> {
    let before = fields.cx.findings.len();
    let found = value(fields, attribute, param);
    if found.is_none() {
        for finding in &mut fields.cx.findings[before..] {
            finding.help = Some("add `each = [ … ]`: `item` is an item of it, `item.name` a field of the item".into());
        }
    }
    found
}

fn of_item(fields: &mut Fields<'_, '_>, path: &[ast::Segment], item: &Item) -> Option<ParamValue> {
    if let (Item::Fields(known), Some(first)) = (item, path.first())
        && !known.contains(&first.name.value)
    {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = format!("not every item of `each` has a field `{}`", first.name.value);
        let help = match known.as_slice() {
            [] => "write `item`, or records with that field".to_owned(),
            known => format!("all of them have {}", errors::quoted_list(known)),
        };
        fields.cx.push(Diagnostic::error("undefined-reference", first.name.span, message).help(help));
        return None;
    }
    Some(ParamValue::Item(path.iter().flat_map(|it| [".", it.name.value.as_str()]).collect()))
}

fn value(fields: &mut Fields<'_, '_>, attribute: &ast::Attribute, param: &ast::Declaration) -> Option<Expr> {
    let Value::Expr(value) = convert(fields.cx, &attribute.value, Type::Value, &attribute.key.value)? else {
        return None;
    };
    let wanted = value_type_or_near(&param.ty.name.value);
    let fits = value.ty == wanted || (wanted == Ty::Number && value.ty == Ty::Int);
    if !fits {
        let (is, should) = (spoken(value.ty), spoken(wanted));
        let message = format!("the parameter `{}` takes {should}, and this is {is}", attribute.key.value);
        let finding = Diagnostic::error("type-mismatch", value.span, message);
        fields.cx.push(finding.label(param.name.span, "declared here").help(format!("write {should}")));
    } else if let Some(finding) = not_among(&value, param) {
        fields.cx.push(finding);
    }
    Some(value)
}

fn spoken(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "`true` or `false`",
        Ty::Int => "a whole number",
        Ty::Number => "a number",
        Ty::String => "a text",
        Ty::Result => "a result",
    }
}

/// A constant text that the parameter's `enum` does not hold.
fn not_among(value: &Expr, param: &ast::Declaration) -> Option<Diagnostic> {
    let ExprKind::String(text) = &value.kind else { return None };
    let body = param.body.as_ref()?;
    let choices = body.statements.iter().find_map(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == "enum" => Some(&it.value),
        _ => None,
    })?;
    let ast::ExprKind::List(choices) = &choices.kind else { return None };
    let known: Vec<_> = choices
        .iter()
        .filter_map(|it| match &it.kind {
            ast::ExprKind::String(text) => text.constant(),
            _ => None,
        })
        .collect();
    if known.iter().any(|it| it == text) {
        return None;
    }
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let message = format!("the parameter `{}` does not take `{text}`", param.name.ident.value);
    let help = format!("it takes {}", errors::quoted_list(&known));
    Some(errors::invalid_value(value.span, message, help).label(param.name.span, "declared here"))
}
