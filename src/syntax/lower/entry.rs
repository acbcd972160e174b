//! Attributes, declarations and blocks: what stands behind the word tells them apart.

use super::Lower;
use super::values::broken;
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{
    Attribute, Block, Body, Declaration, Expr, ExprKind, Ident, Index, Let, Name, Statement, Type, Use,
};
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{Children, Node, Rule};

/// What an entry is made of, before it is known what it is.
struct Entry {
    span: Span,
    doc: Option<String>,
    word: Ident,
    quoted: bool,
    arguments: Vec<Expr>,
    alias: Option<Name>,
    typed: Typed,
    value: Option<Expr>,
    body: Option<Body>,
}

enum Typed {
    No,
    /// A colon without a type.
    Colon,
    Yes(Type),
}

impl Lower<'_> {
    /// Usually one statement; two where a separator was forgotten.
    pub(super) fn entry(&mut self, node: Node<'_>, statements: &mut Vec<Statement>) {
        let mut parts = node.children();
        let span = self.span(node);
        let (word, quoted) = self.head(node, &mut parts);
        if is_plain_attribute(node, word.span) {
            let start = parts.peek().map_or(span.end as usize, Node::start);
            let value = self.expression(&mut parts, self.between(start, node.range().end));
            let is_reserved = !quoted && self.check_reserved(&word);
            let attribute = Attribute { span, key: word, quoted, value };
            statements.push(if is_reserved {
                Statement::Broken(span)
            } else {
                Statement::Attribute(attribute)
            });
            return;
        }
        let doc = self.doc(node.start());
        let (arguments, alias, typed, value, body) = (Vec::new(), None, Typed::No, None, None);
        let mut entry = Entry { span, doc, word, quoted, arguments, alias, typed, value, body };
        while let Some(part) = parts.peek() {
            self.entry_part(&mut entry, part, &mut parts);
        }
        self.decide(entry, statements);
    }

    /// The word of an entry, and whether it is quoted.
    fn head(&mut self, entry: Node<'_>, parts: &mut Children<'_>) -> (Ident, bool) {
        if let Some(quoted) = parts.opt(Rule::quoted) {
            return (Spanned::new(self.string(quoted).value, self.span(quoted)), true);
        }
        let is_open = entry.as_str().starts_with('\u{04}');
        if let Some(text) = parts.peek().filter(|_| is_open) {
            parts.next();
            self.open_text(text);
            return (Spanned::new(String::new(), self.span(text)), true);
        }
        let is_part = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
        let length = entry.as_str().bytes().take_while(is_part).count();
        let span = self.between(entry.start(), entry.start() + length);
        (Spanned::new(entry.as_str()[..length].to_owned(), span), false)
    }

    fn entry_part(&mut self, entry: &mut Entry, part: Node<'_>, parts: &mut Children<'_>) {
        if ARGUMENTS.contains(&part.rule()) {
            return match part.as_str() {
                "as" => self.alias(entry, parts),
                _ => self.argument(entry, parts),
            };
        }
        parts.next();
        match part.rule() {
            Rule::value | Rule::loose_value | Rule::bad_value | Rule::missing_value => {
                entry.value = Some(self.some_value(part));
            }
            Rule::body | Rule::loose_body | Rule::next_line_body => entry.body = Some(self.some_body(part)),
            Rule::ty => entry.typed = Typed::Yes(self.ty(part)),
            Rule::missing_type => {
                entry.typed = Typed::Colon;
                if !entry.arguments.is_empty() {
                    self.missing(part);
                }
            }
            Rule::parentheses | Rule::loose_parentheses if !entry.arguments.is_empty() => {
                self.push(errors::blank_before_call(self.span(part)));
            }
            _ => {
                let is_bare = entry.arguments.is_empty() && entry.alias.is_none() && entry.value.is_none();
                self.unexpected(part, if is_bare { Place::Head } else { Place::End });
            }
        }
    }

    fn argument(&mut self, entry: &mut Entry, parts: &mut Children<'_>) {
        let argument = self.primary(parts);
        let before = entry.arguments.last().map_or(entry.word.span, |it| it.span);
        if before.end == argument.span.start {
            self.push(errors::no_blank(argument.span));
        }
        if entry.alias.is_some() {
            self.push(errors::alias_order(argument.span));
        }
        // One is the rule; to grow by doubling from four would make the trees of large projects half as large again.
        entry.arguments.reserve_exact(1);
        entry.arguments.push(argument);
    }

    /// `as` and a name.
    fn alias(&mut self, entry: &mut Entry, parts: &mut Children<'_>) {
        let word = parts.next().expect("`as` was seen");
        let span = self.span(word);
        if entry.alias.is_some() {
            self.push(errors::alias_order(span));
        }
        if parts.peek_rule() != Some(Rule::atom) {
            return self.push(errors::alias_without_name(span));
        }
        let path = self.primary(parts);
        entry.alias = self.name(path, "what follows `as`");
    }

    /// A path as a name that is declared.
    fn name(&mut self, path: Expr, what: &str) -> Option<Name> {
        if path.kind == ExprKind::Broken {
            return None;
        }
        let name = plain_name(path);
        name.map_err(|span| self.push(errors::not_a_name(span, what))).ok()
    }

    fn decide(&mut self, mut entry: Entry, statements: &mut Vec<Statement>) {
        if self.is_misused_word(&entry) {
            statements.push(Statement::Broken(entry.span));
            return;
        }
        let typed = std::mem::replace(&mut entry.typed, Typed::No);
        let statement = match (typed, entry.value.take()) {
            (Typed::Yes(ty), value) => self.declaration(entry, ty, value),
            (Typed::Colon, _) => self.colon(&entry),
            (Typed::No, None) => self.block(entry),
            (Typed::No, Some(value)) if entry.arguments.is_empty() => self.attribute(entry, value),
            (Typed::No, Some(value)) if entry.word.value == "let" && !entry.quoted => {
                self.binding(entry, value)
            }
            (Typed::No, Some(value)) => self.separate(entry, value, statements),
        };
        statements.push(statement);
    }

    /// Reserved words, and words with a shape of their own that the grammar did not find.
    fn is_misused_word(&mut self, entry: &Entry) -> bool {
        if entry.quoted {
            return false;
        }
        let is_attribute = entry.value.is_some() && entry.arguments.is_empty();
        let is_shaped = match entry.word.value.as_str() {
            "if" | "for" | "template" => is_attribute,
            "let" => is_attribute || (entry.value.is_some() && entry.body.is_none()),
            "use" => is_attribute || entry.arguments.len() == 1,
            _ => return self.check_reserved(&entry.word),
        };
        if !is_shaped {
            self.push(errors::incomplete(entry.word.span, &entry.word.value));
        }
        !is_shaped
    }

    fn attribute(&mut self, entry: Entry, value: Expr) -> Statement {
        if let Some(body) = &entry.body {
            self.push(errors::body_of_value(
                Span { end: body.span.start + 1, ..body.span },
                &entry.word.value,
            ));
        }
        Statement::Attribute(Attribute { span: entry.span, key: entry.word, quoted: entry.quoted, value })
    }

    fn declaration(&mut self, entry: Entry, ty: Type, default: Option<Expr>) -> Statement {
        let Entry { span, doc, word, mut arguments, body, .. } = entry;
        self.reuses |= word.value == "option";
        if arguments.is_empty() {
            return self.colon_for_equals(span, word);
        }
        let only = arguments.pop().filter(|_| arguments.is_empty());
        let Some(path) = only else {
            self.push(errors::one_name(&word.value, ty.span));
            return Statement::Broken(span);
        };
        let Some(name) = self.name(path, "what a declaration declares") else {
            return Statement::Broken(span);
        };
        Statement::Declaration(Box::new(Declaration { span, doc, word, name, ty, default, body }))
    }

    fn colon(&mut self, entry: &Entry) -> Statement {
        if entry.arguments.is_empty() {
            return self.colon_for_equals(entry.span, entry.word.clone());
        }
        Statement::Broken(entry.span)
    }

    fn colon_for_equals(&mut self, span: Span, key: Ident) -> Statement {
        let end = key.span.end as usize;
        let colon = end + self.text[end..].find(':').unwrap_or(0);
        let line = self.text[key.span.start as usize..].lines().next().unwrap_or_default();
        self.push(errors::colon_for_equals(&key, self.between(colon, colon + 1), line));
        Statement::Attribute(Attribute { span, key, quoted: false, value: broken(span) })
    }

    fn binding(&mut self, entry: Entry, value: Expr) -> Statement {
        let Entry { span, mut arguments, .. } = entry;
        self.reuses = true;
        let only = arguments.pop().filter(|_| arguments.is_empty());
        let name = only.and_then(|it| self.name(it, "what `let` names"));
        let Some(name) = name.filter(|it| it.indices.is_empty()) else {
            self.push(errors::incomplete(entry.word.span, "let"));
            return Statement::Broken(span);
        };
        Statement::Let(Let { span, name: name.ident, value })
    }

    /// `wait 24h timeout = 1h`: a block and an attribute without a comma between.
    fn separate(&mut self, mut entry: Entry, value: Expr, statements: &mut Vec<Statement>) -> Statement {
        let span = entry.span;
        let last = entry.arguments.pop().expect("the entry has arguments");
        let Ok(key) = plain_name(last.clone()) else {
            self.push(errors::unexpected(self.equals_behind(last.span), "=", Place::End));
            return Statement::Broken(span);
        };
        let Some(before) = entry.arguments.last() else {
            self.push(errors::value_without_type(&entry.word, &key.ident));
            return Statement::Broken(span);
        };
        self.push(errors::joined_statements(key.span, before.span));
        entry.span = entry.word.span.to(before.span);
        let body = entry.body.take();
        let block = self.block(entry);
        statements.push(block);
        let rest = key.span.to(span);
        if let Some(body) = body {
            self.push(errors::body_of_value(
                Span { end: body.span.start + 1, ..body.span },
                &key.ident.value,
            ));
        }
        Statement::Attribute(Attribute {
            span: Span { start: key.span.start, ..rest },
            key: key.ident,
            quoted: false,
            value,
        })
    }

    fn equals_behind(&self, argument: Span) -> Span {
        let end = argument.end as usize;
        let at = end + self.text[end..].find('=').unwrap_or(0);
        self.between(at, at + 1)
    }

    fn block(&mut self, entry: Entry) -> Statement {
        let Entry { span, doc, word, quoted, mut arguments, alias, body, .. } = entry;
        if word.value == "use" && !quoted {
            let template = arguments.pop().and_then(|it| self.name(it, "a template"));
            let Some(template) = template else { return Statement::Broken(span) };
            self.reuses = true;
            return Statement::Use(Box::new(Use { span, template: template.ident, alias, body }));
        }
        if quoted && !arguments.is_empty() {
            self.push(errors::text_with_arguments(arguments[0].span));
        } else if quoted && body.is_none() && !word.value.is_empty() {
            self.push(errors::lone_text(word.span));
        }
        let mut head = arguments.last().map_or(word.span, |last| word.span.to(last.span));
        if let Some(alias) = &alias {
            head = head.to(alias.span);
        }
        Statement::Block(Block { span, head, doc, word, quoted, arguments, alias: alias.map(Box::new), body })
    }

    /// The `///` lines directly before a statement.
    pub(super) fn doc(&mut self, start: usize) -> Option<String> {
        while self.comments.get(self.next_comment).is_some_and(|it| (it.span.start as usize) < start) {
            self.next_comment += 1;
        }
        let mut end = start;
        let mut lines: Vec<&str> = Vec::new();
        for comment in self.comments[..self.next_comment].iter().rev() {
            let between = &self.text[comment.span.end as usize..end];
            if !comment.doc || !between.trim().is_empty() {
                break;
            }
            let line = &self.text[comment.span.range()][3..];
            lines.push(line.strip_prefix(' ').unwrap_or(line));
            end = comment.span.start as usize;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

const ARGUMENTS: &[Rule] = &[Rule::atom, Rule::list, Rule::loose_list, Rule::open_text];

/// `key = value` of the strict grammar: the value comes flat.
fn is_plain_attribute(entry: Node<'_>, head: Span) -> bool {
    let rest = &entry.as_str().as_bytes()[(head.end - head.start) as usize..];
    entry.rule() == Rule::entry && rest.iter().find(|it| **it != b' ') == Some(&b'=')
}

/// The path as a name; else its place.
fn plain_name(path: Expr) -> Result<Name, Span> {
    let span = path.span;
    let ExprKind::Path(path) = path.kind else { return Err(span) };
    let mut segments = path.segments.into_iter();
    let (Some(only), None, false) = (segments.next(), segments.next(), path.open) else { return Err(span) };
    let indices = only.indices.into_iter().map(|index| match index {
        Index::At(expr) => Ok(expr),
        Index::All(span) => Err(span),
    });
    Ok(Name { ident: only.name, indices: indices.collect::<Result<_, _>>()?, span })
}
