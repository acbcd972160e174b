//! A written value as the type of its attribute: text becomes a number, a duration, a reference once.

use super::data::{self, Data};
use super::errors;
use super::expr::{Expr, Ty};
use super::fields::Cx;
use super::meant;
use super::numbers;
use super::symbols::Ref;
use crate::base::files::FileKind;
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::schema::Type;
use crate::syntax::ast::{self, ExprKind, Operator, Part};
use crate::target::pipeline_keys;
use std::borrow::Cow;

/// A value by its attribute's type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Bool(bool),
    Int(i64),
    Number(f64),
    String(String),
    Seconds(u64),
    /// `max`
    Max,
    /// As written: `250m`, `512Mi`, `25%`.
    Quantity(String),
    Percent(u32),
    Range(Box<Value>, Box<Value>),
    Word(&'static str),
    Ref(Ref),
    List(Vec<Spanned<Value>>),
    Expr(Expr),
    Data(Data),
    /// Left to the block that owns it.
    Syntax,
}

impl Value {
    pub fn as_string(&self) -> Option<&str> {
        match self {
            Value::String(text) | Value::Quantity(text) => Some(text),
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn as_word(&self) -> Option<&'static str> {
        match self {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn as_ref_to(&self) -> Option<Ref> {
        match self {
            Value::Ref(it) => Some(*it),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds of ML inputs are written by people")]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(it) => Some(*it),
            Value::Int(it) => Some(*it as f64),
            _ => None,
        }
    }

    /// The items of a list, or the one value.
    pub fn items(value: &Spanned<Value>) -> Vec<&Spanned<Value>> {
        match &value.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![value],
        }
    }

    /// Both ends of a range; one value is both.
    pub fn ends(&self) -> (&Value, &Value) {
        match self {
            Value::Range(low, high) => (low, high),
            one => (one, one),
        }
    }
}

/// `None` where it does not fit; that is then reported.
pub fn convert(cx: &mut Cx<'_>, expr: &ast::Expr, ty: Type, what: &str) -> Option<Value> {
    if matches!(expr.kind, ExprKind::Broken) {
        return None;
    }
    match ty {
        Type::List(of) => list(cx, expr, (ty, *of), what),
        Type::OneOrMany(of) => match &expr.kind {
            ExprKind::List(_) => list(cx, expr, (ty, *of), what),
            _ => convert(cx, expr, *of, what),
        },
        Type::Range(of) => range(cx, expr, (ty, *of), what),
        Type::Ref(kinds) => reference(cx, expr, kinds),
        Type::Condition => condition(cx, expr, what),
        Type::Value => {
            cx.findings.extend(numbers::lost(what, expr));
            value(cx, expr)
        }
        Type::Text => text(cx, expr, ty, what),
        Type::File | Type::Folder | Type::Path => path(cx, expr, ty, what),
        Type::Name | Type::Script | Type::Command => string(cx, expr, ty, what),
        Type::Data => data::expr(expr, &mut cx.findings).map(|it| Value::Data(it.value)),
        Type::Any => Some(Value::Syntax),
        Type::Dotted => match &expr.kind {
            ExprKind::Path(_) => Some(Value::Syntax),
            _ => mismatch(cx, expr, what, ty),
        },
        Type::Word(words) => word(cx, expr, words, what),
        Type::Bool
        | Type::Int(..)
        | Type::Number
        | Type::Duration(..)
        | Type::Timeout
        | Type::Cpu
        | Type::Memory
        | Type::Percent
        | Type::CountOrPercent => match scalar(&expr.kind, ty) {
            Ok(value) => Some(value),
            Err(Misfit::Type) => mismatch(cx, expr, what, ty),
            Err(Misfit::Bounds) => {
                cx.push(errors::out_of_bounds(expr.span, what, ty));
                None
            }
        },
    }
}

fn value(cx: &mut Cx<'_>, expr: &ast::Expr) -> Option<Value> {
    cx.resolver.expr(expr, cx.symbols, &mut cx.findings).map(Value::Expr)
}

fn mismatch(cx: &mut Cx<'_>, expr: &ast::Expr, what: &str, ty: Type) -> Option<Value> {
    cx.push(meant::value(errors::type_mismatch(expr, what, ty), expr, ty));
    None
}

fn list(cx: &mut Cx<'_>, expr: &ast::Expr, (ty, of): (Type, Type), what: &str) -> Option<Value> {
    let ExprKind::List(items) = &expr.kind else {
        let finding = errors::type_mismatch(expr, what, ty);
        cx.push(finding.help(format!("write a list, even for one: `{what} = [ … ]`")));
        return None;
    };
    // Those of a matrix are looked at there.
    let mut one = |it| if matches!(of, Type::Value) { value(cx, it) } else { convert(cx, it, of, what) };
    let converted = items.iter().filter_map(|it| Some(Spanned::new(one(it)?, it.span)));
    Some(Value::List(converted.collect()))
}

fn range(cx: &mut Cx<'_>, expr: &ast::Expr, (ty, of): (Type, Type), what: &str) -> Option<Value> {
    let ExprKind::Binary(Operator::Range, low, high) = &expr.kind else {
        let is_number = matches!(expr.kind, ExprKind::Number(_));
        if matches!(&expr.kind, ExprKind::Number(it) if it.digits.starts_with('-')) {
            let help = "a range is written with two dots: `0..4`";
            cx.push(errors::out_of_bounds(expr.span, what, ty).help(help));
            return None;
        }
        return if is_number { convert(cx, expr, of, what) } else { mismatch(cx, expr, what, ty) };
    };
    let low = convert(cx, low, of, what)?;
    let high = convert(cx, high, of, what)?;
    let upside_down = match (&low, &high) {
        (Value::Quantity(low), Value::Quantity(high)) => amount(low) > amount(high),
        _ => low.as_number() > high.as_number(),
    };
    if upside_down {
        let help = "write the smaller value first";
        cx.push(errors::invalid_value(
            expr.span,
            format!("the range of `{what}` ends below its start"),
            help,
        ));
        return None;
    }
    Some(Value::Range(Box::new(low), Box::new(high)))
}

fn reference(cx: &mut Cx<'_>, expr: &ast::Expr, kinds: &'static [crate::schema::Kind]) -> Option<Value> {
    let ExprKind::Path(path) = &expr.kind else {
        let finding = errors::not_a_reference(expr.span, kinds);
        let named = match &expr.kind {
            ExprKind::String(text) if kinds.iter().any(|it| cx.symbols.get(*it, &text.value).is_some()) => {
                let help = format!("write `{}` without quotes", text.value);
                finding.help(help).replace("remove the quotes", expr.span, text.value.clone())
            }
            _ => finding,
        };
        cx.push(named);
        return None;
    };
    match cx.symbols.find(kinds, path) {
        Ok(found) => Some(Value::Ref(found)),
        Err(finding) => {
            cx.push(finding);
            None
        }
    }
}

fn condition(cx: &mut Cx<'_>, expr: &ast::Expr, what: &str) -> Option<Value> {
    if matches!(expr.kind, ExprKind::String(_)) {
        let help =
            "write it as an expression without quotes: `when = fit.registered && run.branch == \"main\"`";
        cx.push(errors::wrong_type(expr.span, format!("`{what}` is a condition, not a text"), help));
        return None;
    }
    let resolved = cx.resolver.expr(expr, cx.symbols, &mut cx.findings)?;
    if resolved.has_secret() {
        let help =
            "pass it to a script through `env`, and let an `output` of that step say what follows from it";
        cx.push(errors::invalid_value(expr.span, "a condition cannot read a secret", help));
        return None;
    }
    if resolved.ty != Ty::Bool {
        let help = match resolved.ty {
            Ty::Result => "compare it with an outcome: `x.result == succeeded`",
            Ty::Int | Ty::Number => "compare it with a number: `x > 0`",
            Ty::String | Ty::Bool => "compare it with a text: `x == \"…\"`",
        };
        cx.push(errors::type_mismatch(expr, what, Type::Condition).help(help));
        return None;
    }
    Some(Value::Expr(resolved))
}

fn text(cx: &mut Cx<'_>, expr: &ast::Expr, ty: Type, what: &str) -> Option<Value> {
    match &expr.kind {
        ExprKind::String(_) | ExprKind::Path(_) | ExprKind::If(..) => {
            let resolved = cx.resolver.expr(expr, cx.symbols, &mut cx.findings)?;
            if resolved.ty == Ty::String { Some(Value::Expr(resolved)) } else { mismatch(cx, expr, what, ty) }
        }
        _ => mismatch(cx, expr, what, ty),
    }
}

/// What is known before a run has been put in; what is left is known in a run, or not at all.
fn splice(cx: &Cx<'_>, span: Span, text: &ast::Text, what: &str) -> Diagnostic {
    let unknown = text.parts.iter().find_map(|it| match it {
        Part::Splice(ast::Expr { kind: ExprKind::Path(path), .. }) => {
            path.as_ident().filter(|it| cx.symbols.all(&it.value).is_empty())
        }
        _ => None,
    });
    match unknown {
        Some(name) => errors::splice_unknown(name, what),
        None => errors::splice_not_allowed(span, what),
    }
}

fn string(cx: &mut Cx<'_>, expr: &ast::Expr, ty: Type, what: &str) -> Option<Value> {
    let ExprKind::String(text) = &expr.kind else { return mismatch(cx, expr, what, ty) };
    if ty == Type::Script {
        cx.findings.extend(text.known().map(errors::known_in_script));
    }
    let value = match text.constant() {
        Some(constant) if ty != Type::Script => constant,
        None if ty == Type::Name => {
            cx.push(splice(cx, expr.span, text, what));
            return None;
        }
        _ => Cow::Borrowed(text.value.as_str()),
    };
    if value.trim().is_empty() {
        cx.push(errors::invalid_value(
            expr.span,
            format!("`{what}` is empty"),
            "write a text, or remove the attribute",
        ));
        return None;
    }
    Some(Value::String(value.into_owned()))
}

fn path(cx: &mut Cx<'_>, expr: &ast::Expr, ty: Type, what: &str) -> Option<Value> {
    let Some(Value::String(text)) = string(cx, expr, Type::Name, what) else { return None };
    let wanted = match ty {
        Type::File => Some(FileKind::File),
        Type::Folder => Some(FileKind::Folder),
        _ => None,
    };
    let found = cx.existing_path(&Spanned::new(text, expr.span), wanted)?;
    Some(Value::String(found.value))
}

fn word(cx: &mut Cx<'_>, expr: &ast::Expr, words: &'static [&'static str], what: &str) -> Option<Value> {
    let written = match &expr.kind {
        ExprKind::Path(path) => path.as_ident().map(|it| it.value.clone()),
        ExprKind::String(text) => Some(text.value.clone()),
        _ => None,
    };
    let found = written.as_deref().and_then(|it| words.iter().find(|word| **word == it));
    let quoted = matches!(expr.kind, ExprKind::String(_));
    match (found, written) {
        (Some(word), _) if !quoted => Some(Value::Word(word)),
        (Some(word), _) => {
            let finding = errors::type_mismatch(expr, what, Type::Word(words));
            cx.push(finding.help(format!("write `{word}` without quotes")).replace(
                "remove the quotes",
                expr.span,
                *word,
            ));
            None
        }
        (None, written) => {
            let mut finding = errors::type_mismatch(expr, what, Type::Word(words));
            let is_name = written.is_some();
            let written = written.as_deref().unwrap_or_default();
            let meant = pipeline_keys::word(written).iter().find(|it| words.contains(it)).copied();
            let nearest = meant.or_else(|| crate::base::suggest::nearest(written, words.iter().copied()));
            if let Some(nearest) = nearest {
                finding = finding.help(format!("did you mean `{nearest}`?")).suggest(
                    format!("change to `{nearest}`"),
                    expr.span,
                    nearest,
                );
            } else if what == "trigger" {
                let is_pipelines = words.contains(&"push");
                let otherwise = "what starts the pipeline stands beside its stages; in a stage there is `trigger manual` only";
                finding.help = if is_pipelines {
                    pipeline_keys::instead_of(written, what).map(str::to_owned)
                } else {
                    Some(otherwise.to_owned())
                };
            } else if !is_name
                || matches!(written.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no")
            {
                finding.help = meant::word(words);
            }
            cx.push(finding);
            None
        }
    }
}

#[derive(Clone, Copy)]
enum Misfit {
    Type,
    Bounds,
}

fn scalar(kind: &ExprKind, ty: Type) -> Result<Value, Misfit> {
    if let (ExprKind::Bool(value), Type::Bool) = (kind, ty) {
        return Ok(Value::Bool(*value));
    }
    if let (ExprKind::Path(path), Type::Timeout) = (kind, ty) {
        return if path.as_ident().is_some_and(|it| it.value == "max") {
            Ok(Value::Max)
        } else {
            Err(Misfit::Type)
        };
    }
    let ExprKind::Number(number) = kind else { return Err(Misfit::Type) };
    match ty {
        Type::Int(low, high) if number.unit.is_empty() => {
            let value: i64 = number.digits.parse().map_err(|_| Misfit::Type)?;
            if (low..=high).contains(&value) { Ok(Value::Int(value)) } else { Err(Misfit::Bounds) }
        }
        Type::Number if number.unit.is_empty() => plain_number(number),
        Type::Duration(low, high) => seconds(number, low, high),
        Type::Timeout => seconds(number, 60, crate::schema::declarations::LONGEST),
        Type::Percent if number.unit == "%" => {
            let value: u32 = number.digits.parse().map_err(|_| Misfit::Type)?;
            if (1..=100).contains(&value) { Ok(Value::Percent(value)) } else { Err(Misfit::Bounds) }
        }
        Type::CountOrPercent if matches!(number.unit.as_str(), "" | "%") => whole(number),
        Type::Cpu if matches!(number.unit.as_str(), "" | "m") => quantity(number),
        Type::Memory if matches!(number.unit.as_str(), "Ki" | "Mi" | "Gi" | "Ti" | "k" | "M" | "G" | "T") => {
            quantity(number)
        }
        _ => Err(Misfit::Type),
    }
}

fn plain_number(number: &ast::Number) -> Result<Value, Misfit> {
    if let Ok(value) = number.digits.parse::<i64>() {
        return Ok(Value::Int(value));
    }
    let value: f64 = number.digits.parse().map_err(|_| Misfit::Type)?;
    if value.is_finite() { Ok(Value::Number(value)) } else { Err(Misfit::Bounds) }
}

fn whole(number: &ast::Number) -> Result<Value, Misfit> {
    number.digits.parse::<u32>().map_err(|_| Misfit::Type)?;
    Ok(Value::Quantity(format!("{}{}", number.digits, number.unit)))
}

fn quantity(number: &ast::Number) -> Result<Value, Misfit> {
    let value: f64 = number.digits.parse().map_err(|_| Misfit::Type)?;
    if value > 0.0 {
        Ok(Value::Quantity(format!("{}{}", number.digits, number.unit)))
    } else {
        Err(Misfit::Bounds)
    }
}

fn seconds(number: &ast::Number, low: u64, high: u64) -> Result<Value, Misfit> {
    let unit = match number.unit.as_str() {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return Err(Misfit::Type),
    };
    let count: u64 = number.digits.parse().map_err(|_| Misfit::Type)?;
    let value = count.checked_mul(unit).ok_or(Misfit::Bounds)?;
    if (low..=high).contains(&value) { Ok(Value::Seconds(value)) } else { Err(Misfit::Bounds) }
}

/// A Kubernetes quantity in its base unit: cores, or bytes.
pub fn amount(quantity: &str) -> f64 {
    let at = quantity.find(|it: char| it.is_ascii_alphabetic() || it == '%').unwrap_or(quantity.len());
    let factor = match &quantity[at..] {
        "m" => 1e-3,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        "Ti" => 1_099_511_627_776.0,
        _ => 1.0,
    };
    quantity[..at].parse::<f64>().unwrap_or(0.0) * factor
}
