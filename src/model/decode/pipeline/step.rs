//! What holds for steps of all kinds.

use crate::base::span::Span;
use crate::model::decode::declarations::type_of;
use crate::model::errors;
use crate::model::fields::{Fields, check_identifier};
use crate::model::steps;
use crate::model::steps::submit::Wait;
use indexmap::IndexMap;

/// Who decides or waits does it once; what is split between agent and server cannot be repeated as a whole.
pub(super) fn refuse_retries(fields: &mut Fields<'_, '_>, step: &steps::Kind) {
    let (message, help) = match step {
        steps::Kind::Wait(_) => ("a pause does not fail, so that nothing is tried again", "remove it"),
        steps::Kind::Approve(_) => ("who rejects is not asked again", "remove it"),
        steps::Kind::Submit(it) if it.wait == Wait::Server => {
            let help = "write `wait = agent`, where a failed run is started again, or remove it";
            ("a run that the server waits for is started once", help)
        }
        _ => return,
    };
    if fields.block.attribute("retries").is_some()
        && let Some(span) =
            fields.span_of("retries").filter(|_| fields.count("retries").is_some_and(|it| it > 0))
    {
        fields.cx.push(errors::invalid_value(span, message, help));
    }
}

/// What an output is, the scope knows; here its declaration is checked.
pub(super) fn outputs(fields: &mut Fields<'_, '_>) {
    let mut seen: IndexMap<&str, Span> = IndexMap::new();
    for (row, output) in fields.declarations("output") {
        let ident = &output.name.ident;
        check_identifier(fields.cx, ident);
        if let Some(first) = seen.insert(&ident.value, ident.span) {
            fields.cx.push(errors::duplicate_name("output", ident, first));
        }
        type_of(fields.cx, &output.ty);
        let own = Fields::of_declaration(fields.cx, row, output, fields.ast);
        if row.attribute("name").is_some()
            && let Some(name) = own.string("name").filter(|it| !is_variable(&it.value))
        {
            let help = "write the name of the variable that is set: letters, digits, `_` and `.`";
            fields.cx.push(errors::invalid_value(
                name.span,
                "this cannot be the name of an output variable",
                help,
            ));
        }
        if let Some(value) = &output.default {
            let help = "declare it without a value: `output NAME: TYPE`; the script sets it";
            fields.cx.push(errors::invalid_value(value.span, "an output has no value here", help));
        }
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.')
}
