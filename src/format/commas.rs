//! Commas at the ends of lines. A line break separates, so that they say nothing: statements and items of lists go without, as
//! most people write them; between the arguments of a call or a template, where most people expect them, there is one.

use super::lines::{is_closer, is_operator};
use super::tokens::{Kind, Token};

/// The tokens with the commas that the style has.
pub fn settled<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut out: Vec<Token<'t>> = Vec::with_capacity(tokens.len() + 8);
    let mut open = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        out.push(token);
        at += 1;
        if is_between(&token) {
            // Only before the first of all words.
            continue;
        }
        follow(&token, &mut open);
        let gap = tokens[at..].iter().take_while(|it| is_between(it)).count();
        let (between, next) = (&tokens[at..at + gap], tokens.get(at + gap));
        if next.is_some_and(|next| open.last() == Some(&b'(') && separates(&token, between, next)) {
            out.push(Token { kind: Kind::Mark, start: token.end(), text: ",", spaced: false, blank: false });
            out.extend(between.iter().filter(|it| !is_comma(it)));
        } else {
            out.extend((0..gap).filter(|nth| !is_idle(between, *nth, next)).map(|nth| between[nth]));
        }
        at += gap;
    }
    out
}

/// It says nothing by itself.
fn is_between(token: &Token<'_>) -> bool {
    matches!(token.kind, Kind::Break | Kind::Comment) || is_comma(token)
}

fn is_comma(token: &Token<'_>) -> bool {
    token.kind == Kind::Mark && token.text == ","
}

fn follow(token: &Token<'_>, open: &mut Vec<u8>) {
    if token.kind != Kind::Mark {
        return;
    }
    match token.text.as_bytes() {
        [bracket @ (b'(' | b'[' | b'{')] => open.push(*bracket),
        [b')' | b']' | b'}'] => {
            open.pop();
        }
        _ => {}
    }
}

/// Whether a line ends here between two arguments, with a comma behind the first or without any.
fn separates(before: &Token<'_>, between: &[Token<'_>], after: &Token<'_>) -> bool {
    let has_break = between.iter().any(|it| it.kind == Kind::Break);
    let commas = between.iter().filter(|it| is_comma(it)).count();
    let is_in_place = commas == 0 || commas == 1 && is_comma(&between[0]);
    has_break && is_in_place && ends_value(before) && begins_value(after)
}

/// Nothing may stand behind the end of a block of text.
fn ends_value(token: &Token<'_>) -> bool {
    let opens = token.kind == Kind::Mark && matches!(token.text, "(" | "[" | "{" | ":");
    !opens && !is_operator(token) && token.kind != Kind::Block
}

fn begins_value(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word if token.text == "if" => true,
        Kind::Word => !is_operator(token) && !token.text.starts_with('.'),
        Kind::Text | Kind::Block => true,
        Kind::Mark => matches!(token.text, "(" | "[" | "{" | "!"),
        Kind::Comment | Kind::Break => false,
    }
}

/// A line break separates, and a bracket closes: a comma before them says nothing. One that begins a line, or stands beside
/// another one, is a mistake and stays.
fn is_idle(between: &[Token<'_>], nth: usize, next: Option<&Token<'_>>) -> bool {
    let before = nth.checked_sub(1).map(|it| &between[it]);
    let begins = before.is_some_and(|it| it.kind == Kind::Break || is_comma(it));
    let ends = match between.get(nth + 1) {
        Some(after) => matches!(after.kind, Kind::Break | Kind::Comment),
        None => next.is_none_or(is_closer),
    };
    is_comma(&between[nth]) && !begins && ends
}
