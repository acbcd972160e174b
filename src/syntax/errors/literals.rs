//! Numbers and texts.

use crate::base::span::Span;
use crate::diag::Diagnostic;

pub fn leading_zero(span: Span, digits: &str, unit: &str) -> Diagnostic {
    let sign = if digits.starts_with('-') { "-" } else { "" };
    let bare = digits.trim_start_matches('-').trim_start_matches('0');
    let bare =
        if bare.starts_with(|it: char| it.is_ascii_digit()) { bare.to_owned() } else { format!("0{bare}") };
    let right = format!("{sign}{bare}{unit}");
    Diagnostic::error("invalid-number", span, format!("`{digits}{unit}` starts with a zero"))
        .help(format!("write `{right}`, or `\"{digits}{unit}\"` if it is a text"))
        .replace(format!("write `{right}`"), span, right)
}

pub fn unit(span: Span, digits: &str, unit: &str) -> Diagnostic {
    let finding = Diagnostic::error("invalid-number", span, format!("`{digits}{unit}` is no number"));
    if let Some(sum) = summed(digits, unit) {
        return finding.help(format!("a number has one unit: write `{sum}`")).replace(
            format!("write `{sum}`"),
            span,
            sum.clone(),
        );
    }
    if unit.starts_with(['x', 'X', 'b', 'B', 'o']) && digits == "0" {
        return finding.help("numbers are decimal: write `255` for `0xff`");
    }
    if unit.bytes().all(|it| it.is_ascii_digit() || it == b'_') {
        let right = format!("{digits}{}", unit.replace('_', ""));
        return finding.help(format!("write `{right}`")).replace(format!("write `{right}`"), span, right);
    }
    finding.help("a number is digits with one unit behind, as in `42`, `20m`, `2Gi`, `70%`; write other text in quotes")
}

/// `1h30m` in its smallest unit: `90m`.
fn summed(digits: &str, unit: &str) -> Option<String> {
    let mut seconds: u64 = 0;
    let mut smallest = u64::MAX;
    let written = format!("{digits}{unit}");
    let mut rest = written.as_str();
    while !rest.is_empty() {
        let number = rest.find(|it: char| !it.is_ascii_digit())?;
        let letters = rest[number..].find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len() - number);
        let length = length_of(&rest[number..number + letters])?;
        let part = rest[..number].parse::<u64>().ok()?.checked_mul(length)?;
        seconds = seconds.checked_add(part)?;
        smallest = smallest.min(length);
        rest = &rest[number + letters..];
    }
    let unit = ["d", "h", "m", "s"].into_iter().find(|it| length_of(it) == Some(smallest))?;
    Some(format!("{}{unit}", seconds / smallest))
}

/// Seconds of a unit of time.
fn length_of(unit: &str) -> Option<u64> {
    match unit {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        "d" => Some(86400),
        _ => None,
    }
}

pub fn invalid_escape(span: Span, escape: &str) -> Diagnostic {
    let finding = Diagnostic::error("invalid-escape", span, format!("`{escape}` is no escape"))
        .help("a text knows `\\\"`, `\\\\`, `\\n`, `\\t` and `\\$`; write `\\\\` for a backslash");
    finding.replace("write the backslash twice", span, format!("\\{escape}"))
}

/// `lost` are quotes in the text that may have been meant to close it.
pub fn margin(span: Span, closing: Span, lost: Option<Span>) -> Diagnostic {
    let finding = Diagnostic::error("text-margin", span, "the line is indented less than the closing quotes")
        .label(closing, "their indentation is taken off every line");
    match lost {
        Some(lost) => finding
            .label(lost, "these quotes close nothing: they do not stand alone on their line")
            .help("write closing quotes on a line of their own"),
        None => finding.help("indent the line, with the same blanks, or the closing quotes less"),
    }
}

pub fn unterminated_string(span: Span) -> Diagnostic {
    Diagnostic::error("unterminated-string", span, "the text is not closed on its line")
        .help("write `\"` at its end; a text of several lines stands between lines of `\"\"\"`")
}

pub fn unterminated_block(fence: Span, quotes: &str, candidate: Option<Span>) -> Diagnostic {
    let finding = Diagnostic::error("unterminated-string", fence, format!("this `{quotes}` is never closed"));
    let help = format!("close it by a line that holds `{quotes}` alone");
    match candidate {
        Some(place) => {
            finding.label(place, "this closes nothing: it does not stand alone on its line").help(help)
        }
        None => finding.help(help),
    }
}

pub fn crooked_block(span: Span, quotes: &str, one_line: bool) -> Diagnostic {
    let message = format!("the text stands on the line of its `{quotes}`");
    let finding = Diagnostic::error("syntax", span, message);
    if one_line {
        finding.help("a text of one line stands between single `\"`")
    } else {
        finding.help(format!(
            "begin the text on the line below `{quotes}`, and end it by a line that holds `{quotes}` alone"
        ))
    }
}
