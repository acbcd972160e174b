//! What the model says about names, words, types and values. Each has its page in `pages/`.

use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::schema::{Block, Kind, Type};
use crate::syntax::ast::{self, Operator};
use crate::target::pipeline_keys;

fn kinds_text(kinds: &[Kind]) -> String {
    let words: Vec<String> = kinds.iter().map(|it| format!("`{}`", it.word())).collect();
    match words.as_slice() {
        [] => "declaration".into(),
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.join(""),
    }
}

pub fn second_project(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-name", span, "the project is described twice")
        .at("a second `project` block")
        .label(first, "the first one")
        .help("keep one `project` block for all files; move what is missing into it")
}

pub fn missing_name(block: &ast::Block, word: &str) -> Diagnostic {
    if let Some((written, better)) = block.arguments.first().and_then(|it| nearly_a_name(it, word)) {
        let span = block.arguments[0].span;
        let message = format!("{written} is no name for a `{word}`");
        return Diagnostic::error("missing-name", span, message)
            .help(format!("write `{word} {better}`: a name is letters, digits and `_`, without quotes, and a title in quotes may follow it"))
            .suggest(format!("write `{better}`"), span, better);
    }
    Diagnostic::error("missing-name", block.head, format!("this `{word}` has no name"))
        .help(format!("write an identifier behind the word: `{word} my_{word} {{ … }}`"))
}

/// What stands where a name should, and what to write there: `2fix`, `hot.fix`, `"Hot fix"`.
fn nearly_a_name(written: &ast::Expr, word: &str) -> Option<(String, String)> {
    match &written.kind {
        ast::ExprKind::Number(it) => {
            let (digits, unit) =
                (it.digits.trim_start_matches('-').replace('.', "_"), it.unit.to_lowercase());
            let stem = if unit.is_empty() || unit == "%" { word } else { unit.as_str() };
            Some((format!("`{}{}`", it.digits, it.unit), format!("{stem}_{digits}")))
        }
        ast::ExprKind::String(it) => {
            let parts = snake_case(&it.value);
            let name = parts.split('_').filter(|it| !it.is_empty()).collect::<Vec<_>>().join("_");
            let is_name = name.starts_with(|it: char| it.is_ascii_lowercase()) && it.value.is_ascii();
            let title = if name == it.value { String::new() } else { format!(" \"{}\"", it.value) };
            let is_plain = !it.value.contains(['"', '\\', '\n', '$']);
            (is_name && is_plain).then(|| (format!("`\"{}\"`", it.value), format!("{name}{title}")))
        }
        ast::ExprKind::Path(path) if path.segments.len() > 1 => {
            let is_plain = path.segments.iter().all(|it| it.indices.is_empty());
            let names: Vec<&str> = path.segments.iter().map(|it| it.name.value.as_str()).collect();
            is_plain.then(|| (format!("`{}`", names.join(".")), names.join("_")))
        }
        _ => None,
    }
}

/// `pipeline hot fix { … }`
pub fn name_of_two_words(first: &Spanned<String>, second: &Spanned<String>, word: &str) -> Diagnostic {
    let better = format!("{}_{}", first.value, second.value);
    Diagnostic::error("wrong-arguments", second.span, format!("the name of a `{word}` is one word"))
        .at("one too many")
        .help(format!("write `{word} {better}`; a title in quotes may follow the name"))
        .suggest(format!("write `{better}`"), first.span.to(second.span), better)
}

pub fn not_snake_case(name: &Spanned<String>) -> Diagnostic {
    let better = snake_case(&name.value);
    Diagnostic::error("invalid-identifier", name.span, format!("`{}` is not in snake_case", name.value))
        .at("lower-case letters, digits and `_`, not starting with a digit")
        .help(format!(
            "write `{better}`; the name outside can be given with `name = \"…\"` or a title in quotes"
        ))
        .suggest(format!("rename to `{better}`"), name.span, better)
}

/// `my_key` of `MyKey`, `my.key` and the like.
pub fn snake_case(name: &str) -> String {
    let mut out = String::new();
    let mut lower_before = false;
    for it in name.chars() {
        if it.is_ascii_uppercase() && lower_before {
            out.push('_');
        }
        lower_before = it.is_ascii_lowercase() || it.is_ascii_digit();
        out.push(if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '_' });
    }
    out
}

pub fn duplicate_name(what: &str, name: &Spanned<String>, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-name", name.span, format!("{what} `{}` is declared twice", name.value))
        .at("declared again here")
        .label(first, "declared first here")
        .help("rename one of them, or remove it")
}

pub fn not_a_reference(span: Span, kinds: &[Kind]) -> Diagnostic {
    let wanted = kinds_text(kinds);
    Diagnostic::error("type-mismatch", span, format!("expected the name of a declared {wanted}"))
        .help(format!("write the identifier that follows the word in its declaration: {wanted} NAME"))
}

pub fn ambiguous_reference(name: &Spanned<String>, first: Kind, second: Kind) -> Diagnostic {
    let (first, second) = (first.word(), second.word());
    Diagnostic::error(
        "ambiguous-reference",
        name.span,
        format!("`{}` names both a {first} and a {second}", name.value),
    )
    .help(format!("write `{first}.{0}` or `{second}.{0}`", name.value))
}

pub fn undefined_reference(
    name: &Spanned<String>,
    kinds: &[Kind],
    nearest: Option<&str>,
    elsewhere: Option<(Kind, Span)>,
) -> Diagnostic {
    let wanted = kinds_text(kinds);
    let found =
        Diagnostic::error("undefined-reference", name.span, format!("no {wanted} is named `{}`", name.value));
    match (nearest, elsewhere, kinds.first()) {
        (Some(nearest), _, _) => found.at("not declared").help(format!("did you mean `{nearest}`?")).suggest(
            format!("change to `{nearest}`"),
            name.span,
            nearest,
        ),
        (None, Some((kind, span)), _) => found
            .at(format!("a {wanted} is needed here"))
            .label(span, format!("this is a `{}`", kind.word()))
            .help(format!("name a declared {wanted}")),
        (None, None, Some(_)) if kinds.iter().any(|it| it.word() == name.value) => {
            found.help(format!("write the name alone, or `{}.NAME` where several have it", name.value))
        }
        (None, None, Some(kind)) => {
            found.at("not declared").help(format!("declare it: `{} {} {{ … }}`", kind.word(), name.value))
        }
        (None, None, None) => found,
    }
}

pub fn undefined_name(
    name: &Spanned<String>,
    what: &str,
    nearest: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let found =
        Diagnostic::error("undefined-reference", name.span, format!("no {what} is named `{}`", name.value));
    match nearest {
        Some(nearest) => found.help(format!("did you mean `{nearest}`?")).suggest(
            format!("change to `{nearest}`"),
            name.span,
            nearest,
        ),
        None if known.is_empty() => found.help(format!("there is no {what} here at all")),
        None => found.help(format!("there is {}", quoted_list(known))),
    }
}

/// Words that a list shows: all that may stand at the top of a file, and some more.
const LISTED: usize = 24;

/// `a`, `b` and `c`; a long list is cut.
pub fn quoted_list(words: &[&str]) -> String {
    let shown: Vec<String> = words.iter().take(LISTED).map(|it| format!("`{it}`")).collect();
    let rest = words.len().saturating_sub(LISTED);
    if rest > 0 {
        return format!("{} and {rest} more", shown.join(", "));
    }
    match shown.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => shown.join(""),
    }
}

pub fn unknown_attribute(key: &Spanned<String>, block: &Block, nearest: Option<&str>) -> Diagnostic {
    let found = Diagnostic::error(
        "unknown-attribute",
        key.span,
        format!("`{}` has no attribute `{}`", block.word, key.value),
    );
    let is_known = |it: &&str| block.all_attributes().any(|known| known.name == *it);
    let meant = pipeline_keys::word(&key.value).iter().copied().find(is_known);
    if let Some(help) = pipeline_keys::instead_of(&key.value, block.word).filter(|_| meant.is_none()) {
        return found.help(help);
    }
    if let Some(nearest) = meant.or(nearest) {
        return found.help(format!("did you mean `{nearest}`?")).suggest(
            format!("change to `{nearest}`"),
            key.span,
            nearest,
        );
    }
    let known: Vec<&str> = block.all_attributes().map(|it| it.name).collect();
    if known.is_empty() {
        found.help("it takes no attributes")
    } else {
        found.help(format!("it takes {}", quoted_list(&known)))
    }
}

pub fn block_for_attribute(key: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("unknown-attribute", key.span, format!("`{}` is a block, not an attribute", key.value))
        .help(format!("write `{} {{ … }}` without `=`", key.value))
}

pub fn attribute_for_block(head: Span, word: &Spanned<String>, has_argument: bool) -> Diagnostic {
    let found = Diagnostic::error(
        "missing-equals",
        head,
        format!("`{}` is an attribute and needs a `=`", word.value),
    );
    let after = Span { start: word.span.end, ..word.span };
    let example = format!("write `{} = …`", word.value);
    if has_argument { found.help(example).replace("insert `=`", after, " =") } else { found.help(example) }
}

pub fn unknown_block(
    word: &Spanned<String>,
    parent: &str,
    nearest: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let place = if parent.is_empty() { "at the top of a file".to_owned() } else { format!("in `{parent}`") };
    let found =
        Diagnostic::error("unknown-word", word.span, format!("`{}` is not known {place}", word.value));
    if let Some(help) = pipeline_keys::instead_of(&word.value, parent) {
        return found.help(help);
    }
    if let Some(nearest) = nearest {
        return found.help(format!("did you mean `{nearest}`?")).suggest(
            format!("change to `{nearest}`"),
            word.span,
            nearest,
        );
    }
    if known.is_empty() {
        found.help("nothing can stand here")
    } else {
        found.help(format!("known here: {}", quoted_list(known)))
    }
}

pub fn attribute_at_top(span: Span) -> Diagnostic {
    Diagnostic::error("unknown-word", span, "an attribute cannot stand at the top of a file")
        .help("put it into a block: `project NAME { … }` holds what is common to all")
}

/// A word of the language in quotes: only free keys are quoted.
pub fn quoted_word(word: &Spanned<String>) -> Diagnostic {
    Diagnostic::error("unknown-word", word.span, "a text in quotes begins nothing here")
        .help(format!("write `{}` without quotes", word.value))
        .replace("remove the quotes", word.span, &word.value)
}

pub fn duplicate_attribute(key: &Spanned<String>, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-attribute", key.span, format!("`{}` is set twice", key.value))
        .at("set again here")
        .label(first, "set first here")
        .help("keep one of the two")
}

pub fn duplicate_block(head: Span, word: &str, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-attribute", head, format!("there are two `{word}` blocks"))
        .at("again here")
        .label(first, "first here")
        .help("join them into one")
}

pub fn missing_attribute(head: Span, block: &str, name: &str, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error("missing-attribute", head, format!("this `{block}` has no `{name}`")).help(help)
}

pub fn arguments(head: Span, block: &Block, form: &str) -> Diagnostic {
    Diagnostic::error("wrong-arguments", head, format!("`{}` is written in another form", block.word))
        .help(format!("write `{form}`"))
}

pub fn extra_argument(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error("wrong-arguments", span, format!("`{word}` takes no such argument"))
        .at("one too many")
        .help("statements end at a line break or a comma; put what belongs to another statement on its own line")
}

/// `stage dev needs build { … }`: `value` is what stands behind the attribute in the head.
pub fn attribute_in_head(span: Span, word: &str, attribute: &str, value: &str) -> Diagnostic {
    Diagnostic::error("wrong-arguments", span, format!("`{word}` takes no such argument"))
        .at("this is an attribute")
        .help(format!("write `{attribute} = {value}` inside the braces"))
}

pub fn type_mismatch(written: &ast::Expr, what: &str, ty: Type) -> Diagnostic {
    Diagnostic::error("type-mismatch", written.span, format!("`{what}` takes {}", ty.describe()))
        .at(format!("this is {}", form(&written.kind)))
}

/// What a value looks like, whatever it was meant to be.
fn form(kind: &ast::ExprKind) -> &'static str {
    match kind {
        ast::ExprKind::Bool(_) => "a boolean",
        ast::ExprKind::String(_) => "a string",
        ast::ExprKind::Number(number) if number.unit.is_empty() => "a number",
        ast::ExprKind::Number(_) => "a number with a unit",
        ast::ExprKind::Path(_) => "a name",
        ast::ExprKind::Call(..) => "a call",
        ast::ExprKind::List(_) => "a list",
        ast::ExprKind::Record(_) => "a record",
        ast::ExprKind::Binary(Operator::Range, ..) => "a range",
        ast::ExprKind::Not(_) | ast::ExprKind::Binary(..) | ast::ExprKind::If(..) => "an expression",
        ast::ExprKind::Broken => "not readable",
    }
}

/// A value whose type is decided by what stands around it.
pub fn wrong_type(span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, message).help(help)
}

pub fn out_of_bounds(span: Span, what: &str, ty: Type) -> Diagnostic {
    let found = Diagnostic::error("out-of-bounds", span, format!("`{what}` takes {}", ty.bounds()));
    found.at("outside of what is allowed").help(format!("write {}", ty.bounds()))
}

pub fn invalid_value(span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error("invalid-value", span, message).help(help)
}

/// `sum` in percent.
pub fn traffic_sum(span: Span, sum: u32) -> Diagnostic {
    invalid_value(
        span,
        format!("the traffic of an endpoint adds up to 100 %, not to {sum} %"),
        "change one of the shares: who is not named gets none",
    )
}

pub fn splice_not_allowed(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, format!("`{what}` is a fixed string and cannot hold `${{…}}`"))
        .help("write the text itself; a value that changes belongs into `env`")
}

/// A name that no loop, `let` or `option` gives a value before a run.
pub fn splice_unknown(name: &Spanned<String>, what: &str) -> Diagnostic {
    let message = format!("no value named `{}` is known when compiling", name.value);
    Diagnostic::error("undefined-reference", name.span, message)
        .help(format!("`{what}` takes the variable of a `for`, a `let` or an `option`; write the text itself, or declare one"))
}

/// A splice in a script that a compile-time name would fill anywhere else.
pub fn known_in_script(written: &ast::Ident) -> Diagnostic {
    let name = &written.value;
    Diagnostic::warning(
        "splice-in-script",
        written.span,
        format!("`${{{name}}}` stays as it is: scripts are verbatim"),
    )
    .at(format!("the shell reads a variable of its own here, not the `{name}` of this file"))
    .help(format!("give it by `env {{ VALUE = {name} }}` and write `\"$VALUE\"`"))
}

pub fn missing_file(span: Span, path: &str, what: &str) -> Diagnostic {
    Diagnostic::error("missing-file", span, format!("there is no {what} `{path}` in the project"))
        .at("looked for from the folder of mlopsc.toml")
        .help("paths are relative to the project's root; create it, or correct the path")
}

pub fn path_leaves_project(span: Span) -> Diagnostic {
    Diagnostic::error("missing-file", span, "the path leaves the project")
        .help("write a path relative to the project's root, with `/`, that stays inside it")
}

pub fn template_mismatch(span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error("template-mismatch", span, message).help(help)
}

pub fn two_scripts(second: Span, first: Span) -> Diagnostic {
    Diagnostic::error("duplicate-attribute", second, "the step has two scripts")
        .label(first, "the first one")
        .help("keep the argument, `script` or `file`, one of them")
}

pub fn not_a_constant(span: Span) -> Diagnostic {
    Diagnostic::error("type-mismatch", span, "expected a constant")
        .help("write a string, a number, `true`, `false`, a list or a record; a word needs quotes")
}
