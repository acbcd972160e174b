//! Statements whose parts do not fit together.

use super::super::ast::Ident;
use crate::base::span::Span;
use crate::diag::{Diagnostic, Edit, Fix, Safety};

pub fn chained(first: Span, second: Span, sign: &str) -> Diagnostic {
    Diagnostic::error("syntax", second, format!("`{sign}` cannot follow another operator of its kind"))
        .label(first, "the first one")
        .help("join two comparisons with `&&`, as in `a < b && b < c`")
}

pub fn not_in_record(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a record holds `key = value` only").help("write `key = value`")
}

pub fn not_in_group(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "parentheses around one value are needed here")
        .help("write `(value)`; a list stands in brackets: `[a, b]`")
}

pub fn all_in_list(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "`*` stands for all in an index only")
        .help("write `name[*]`, with no blank before the bracket; text that holds `*` stands in quotes")
}

pub fn digit_in_path(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a name in a path starts with a letter")
        .help("write an index as `name[0]`; a version like `1.2` is a text and stands in quotes")
}

pub fn empty_index(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "the index is empty").help("write `[0]`, `[\"key\"]`, or `[*]` for all")
}

pub fn open_path(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a name is missing behind the dot")
        .help("write the name, or remove the dot")
}

pub fn not_a_name(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("syntax", span, format!("{what} must be a plain name"))
        .help("a name is letters, digits and `_`; a title in quotes may follow the name of a block")
}

pub fn reserved(word: &Ident) -> Diagnostic {
    let finding =
        Diagnostic::error("reserved-word", word.span, format!("`{}` is a reserved word", word.value));
    match word.value.as_str() {
        "else" => finding.help(
            "`else` follows the `}` of an `if`, or `then` in a value; for a name choose another word",
        ),
        "then" => finding.help("`then` stands in `if c then a else b`; for a name choose another word"),
        "as" => finding
            .help("`as NAME` stands before the `{`: `run as x { … }`; for a name choose another word"),
        "in" => finding.help(
            "`in` stands in a loop, `for NAME in LIST { … }`, and in `x in [a, b]`; for a name choose another word",
        ),
        _ => finding.help("choose another name; a key may stand in quotes"),
    }
}

/// `if`, `for`, `let`, `template`, `use` that are not what these words stand for.
pub fn incomplete(span: Span, word: &str) -> Diagnostic {
    let (shape, what) = match word {
        "if" => ("if condition { … }", "a condition and a body"),
        "for" => ("for item in list { … }", "a name, `in`, a list and a body"),
        "let" => ("let name = value", "a name and a value"),
        "template" => ("template name(parameter: type) { … }", "a name, parameters and a body"),
        _ => ("use name as other { … }", "the name of a template"),
    };
    Diagnostic::error("syntax", span, format!("`{word}` needs {what}")).help(format!("write `{shape}`"))
}

/// `key: value`; `line` is from the key to the end of its line.
pub fn colon_for_equals(key: &Ident, colon: Span, line: &str) -> Diagnostic {
    let finding =
        Diagnostic::error("syntax", colon, format!("`{}` is given a value by `=`, not by `:`", key.value));
    if key.value == "trigger" {
        return trigger(finding, Span { start: key.span.start, ..colon }, line);
    }
    finding.help(format!("write `{} = …`; `:` is for types, as in `param tag: string`", key.value)).replace(
        "write `=`",
        colon,
        " =",
    )
}

/// `trigger: none` and what stands on one line with `trigger:` in Azure Pipelines: no value at all here.
fn trigger(mut finding: Diagnostic, key: Span, line: &str) -> Diagnostic {
    "a trigger is a block, not a key with `:`".clone_into(&mut finding.message);
    let Some(rest) = line.strip_prefix("trigger: none").filter(|it| it.trim().is_empty()) else {
        return finding.help("write `trigger push { branches = [\"main\"] }`");
    };
    let length = line.len() - rest.len();
    let all = Span { end: key.start + u32::try_from(length).unwrap_or(0), ..key };
    finding.help("write `trigger manual`: nothing else starts it then").replace(
        "write `trigger manual`",
        all,
        "trigger manual",
    )
}

/// `word name = value`
pub fn value_without_type(word: &Ident, name: &Ident) -> Diagnostic {
    let (word, label) = (&word.value, word.span);
    let message = format!("`{word} {} = …` is no statement", name.value);
    let name_of = &name.value;
    let help = format!(
        "an attribute stands in braces, `{word} {{ {name_of} = … }}`; a declaration gives a type, `{word} {name_of}: string = …`"
    );
    Diagnostic::error("syntax", name.span, message)
        .at("braces or a type are missing")
        .label(label, "behind this word")
        .help(help)
}

pub fn one_name(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a declaration has one name before its `:`")
        .help(format!("write `{word} name: type`"))
}

pub fn alias_order(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "`as` with its name ends the head of a block")
        .help("write it once, behind the arguments")
}

pub fn alias_without_name(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a name is missing behind `as`").help("write `as name`")
}

/// `word"text"`
pub fn no_blank(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a blank is missing before this argument")
        .help("separate arguments by blanks")
        .replace("insert a blank", Span { end: span.start, ..span }, " ")
}

pub fn body_of_value(body: Span, key: &str) -> Diagnostic {
    Diagnostic::error("syntax", body, format!("the value of `{key}` is followed by a body"))
        .help(format!("write `{key} = value`, or a block `{key} … {{ }}` without `=`"))
}

pub fn lone_text(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a text alone is no statement")
        .help("write `\"key\" = value`, or a word before the text; items of a list stand in `[ ]`")
}

pub fn text_with_arguments(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "a text as the head of a block takes no arguments")
        .help("write `\"key\" = value` or `\"key\" { … }`")
}

/// Two statements on a line; `at` is where the comma goes.
pub fn joined_statements(second: Span, at: Span) -> Diagnostic {
    comma(
        second,
        at,
        "a second statement begins on the same line",
        "separate statements by a comma or a new line",
    )
}

pub fn joined_items(second: Span, at: Span) -> Diagnostic {
    comma(second, at, "a comma is missing before this item", "separate items by a comma or a new line")
}

fn comma(second: Span, at: Span, message: &str, help: &str) -> Diagnostic {
    let mut finding = Diagnostic::error("missing-separator", second, message).help(help);
    finding.fix =
        Some(Fix { title: "insert a comma".to_owned(), safety: Safety::Safe, edits: vec![insertion(at)] });
    finding
}

/// The same mistake once more on the line.
pub fn also_here(finding: &mut Diagnostic, at: Span) {
    if let Some(fix) = &mut finding.fix {
        fix.edits.push(insertion(at));
    }
}

fn insertion(at: Span) -> Edit {
    Edit { span: Span { start: at.end, ..at }, text: ",".to_owned() }
}

/// One word behind a complete value.
pub fn left_over_word(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error("syntax", span, format!("`{word}` is left over behind the value"))
        .help("write a text in quotes, items of a list as `[a, b]`, and statements on lines of their own")
}

/// `10 minutes`: the unit as it is written, where there is such a one.
pub fn spelled_unit(value: Span, digits: &str, unit: &Ident) -> Option<Diagnostic> {
    let short = match unit.value.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let better = format!("{digits}{short}");
    let message = format!("a duration is written without a blank, `{better}`");
    let whole = Span { end: unit.span.end, ..value };
    let finding = Diagnostic::error("syntax", unit.span, message).help(format!("write `{better}`"));
    Some(finding.replace(format!("write `{better}`"), whole, better))
}

/// `a and b`, `not a`: operators as other languages spell them.
pub fn spelled_operator(span: Span, word: &str) -> Option<Diagnostic> {
    let operator = match word {
        "and" => "&&",
        "or" => "||",
        "not" => "!",
        "is" => "==",
        _ => return None,
    };
    let message = format!("`{word}` is no operator");
    Some(Diagnostic::error("syntax", span, message).help(format!("write `{operator}`")))
}

/// `"${x["k"]}"`
pub fn quote_in_splice(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "the text ended at the quotes inside its `${ }`")
        .help("give the value a name with `let` and splice that")
}

pub fn blank_before_call(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", span, "no blank stands between a name and the parenthesis of its call")
        .help("write `name(value)`")
}

pub fn behind_else(body: Span) -> Diagnostic {
    Diagnostic::error(
        "syntax",
        Span { end: body.start + 1, ..body },
        "a branch stands behind the last `else`",
    )
    .help("`else` without a condition comes last, once")
}
