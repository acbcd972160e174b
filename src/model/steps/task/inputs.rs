//! The inputs of a task against what is known of it.

use super::shown::{Given, shown, text};
use crate::base::span::Span;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::convert::{Value, convert};
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind, Ty};
use crate::model::fields::Fields;
use crate::schema::tasks::{Input, InputType, Task};
use crate::schema::types::Type;
use crate::syntax::ast;
use indexmap::IndexMap;

/// The value of an input; a text is taken as it is where it is a script.
pub fn value(fields: &mut Fields<'_, '_>, attribute: &ast::Attribute, literal: bool) -> Option<Expr> {
    let written = &attribute.value;
    match &written.kind {
        ast::ExprKind::String(text) if literal => {
            fields.cx.findings.extend(text.known().map(errors::known_in_script));
            Some(Expr::string(text.value.clone(), written.span))
        }
        _ => match convert(fields.cx, written, Type::Value, &attribute.key.value)? {
            Value::Expr(expr) => Some(expr),
            _ => None,
        },
    }
}

pub fn check(fields: &mut Fields<'_, '_>, task: &Task, written: &IndexMap<String, (Span, Expr)>) {
    let mut given = Given::new();
    for (key, (span, value)) in written {
        let Some(input) = task.input(key) else {
            let names: Vec<&str> = task.inputs().flat_map(|it| it.names).collect();
            let nearest = suggest::nearest(key, names.iter().copied());
            fields.cx.push(unknown(task, key, *span, (nearest, &names)));
            // The one that is meant is not missing too.
            if let Some(meant) = nearest.and_then(|it| task.input(it)) {
                given.entry(meant.names[0]).or_insert((*span, value.clone()));
            }
            continue;
        };
        if let Some(finding) = wrong_value(&input, key, value) {
            fields.cx.push(finding);
        }
        let name = input.names[0];
        match given.get(name) {
            Some((first, ..)) => fields.cx.push(twice(&input, key, *span, *first)),
            None => {
                given.insert(name, (*span, value.clone()));
            }
        }
    }
    let inputs = fields.children("inputs");
    let broken = inputs.iter().filter_map(|it| it.body.as_ref()).any(|it| it.broken);
    if broken || fields.is_broken() {
        return;
    }
    let head = fields.head();
    for input in task.inputs().filter(|it| it.required && !given.contains_key(it.names[0])) {
        if shown(task, &input, &given) == Some(true) {
            fields.cx.push(missing(task, &input, head));
        }
    }
}

fn unknown(task: &Task, key: &str, span: Span, (nearest, names): (Option<&str>, &[&str])) -> Diagnostic {
    let message = format!("`{}@{}` has no input `{key}`", task.name, task.major);
    let found = Diagnostic::error("unknown-task-input", span, message);
    match nearest {
        Some(nearest) => found.help(format!("did you mean `{nearest}`?")).suggest(
            format!("change to `{nearest}`"),
            span,
            nearest,
        ),
        None if names.is_empty() => found.help("it has no inputs"),
        None => found.help(format!("it has {}", errors::quoted_list(names))),
    }
}

fn twice(input: &Input, key: &str, span: Span, first: Span) -> Diagnostic {
    let others: Vec<&str> = input.names.iter().copied().filter(|it| !it.eq_ignore_ascii_case(key)).collect();
    let message = match others.as_slice() {
        [] => format!("the input `{key}` is given twice"),
        _ => format!("the input `{key}` is given twice: it is also called {}", errors::quoted_list(&others)),
    };
    Diagnostic::error("invalid-task-input", span, message).label(first, "given first here").help("keep one of them")
}

fn missing(task: &Task, input: &Input, head: Span) -> Diagnostic {
    // The last of its names is the one that the reference of the task shows.
    let name = input.names.last().copied().unwrap_or_default();
    let message = format!("`{}@{}` needs the input `{name}`", task.name, task.major);
    let one_of = match input.options.as_slice() {
        [] => String::new(),
        options => format!("; it takes {}", errors::quoted_list(options)),
    };
    let help = format!("add `{name} = …` to `inputs {{ … }}`{one_of}");
    Diagnostic::error("missing-task-input", head, message).help(help)
}

/// A constant that the input does not take.
fn wrong_value(input: &Input, key: &str, value: &Expr) -> Option<Diagnostic> {
    let Some(text) = text(value) else { return wrong_type(input, key, value) };
    // A variable of Azure Pipelines stands for what only a run knows.
    if text.is_empty() || text.contains("$(") {
        return None;
    }
    let found = |message: String| Diagnostic::error("invalid-task-input", value.span, message);
    match input.ty {
        InputType::Bool if !["true", "false"].iter().any(|it| text.eq_ignore_ascii_case(it)) => {
            Some(found(format!("`{key}` takes `true` or `false`")).help("write one of them, without quotes"))
        }
        InputType::Int if text.parse::<i64>().is_err() => {
            Some(found(format!("`{key}` takes a whole number")).help("write a number"))
        }
        InputType::Pick if !input.options.iter().any(|it| text.eq_ignore_ascii_case(it)) => {
            let finding = found(format!("`{key}` does not take `{text}`"));
            Some(match suggest::nearest(&text, input.options.iter().copied()) {
                Some(nearest) => finding.help(format!("did you mean `{nearest}`?")).suggest(
                    format!("change to `{nearest}`"),
                    value.span,
                    format!("\"{nearest}\""),
                ),
                None => finding.help(format!("it takes {}", errors::quoted_list(&input.options))),
            })
        }
        InputType::Bool
        | InputType::Int
        | InputType::Pick
        | InputType::PickOrOther
        | InputType::String
        | InputType::Path
        | InputType::Lines
        | InputType::Script
        | InputType::Connection => None,
    }
}

/// What is only known in a run, but not of a type that fits.
fn wrong_type(input: &Input, key: &str, value: &Expr) -> Option<Diagnostic> {
    let fits = match (input.ty, value.ty) {
        (InputType::Bool, Ty::Int | Ty::Number | Ty::Result) | (InputType::Int, Ty::Bool | Ty::Result) => false,
        _ => !matches!(value.kind, ExprKind::ResultWord(_)),
    };
    let wanted = if input.ty == InputType::Bool { "`true` or `false`" } else { "a whole number" };
    let found = || Diagnostic::error("invalid-task-input", value.span, format!("`{key}` takes {wanted}"));
    (!fits).then(|| found().help("write a value of that type"))
}
