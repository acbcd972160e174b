//! `include "x.yml" { parameters { … } }`: the file is read, and what it is given is compared with what it takes.

use crate::base::files::{FileKind, normalize};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::data::{self, Data};
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind, Ty};
use crate::model::fields::{Cx, Fields};
use crate::model::project::{Argument, Include};
use crate::syntax::ast::{self, ExprKind as Written, Statement};
use crate::target::template::{self, Holds, Parameter, ParameterType, Template};

/// What one parameter is given, with the places of name and value.
struct Given {
    name: Spanned<String>,
    value: Span,
    argument: Argument,
}

/// The template, if it may stand where it stands.
pub fn include(fields: &mut Fields<'_, '_>, allowed: &[Holds]) -> Option<Include> {
    let file = fields.argument_string("file")?;
    let from = fields.reference("from");
    let copy = from.as_ref().and_then(|it| {
        let repository = &fields.cx.project?.repositories[it.value];
        if repository.is_self() {
            Some(".".to_owned())
        } else {
            repository.copy.as_ref().map(|it| it.value.clone())
        }
    });
    let in_copy = match (&from, &copy) {
        (None, _) => Some(file.value.clone()),
        (Some(_), Some(copy)) => Some(format!("{copy}/{}", file.value)),
        (Some(_), None) => None,
    };
    let template = match in_copy {
        Some(path) => Some(read(fields.cx, &Spanned::new(path, file.span))?),
        None => None,
    };
    let said = said(fields);
    let holds = template.as_ref().map(|it| it.holds).or(said).or(allowed.first().copied())?;
    if !allowed.contains(&holds) {
        let message = format!("`{}` holds {}", file.value, holds.word());
        let help = format!("include it in {}", holds.place());
        fields.cx.push(errors::template_mismatch(file.span, message, help));
        return None;
    }
    let given = given(fields);
    if let Some(template) = &template {
        check(fields, &file, template, &given);
    }
    if let Some(steps) = template.as_ref().and_then(|it| it.steps.as_ref()) {
        outputs(fields, steps);
    }
    for it in &given {
        settled(fields.cx, it, holds);
    }
    Some(Include {
        head: fields.head(),
        path: normalize(&file.value)?,
        from,
        holds,
        parameters: given.into_iter().map(|it| (it.name.value, it.argument)).collect(),
        stages: template.and_then(|it| it.stages),
    })
}

/// Outputs are read by the name of the step in the template that sets them.
fn outputs(fields: &mut Fields<'_, '_>, steps: &[template::Step]) {
    let Some((_, output)) = fields.declarations("output").first().copied() else { return };
    let alias = fields.ast.alias.as_ref().map(|it| it.ident.clone());
    if alias.as_ref().is_some_and(|it| steps.iter().any(|step| step.name == it.value)) {
        return;
    }
    let known: Vec<&str> = steps.iter().map(|it| it.name.as_str()).collect();
    let help = match known.as_slice() {
        [] => "give the step of the template a `name`, and write it behind `as`".to_owned(),
        _ => format!(
            "write the name of the step that sets it behind `as`: it has {}",
            errors::quoted_list(&known)
        ),
    };
    let message = "no step of the template has the name that the output is read by";
    let span = alias.map_or(output.name.span, |it| it.span);
    fields.cx.push(errors::template_mismatch(span, message, help));
}

fn said(fields: &Fields<'_, '_>) -> Option<Holds> {
    match fields.word("holds")? {
        "steps" => Some(Holds::Steps),
        "jobs" => Some(Holds::Jobs),
        "stages" => Some(Holds::Stages),
        _ => Some(Holds::Pipeline),
    }
}

/// A template of the project; what is wrong with it is reported.
pub fn read(cx: &mut Cx<'_>, path: &Spanned<String>) -> Option<Template> {
    let found = cx.existing_path(path, Some(FileKind::File))?;
    let text = cx.files.read(&found.value).map(|it| String::from_utf8_lossy(&it).into_owned());
    match text.and_then(|it| template::read(&it)) {
        Ok(template) => Some(template),
        Err(why) => {
            let help = "name a template of Azure Pipelines: a YAML file with `steps`, `jobs`, `stages` or `variables`";
            let message = format!("`{}` cannot be included: {why}", path.value);
            cx.push(errors::template_mismatch(path.span, message, help));
            None
        }
    }
}

fn given(fields: &mut Fields<'_, '_>) -> Vec<Given> {
    let Some(block) = fields.children("parameters").first().copied() else { return Vec::new() };
    fields.one("parameters", |_| ());
    let mut found: Vec<Given> = Vec::new();
    for statement in block.body.iter().flat_map(|body| &body.statements) {
        let given = match statement {
            Statement::Attribute(it) => argument(fields.cx, &it.value).map(|argument| Given {
                name: it.key.clone(),
                value: it.value.span,
                argument,
            }),
            Statement::Block(it) => {
                let record = data::block(it, &mut fields.cx.findings);
                Some(Given {
                    name: it.word.clone(),
                    value: it.span,
                    argument: Argument::Data(Data::Record(record)),
                })
            }
            _ => None,
        };
        let Some(given) = given else { continue };
        match found.iter().find(|it| it.name.value == given.name.value) {
            Some(first) => {
                let first = first.name.span;
                fields.cx.push(errors::duplicate_attribute(&given.name, first));
            }
            None => found.push(given),
        }
    }
    found
}

fn argument(cx: &mut Cx<'_>, expr: &ast::Expr) -> Option<Argument> {
    if matches!(expr.kind, Written::List(_) | Written::Record(_)) {
        return data::expr(expr, &mut cx.findings).map(|it| Argument::Data(it.value));
    }
    let found = cx.resolver.expr(expr, cx.symbols, &mut cx.findings)?;
    Some(match found.kind {
        ExprKind::Bool(it) => Argument::Data(Data::Bool(it)),
        ExprKind::Int(it) => Argument::Data(Data::Int(it)),
        ExprKind::Number(it) => Argument::Data(Data::Number(it)),
        ExprKind::String(it) => Argument::Data(Data::String(it)),
        _ => Argument::Value(found),
    })
}

/// Parameters are put in when the run is queued. Only in steps, what a variable holds later comes through.
fn settled(cx: &mut Cx<'_>, given: &Given, holds: Holds) {
    let Argument::Value(value) = &given.argument else { return };
    if value.has_secret() {
        let help = "let the template read the variable itself, in the `env` of its step";
        cx.push(errors::template_mismatch(given.value, "a parameter of a template cannot be a secret", help));
    }
    if holds != Holds::Steps && !is_early(value) {
        let help =
            "give a constant, a parameter or a variable; only templates of steps take values of the run";
        let message = "this is not known when the template is put in";
        cx.push(errors::template_mismatch(given.value, message, help));
    }
}

fn is_early(value: &Expr) -> bool {
    let mut early = true;
    value.walk(&mut |it| {
        early &= matches!(
            it.kind,
            ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::Number(_)
                | ExprKind::String(_)
                | ExprKind::Concat(_)
                | ExprKind::Param(_)
                | ExprKind::Variable { .. }
        );
    });
    early
}

fn check(fields: &mut Fields<'_, '_>, file: &Spanned<String>, template: &Template, given: &[Given]) {
    let Some(parameters) = &template.parameters else { return };
    let known: Vec<&str> = parameters.iter().map(|it| it.name.as_str()).collect();
    for it in given {
        match parameters.iter().find(|parameter| parameter.name == it.name.value) {
            Some(parameter) => fits(fields.cx, parameter, it),
            None => {
                let nearest = suggest::nearest(&it.name.value, known.iter().copied());
                let what = format!("parameter of `{}`", file.value);
                let finding = errors::undefined_name(&it.name, &what, nearest, &known);
                fields.cx.push(crate::diag::Diagnostic { code: "undefined-parameter", ..finding });
            }
        }
    }
    let lacks = |it: &&Parameter| it.required && !given.iter().any(|given| given.name.value == it.name);
    for parameter in parameters.iter().filter(lacks) {
        let message = format!("`{}` needs the parameter `{}`", file.value, parameter.name);
        let help = format!("add `parameters {{ {} = … }}`: it has no default", parameter.name);
        let head = fields.head();
        fields.cx.push(errors::template_mismatch(head, message, help));
    }
}

fn fits(cx: &mut Cx<'_>, parameter: &Parameter, given: &Given) {
    let name = &parameter.name;
    let wanted = match (parameter.ty, &given.argument) {
        (ParameterType::Any, _)
        | (ParameterType::String, Argument::Data(Data::String(_)))
        | (ParameterType::Number, Argument::Data(Data::Int(_) | Data::Number(_)))
        | (ParameterType::Boolean, Argument::Data(Data::Bool(_))) => None,
        (ParameterType::StringList, Argument::Data(Data::List(items)))
            if items.iter().all(|it| matches!(it.value, Data::String(_))) =>
        {
            None
        }
        (ParameterType::String, Argument::Value(it)) if it.ty == Ty::String => None,
        (ParameterType::Number, Argument::Value(it))
            if is_param(it) && matches!(it.ty, Ty::Int | Ty::Number) =>
        {
            None
        }
        (ParameterType::Boolean, Argument::Value(it)) if is_param(it) && it.ty == Ty::Bool => None,
        (ParameterType::String, _) => Some("a string"),
        (ParameterType::Number, _) => Some("a number, or a parameter that is one"),
        (ParameterType::Boolean, _) => Some("`true`, `false`, or a parameter that is one of them"),
        (ParameterType::StringList, _) => Some("a list of strings"),
    };
    if let Some(wanted) = wanted {
        let message = format!("the parameter `{name}` is {wanted}");
        cx.push(errors::template_mismatch(given.value, message, format!("give it {wanted}")));
        return;
    }
    let text = match &given.argument {
        Argument::Data(Data::String(it)) => it.clone(),
        Argument::Data(Data::Int(it)) => it.to_string(),
        Argument::Data(_) | Argument::Value(_) => return,
    };
    if !parameter.values.is_empty() && !parameter.values.contains(&text) {
        let values: Vec<&str> = parameter.values.iter().map(String::as_str).collect();
        let help = format!("it is one of {}", errors::quoted_list(&values));
        cx.push(errors::template_mismatch(
            given.value,
            format!("the parameter `{name}` is never `{text}`"),
            help,
        ));
    }
}

fn is_param(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Param(_))
}
