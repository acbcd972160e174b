//! What a value of another type was meant to be: how it is written instead.

use crate::diag::Diagnostic;
use crate::schema::Type;
use crate::syntax::ast::{Expr, ExprKind, Number, Operator};
use crate::syntax::foreign::duration_unit;

/// So many words of an attribute are shown; the message holds them all.
const SHOWN: usize = 3;

/// With what to write, and the fix where only one thing can be meant.
pub fn value(finding: Diagnostic, expr: &Expr, ty: Type) -> Diagnostic {
    match (&expr.kind, ty) {
        (ExprKind::Number(number), Type::Memory) => memory(finding, expr, number),
        (ExprKind::Number(_), Type::Cpu) => {
            finding.help("write processors, as in `0.5`, or thousandths of one, as in `500m`")
        }
        (ExprKind::Path(path), Type::Bool) => {
            let right = path.as_ident().and_then(|it| truth(&it.value));
            match right {
                Some(right) => finding.help(format!("write `{right}`")).replace(
                    format!("write `{right}`"),
                    expr.span,
                    right,
                ),
                None => finding,
            }
        }
        (ExprKind::List(_), Type::Range(_)) => finding.help("a range is written with two dots: `2..10`"),
        (ExprKind::List(items), _) => one_of(finding, items),
        (ExprKind::Path(_), Type::Script | Type::Command) => {
            finding.help("write it in quotes: `\"make test\"`")
        }
        (ExprKind::Number(number), Type::Percent) if number.unit.is_empty() => {
            percent(finding, expr, &number.digits)
        }
        (ExprKind::String(text), Type::Percent) => percent(finding, expr, text.value.trim_end_matches('%')),
        (ExprKind::Number(number), Type::Int(..) | Type::Number) if !number.unit.is_empty() => {
            finding.help(format!("write a number without a unit: `{}`", number.digits))
        }
        _ => durations(finding, expr, ty),
    }
}

fn percent(finding: Diagnostic, expr: &Expr, digits: &str) -> Diagnostic {
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return finding;
    }
    let better = format!("{digits}%");
    finding.help(format!("write `{better}`")).replace(format!("write `{better}`"), expr.span, better)
}

/// A list where one value stands.
fn one_of(finding: Diagnostic, items: &[Expr]) -> Diagnostic {
    match items {
        [Expr { kind: ExprKind::Path(path), .. }] if path.as_ident().is_some() => {
            finding.help("write one value, without brackets")
        }
        [Expr { kind: ExprKind::String(text), .. }] => {
            finding.help(format!("write one value, without brackets: `\"{}\"`", text.value))
        }
        _ => finding.help("write one value, without brackets"),
    }
}

/// One of the words, where something else than a word stands.
pub fn word(words: &[&str]) -> Option<String> {
    let written: Vec<String> = words.iter().take(SHOWN).map(|it| format!("`{it}`")).collect();
    let (last, first) = written.split_last()?;
    Some(match first {
        [] => format!("write {last}"),
        _ => format!("write {} or {last}", first.join(", ")),
    })
}

/// `512MB` counts by thousands, as `512M` does.
fn memory(finding: Diagnostic, expr: &Expr, number: &Number) -> Diagnostic {
    let digits = &number.digits;
    let unit = number.unit.to_ascii_lowercase();
    let (thousands, binary) = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => return finding.help(format!("add a unit: `{digits}Mi` or `{digits}Gi`")),
        "k" => ("k", "Ki"),
        "m" => ("M", "Mi"),
        "g" => ("G", "Gi"),
        "t" => ("T", "Ti"),
        _ => return finding.help("write it in `Mi` or `Gi`, as in `512Mi`"),
    };
    let (by_thousands, right) = (format!("{digits}{thousands}"), format!("{digits}{binary}"));
    if unit.contains('i') {
        let help = format!("write `{right}`");
        return finding.help(help.clone()).replace(help, expr.span, right);
    }
    let help = format!("write `{by_thousands}`, or `{right}`, which counts by 1024");
    finding.help(help).suggest(format!("write `{by_thousands}`"), expr.span, by_thousands)
}

/// How YAML writes the two.
fn truth(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        _ => None,
    }
}

fn durations(finding: Diagnostic, expr: &Expr, ty: Type) -> Diagnostic {
    match (&expr.kind, ty) {
        (ExprKind::Number(number), Type::Duration(..) | Type::Timeout) if number.digits.contains('.') => {
            finding.help("write a whole number of a smaller unit: `90m` for one and a half hours")
        }
        (ExprKind::Number(number), Type::Duration(..) | Type::Timeout) if number.unit.is_empty() => {
            let digits = &number.digits;
            finding.help(format!("add a unit: `{digits}s`, `{digits}m`, `{digits}h` or `{digits}d`"))
        }
        (ExprKind::Number(number), Type::Duration(..) | Type::Timeout) => {
            spelled(finding, expr, &number.digits, &number.unit)
        }
        (ExprKind::String(text), Type::Duration(..) | Type::Timeout) => {
            let written = text.value.trim();
            let digits = written.bytes().take_while(u8::is_ascii_digit).count();
            match written[digits..].trim_start() {
                "" | "s" | "m" | "h" | "d" => quotes(finding, expr, ty),
                unit => spelled(finding, expr, &written[..digits], unit),
            }
        }
        _ => quotes(finding, expr, ty),
    }
}

/// `10min`, `"10 minutes"`
fn spelled(finding: Diagnostic, expr: &Expr, digits: &str, unit: &str) -> Diagnostic {
    let short = duration_unit(unit).filter(|_| !digits.is_empty());
    let Some(short) = short else {
        return finding.help("write whole seconds, minutes, hours or days: `90s`, `20m`, `24h` or `7d`");
    };
    let better = format!("{digits}{short}");
    finding.help(format!("write `{better}`")).replace(format!("write `{better}`"), expr.span, better)
}

/// What has a value in a run only.
const LATER: [&str; 4] = ["params", "vars", "run", "runs"];

/// The fix for a string without quotes, and for a number, a boolean or a name in quotes.
fn quotes(finding: Diagnostic, expr: &Expr, ty: Type) -> Diagnostic {
    match (&expr.kind, ty) {
        (ExprKind::Path(path), Type::Name | Type::Text | Type::File | Type::Folder | Type::Path) => {
            let Some(word) = path.as_ident() else {
                let is_later =
                    path.segments.first().is_some_and(|it| LATER.contains(&it.name.value.as_str()));
                let help = if is_later {
                    "write the text itself, in quotes: here nothing is known yet of the run and its parameters"
                } else {
                    "write it in quotes"
                };
                return finding.help(help);
            };
            let quoted = format!("\"{}\"", word.value);
            finding.help(format!("write `{quoted}`")).replace("add quotes", expr.span, quoted)
        }
        (
            ExprKind::Binary(Operator::Subtract, ..),
            Type::Name | Type::Text | Type::File | Type::Folder | Type::Path,
        ) => finding.help("a text with `-` in it is written in quotes"),
        (ExprKind::Number(number), Type::Name | Type::Text) => {
            let quoted = format!("\"{}{}\"", number.digits, number.unit);
            finding.help(format!("write `{quoted}`")).replace("add quotes", expr.span, quoted)
        }
        (
            ExprKind::String(text),
            Type::Range(_) | Type::Dotted | Type::Duration(..) | Type::Timeout | Type::Cpu | Type::Memory,
        ) if text.value.chars().all(|it| it.is_ascii_alphanumeric() || "._".contains(it)) => {
            finding.help(format!("write `{}` without quotes", text.value))
        }
        (ExprKind::String(text), Type::Bool | Type::Int(..) | Type::Number)
            if is_literal(&text.value, ty) =>
        {
            finding.help(format!("write `{}` without quotes", text.value)).replace(
                "remove the quotes",
                expr.span,
                text.value.clone(),
            )
        }
        _ => finding,
    }
}

/// Whether the text would fit if its quotes were left out.
fn is_literal(text: &str, ty: Type) -> bool {
    match ty {
        Type::Bool => matches!(text, "true" | "false"),
        Type::Int(low, high) => text.parse().is_ok_and(|it: i64| (low..=high).contains(&it)),
        _ => text.parse::<f64>().is_ok_and(f64::is_finite),
    }
}
