//! `option region: string = "westeurope"`, set from outside by `-D region=…`.

use super::errors;
use super::fold::Effort;
use super::globals::Pending;
use super::scope::What;
use super::{Expand, Setting};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::syntax::ast::{Declaration, Expr, ExprKind, Number, Statement, Text};

const TYPES: &[&str] = &["string", "int", "number", "bool", "duration", "percentage"];

/// The options of a project and what they are set to.
pub struct Options {
    options: Vec<One>,
}

struct One {
    name: Spanned<String>,
    ty: Spanned<String>,
    value: Option<Expr>,
    allowed: Option<Expr>,
    /// Set from outside.
    is_set: bool,
}

impl Options {
    pub fn new(cx: &mut Expand<'_>, declared: &[Declaration], settings: &[Setting]) -> Options {
        let mut options: Vec<One> = declared.iter().filter_map(|it| one(cx, it)).collect();
        for setting in settings {
            let text = format!("{}={}", setting.name, setting.text);
            let end = text.len();
            let file = cx.sources.add_text(setting.from.clone(), text);
            let name = Spanned::new(setting.name.clone(), Span::new(file, 0, setting.name.len()));
            let place = Span::new(file, setting.name.len() + 1, end);
            match options.iter_mut().find(|it| it.name.value == setting.name) {
                Some(option) => match read(&setting.text, &option.ty.value, place) {
                    Some(value) => (option.value, option.is_set) = (Some(value), true),
                    None => cx.push(errors::wrong_setting(place, &option.name, &option.ty)),
                },
                None => {
                    let known: Vec<&str> = options.iter().map(|it| it.name.value.as_str()).collect();
                    let nearest = suggest::nearest(&setting.name, known.iter().copied());
                    cx.push(errors::undefined(&name, "option", nearest, &known));
                }
            }
        }
        Options { options }
    }

    pub fn pending(&self, cx: &mut Expand<'_>) -> Vec<Pending> {
        let mut found = Vec::new();
        for option in &self.options {
            let value = option.value.clone().unwrap_or_else(|| {
                cx.push(errors::option_not_set(&option.name));
                Expr { kind: ExprKind::Broken, span: option.name.span }
            });
            found.push(Pending { what: What::Option, name: option.name.clone(), value });
        }
        found
    }

    /// Types and allowed values, once the values are known.
    pub fn check(self, cx: &mut Expand<'_>) {
        for option in self.options {
            let Some(binding) = cx.scopes.globals.get(&option.name.value).map(std::rc::Rc::clone) else {
                continue;
            };
            let value = &binding.value;
            if matches!(value.kind, ExprKind::Broken) {
                continue;
            }
            if !fits(value, &option.ty.value) {
                cx.push(errors::wrong_default(value.span, &option.ty));
                continue;
            }
            let Some(mut allowed) = option.allowed else { continue };
            cx.fold(&mut allowed, Effort::All);
            let ExprKind::List(items) = &allowed.kind else {
                cx.push(errors::enum_not_a_list(allowed.span));
                continue;
            };
            let shown: Vec<String> = items.iter().map(errors::short).collect();
            if !shown.contains(&errors::short(value)) {
                cx.push(errors::not_allowed(value, &option.name, &shown, option.is_set));
            }
        }
    }
}

fn one(cx: &mut Expand<'_>, declaration: &Declaration) -> Option<One> {
    let ty = &declaration.ty;
    if ty.list || !TYPES.contains(&ty.name.value.as_str()) {
        let nearest = suggest::nearest(&ty.name.value, TYPES.iter().copied());
        cx.push(errors::option_type(ty.span, nearest));
        return None;
    }
    if !declaration.name.indices.is_empty() {
        cx.push(errors::indexed_option(declaration.name.span));
        return None;
    }
    let mut allowed = None;
    for statement in declaration.body.iter().flat_map(|it| &it.statements) {
        match statement {
            Statement::Attribute(it) if it.key.value == "enum" => allowed = Some(it.value.clone()),
            Statement::Broken(_) => {}
            other => cx.push(errors::not_of_option(other.span())),
        }
    }
    Some(One {
        name: declaration.name.ident.clone(),
        ty: ty.name.clone(),
        value: declaration.default.clone(),
        allowed,
        is_set: false,
    })
}

/// A text from outside as a value of the type.
fn read(text: &str, ty: &str, span: Span) -> Option<Expr> {
    let number = || ExprKind::Number(Number { digits: text.to_owned(), unit: String::new() });
    let kind = match ty {
        "int" => text.parse::<i64>().ok().map(|_| number())?,
        "number" => text.parse::<f64>().ok().filter(|it| it.is_finite()).map(|_| number())?,
        "bool" => ExprKind::Bool(text.parse().ok()?),
        "duration" | "percentage" => ExprKind::Number(with_unit(text).filter(|it| has_unit(it, ty))?),
        _ => literal(text, span),
    };
    Some(Expr { kind, span })
}

fn with_unit(text: &str) -> Option<Number> {
    let end = text.find(|it: char| !it.is_ascii_digit())?;
    let (digits, unit) = text.split_at(end);
    digits.parse::<i64>().ok()?;
    Some(Number { digits: digits.to_owned(), unit: unit.to_owned() })
}

/// Whether the number is a `duration`, or a `percentage`.
pub fn has_unit(number: &Number, ty: &str) -> bool {
    match ty {
        "duration" => matches!(number.unit.as_str(), "s" | "m" | "h" | "d"),
        "percentage" => number.unit == "%",
        _ => false,
    }
}

pub fn literal(text: &str, span: Span) -> ExprKind {
    ExprKind::String(Text { raw: span, value: text.to_owned(), block: false, parts: Vec::new() })
}

fn fits(value: &Expr, ty: &str) -> bool {
    match &value.kind {
        ExprKind::String(text) => ty == "string" && text.constant().is_some(),
        ExprKind::Bool(_) => ty == "bool",
        ExprKind::Number(number) if number.unit.is_empty() => {
            ty == "number" || (ty == "int" && number.digits.parse::<i64>().is_ok())
        }
        ExprKind::Number(number) => has_unit(number, ty),
        _ => false,
    }
}
