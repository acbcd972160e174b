//! Templates and their uses.

use super::{Name, list, suggested};
use crate::base::span::Span;
use crate::diag::Diagnostic;
use crate::expand::fold::form;
use crate::expand::limits::MAX_TEMPLATES;
use crate::syntax::ast::{Expr, Parameter, Type};

/// The templates that stand in each other, shortened where they repeat.
pub fn deep_templates(names: &[&str]) -> String {
    let mut shown: Vec<&str> = Vec::new();
    for name in names {
        let again = shown.contains(name);
        shown.push(name);
        if again || shown.len() == 6 {
            break;
        }
    }
    let chain = shown.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" → ");
    format!("templates stand in each other more than {MAX_TEMPLATES} deep: {chain} → …")
}

pub fn second_use(alias: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-name", alias.span, format!("a template is used as `{}` twice", alias.value))
        .label(first, "the first time")
        .help("give each use its own name")
}

pub fn inner_template(span: Span) -> Diagnostic {
    Diagnostic::error("unknown-word", span, "a template stands at the top of a file").help("move it there")
}

pub fn not_in_use(
    name: &Name,
    alias: &str,
    template: &str,
    nearest: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let message = format!("`{alias}` (a use of template `{template}`) declares no `{}`", name.value);
    let found = Diagnostic::error("undefined-reference", name.span, message);
    suggested(found, name, nearest, || match known {
        [] => "the template declares nothing that has a name".to_owned(),
        _ => format!("it declares {}", list(known)),
    })
}

pub fn not_an_argument(span: Span) -> Diagnostic {
    Diagnostic::error("wrong-arguments", span, "only arguments stand in a `use`").help("write `name = value`")
}

pub fn second_argument(key: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-attribute", key.span, format!("`{}` is given twice", key.value))
        .label(first, "given first here")
        .help("keep one of the two")
}

pub fn unknown_argument(key: &Name, template: &Name, nearest: Option<&str>, known: &[&str]) -> Diagnostic {
    let message = format!("template `{}` has no parameter `{}`", template.value, key.value);
    let found = Diagnostic::error("wrong-arguments", key.span, message).label(template.span, "declared here");
    suggested(found, key, nearest, || match known {
        [] => "it takes no arguments".to_owned(),
        _ => format!("it takes {}", list(known)),
    })
}

fn type_text(ty: &Type) -> String {
    let one = match ty.name.value.as_str() {
        "string" => "a text in quotes".to_owned(),
        "int" => "a whole number".to_owned(),
        "number" => "a number".to_owned(),
        "bool" => "`true` or `false`".to_owned(),
        "duration" => "a duration such as `20m`".to_owned(),
        "percentage" => "a percentage such as `10%`".to_owned(),
        kind => format!("the name of a declared `{kind}`"),
    };
    if ty.list { format!("a list; each item is {one}") } else { one }
}

pub fn missing_argument(name: &Name, parameter: &Name, ty: &Type) -> Diagnostic {
    Diagnostic::error(
        "wrong-arguments",
        name.span,
        format!("the parameter `{}` of template `{}` is not given", parameter.value, name.value),
    )
    .label(parameter.span, "declared here without a default")
    .help(format!("write `use {} {{ {} = … }}`: {}", name.value, parameter.value, type_text(ty)))
}

pub fn wrong_argument(value: &Expr, parameter: &Parameter, given: bool) -> Diagnostic {
    let what = if given { "parameter" } else { "default of parameter" };
    let message = format!("the {what} `{}` takes {}", parameter.name.value, type_text(&parameter.ty));
    Diagnostic::error("type-mismatch", value.span, message)
        .at(format!("this is {}", form(value)))
        .label(parameter.ty.span, "its type is declared here")
}

pub fn undeclared_argument(
    name: &Name,
    kind: &str,
    nearest: Option<&str>,
    elsewhere: Option<Span>,
    parameter: &Parameter,
) -> Diagnostic {
    let mut found =
        Diagnostic::error("undefined-reference", name.span, format!("no `{kind}` is named `{}`", name.value));
    if let Some(elsewhere) = elsewhere {
        found = found.label(elsewhere, format!("this is no `{kind}`"));
    }
    let found = found.label(parameter.ty.span, "the parameter's type");
    suggested(found, name, nearest, || format!("name a declared `{kind}`"))
}

pub fn unknown_type(name: &Name, nearest: Option<&str>) -> Diagnostic {
    let found = Diagnostic::error("type-mismatch", name.span, format!("there is no type `{}`", name.value));
    suggested(found, name, nearest, || {
        "a parameter is a `string`, `int`, `number`, `bool`, `duration`, `any`, or a kind of declaration such as `service`".to_owned()
    })
}
