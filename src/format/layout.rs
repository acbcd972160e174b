//! Lines to text: indentation, columns, blocks of text moved with their line.

use super::lines::{Line, is_apart};
use super::tokens::{self, Kind};

const STEP: &str = "  ";

pub fn print(lines: &[Line<'_>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let run = run_length(&lines[at..]);
        let widest = lines[at..at + run].iter().filter_map(key_width).max().unwrap_or(0);
        for line in &lines[at..at + run] {
            print_line(line, key_width(line).map_or(0, |it| widest - it), &mut out);
        }
        at += run;
    }
    out
}

/// How many lines share their column of `=`: attributes below each other, comments between them included.
fn run_length(lines: &[Line<'_>]) -> usize {
    let depth = lines[0].depth;
    let mut length = 0;
    for line in lines {
        let belongs = line.depth == depth && (key_width(line).is_some() || is_comment(line));
        if !belongs || (length > 0 && line.blank_before) {
            break;
        }
        length += 1;
        if line.opens || line.tokens.last().is_some_and(|it| it.kind == Kind::Block) {
            break;
        }
    }
    length.max(1)
}

fn is_comment(line: &Line<'_>) -> bool {
    line.tokens.first().is_some_and(|it| it.kind == Kind::Comment)
}

/// The characters before `=` of a line that is an attribute and nothing else.
fn key_width(line: &Line<'_>) -> Option<usize> {
    match line.tokens.as_slice() {
        [key, equals, rest @ ..] if equals.text == "=" && equals.kind == Kind::Mark => {
            let has_more =
                rest.iter().any(|it| it.kind == Kind::Mark && it.text == ",") && !rest_is_one_value(line);
            (!has_more).then(|| key.text.chars().count())
        }
        _ => None,
    }
}

/// All commas of the line stand in brackets.
fn rest_is_one_value(line: &Line<'_>) -> bool {
    let mut depth = 0usize;
    line.tokens.iter().filter(|it| it.kind == Kind::Mark).all(|it| {
        match it.text {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth = depth.saturating_sub(1),
            "," => return depth > 0,
            _ => {}
        }
        true
    })
}

fn print_line(line: &Line<'_>, padding: usize, out: &mut String) {
    if line.blank_before {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n(STEP, line.depth));
    for (at, token) in line.tokens.iter().enumerate() {
        if at > 0 && is_apart(&line.tokens[at - 1], token) {
            out.push(' ');
        }
        if at == 1 {
            out.extend(std::iter::repeat_n(' ', padding));
        }
        match token.kind {
            Kind::Block => print_block(token.text, line.depth + 1, out),
            Kind::Comment => out.push_str(token.text.trim_end()),
            Kind::Word | Kind::Text | Kind::Mark | Kind::Break => out.push_str(token.text),
        }
    }
    out.push('\n');
}

fn print_block(text: &str, depth: usize, out: &mut String) {
    let Some((fence, lines)) = tokens::block(text) else {
        out.push_str(text);
        return;
    };
    let margin = STEP.repeat(depth);
    out.push_str(fence);
    out.push('\n');
    for line in lines {
        if !line.is_empty() {
            out.push_str(&margin);
            out.push_str(line);
        }
        out.push('\n');
    }
    out.push_str(&margin);
    out.push_str(fence);
}
