//! Statements and their bodies.

use super::Lower;
use super::values::broken;
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{
    Attribute, Block, Body, Declaration, Expr, For, Ident, If, Let, Name, Parameter, Statement, Template,
    Type, Use,
};
use crate::syntax::errors;
use crate::syntax::pairs::{Children, Pair, Rule};

/// What an entry is made of, before it is known what it is.
struct Entry {
    span: Span,
    doc: Option<String>,
    word: Ident,
    quoted: bool,
    arguments: Vec<Expr>,
    alias: Option<Name>,
    ty: Option<Type>,
    value: Option<Expr>,
    body: Option<Body>,
}

impl Lower<'_> {
    pub fn file(&mut self, pair: Pair<'_>) -> Vec<Statement> {
        self.statements(&mut Children::of(pair))
    }

    pub(super) fn body(&mut self, pair: Pair<'_>) -> Body {
        let span = self.span(&pair);
        let outside = std::mem::take(&mut self.broken);
        let statements = self.statements(&mut Children::of(pair));
        let broken = std::mem::replace(&mut self.broken, outside);
        Body { span, statements, broken }
    }

    fn statements(&mut self, children: &mut Children<'_>) -> Vec<Statement> {
        let mut statements = Vec::new();
        for child in children {
            match child.as_rule() {
                Rule::entry => self.entry(child, &mut statements),
                Rule::condition => statements.push(self.condition(child)),
                Rule::repetition => statements.push(self.repetition(child)),
                Rule::template => statements.push(self.template(child)),
                _ => {}
            }
        }
        statements
    }

    fn condition(&mut self, pair: Pair<'_>) -> Statement {
        let span = self.span(&pair);
        let mut parts = Children::of(pair);
        let mut branches: Vec<(Expr, Body)> = Vec::new();
        let mut otherwise = None;
        while let Some(part) = parts.next() {
            if part.as_rule() == Rule::body {
                otherwise = Some(self.body(part));
                continue;
            }
            let condition = self.plain(part);
            let body = parts.next().map(|body| self.body(body)).unwrap_or_default();
            branches.push((condition, body));
        }
        self.chain(branches, otherwise, span)
    }

    /// `else if` becomes a body that holds one `if`.
    fn chain(&mut self, mut branches: Vec<(Expr, Body)>, last: Option<Body>, span: Span) -> Statement {
        if branches.len() > errors::MAX_BRANCHES {
            self.push(errors::too_many_branches(span));
            return Statement::Broken(span);
        }
        let mut otherwise = last;
        while branches.len() > 1 {
            let Some((condition, then)) = branches.pop() else { break };
            let end = otherwise.as_ref().map_or(then.span, |it| it.span);
            let span = condition.span.to(end);
            let inner = Statement::If(If { span, condition, then, otherwise });
            otherwise = Some(Body { span, statements: vec![inner], broken: false });
        }
        match branches.pop() {
            Some((condition, then)) => Statement::If(If { span, condition, then, otherwise }),
            None => Statement::Broken(span),
        }
    }

    fn repetition(&mut self, pair: Pair<'_>) -> Statement {
        let span = self.span(&pair);
        let mut parts = Children::of(pair);
        let item = self.name_of(parts.opt(Rule::ident), span);
        let index = parts.opt(Rule::ident).map(|it| self.ident(&it));
        let list = match parts.opt(Rule::value) {
            Some(value) => self.value(value),
            None => broken(span),
        };
        let body = parts.next().map(|it| self.body(it)).unwrap_or_default();
        Statement::For(For { span, item, index, list, body })
    }

    fn template(&mut self, pair: Pair<'_>) -> Statement {
        let span = self.span(&pair);
        let doc = self.doc(pair.as_span().start());
        let mut parts = Children::of(pair);
        let name = self.name_of(parts.opt(Rule::ident), span);
        let parameters = match parts.opt(Rule::parameters) {
            Some(list) => Children::of(list).map(|it| self.parameter(it)).collect(),
            None => Vec::new(),
        };
        let body = parts.next().map(|it| self.body(it)).unwrap_or_default();
        Statement::Template(Template { span, doc, name, parameters, body })
    }

    fn parameter(&mut self, pair: Pair<'_>) -> Parameter {
        let span = self.span(&pair);
        let mut parts = Children::of(pair);
        let name = self.name_of(parts.opt(Rule::ident), span);
        let ty = match parts.opt(Rule::ty) {
            Some(ty) => self.ty(ty),
            None => Type { name: Spanned::new(String::new(), name.span), list: false, span: name.span },
        };
        let default = parts.next().map(|it| self.value(it));
        Parameter { name, ty, default }
    }

    fn name_of(&mut self, pair: Option<Pair<'_>>, span: Span) -> Ident {
        match pair {
            Some(pair) => self.ident(&pair),
            None => Spanned::new(String::new(), span),
        }
    }

    fn ty(&mut self, pair: Pair<'_>) -> Type {
        let span = self.span(&pair);
        let list = pair.as_str().starts_with('[');
        let name = self.name_of(Children::of(pair).next(), span);
        Type { name, list, span }
    }

    /// Attribute, declaration or block, by what stands behind the word.
    fn entry(&mut self, pair: Pair<'_>, statements: &mut Vec<Statement>) {
        let span = self.span(&pair);
        let doc = self.doc(pair.as_span().start());
        let mut parts = Children::of(pair);
        let head = parts.next().expect("an entry has a word");
        let quoted = head.as_rule() == Rule::string;
        let word =
            if quoted { Spanned::new(self.string(&head).value, self.span(&head)) } else { self.ident(&head) };
        let (arguments, alias, ty, value, body) = (Vec::new(), None, None, None, None);
        let mut entry = Entry { span, doc, word, quoted, arguments, alias, ty, value, body };
        while let Some(rule) = parts.peek() {
            self.entry_part(&mut entry, rule, &mut parts);
        }
        statements.push(self.decide(entry));
    }

    fn entry_part(&mut self, entry: &mut Entry, rule: Rule, parts: &mut Children<'_>) {
        let arguments = [Rule::string, Rule::dotted, Rule::number, Rule::list];
        if arguments.contains(&rule) {
            entry.arguments.push(self.primary(parts));
            return;
        }
        let Some(part) = parts.next() else { return };
        match rule {
            Rule::value => entry.value = Some(self.value(part)),
            Rule::body => entry.body = Some(self.body(part)),
            Rule::ty => entry.ty = Some(self.ty(part)),
            Rule::alias => entry.alias = self.alias(part),
            _ => {}
        }
    }

    fn alias(&mut self, pair: Pair<'_>) -> Option<Name> {
        let path = self.primary(&mut Children::of(pair));
        self.name(path)
    }

    /// A path as a name that is declared.
    fn name(&mut self, path: Expr) -> Option<Name> {
        name(path).map_err(|span| self.push(errors::not_a_name(span))).ok()
    }

    fn decide(&mut self, entry: Entry) -> Statement {
        let Entry { span, doc, word, quoted, mut arguments, alias, ty, value, body } = entry;
        if let Some(ty) = ty {
            let only = arguments.pop();
            let Some(name) = only.and_then(|it| self.name(it)) else { return Statement::Broken(span) };
            return Statement::Declaration(Declaration { span, doc, word, name, ty, default: value, body });
        }
        if let Some(value) = value {
            if arguments.is_empty() {
                return Statement::Attribute(Attribute { span, key: word, quoted, value });
            }
            let only = arguments.pop();
            let Some(name) = only.and_then(|it| self.name(it)) else { return Statement::Broken(span) };
            return Statement::Let(Let { span, name: name.ident, value });
        }
        if word.value == "use" && !quoted && arguments.len() == 1 {
            let template = arguments.pop().and_then(|it| self.name(it));
            let Some(template) = template else { return Statement::Broken(span) };
            return Statement::Use(Use { span, template: template.ident, alias, body });
        }
        let mut head = arguments.last().map_or(word.span, |last| word.span.to(last.span));
        if let Some(alias) = &alias {
            head = head.to(alias.span);
        }
        Statement::Block(Block { span, head, doc, word, quoted, arguments, alias, body })
    }

    /// The `///` lines directly before a statement.
    fn doc(&mut self, start: usize) -> Option<String> {
        let start = self.base + start;
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

fn name(path: Expr) -> Result<Name, Span> {
    use crate::syntax::ast::{ExprKind, Index};
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
