//! `if`, `for` and `template` around statements.

use super::Lower;
use super::values::broken;
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{Body, Expr, For, Ident, If, Parameter, Statement, Template, Type};
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{Node, Rule};

impl Lower<'_> {
    pub(super) fn condition(&mut self, node: Node<'_>) -> Statement {
        self.reuses = true;
        let span = self.span(node);
        let mut branches: Vec<(Expr, Body)> = Vec::new();
        let (mut condition, mut otherwise) = (None, None);
        for part in node.children() {
            match part.rule() {
                Rule::plain | Rule::loose_plain | Rule::bad_value | Rule::missing_value => {
                    condition = Some(self.some_value(part));
                }
                Rule::leftover => self.unexpected(part, Place::Body),
                _ => {
                    let body = self.needed_body(part, if branches.is_empty() { "if" } else { "else" });
                    if otherwise.is_some() {
                        self.push(errors::behind_else(body.span));
                        continue;
                    }
                    match condition.take() {
                        Some(condition) => branches.push((condition, body)),
                        None => otherwise = Some(body),
                    }
                }
            }
        }
        self.chain(branches, otherwise, span)
    }

    /// `else if` becomes a body that holds one `if`.
    fn chain(&mut self, mut branches: Vec<(Expr, Body)>, last: Option<Body>, span: Span) -> Statement {
        if branches.len() > errors::MAX_BRANCHES {
            self.push(errors::too_many_branches(span));
            return Statement::Broken(span);
        }
        let first = if branches.is_empty() { None } else { Some(branches.remove(0)) };
        let Some((condition, then)) = first else { return Statement::Broken(span) };
        let mut otherwise = last;
        for (condition, then) in branches.into_iter().rev() {
            let end = otherwise.as_ref().map_or(then.span, |it| it.span);
            let span = condition.span.to(end);
            let inner = Statement::If(Box::new(If { span, condition, then, otherwise }));
            otherwise = Some(Body { span, statements: vec![inner], broken: false });
        }
        Statement::If(Box::new(If { span, condition, then, otherwise }))
    }

    pub(super) fn repetition(&mut self, node: Node<'_>) -> Statement {
        self.reuses = true;
        let span = self.span(node);
        let mut names: Vec<Ident> = Vec::new();
        let (mut list, mut body) = (broken(span), Body::default());
        for part in node.children() {
            match part.rule() {
                Rule::ident | Rule::missing_name => names.push(self.some_name(part)),
                Rule::missing_in => self.missing(part),
                Rule::leftover => self.unexpected(part, Place::Body),
                Rule::value | Rule::loose_value | Rule::bad_value | Rule::missing_value => {
                    list = self.some_value(part);
                }
                _ => body = self.needed_body(part, "for"),
            }
        }
        let mut names = names.into_iter();
        let item = names.next().unwrap_or_else(|| Spanned::new(String::new(), span));
        Statement::For(Box::new(For { span, item, index: names.next(), list, body }))
    }

    pub(super) fn template(&mut self, node: Node<'_>) -> Statement {
        self.reuses = true;
        let span = self.span(node);
        let doc = self.doc(node.start());
        let mut parts = node.children();
        let name = parts.next().map(|it| self.some_name(it));
        let name = name.unwrap_or_else(|| Spanned::new(String::new(), span));
        let (mut parameters, mut body) = (Vec::new(), Body::default());
        for part in parts {
            match part.rule() {
                Rule::parameters | Rule::loose_parameters => parameters = self.parameters(part),
                Rule::missing_parameters => self.missing(part),
                Rule::leftover => self.unexpected(part, Place::Body),
                _ => body = self.needed_body(part, "template"),
            }
        }
        Statement::Template(Box::new(Template { span, doc, name, parameters, body }))
    }

    fn parameters(&mut self, node: Node<'_>) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        let mut joined = None;
        for part in node.children() {
            match part.rule() {
                Rule::parameter | Rule::loose_parameter => {
                    let parameter = self.parameter(part);
                    self.joined_item(&mut joined, parameter.name.span);
                    parameters.push(parameter);
                }
                _ => self.between_items(part, node, &mut joined),
            }
        }
        parameters
    }

    fn parameter(&mut self, node: Node<'_>) -> Parameter {
        let mut parts = node.children();
        let first = parts.next().expect("a parameter has a name");
        let name = self.some_name(first);
        let unknown = Spanned::new(String::new(), name.span);
        let mut ty = Type { name: unknown, list: false, span: name.span };
        let mut default = None;
        for part in parts {
            match part.rule() {
                Rule::ty => ty = self.ty(part),
                Rule::missing_type => self.missing(part),
                _ => default = Some(self.some_value(part)),
            }
        }
        Parameter { name, ty, default }
    }

    pub(super) fn ty(&mut self, node: Node<'_>) -> Type {
        let span = self.span(node);
        let list = node.as_str().starts_with('[');
        let name = node.children().next().expect("a type has a name");
        Type { name: self.ident(name), list, span }
    }

    /// The body of a statement that must have one.
    fn needed_body(&mut self, node: Node<'_>, word: &str) -> Body {
        if node.rule() == Rule::missing_body {
            let span = self.behind(node.start());
            self.push(errors::missing_body(span, word));
            return Body { span, statements: Vec::new(), broken: true };
        }
        self.some_body(node)
    }

    /// A body, also where its brace stands on a line of its own.
    pub(super) fn some_body(&mut self, node: Node<'_>) -> Body {
        if node.rule() != Rule::next_line_body {
            return self.body(node);
        }
        let inner = node.children().next().expect("the brace was seen");
        let brace = self.between(inner.start(), inner.start() + 1);
        let between = self.between(node.start(), inner.start());
        let is_blank = self.text[between.range()].trim().is_empty();
        self.push(errors::next_line_brace(brace, between, is_blank));
        self.body(inner)
    }
}
