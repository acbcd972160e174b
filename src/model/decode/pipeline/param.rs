//! The parameters of a pipeline.

use crate::model::convert::Value;
use crate::model::decode::declarations::type_of;
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::{Cx, Fields, check_identifier};
use crate::model::project::Param;
use indexmap::IndexMap;

pub(super) fn params(fields: &mut Fields<'_, '_>) -> IndexMap<String, Param> {
    let mut found: IndexMap<String, Param> = IndexMap::new();
    for (row, declaration) in fields.declarations("param") {
        let ident = declaration.name.ident.clone();
        check_identifier(fields.cx, &ident);
        if let Some(first) = found.get(&ident.value) {
            let finding = errors::duplicate_name("parameter", &ident, first.ident.span);
            fields.cx.push(finding);
            continue;
        }
        let ty = type_of(fields.cx, &declaration.ty);
        let symbols = fields.cx.symbols;
        let default = declaration
            .default
            .as_ref()
            .and_then(|it| fields.cx.resolver.expr(it, symbols, &mut fields.cx.findings));
        let inner = Fields::of_declaration(fields.cx, row, declaration, fields.ast);
        let title = inner.plain("title");
        let choices: Vec<Expr> = inner
            .value("enum")
            .map(Value::items)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|it| match &it.value {
                Value::Expr(expr) => Some(expr.clone()),
                _ => None,
            })
            .collect();
        let param = Param { ident, title, ty, default, choices };
        check_param(fields.cx, &param);
        found.insert(param.ident.value.clone(), param);
    }
    found
}

pub(super) fn check_param(cx: &mut Cx<'_>, param: &Param) {
    use crate::model::expr::{Phase, Ty};
    for value in param.default.iter().chain(&param.choices) {
        let fits = value.ty == param.ty || (param.ty == Ty::Number && value.ty == Ty::Int);
        if !fits || value.phase() != Phase::Compile {
            let help = "write a constant of the parameter's type";
            cx.push(errors::wrong_type(
                value.span,
                format!("this is no value for parameter `{}`", param.ident.value),
                help,
            ));
        }
    }
    let Some(default) = &param.default else { return };
    if !param.choices.is_empty() && !param.choices.iter().any(|it| it.kind == default.kind) {
        let help = "add it to `enum`, or choose a default from there";
        cx.push(errors::invalid_value(default.span, "the default is not among the values allowed", help));
    }
}
