//! The inputs of an ML pipeline, and the values and data they may have.

use super::{check_port_name, checked_type};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::decode::resources::asset_path;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::project::{AssetVersion, DataSource, MlDefault, MlInput, MlType};
use crate::schema::Kind;
use crate::schema::ml::INPUT_TYPES;
use crate::syntax::ast;
use indexmap::IndexMap;

pub fn inputs(fields: &mut Fields<'_, '_>) -> IndexMap<String, MlInput> {
    let mut found: IndexMap<String, MlInput> = IndexMap::new();
    for (row, declaration) in fields.declarations("input") {
        let ident = declaration.name.ident.clone();
        check_port_name(fields.cx, &ident);
        if let Some(first) = found.get(&ident.value) {
            let finding = errors::duplicate_name("input", &ident, first.ident.span);
            fields.cx.push(finding);
            continue;
        }
        let ty = checked_type(fields.cx, &declaration.ty, INPUT_TYPES);
        let default = declaration.default.as_ref().and_then(|it| default_of(fields.cx, it, ty));
        let mut inner = Fields::of_declaration(fields.cx, row, declaration, fields.ast);
        let input = MlInput {
            ty,
            doc: declaration.doc.clone(),
            default,
            min: inner.number("min"),
            max: inner.number("max"),
            choices: choices(&mut inner),
            optional: inner.flag("optional"),
            ident,
        };
        check_bounds(fields.cx, &input, declaration);
        found.insert(input.ident.value.clone(), input);
    }
    found
}

pub(super) fn choices(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let items = fields.value("enum").map(crate::model::convert::Value::items).unwrap_or_default();
    let texts = items.into_iter().filter_map(|it| match &it.value {
        crate::model::convert::Value::Expr(expr) => literal_text(expr),
        _ => None,
    });
    texts.collect()
}

pub(super) fn literal_text(expr: &crate::model::expr::Expr) -> Option<String> {
    use crate::model::expr::ExprKind;
    match &expr.kind {
        ExprKind::String(text) => Some(text.clone()),
        ExprKind::Int(value) => Some(value.to_string()),
        ExprKind::Number(value) => Some(value.to_string()),
        ExprKind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A value or data source that fits the type.
pub(super) fn default_of(cx: &mut Cx<'_>, expr: &ast::Expr, ty: MlType) -> Option<MlDefault> {
    if !ty.is_literal() {
        return data_source(cx, expr).map(MlDefault::Data);
    }
    let literal = literal(expr, ty);
    if literal.is_none() {
        let help = format!("write a value of type {}", ty.word());
        cx.push(errors::wrong_type(expr.span, format!("this is no {}", ty.word()), help));
    }
    literal
}

pub(super) fn literal(expr: &ast::Expr, ty: MlType) -> Option<MlDefault> {
    match (&expr.kind, ty) {
        (ast::ExprKind::String(text), MlType::String) => {
            Some(MlDefault::String(text.constant()?.into_owned()))
        }
        (ast::ExprKind::Bool(value), MlType::Boolean) => Some(MlDefault::Boolean(*value)),
        (ast::ExprKind::Number(number), MlType::Integer) if number.unit.is_empty() => {
            number.digits.parse().ok().map(MlDefault::Integer)
        }
        (ast::ExprKind::Number(number), MlType::Number) if number.unit.is_empty() => {
            match number.digits.parse::<i64>() {
                Ok(whole) => Some(MlDefault::Integer(whole)),
                Err(_) => number.digits.parse().ok().filter(|it: &f64| it.is_finite()).map(MlDefault::Number),
            }
        }
        _ => None,
    }
}

/// Any literal, where no type is declared.
pub(super) fn any_literal(expr: &ast::Expr) -> Option<MlDefault> {
    [MlType::String, MlType::Boolean, MlType::Number].into_iter().find_map(|ty| literal(expr, ty))
}

pub fn data_source(cx: &mut Cx<'_>, expr: &ast::Expr) -> Option<DataSource> {
    if later_version(expr).is_some() {
        let help = "write a version in quotes, or give the ML pipeline an input and its value where it runs: \
                    `submit ML { inputs { model = at(price, STEP.version) } }`";
        cx.push(errors::invalid_value(expr.span, "this version is known in a run only", help));
        return None;
    }
    match &expr.kind {
        ast::ExprKind::Path(path) => asset(cx, path, AssetVersion::Declared),
        ast::ExprKind::Call(name, arguments) => {
            match (name.as_ident().map(|it| it.value.as_str()), arguments.as_slice()) {
                (Some("latest"), [ast::Expr { kind: ast::ExprKind::Path(path), .. }]) => {
                    asset(cx, path, AssetVersion::Latest)
                }
                (
                    Some("at"),
                    [
                        ast::Expr { kind: ast::ExprKind::Path(path), .. },
                        ast::Expr { kind: ast::ExprKind::String(version), .. },
                    ],
                ) => asset(cx, path, AssetVersion::At(version.constant()?.into_owned())),
                (Some("staged"), _) => {
                    let help = "write `latest(x)` or `at(x, \"3\")`; a step `download_model x { stage }` finds a stage's version";
                    let message = "a stage is a tag, by which Azure ML finds no input";
                    cx.push(errors::invalid_value(expr.span, message, help));
                    None
                }
                _ => asset_path(cx, expr).map(DataSource::Path),
            }
        }
        _ => asset_path(cx, expr).map(DataSource::Path),
    }
}

/// `at(x, step.version)`: what is named, and the version that only a run knows.
pub fn later_version(expr: &ast::Expr) -> Option<(&ast::Path, &ast::Expr)> {
    let ast::ExprKind::Call(name, arguments) = &expr.kind else { return None };
    let [ast::Expr { kind: ast::ExprKind::Path(path), .. }, version] = arguments.as_slice() else {
        return None;
    };
    let is_known = match &version.kind {
        ast::ExprKind::String(text) => text.constant().is_some(),
        ast::ExprKind::Broken | ast::ExprKind::Number(_) | ast::ExprKind::Bool(_) => true,
        _ => false,
    };
    (name.as_ident()?.value == "at" && !is_known).then_some((path, version))
}

pub fn asset(cx: &mut Cx<'_>, path: &ast::Path, version: AssetVersion) -> Option<DataSource> {
    match cx.symbols.find(&[Kind::Data, Kind::Model], path) {
        Ok(found) if found.kind == Kind::Model => Some(DataSource::Model(Id::new(found.index), version)),
        Ok(found) => Some(DataSource::Asset(Id::new(found.index), version)),
        Err(finding) => {
            cx.push(finding);
            None
        }
    }
}

pub(super) fn check_bounds(cx: &mut Cx<'_>, input: &MlInput, declaration: &ast::Declaration) {
    let bounded = input.min.is_some() || input.max.is_some();
    if bounded && !matches!(input.ty, MlType::Integer | MlType::Number) {
        let help = "remove `min` and `max`, or make it a `number` or an `integer`";
        cx.push(errors::invalid_value(declaration.ty.span, "only numbers have bounds", help));
    }
    let fraction = |it: Option<f64>| it.is_some_and(|it| it.fract() != 0.0);
    if input.ty == MlType::Integer && (fraction(input.min) || fraction(input.max)) {
        let help = "write whole numbers, or make it a `number`";
        cx.push(errors::invalid_value(
            declaration.ty.span,
            "the bounds of an integer are whole numbers",
            help,
        ));
    }
    if let (Some(written), Some(value)) = (&declaration.default, &input.default) {
        check_value(cx, input, value, written.span, "default");
    }
}

/// Whether the declaration allows a value, which messages call `what`.
pub(super) fn check_value(cx: &mut Cx<'_>, input: &MlInput, value: &MlDefault, span: Span, what: &str) {
    #[expect(clippy::cast_precision_loss, reason = "bounds are written by people")]
    let number = match value {
        MlDefault::Integer(value) => Some(*value as f64),
        MlDefault::Number(value) => Some(*value),
        _ => None,
    };
    let outside = number
        .is_some_and(|it| input.min.is_some_and(|min| it < min) || input.max.is_some_and(|max| it > max));
    if outside {
        let help = format!("change the {what}, `min` or `max`");
        let message = format!("the {what} is outside of the input's bounds");
        cx.push(errors::invalid_value(span, message, help));
    }
    let chosen = match value {
        MlDefault::String(text) => Some(text.clone()),
        MlDefault::Integer(value) => Some(value.to_string()),
        MlDefault::Number(value) => Some(value.to_string()),
        MlDefault::Boolean(_) | MlDefault::Data(_) => None,
    };
    if let Some(chosen) = chosen.filter(|it| !input.choices.is_empty() && !input.choices.contains(it)) {
        let known: Vec<&str> = input.choices.iter().map(String::as_str).collect();
        let help = format!("it is one of {}", errors::quoted_list(&known));
        let message = format!("the {what} `{chosen}` is not allowed by `enum`");
        cx.push(errors::invalid_value(span, message, help));
    }
}
