//! Values: flat pairs to expressions by precedence.

use super::Lower;
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{Attribute, Expr, ExprKind, Operator, Path, Segment, Statement};
use crate::syntax::errors;
use crate::syntax::pairs::{Children, Pair, Rule};

/// Deeper trees are refused: what walks them recurses.
const MAX_LEVEL: usize = 200;

impl Lower<'_> {
    pub(super) fn value(&mut self, pair: Pair<'_>) -> Expr {
        let span = self.span(&pair);
        let mut parts = Children::of(pair);
        match parts.peek() {
            Some(Rule::plain | Rule::loose_plain) => self.conditional(&mut parts, span),
            _ => self.expression(&mut parts, span),
        }
    }

    pub(super) fn plain(&mut self, pair: Pair<'_>) -> Expr {
        let span = self.span(&pair);
        self.expression(&mut Children::of(pair), span)
    }

    /// `if c then a else if d then b else e` comes flat: `c a d b e`.
    fn conditional(&mut self, parts: &mut Children<'_>, span: Span) -> Expr {
        let mut plains: Vec<Expr> = Vec::new();
        let mut is_told = false;
        for part in parts {
            let is_missing = part.as_span().start() == part.as_span().end();
            let value = if is_missing && is_told { broken(self.span(&part)) } else { self.some_value(part) };
            is_told |= is_missing;
            plains.push(value);
        }
        if plains.len() / 2 + self.level > MAX_LEVEL {
            return self.too_deep(span);
        }
        if plains.len().is_multiple_of(2) {
            plains.push(broken(span));
        }
        let mut value = plains.pop().unwrap_or_else(|| broken(span));
        while let (Some(then), Some(condition)) = (plains.pop(), plains.pop()) {
            let span = condition.span.to(value.span);
            let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(value));
            value = Expr { kind: ExprKind::If(condition, then, otherwise), span };
        }
        Expr { span, ..value }
    }

    fn expression(&mut self, parts: &mut Children<'_>, span: Span) -> Expr {
        let before = self.level;
        self.level += parts.size();
        let value = if self.level > MAX_LEVEL { self.too_deep(span) } else { self.binary(parts, 0) };
        self.level = before;
        value
    }

    fn too_deep(&mut self, span: Span) -> Expr {
        self.push(errors::expression_too_long(span));
        broken(span)
    }

    /// Precedence climbing: takes operators that bind tighter than `floor`.
    fn binary(&mut self, parts: &mut Children<'_>, floor: u8) -> Expr {
        let mut left = self.operand(parts);
        while let Some(operator) = peek_operator(parts) {
            let binding = binding_of(operator);
            if binding.strength <= floor {
                break;
            }
            let sign = parts.next().expect("the operator was seen");
            let right = self.binary(parts, binding.strength);
            if !binding.chains && peek_operator(parts).is_some_and(|it| binding_of(it) == binding) {
                let second = parts.next().expect("the operator was seen");
                self.push(errors::chained(self.span(&sign), self.span(&second), second.as_str()));
                left = self.skip_chain(parts, left.span, binding);
                continue;
            }
            let span = left.span.to(right.span);
            left = Expr { kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)), span };
        }
        left
    }

    /// Passes over the rest of `a < b < c`, whose second operator is taken.
    fn skip_chain(&mut self, parts: &mut Children<'_>, start: Span, chain: Binding) -> Expr {
        let mut last = self.binary(parts, chain.strength);
        while peek_operator(parts).is_some_and(|it| binding_of(it) == chain) {
            parts.next();
            last = self.binary(parts, chain.strength);
        }
        broken(start.to(last.span))
    }

    fn operand(&mut self, parts: &mut Children<'_>) -> Expr {
        let mut nots = Vec::new();
        while let Some(not) = parts.opt(Rule::not) {
            nots.push(self.span(&not));
        }
        let mut value = self.primary(parts);
        for not in nots.into_iter().rev() {
            let span = not.to(value.span);
            value = Expr { kind: ExprKind::Not(Box::new(value)), span };
        }
        value
    }

    /// An operand without what stands before it; a path takes its indices and arguments along.
    pub(super) fn primary(&mut self, parts: &mut Children<'_>) -> Expr {
        let Some(pair) = parts.next() else { return broken(self.between(0, 0)) };
        let span = self.span(&pair);
        match pair.as_rule() {
            Rule::string => Expr { kind: ExprKind::String(self.string(&pair)), span },
            Rule::number => self.number(&pair),
            Rule::dotted => self.path(&pair, parts),
            Rule::list | Rule::loose_list => Expr { kind: ExprKind::List(self.items(pair)), span },
            Rule::body | Rule::loose_body => self.record(pair),
            Rule::group | Rule::loose_group => self.group(pair),
            Rule::open_text => self.open_text(&pair),
            _ => self.some_value(pair),
        }
    }

    /// Parentheses leave no trace but the span.
    fn group(&mut self, pair: Pair<'_>) -> Expr {
        let (span, start) = (self.span(&pair), pair.as_span().start());
        let mut inner = broken(span);
        for part in Children::of(pair) {
            match part.as_rule() {
                Rule::missing_paren => self.between_items(&part, start, &mut None),
                _ => inner = self.some_value(part),
            }
        }
        Expr { span, ..inner }
    }

    fn record(&mut self, pair: Pair<'_>) -> Expr {
        let body = self.body(pair);
        let attributes = body.statements.into_iter().filter_map(|it| self.record_entry(it)).collect();
        Expr { kind: ExprKind::Record(attributes), span: body.span }
    }

    fn record_entry(&mut self, statement: Statement) -> Option<Attribute> {
        match statement {
            Statement::Attribute(attribute) => return Some(attribute),
            Statement::Broken(_) => {}
            other => self.push(errors::not_in_record(other.span())),
        }
        None
    }

    fn path(&mut self, first: &Pair<'_>, parts: &mut Children<'_>) -> Expr {
        let span = self.span(first);
        match first.as_str() {
            word @ ("true" | "false") => return Expr { kind: ExprKind::Bool(word == "true"), span },
            word @ ("then" | "else" | "in" | "as") => {
                self.check_reserved(&Spanned::new(word.to_owned(), span));
                return broken(span);
            }
            _ => {}
        }
        let mut path = Path { segments: Vec::new(), open: false, span };
        self.segments(&mut path, first.as_str(), first.as_span().start());
        loop {
            match parts.peek() {
                Some(Rule::index | Rule::loose_index) => {
                    let index = parts.next().expect("the index was seen");
                    path.span = path.span.to(self.span(&index));
                    let indices = self.index(index);
                    path.segments.last_mut().expect("a path has a segment").indices.extend(indices);
                }
                Some(Rule::member) => {
                    let member = parts.next().expect("the member was seen");
                    path.span = path.span.to(self.span(&member));
                    self.segments(&mut path, &member.as_str()[1..], member.as_span().start() + 1);
                }
                Some(Rule::call | Rule::loose_call) => {
                    let call = parts.next().expect("the call was seen");
                    let span = path.span.to(self.span(&call));
                    return Expr { kind: ExprKind::Call(path, self.items(call)), span };
                }
                _ => break,
            }
        }
        let span = path.span;
        Expr { kind: ExprKind::Path(path), span }
    }

    /// `a.b.c` in one token; a dot at its end leaves the path open.
    fn segments(&mut self, path: &mut Path, dotted: &str, start: usize) {
        let mut at = start;
        for name in dotted.split('.') {
            let span = self.between(at, at + name.len());
            at += name.len() + 1;
            if name.is_empty() {
                path.open = true;
                self.push(errors::open_path(span));
            } else {
                path.segments
                    .push(Segment { name: Spanned::new(name.to_owned(), span), indices: Vec::new() });
            }
        }
    }
}

pub(super) fn broken(span: Span) -> Expr {
    Expr { kind: ExprKind::Broken, span }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Binding {
    strength: u8,
    chains: bool,
}

fn binding_of(operator: Operator) -> Binding {
    let (strength, chains) = match operator {
        Operator::Or => (1, true),
        Operator::And => (2, true),
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::In => (3, false),
        Operator::Range => (4, false),
        Operator::Add | Operator::Subtract => (5, true),
        Operator::Multiply => (6, true),
    };
    Binding { strength, chains }
}

fn operator_of(sign: &str) -> Operator {
    match sign {
        "*" => Operator::Multiply,
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        ".." => Operator::Range,
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        "in" => Operator::In,
        "&&" => Operator::And,
        _ => Operator::Or,
    }
}

/// The operator that comes next, if one does.
fn peek_operator(parts: &Children<'_>) -> Option<Operator> {
    parts.peek_of(&[Rule::operator, Rule::logical]).map(operator_of)
}
