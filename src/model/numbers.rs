//! Numbers that were meant as texts: what is written out is not what was written.

use crate::diag::Diagnostic;
use crate::syntax::ast::{Expr, ExprKind};

/// In keys of things that are called by a text of digits.
const NAMES: &[&str] =
    &["version", "tag", "release", "revision", "commit", "sha", "digest", "build", "python", "node"];

/// A version such as `3.10` as a number is `3.1`. Speaks where the number would lose what it was written with.
pub fn lost(key: &str, expr: &Expr) -> Option<Diagnostic> {
    let ExprKind::Number(number) = &expr.kind else { return None };
    let written = number.digits.as_str();
    if !number.unit.is_empty() || !means_text(key, written) {
        return None;
    }
    let becomes = match (written.parse::<i64>(), written.parse::<f64>()) {
        (Ok(whole), _) => whole.to_string(),
        (Err(_), Ok(value)) if value.is_finite() => value.to_string(),
        _ => return None,
    };
    if becomes == written {
        return None;
    }
    let quoted = format!("\"{written}\"");
    let finding = Diagnostic::warning(
        "value-looks-like-number",
        expr.span,
        format!("`{written}` is a number, which is written as `{becomes}`"),
    );
    Some(finding.help(format!("write `{quoted}`")).suggest("add quotes", expr.span, quoted))
}

/// `3.10`, `007`; `1.0` and `1e3` where the key names what is no amount.
fn means_text(key: &str, written: &str) -> bool {
    let key = key.to_ascii_lowercase();
    if NAMES.iter().any(|it| key.contains(it)) {
        return true;
    }
    let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
    let is_padded = whole.len() > 1 && whole.starts_with('0');
    is_padded || (whole != "0" && fraction.len() > 1 && fraction.ends_with('0'))
}

#[cfg(test)]
mod tests {
    use super::means_text;

    #[test]
    fn amounts_are_no_texts() {
        for (key, written) in
            [("replicas", "3"), ("ratio", "0.50"), ("rate", "1e3"), ("weight", "1.0"), ("x", "2.5")]
        {
            assert!(!means_text(key, written), "{key} = {written}");
        }
        for (key, written) in
            [("PYTHON", "3.10"), ("x", "3.10"), ("x", "007"), ("imageTag", "1.0"), ("commit", "1e3")]
        {
            assert!(means_text(key, written), "{key} = {written}");
        }
    }
}
