//! Tokens to lines: which stand together, how deep each is, and what stands between two tokens.

use super::commas;
use super::tokens::{Kind, Token};

#[derive(Debug)]
pub struct Line<'t> {
    /// In steps of two blanks.
    pub depth: usize,
    pub tokens: Vec<Token<'t>>,
    /// A line without text stands before it.
    pub blank_before: bool,
    /// More brackets are open behind it than before it.
    pub opens: bool,
}

/// None where brackets do not fit.
pub fn lines<'t>(tokens: &[Token<'t>]) -> Option<Vec<Line<'t>>> {
    let mut cx = Lines { done: Vec::new(), open: Vec::new(), before: 0, body: 0 };
    let mut blank = false;
    let tokens = commas::settled(tokens);
    for stretch in stretches(&tokens) {
        match stretch {
            Stretch::Break(is_blank) => blank = is_blank,
            Stretch::Tokens(line) => cx.line(line, std::mem::take(&mut blank))?,
        }
    }
    cx.open.is_empty().then_some(cx.done)
}

enum Stretch<'s, 't> {
    Break(bool),
    Tokens(&'s [Token<'t>]),
}

fn stretches<'s, 't>(tokens: &'s [Token<'t>]) -> impl Iterator<Item = Stretch<'s, 't>> {
    tokens.chunk_by(|a, b| a.kind != Kind::Break && b.kind != Kind::Break).map(|it| match it {
        [only] if only.kind == Kind::Break => Stretch::Break(only.blank),
        more => Stretch::Tokens(more),
    })
}

struct Bracket {
    mark: char,
    /// Of the line that opened it.
    depth: usize,
}

struct Lines<'t> {
    done: Vec<Line<'t>>,
    open: Vec<Bracket>,
    /// How many were open where the last of the lines begins.
    before: usize,
    /// What the depth of a body counts from that begins in the last of the lines.
    body: usize,
}

impl<'t> Lines<'t> {
    fn line(&mut self, tokens: &[Token<'t>], blank: bool) -> Option<()> {
        let first = *tokens.first()?;
        if first.text == "{" && !self.may_begin_with_brace() {
            return None;
        }
        let joins = self.joins(&first);
        let mut depth = self.open.last().map_or(0, |it| it.depth + 1);
        if let (true, Some(last)) = (joins, self.done.last()) {
            depth = last.depth;
        } else if let Some(outermost) = self.closed_first(tokens) {
            depth = outermost;
        } else if self.goes_on(&first) {
            depth += 1;
        }
        if !joins {
            self.before = self.open.len();
            // A condition over several lines is as deep as its first one.
            self.body = depth - usize::from(matches!(first.text, "&&" | "||"));
        }
        for token in tokens.iter().filter(|it| it.kind == Kind::Mark) {
            self.bracket(token.text, if token.text == "{" { self.body } else { depth })?;
        }
        let opens = self.open.len() > self.before;
        if joins {
            let last = self.done.last_mut().expect("something is before it");
            last.opens = opens;
            last.tokens.extend_from_slice(tokens);
            return Some(());
        }
        let is_first = self.done.last().is_none_or(|it| it.opens);
        let blank_before = blank && !is_first && !is_closer(&first);
        self.done.push(Line { depth, tokens: tokens.to_vec(), blank_before, opens });
        Some(())
    }

    fn bracket(&mut self, mark: &str, depth: usize) -> Option<()> {
        match mark {
            "{" => self.open.push(Bracket { mark: '}', depth }),
            "[" => self.open.push(Bracket { mark: ']', depth }),
            "(" => self.open.push(Bracket { mark: ')', depth }),
            "}" | "]" | ")" => {
                let closed = self.open.pop()?;
                return mark.starts_with(closed.mark).then_some(());
            }
            _ => {}
        }
        Some(())
    }

    /// The depth of the line that opened the outermost of the brackets which this line begins by closing.
    fn closed_first(&self, tokens: &[Token<'t>]) -> Option<usize> {
        let closers = tokens.iter().take_while(|it| is_closer(it)).count();
        let outermost = self.open.len().checked_sub(closers.max(1))?;
        (closers > 0).then(|| self.open[outermost].depth)
    }

    /// A record or a group may begin a line in brackets or behind an operator; a body may not.
    fn may_begin_with_brace(&self) -> bool {
        let in_list = self.open.last().is_some_and(|it| it.mark != '}');
        in_list || self.last_code().is_some_and(|it| is_operator(&it))
    }

    fn last_code(&self) -> Option<Token<'t>> {
        let line = self.done.last()?;
        line.tokens.iter().rev().find(|it| it.kind != Kind::Comment).copied()
    }

    /// The value of the line before is not complete.
    fn goes_on(&self, first: &Token<'t>) -> bool {
        let begins = matches!(first.text, "&&" | "||") || first.kind == Kind::Word && first.text == "else";
        begins || first.kind != Kind::Comment && self.last_code().is_some_and(|it| is_operator(&it))
    }

    /// `}` belongs behind a `{` with nothing in between, and `else` behind its `}`.
    fn joins(&self, first: &Token<'t>) -> bool {
        let Some(last) = self.done.last().and_then(|it| it.tokens.last()) else { return false };
        let is_empty_body = last.text == "{" && last.kind == Kind::Mark && first.text == "}";
        let is_else = last.text == "}" && first.kind == Kind::Word && first.text == "else";
        // A line does not end with `if`: a blank that nobody sees would decide.
        let is_if = last.text == "if" && last.kind == Kind::Word && first.kind != Kind::Comment;
        is_if || (is_empty_body || is_else) && last.kind == Kind::Mark
    }
}

pub fn is_closer(token: &Token<'_>) -> bool {
    token.kind == Kind::Mark && matches!(token.text, "}" | "]" | ")")
}

pub fn is_operator(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Mark => !matches!(token.text, "{" | "}" | "[" | "]" | "(" | ")" | "," | ":"),
        Kind::Word => matches!(token.text, "in" | "then" | "else" | "if"),
        Kind::Text | Kind::Block | Kind::Comment | Kind::Break => false,
    }
}

/// Whether a blank stands between two tokens of a line.
pub fn is_apart(before: &Token<'_>, after: &Token<'_>) -> bool {
    if before.kind == Kind::Comment || after.kind == Kind::Comment {
        return true;
    }
    match (mark(before), mark(after)) {
        (b"{", b"}") | (b"(" | b"[" | b"!" | b"..", _) | (_, b")" | b"]" | b"," | b":" | b"..") => false,
        // An index or a call where there was no blank, a list or a group where there was.
        (_, b"[" | b"(") => after.spaced || !ends_name(before),
        _ => !(after.text.starts_with('.') && after.kind == Kind::Word),
    }
}

/// Nothing where it is no mark.
fn mark<'t>(token: &Token<'t>) -> &'t [u8] {
    if token.kind == Kind::Mark { token.text.as_bytes() } else { b"" }
}

fn ends_name(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word => true,
        Kind::Mark => matches!(token.text, "]" | ")"),
        Kind::Text | Kind::Block | Kind::Comment | Kind::Break => false,
    }
}
