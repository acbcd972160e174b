//! From characters to words and commands.

use super::{Command, How, Pipeline, Read, Redirect, RedirectKind, Word, is_name};

/// Substitutions nested deeper are not looked into.
const DEEPEST: usize = 24;

pub struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) line: usize,
    depth: usize,
    /// Where the text begins in the script.
    pub(super) base: usize,
    pub found: Vec<Pipeline>,
}

/// A pipeline that is being read.
#[derive(Default)]
pub(super) struct Open {
    pub(super) pipeline: Pipeline,
    pub(super) command: Command,
    /// Here-documents whose lines come behind this one: whose they are, where they end, whether they are verbatim.
    pub(super) documents: Vec<(usize, String, bool)>,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str) -> Self {
        Reader { text, at: 0, line: 1, depth: 0, base: 0, found: Vec::new() }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn starts_with(&self, prefix: &str) -> bool {
        self.text[self.at..].starts_with(prefix)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        self.line += usize::from(next == '\n');
        Some(next)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    /// Commands up to the closing character, which is taken, or to the end.
    pub fn list(&mut self, until: Option<char>, captured: bool) {
        let mut open = Open::default();
        while let Some(next) = self.peek() {
            if Some(next) == until {
                self.next();
                break;
            }
            self.one(next, captured, &mut open);
        }
        self.end_pipeline(captured, &mut open);
    }

    fn one(&mut self, next: char, captured: bool, open: &mut Open) {
        let is_test = open.command.words.iter().any(|it| it.text == "[[")
            && open.command.words.last().is_some_and(|it| it.text != "]]");
        match next {
            '\n' => {
                self.next();
                self.documents(open);
                self.end_pipeline(captured, open);
            }
            ' ' | '\t' | '\r' => self.skip(1),
            '\\' if self.starts_with("\\\n") || self.starts_with("\\\r\n") => {
                self.skip(if self.starts_with("\\\r") { 3 } else { 2 });
            }
            '#' => self.comment(),
            '<' | '>' if self.starts_with("<(") || self.starts_with(">(") => self.word(open),
            '<' | '>' if !is_test => self.redirect(open),
            '&' if self.starts_with("&>") => self.redirect(open),
            '(' if self.starts_with("((") => self.arithmetic(),
            '|' | '&' | ';' | '(' | ')' | '<' | '>' if is_test => self.skip(1),
            '|' if !self.starts_with("||") => {
                self.skip(if self.starts_with("|&") { 2 } else { 1 });
                end_command(open);
            }
            '|' | '&' | ';' => {
                self.next();
                self.end_pipeline(captured, open);
            }
            '(' => self.parenthesis(captured, open),
            // What was a command so far is the pattern of a `case`.
            ')' => {
                self.next();
                open.command = Command::default();
            }
            _ => self.word(open),
        }
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn arithmetic(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest.find("))").map_or(rest.len(), |it| it + 2);
        self.line += rest[..end].matches('\n').count();
        self.at += end;
    }

    /// A subshell, or the `()` of a function.
    fn parenthesis(&mut self, captured: bool, open: &mut Open) {
        self.next();
        if !open.command.words.is_empty() {
            open.command = Command::default();
            return;
        }
        self.inner(')', captured);
    }

    /// A list of its own in the script.
    fn inner(&mut self, until: char, captured: bool) {
        self.depth += 1;
        if self.depth <= DEEPEST {
            self.list(Some(until), captured);
        } else {
            self.at = self.text.len();
        }
        self.depth -= 1;
    }

    fn word(&mut self, open: &mut Open) {
        let line = self.line;
        let word = self.read_word();
        if open.command.words.is_empty() && open.command.assignments.is_empty() {
            open.command.line = line;
        }
        let assigned = word.raw.split_once('=').map(|it| it.0.trim_end_matches('+')).filter(|it| is_name(it));
        match assigned {
            Some(name) if open.command.words.is_empty() => {
                let value = word.text.split_once('=').map_or("", |it| it.1).to_owned();
                open.command.assignments.push((name.to_owned(), Word { text: value, ..word }));
            }
            _ => open.command.words.push(word),
        }
    }

    fn read_word(&mut self) -> Word {
        let start = self.at;
        let mut word = Word::default();
        while let Some(next) = self.peek() {
            match next {
                '<' | '>' if self.at == start && self.text[start + 1..].starts_with('(') => {
                    self.substitution(2, &mut word);
                }
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | '<' | '>' | '(' | ')' => break,
                '\\' => self.escaped(&mut word),
                '\'' => self.single_quoted(&mut word),
                '"' => self.double_quoted(&mut word),
                '$' => self.expansion(How::Bare, &mut word),
                '`' => self.backticks(&mut word),
                _ => word.text.extend(self.next()),
            }
        }
        self.text[start..self.at].clone_into(&mut word.raw);
        word.at = self.base + start;
        word
    }

    pub(super) fn escaped(&mut self, word: &mut Word) {
        self.next();
        match self.next() {
            Some('\n') | None => {}
            Some(it) => word.text.push(it),
        }
    }

    fn single_quoted(&mut self, word: &mut Word) {
        self.next();
        while let Some(next) = self.next() {
            if next == '\'' {
                return;
            }
            word.text.push(next);
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        self.next();
        while let Some(next) = self.peek() {
            match next {
                '"' => {
                    self.next();
                    return;
                }
                '\\' => self.escaped(word),
                '$' => self.expansion(How::Quoted, word),
                '`' => self.backticks(word),
                _ => word.text.extend(self.next()),
            }
        }
    }

    /// `$NAME`, `${NAME…}`, `$(…)`, `$((…))`, `$'…'`
    pub(super) fn expansion(&mut self, how: How, word: &mut Word) {
        let start = self.at;
        if self.starts_with("$((") {
            self.arithmetic();
        } else if self.starts_with("$(") {
            return self.substitution(2, word);
        } else if self.starts_with("$'") && how == How::Bare {
            self.next();
            return self.single_quoted(word);
        } else if self.starts_with("${") {
            self.skip(2);
            let known = word.reads.len();
            self.name(how, word);
            // `${NAME:+x}` says only whether there is one.
            if self.starts_with(":+") || self.starts_with("+") {
                word.reads.truncate(known);
            }
            self.braces(how, word);
        } else {
            self.next();
            self.name(how, word);
        }
        word.text.push_str(&self.text[start..self.at]);
    }

    fn name(&mut self, how: How, word: &mut Word) {
        let rest = &self.text[self.at..];
        let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(rest.len());
        let name = &rest[..end];
        if is_name(name) {
            word.reads.push(Read { name: name.to_owned(), how });
        }
        self.at += if name.starts_with(|it: char| it.is_ascii_digit()) { 1 } else { end };
    }

    /// The rest of `${…}`.
    fn braces(&mut self, how: How, word: &mut Word) {
        let mut depth = 1;
        while let Some(next) = self.peek() {
            if next == '$'
                && self.text[self.at + 1..].starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
            {
                self.next();
                self.name(how, word);
                continue;
            }
            depth = match next {
                '{' => depth + 1,
                '}' => depth - 1,
                _ => depth,
            };
            self.next();
            if depth == 0 {
                return;
            }
        }
    }

    /// `$(…)` and `<(…)`, whose opening has so many characters.
    fn substitution(&mut self, opening: usize, word: &mut Word) {
        let (start, first) = (self.at, self.found.len());
        self.skip(opening);
        self.inner(')', true);
        self.printed(first, word);
        word.text.push_str(&self.text[start..self.at]);
    }

    fn backticks(&mut self, word: &mut Word) {
        let start = self.at;
        let rest = &self.text[start + 1..];
        let end = rest.find('`').unwrap_or(rest.len());
        let (depth, base) = (self.depth + 1, self.base + start + 1);
        let mut inner = Reader { depth, base, line: self.line, ..Reader::new(&rest[..end]) };
        if inner.depth <= DEEPEST {
            inner.list(None, true);
        }
        let first = self.found.len();
        self.found.append(&mut inner.found);
        self.printed(first, word);
        self.line += rest[..end].matches('\n').count();
        self.at = (start + 1 + end + 1).min(self.text.len());
        word.text.push_str(&self.text[start..self.at]);
    }

    /// What the commands found since print becomes part of the word.
    fn printed(&self, first: usize, word: &mut Word) {
        for pipeline in self.found.iter().skip(first) {
            let prints = pipeline.commands.first().filter(|it| matches!(it.name(), "echo" | "printf"));
            let reads = prints.into_iter().flat_map(Command::arguments).flat_map(|it| &it.reads);
            word.reads.extend(reads.map(|it| Read { name: it.name.clone(), how: How::Printed }));
        }
    }

    fn redirect(&mut self, open: &mut Open) {
        let is_descriptor = self.text[..self.at].ends_with(|it: char| it.is_ascii_digit());
        if is_descriptor
            && open.command.words.last().is_some_and(|it| it.raw.chars().all(|it| it.is_ascii_digit()))
        {
            open.command.words.pop();
        }
        let signs = ["<<<", "<<-", "<<", ">>", "&>>", "&>", ">&", "<&", ">|", "<", ">"];
        let sign = signs.into_iter().find(|it| self.starts_with(it)).unwrap_or("<");
        self.skip(sign.len());
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.next();
        }
        let word = self.read_word();
        let kind = match sign {
            "<<" | "<<-" => {
                let verbatim = word.raw.contains(['\'', '"', '\\']);
                open.documents.push((open.pipeline.commands.len(), word.text, verbatim));
                return;
            }
            "<<<" => RedirectKind::Text,
            ">&" | "<&" => RedirectKind::Merge,
            "<" => RedirectKind::From,
            _ => RedirectKind::To,
        };
        open.command.redirects.push(Redirect { kind, word });
    }

    fn end_pipeline(&mut self, captured: bool, open: &mut Open) {
        end_command(open);
        let commands = std::mem::take(&mut open.pipeline.commands);
        if !commands.is_empty() {
            self.found.push(Pipeline { commands, captured });
        }
    }
}

fn end_command(open: &mut Open) {
    let command = std::mem::take(&mut open.command);
    if !command.words.is_empty() || !command.assignments.is_empty() || !command.redirects.is_empty() {
        open.pipeline.commands.push(command);
    }
}
