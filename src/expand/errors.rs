//! What expansion says. Each code has its page in `pages/`, or in another phase where it is reported too.

use super::fold::{form, scalar_text};
use super::names::Member;
use super::rows::Row;
use crate::base::sources::Origin;
use crate::base::span::{FileId, Span, Spanned};
use crate::diag::Diagnostic;
use crate::syntax::ast::{Expr, ExprKind, Parameter, Type};

type Name = Spanned<String>;

pub fn origin(place: Span, text: String, inside: FileId, replaced: bool) -> Origin {
    Origin { place, text, inside, replaced }
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
        Some(nearest) => finding.help(format!("did you mean `{nearest}`?")).replace(
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
        .help("give both the same unit")
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
    format!("templates stand in each other more than {} deep: {chain} → …", super::limits::MAX_TEMPLATES)
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

pub fn second_use(alias: &Name, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-name", alias.span, format!("a template is used as `{}` twice", alias.value))
        .label(first, "the first time")
        .help("give each use its own name")
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

pub fn inner_template(span: Span) -> Diagnostic {
    Diagnostic::error("unknown-word", span, "a template stands at the top of a file").help("move it there")
}

pub fn inner_option(span: Span) -> Diagnostic {
    Diagnostic::error("unknown-word", span, "an option stands at the top of a file")
        .help("move it there; here, use `let`")
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

pub fn option_type(span: Span, nearest: Option<&str>) -> Diagnostic {
    let help = nearest.map_or_else(
        || "it is `string`, `int`, `number` or `bool`".to_owned(),
        |it| format!("did you mean `{it}`?"),
    );
    Diagnostic::error("type-mismatch", span, "an option cannot have this type").help(help)
}

pub fn indexed_option(span: Span) -> Diagnostic {
    Diagnostic::error("invalid-identifier", span, "an option has no index").help("write an identifier")
}

pub fn not_of_option(span: Span) -> Diagnostic {
    Diagnostic::error("unknown-attribute", span, "an option takes `enum` only")
        .help("write `enum = [\"a\", \"b\"]`")
}

pub fn option_not_set(name: &Name) -> Diagnostic {
    let name_text = &name.value;
    Diagnostic::error("missing-attribute", name.span, format!("the option `{name_text}` has no value"))
        .help(format!("give a default, `option {name_text}: … = …`, or set it: `-D {name_text}=…`"))
}

pub fn wrong_setting(place: Span, option: &Name, ty: &Name) -> Diagnostic {
    let what = match ty.value.as_str() {
        "int" => "a whole number",
        "number" => "a number",
        _ => "`true` or `false`",
    };
    Diagnostic::error("type-mismatch", place, format!("the option `{}` takes {what}", option.value))
        .label(ty.span, "its type is declared here")
}

pub fn wrong_default(span: Span, ty: &Name) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("this is no `{}`", ty.value))
        .label(ty.span, "the option's type")
        .help("write a value of its type, known at compile time")
}

pub fn enum_not_a_list(span: Span) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, "`enum` takes a list").help("write `enum = [\"a\", \"b\"]`")
}

pub fn not_allowed(value: &Expr, option: &Name, allowed: &[String], is_set: bool) -> Diagnostic {
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    let found = Diagnostic::error(
        "out-of-bounds",
        value.span,
        format!("`{}` cannot be {}", option.value, short(value)),
    );
    let found = if is_set { found.label(option.span, "the option is declared here") } else { found };
    found.help(format!("it is one of {}", list(&allowed)))
}

pub fn reader_arguments(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error("wrong-arguments", span, format!("`{word}` takes the path of a file"))
        .help(format!("write `{word}(\"folder/file\")`, relative to the project's root"))
}

pub fn leaves_project(span: Span) -> Diagnostic {
    Diagnostic::error("missing-file", span, "the path leaves the project")
        .help("write a path relative to the project's root, with `/`, that stays inside it")
}

pub fn no_file(span: Span, path: &str) -> Diagnostic {
    Diagnostic::error("missing-file", span, format!("there is no file `{path}` in the project"))
        .at("looked for from the folder of mlopsc.toml")
        .help("paths are relative to the project's root; create it, or correct the path")
}

pub fn unreadable(span: Span, path: &str, why: &str, place: Option<Span>) -> Diagnostic {
    let found = Diagnostic::error("unreadable-data", span, format!("`{path}` cannot be read: {why}"));
    match place {
        Some(place) => found.label(place, "here").help("repair the file"),
        None => found.help("it is text in UTF-8"),
    }
}
