//! Lines, and which of them belong together by their indentation: where braces are missing, it is all that is left.

use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};

/// A line of a file, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    file: FileId,
    at: usize,
}

impl Line {
    /// In the same file.
    pub fn is_before(self, other: Line) -> bool {
        self.file == other.file && self.at < other.at
    }
}

/// Lines that are looked at around one.
const MOST: usize = 2000;

pub struct Places<'s> {
    pub sources: &'s Sources,
}

impl<'s> Places<'s> {
    pub fn line(&self, span: Span) -> Line {
        let file = self.sources.real(span.file);
        Line { file, at: self.sources.get(file).line_of(span.start as usize) }
    }

    pub fn text(&self, line: Line) -> &'s str {
        let source = self.sources.get(line.file);
        let lines = source.lines();
        let start = lines[line.at] as usize;
        let end = lines.get(line.at + 1).map_or(source.text.len(), |it| *it as usize);
        source.text[start..end].trim_end()
    }

    /// The key whose value begins at a span, or goes on there: what stands before the last `=` that compares nothing.
    pub fn key(&self, span: Span) -> Option<&'s str> {
        let line = self.line(span);
        let text = self.text(line);
        let start = self.sources.get(line.file).lines()[line.at] as usize;
        let before = text.get(..span.start as usize - start)?;
        let is_sign = |at: usize| before.as_bytes().get(at).is_some_and(|it| b"=!<>".contains(it));
        let mut signs = before.rmatch_indices('=').map(|it| it.0);
        let at = signs.find(|at| !is_sign(at + 1) && !at.checked_sub(1).is_some_and(is_sign))?;
        super::names::words(&before[..at]).last()
    }

    pub fn between(first: Line, last: Line) -> impl Iterator<Item = Line> + use<> {
        (first.at..=last.at).map(move |at| Line { at, ..first })
    }

    /// Whether nothing stands before it on its line.
    pub fn begins(&self, span: Span) -> bool {
        let before = &self.sources.get(span.file).text[..span.start as usize];
        before.trim_end_matches([' ', '\t']).ends_with('\n') || before.trim().is_empty()
    }

    /// The line before that says something.
    pub fn above(&self, line: Line) -> Option<Line> {
        Self::before(line).find(|it| !self.text(*it).is_empty())
    }

    /// The lines behind that are indented deeper.
    pub fn body(&self, line: Line) -> Vec<Line> {
        let indent = self.indent(line);
        let inside = |it: &Line| self.text(*it).is_empty() || self.indent(*it) > indent;
        self.behind(line).take_while(inside).collect()
    }

    /// The heads of the blocks around, innermost first.
    pub fn around(&self, line: Line) -> Vec<Line> {
        let mut indent = self.indent(line);
        let mut found = Vec::new();
        for above in Self::before(line) {
            if indent == 0 {
                break;
            }
            let text = self.text(above);
            let says = !text.is_empty() && !text.trim_start().starts_with(['}', '/']);
            if says && self.indent(above) < indent {
                indent = self.indent(above);
                found.push(above);
            }
        }
        found
    }

    /// From one name in the first column to the next.
    pub fn chunk(&self, line: Line) -> Vec<Line> {
        let begins = |it: &Line| self.text(*it).starts_with(|it: char| it.is_alphabetic());
        let mut found = Vec::new();
        if !begins(&line) {
            for above in Self::before(line) {
                found.push(above);
                if begins(&above) {
                    break;
                }
            }
        }
        found.push(line);
        found.extend(self.behind(line).take_while(|it| !begins(it)));
        found
    }

    /// Whether more braces are opened than closed on it, or fewer.
    pub fn is_lopsided(&self, line: Line) -> bool {
        let outside = || self.text(line).split('"').step_by(2);
        let count = |brace| outside().map(|it| it.matches(brace).count()).sum::<usize>();
        count('{') != count('}')
    }

    /// Whether that is so in one of the texts on it: its quotes may begin and end elsewhere than they were meant to.
    pub fn has_lopsided_text(&self, line: Line) -> bool {
        let mut texts = self.text(line).split('"').skip(1).step_by(2);
        texts.any(|it| it.matches('{').count() != it.matches('}').count())
    }

    fn before(line: Line) -> impl Iterator<Item = Line> + use<> {
        (0..line.at).rev().take(MOST).map(move |at| Line { at, ..line })
    }

    fn behind(&self, line: Line) -> impl Iterator<Item = Line> + use<> {
        let count = self.sources.get(line.file).lines().len();
        (line.at + 1..count).take(MOST).map(move |at| Line { at, ..line })
    }

    fn indent(&self, line: Line) -> usize {
        let text = self.text(line);
        text.len() - text.trim_start().len()
    }
}
