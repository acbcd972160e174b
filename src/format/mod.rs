//! One style for all files. In: a file's text. Out: the same text with other blanks. Works on tokens, so that it needs
//! no healthy file: a declaration that does not hold together is left as it is, and its neighbours are formatted.
//!
//! What people decide stays: line breaks, one blank line, comments, bodies on one line. What they need not decide does
//! not: indentation, blanks around operators, columns of `=`, commas before a line break.

mod layout;
mod lines;
mod tokens;

use std::borrow::Cow;

/// The formatted text; the same text where nothing is to change.
pub fn format(text: &str) -> Cow<'_, str> {
    let (mark, body) = text.strip_prefix('\u{FEFF}').map_or(("", text), |rest| ("\u{FEFF}", rest));
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    out.push_str(mark);
    match pretty(body) {
        Some(formatted) => out.push_str(&formatted),
        None => each_declaration(body, &mut out),
    }
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

/// None where the text does not hold together.
fn pretty(text: &str) -> Option<String> {
    let tokens = tokens::tokens(text)?;
    let lines = lines::lines(&tokens)?;
    let formatted = layout::print(&lines);
    // Cheap insurance: whatever happens to blanks, nothing else may change.
    let again = tokens::tokens(&formatted)?;
    tokens::same(&tokens, &again).then_some(formatted)
}

/// Declarations one by one: a name in column 0 begins the next.
fn each_declaration(text: &str, out: &mut String) {
    let mut starts: Vec<usize> = std::iter::once(0).chain(tokens::first_columns(text)).collect();
    starts.dedup();
    starts.push(text.len());
    for range in starts.windows(2) {
        let written = &text[range[0]..range[1]];
        // What moves to column 0 would be a declaration of its own the next time.
        let formatted = pretty(written).filter(|it| tokens::first_columns(it).eq([0]));
        match formatted.filter(|_| tokens::first_columns(written).eq([0])) {
            Some(formatted) => {
                out.push_str(&formatted);
                // The blank line before the next declaration stands at the end of this one.
                if has_blank_end(written) && range[1] < text.len() {
                    out.push('\n');
                }
            }
            None => out.push_str(written),
        }
    }
}

fn has_blank_end(text: &str) -> bool {
    let end = &text[text.trim_end().len()..];
    end.bytes().filter(|it| *it == b'\n').count() > 1
}
