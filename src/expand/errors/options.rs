//! Options and their values from outside.

use super::{Name, list, short};
use crate::base::span::Span;
use crate::diag::Diagnostic;
use crate::syntax::ast::Expr;

pub fn inner_option(span: Span) -> Diagnostic {
    Diagnostic::error("unknown-word", span, "an option stands at the top of a file")
        .help("move it there; here, use `let`")
}

pub fn option_type(span: Span, nearest: Option<&str>) -> Diagnostic {
    let help = nearest.map_or_else(
        || "it is `string`, `int`, `number`, `bool`, `duration` or `percentage`".to_owned(),
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
        "duration" => "a duration such as `20m`",
        "percentage" => "a percentage such as `10%`",
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
