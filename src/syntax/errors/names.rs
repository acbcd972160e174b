//! Names that hold what no name takes.

use crate::base::span::Span;
use crate::diag::{Diagnostic, Edit, Fix, Safety};

/// The same name wherever it stands in the file.
pub fn foreign_letters(name: &str, places: &[Span]) -> Diagnostic {
    let first = places.first().copied().unwrap_or_default();
    let finding =
        Diagnostic::error("syntax", first, format!("`{name}` is no name: it holds letters beyond a to z"));
    let Some(plain) = plain_letters(name) else {
        return finding
            .help("a name takes the letters a to z, digits and `_`; other letters stand in texts in quotes");
    };
    let edits = places.iter().map(|span| Edit { span: *span, text: plain.clone() }).collect();
    let title = format!("write `{plain}`");
    let mut finding =
        finding.help(format!("write `{plain}`: a name takes the letters a to z, digits and `_`"));
    finding.fix = Some(Fix { title, safety: Safety::Safe, edits });
    finding
}

/// `hot-fix`, `hot.fix` where a name is declared; `name` is all of it.
pub fn joined_name(span: Span, name: &str) -> Diagnostic {
    let better: String = name.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
    let sign = name.chars().find(|it| !it.is_ascii_alphanumeric() && *it != '_').unwrap_or('-');
    Diagnostic::error("syntax", span, format!("`{name}` is no name: it holds a `{sign}`"))
        .help(format!("write `{better}`: a name takes letters, digits and `_`; other text stands in quotes"))
        .replace(format!("write `{better}`"), span, better)
}

/// Letters of Europe by what they are without their marks.
const LETTERS: &[(&str, &str)] = &[
    ("àáâãäåāăą", "a"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŋ", "n"),
    ("òóôõöøōŏő", "o"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ţťŧț", "t"),
    ("ùúûüũūŭůűų", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("ß", "ss"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("þ", "th"),
];

/// The name in the letters a to z, where each letter has such a one. Marks of their own are left out.
fn plain_letters(name: &str) -> Option<String> {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().filter(|it| !matches!(it, '\u{300}'..='\u{36F}')) {
        if letter.is_ascii() {
            plain.push(letter);
            continue;
        }
        let small = letter.to_lowercase().next()?;
        let (_, known) = LETTERS.iter().find(|it| it.0.contains(small))?;
        plain.push_str(&if letter.is_uppercase() { known.to_ascii_uppercase() } else { (*known).to_owned() });
    }
    (!plain.is_empty()).then_some(plain)
}
