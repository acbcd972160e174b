//! Lists of statements: what stands between two of them, and bodies.

use super::Lower;
use crate::base::span::Span;
use crate::diag::Diagnostic;
use crate::syntax::ast::{Block, Body, Statement};
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{Node, Rule};

impl Lower<'_> {
    /// The statements in a file or between braces.
    pub(super) fn statements(&mut self, node: Node<'_>) -> Vec<Statement> {
        let mut statements = Vec::with_capacity(node.children().count());
        let mut joins = Joins::default();
        let mut before = None;
        for child in node.children() {
            let rule = child.rule();
            let first = statements.len();
            if self.loose && rule != Rule::stray_brace {
                self.forget_suspects(child.start());
            }
            match rule {
                Rule::entry | Rule::loose_entry => self.entry(child, &mut statements),
                Rule::condition | Rule::loose_condition => statements.push(self.condition(child)),
                Rule::repetition | Rule::loose_repetition => statements.push(self.repetition(child)),
                Rule::template | Rule::loose_template => statements.push(self.template(child)),
                Rule::broken => self.broken(child, &mut statements, before),
                Rule::join => joins.at = Some(child.start()),
                _ => self.between_statements(child, &statements),
            }
            if self.loose && statements.len() > first {
                self.joined(&mut joins, &statements, first);
            }
            before = Some(rule);
        }
        statements
    }

    /// Says so if the statement at `at` stands on the line of the one before it; once for each line.
    fn joined(&mut self, joins: &mut Joins, statements: &[Statement], at: usize) {
        let Some(place) = joins.at.take() else {
            joins.finding = None;
            return;
        };
        let behind = self.behind(place);
        if let Some(finding) = joins.finding.and_then(|it| self.findings.get_mut(it)) {
            errors::also_here(finding, behind);
            return;
        }
        let before = at.checked_sub(1).map(|it| &statements[it]);
        if let Some(finding) = self.spelled_operator(&statements[at], before) {
            self.push(finding);
            return;
        }
        let finding = match (&statements[at], before) {
            (Statement::Broken(_), _) => return,
            (Statement::Block(it), Some(Statement::Attribute(before)))
                if self.has_open_splice(before.value.span) =>
            {
                errors::quote_in_splice(it.word.span)
            }
            (Statement::Block(it), Some(Statement::Attribute(before))) if is_word(it) => {
                let digits = &self.text[before.value.span.range()];
                errors::spelled_unit(before.value.span, digits, &it.word)
                    .unwrap_or_else(|| errors::left_over_word(it.span, &it.word.value))
            }
            (statement, _) => {
                joins.finding = Some(self.findings.len());
                errors::joined_statements(head_of(statement), behind)
            }
        };
        self.push(finding);
    }

    /// `when = a and b` and `when = not a` read as an attribute and another statement.
    fn spelled_operator(&self, statement: &Statement, before: Option<&Statement>) -> Option<Diagnostic> {
        let (Statement::Block(it), Some(Statement::Attribute(before))) = (statement, before) else {
            return None;
        };
        let value = before.value.span;
        errors::spelled_operator(it.word.span, &it.word.value)
            .or_else(|| errors::spelled_operator(value, &self.text[value.range()]))
    }

    /// `"${x["` was cut at a quote in its splice.
    fn has_open_splice(&self, value: Span) -> bool {
        let written = &self.text[value.range()];
        written.ends_with('"') && written.rfind("${") > written.rfind('}')
    }

    /// What the tolerant grammar finds between statements.
    fn between_statements(&mut self, node: Node<'_>, statements: &[Statement]) {
        let span = self.span(node);
        match node.rule() {
            Rule::leftover => self.unexpected(node, Place::End),
            Rule::stray_comma => self.push_with(|| errors::stray_comma(span)),
            Rule::stray_brace => self.stray_brace(span, statements),
            Rule::missing_brace => self.braces.is_unclosed = true,
            _ => {}
        }
    }

    pub(super) fn unexpected(&mut self, node: Node<'_>, place: Place) {
        let (span, text) = (self.span(node), &self.text[node.range()]);
        match self.joined_name(node.start()).filter(|_| matches!(place, Place::End | Place::Head)) {
            Some(name) => {
                let (span, name) = (self.between(name.start, name.end), &self.text[name]);
                self.push_with(|| errors::joined_name(span, name));
            }
            None => self.push_with(|| errors::unexpected(span, text, place)),
        }
        if let Some(at) = node.as_str().find('\u{04}') {
            let text = self.between(node.start() + at, node.range().end);
            self.push(errors::unterminated_string(text));
        }
    }

    /// Lines in a row that are no statements are one error.
    fn broken(&mut self, node: Node<'_>, statements: &mut Vec<Statement>, before: Option<Rule>) {
        let span = self.span(node);
        let is_more = before == Some(Rule::broken) && self.follows_closely(statements.last(), span);
        let mut is_told = is_more;
        for part in node.children() {
            if !is_told {
                self.unexpected(part, Place::Statement);
            }
            is_told = true;
            if part.rule() == Rule::loose_body {
                self.body(part);
            }
        }
        match statements.last_mut() {
            Some(Statement::Broken(last)) if is_more => *last = last.to(span),
            _ => statements.push(Statement::Broken(span)),
        }
    }

    /// On the next line, that is.
    fn follows_closely(&self, last: Option<&Statement>, span: Span) -> bool {
        let Some(Statement::Broken(last)) = last else { return false };
        let between = &self.text[last.end as usize..span.start as usize];
        between.bytes().filter(|it| *it == b'\n').count() < 2
    }

    pub(super) fn body(&mut self, node: Node<'_>) -> Body {
        let span = self.span(node);
        let outside = std::mem::take(&mut self.broken);
        self.braces.depth += 1;
        let statements = self.statements(node);
        self.braces.depth -= 1;
        let is_unclosed = std::mem::take(&mut self.braces.is_unclosed);
        if self.loose {
            self.check_braces(span, is_unclosed, &statements);
        }
        let broken = std::mem::replace(&mut self.broken, outside || is_unclosed) || is_unclosed;
        Body { span, statements, broken }
    }
}

/// Statements joined by blanks on the line at hand.
#[derive(Default)]
struct Joins {
    /// Where the statement that comes next was joined.
    at: Option<usize>,
    /// The finding that tells of the line.
    finding: Option<usize>,
}

fn is_word(block: &Block) -> bool {
    block.arguments.is_empty() && block.alias.is_none() && block.body.is_none()
}

fn head_of(statement: &Statement) -> Span {
    match statement {
        Statement::Attribute(it) => it.key.span,
        Statement::Declaration(it) => it.word.span.to(it.name.span),
        Statement::Block(it) => it.head,
        other => other.span(),
    }
}
