//! What expansion says. Each code has its page in `pages/`, or in another phase where it is reported too.

mod arguments;
mod data;
mod options;

pub use arguments::*;
pub use data::*;
pub use options::*;

use super::fold::{form, scalar_text};
use super::names::Member;
use super::rows::Row;
use crate::base::sources::Origin;
use crate::base::span::{FileId, Span, Spanned};
use crate::diag::Diagnostic;
use crate::syntax::ast::{Expr, ExprKind};

type Name = Spanned<String>;

pub fn origin(place: Span, text: String, inside: FileId, replaced: bool) -> Origin {
    Origin { place, text, inside, item: None, replaced }
}

/// A value in few words.
pub fn short(value: &Expr) -> String {
    const MOST: usize = 40;
    let text = match &value.kind {
        ExprKind::String(_) => scalar_text(value).map_or_else(|| "…".to_owned(), |it| format!("\"{it}\"")),
        ExprKind::List(items) => {
            let items: Vec<String> = items.iter().take(3).map(short).collect();
            format!("[{}]", items.join(", "))
        }
        ExprKind::Record(attributes) => {
            let entry =
                |it: &crate::syntax::ast::Attribute| format!("{} = {}", it.key.value, short(&it.value));
            let entries: Vec<String> = attributes.iter().take(2).map(entry).collect();
            let rest = if attributes.len() > 2 { ", …" } else { "" };
            format!("{{ {}{rest} }}", entries.join(", "))
        }
        ExprKind::Path(path) => {
            path.segments.iter().map(|it| it.name.value.as_str()).collect::<Vec<_>>().join(".")
        }
        _ => scalar_text(value).unwrap_or_else(|| "…".to_owned()),
    };
    if text.chars().count() > MOST { text.chars().take(MOST - 1).chain(['…']).collect() } else { text }
}

fn list(words: &[&str]) -> String {
    const MOST: usize = 12;
    let mut quoted: Vec<String> = words.iter().take(MOST).map(|it| format!("`{it}`")).collect();
    if words.len() > MOST {
        quoted.push(format!("{} more", words.len() - MOST));
    }
    match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => quoted.join(""),
    }
}

fn suggested(
    finding: Diagnostic,
    name: &Name,
    nearest: Option<&str>,
    otherwise: impl FnOnce() -> String,
) -> Diagnostic {
    match nearest {
        Some(nearest) => finding.help(format!("did you mean `{nearest}`?")).suggest(
            format!("change to `{nearest}`"),
            name.span,
            nearest,
        ),
        None => finding.help(otherwise()),
    }
}

pub fn undefined(name: &Name, what: &str, nearest: Option<&str>, known: &[&str]) -> Diagnostic {
    let found =
        Diagnostic::error("undefined-reference", name.span, format!("no {what} is named `{}`", name.value));
    suggested(found, name, nearest, || match known {
        [] => format!("there is no {what} in this project"),
        _ => format!("there is {}", list(known)),
    })
}

pub fn unknown_name(name: &Name, nearest: Option<&str>, what: &str) -> Diagnostic {
    let message = format!("no compile-time value or declaration is named `{}`", name.value);
    let found = Diagnostic::error("undefined-reference", name.span, message).at(format!("{what} needs one"));
    suggested(found, name, nearest, || format!("give it a value: `let {} = …`", name.value))
}

pub fn no_member(of: &str, key: &Name, nearest: Option<&str>, known: &[&str]) -> Diagnostic {
    let found = Diagnostic::error("undefined-reference", key.span, format!("`{of}` has no `{}`", key.value));
    suggested(found, key, nearest, || {
        if known.is_empty() { "it is empty".to_owned() } else { format!("it has {}", list(known)) }
    })
}

pub fn no_item(span: Span, of: &str, length: usize) -> Diagnostic {
    Diagnostic::error("out-of-bounds", span, format!("`{of}` has no such item"))
        .help(format!("it has {length}; the first is number 0"))
}

pub fn wrong_index(span: Span, of: &str, what: &str, wanted: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("`{of}` is {what}"))
        .help(format!("its index is {wanted}"))
}

pub fn not_a_record(span: Span, of: &str, is: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("`{of}` is {is} and has no parts"))
        .help(format!("write `{of}` alone, or make it a record: `{{ key = value }}`"))
}

pub fn not_a_list(span: Span, of: &str, is: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("`{of}` is {is} and has no items"))
        .help("an index takes an item of a list, or a value of a record")
}

pub fn not_in_text(span: Span, is: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("{is} cannot stand in a text"))
        .help("put in one of its parts: `${x.name}`")
}

pub fn different_types(left: Span, right: Span, a: &str, b: &str) -> Diagnostic {
    let found = Diagnostic::error("type-mismatch", left, format!("{a} cannot be compared with {b}"));
    let found = if left.file == right.file { found.label(right, format!("this is {b}")) } else { found };
    found.help("compare values of one type; text needs quotes, numbers and booleans none")
}

pub fn no_order(left: Span, a: &str, b: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", left, format!("there is no order between {a} and {b}"))
        .help("`<` and `>` compare numbers; use `==`, `!=` or `in`")
}

pub fn different_units(left: Span, right: Span) -> Diagnostic {
    Diagnostic::error("type-mismatch", left, "these numbers have different units")
        .label(right, "the other one")
        .help("give both the same unit; a number without one multiplies any: `10% * 3`")
}

pub fn not_whole(span: Span, is: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("arithmetic works on whole numbers; this is {is}"))
        .help("join texts by splices: `\"${a}-${b}\"`")
}

pub fn overflow(span: Span) -> Diagnostic {
    Diagnostic::error("out-of-bounds", span, "the result is too large").help("whole numbers have 64 bits")
}

pub fn value_too_deep(name: &Name) -> Diagnostic {
    limit(name.span, &format!("the value of `{}` is nested too deep", name.value))
}

pub fn limit(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error("expansion-limit", span, message)
        .help("let a condition end a recursion, or go through a shorter list")
}

pub fn not_compile_time(span: Span, at: &Expr, what: &str, why: &str) -> Diagnostic {
    let shown = short(at);
    let why = if shown == "…" { format!("this {why}") } else { format!("`{shown}` {why}") };
    let why = if matches!(at.kind, ExprKind::Path(_) | ExprKind::Call(..)) {
        why
    } else {
        format!("this is {}", form(at))
    };
    let is_value = matches!(at.kind, ExprKind::Path(_) | ExprKind::Call(..));
    let code = if is_value { "not-compile-time" } else { "type-mismatch" };
    let span = if at.span.file == span.file { at.span } else { span };
    match code {
        "not-compile-time" => {
            Diagnostic::error("not-compile-time", span, format!("{what} must be known at compile time"))
                .at(why)
                .help("use constants, and names given by `let`, `option`, `for` or a template's parameters")
        }
        _ => Diagnostic::error("type-mismatch", span, format!("{what} cannot be this")).at(why),
    }
}

pub fn late_if_help(row: Row) -> String {
    let on = match row {
        Row::Block(block) if block.word == "pipeline" => "give the stage a `when` instead",
        Row::Block(_) => "only steps of a stage or job can wait for a run to decide",
        Row::Top | Row::Unknown => "declarations are the same in every run; use an `option`, set by `-D`",
    };
    on.to_owned()
}

pub fn not_a_condition(span: Span) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, "`if` takes a condition").help("compare the value: `x == \"…\"`")
}

pub fn not_a_step(place: Span, what: &str, condition: Span) -> Diagnostic {
    Diagnostic::error(
        "not-compile-time",
        place,
        format!("whether `{what}` is there cannot be decided by a run"),
    )
    .at("only steps can")
    .label(Span { file: condition.file, ..condition }, "known only when a run is queued or under way")
    .help("put only steps here; a stage or job takes the condition as its `when`")
}

pub fn not_iterable(span: Span, is: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("`for` goes through a list or a range; this is {is}"))
        .help("write `for x in [\"a\", \"b\"]` or `for i in 1..3`")
}

pub fn reserved(name: &Name, root: &str) -> Diagnostic {
    Diagnostic::error("duplicate-name", name.span, format!("`{root}` is a word of the language"))
        .at(format!("`{root}.…` means something else"))
        .help("choose another name")
}

pub fn taken(name: &Name, what: &str, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-name", name.span, format!("`{}` is {what} already", name.value))
        .at("declared again here")
        .label(first, "declared first here")
        .help("choose another name: names with a value at compile time are never hidden")
}

pub fn circle(names: &[&Name]) -> Diagnostic {
    let first = names[0];
    let chain: Vec<String> = names.iter().chain([&first]).map(|it| format!("`{}`", it.value)).collect();
    let mut found =
        Diagnostic::error("let-cycle", first.span, format!("a value needs itself: {}", chain.join(" → ")));
    for name in names.iter().skip(1).take(3) {
        found = found.label(name.span, format!("`{}` is part of it", name.value));
    }
    found.help("give one of them a value of its own")
}

pub fn unused(name: &Name, what: &str) -> Diagnostic {
    Diagnostic::warning("unused-declaration", name.span, format!("nothing uses {what} `{}`", name.value))
        .help("name it where it is needed, or remove it")
}

pub fn star_in_name(span: Span) -> Diagnostic {
    Diagnostic::error("invalid-identifier", span, "`[*]` names all, and declares none")
        .help("write one index: `release[e]`")
}

pub fn not_in_name(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("invalid-identifier", span, format!("`{text}` cannot be a part of a name"))
        .at("lower-case letters, digits and `_`")
        .help("use a short identifier as index, and the text itself where people read it: `for e in [{ id = \"qa\", title = \"QA West\" }]`")
}

pub fn known_indices(base: &str, family: &[Member], nearest: Option<&Member>) -> String {
    let known: Vec<&str> = family.iter().map(|it| it.shown.as_str()).collect();
    match nearest {
        Some(nearest) => format!("did you mean `{base}{}`?", nearest.shown),
        None => format!("`{base}` is declared with {}", list(&known)),
    }
}

pub fn index_missing(base: &str, family: &[Member]) -> String {
    let known: Vec<String> = family.iter().map(|it| format!("{base}{}", it.shown)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    format!("it is declared with an index: {}", list(&known))
}
