//! Values: flat nodes to expressions by precedence.

use super::Lower;
use crate::base::span::Span;
use crate::syntax::ast::{Attribute, Expr, ExprKind, Operator, Statement};
use crate::syntax::errors::{self, Place};
use crate::syntax::pairs::{Children, Node, Rule};

/// Deeper trees are refused: what walks them recurses.
const MAX_LEVEL: usize = 200;

impl Lower<'_> {
    pub(super) fn value(&mut self, node: Node<'_>) -> Expr {
        self.expression(&mut node.children(), self.span(node))
    }

    /// What stands flat behind `=` or in a value; `span` is where all of it stands.
    pub(super) fn expression(&mut self, parts: &mut Children<'_>, span: Span) -> Expr {
        if matches!(parts.peek_rule(), Some(Rule::plain | Rule::loose_plain)) {
            return self.conditional(parts, span);
        }
        let before = self.level;
        self.level += parts.clone().count();
        let value = if self.level > MAX_LEVEL { self.too_deep(span) } else { self.operation(parts) };
        self.level = before;
        value
    }

    /// `if c then a else if d then b else e` comes flat: `c a d b e`.
    fn conditional(&mut self, parts: &mut Children<'_>, span: Span) -> Expr {
        let mut plains: Vec<Expr> = Vec::new();
        let mut is_told = false;
        for part in parts {
            let is_missing = part.range().is_empty();
            let value = if is_missing && is_told { broken(self.span(part)) } else { self.some_value(part) };
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

    fn too_deep(&mut self, span: Span) -> Expr {
        self.push(errors::expression_too_long(span));
        broken(span)
    }

    /// All the parts; what is left over behind the last operand is reported.
    fn operation(&mut self, parts: &mut Children<'_>) -> Expr {
        let value = self.binary(parts, 0);
        let Some(rest) = parts.next() else { return value };
        match rest.rule() {
            Rule::parentheses | Rule::loose_parentheses => {
                self.push(errors::blank_before_call(self.span(rest)));
            }
            _ => self.unexpected(rest, Place::End),
        }
        value
    }

    /// Precedence climbing: takes operators that bind tighter than `floor`.
    fn binary(&mut self, parts: &mut Children<'_>, floor: u8) -> Expr {
        let mut left = self.operand(parts);
        while let Some((operator, binding)) = peek_operator(parts) {
            if binding.strength <= floor {
                break;
            }
            let sign = parts.next().expect("the operator was seen");
            let right = self.binary(parts, binding.strength);
            self.reuses |= matches!(operator, Operator::Add | Operator::Subtract | Operator::Multiply);
            let is_chained = !binding.chains && peek_operator(parts).is_some_and(|it| it.1 == binding);
            if is_chained {
                left = self.chain_of_comparisons(parts, left.span, sign, binding);
                continue;
            }
            let span = left.span.to(right.span);
            left = Expr { kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)), span };
        }
        left
    }

    /// Passes over the rest of `a < b < c`, of which `sign` is the first operator.
    fn chain_of_comparisons(
        &mut self,
        parts: &mut Children<'_>,
        start: Span,
        sign: Node<'_>,
        chain: Binding,
    ) -> Expr {
        let second = parts.next().expect("the operator was seen");
        self.push(errors::chained(self.span(sign), self.span(second), second.as_str()));
        let mut last = self.binary(parts, chain.strength);
        while peek_operator(parts).is_some_and(|it| it.1 == chain) {
            parts.next();
            last = self.binary(parts, chain.strength);
        }
        broken(start.to(last.span))
    }

    fn operand(&mut self, parts: &mut Children<'_>) -> Expr {
        let Some(not) = parts.opt(Rule::not) else { return self.primary(parts) };
        let mut nots = vec![self.span(not)];
        while let Some(not) = parts.opt(Rule::not) {
            nots.push(self.span(not));
        }
        let value = self.primary(parts);
        nots.into_iter().rev().fold(value, |value, not| {
            let span = not.to(value.span);
            Expr { kind: ExprKind::Not(Box::new(value)), span }
        })
    }

    /// An operand without what stands before it; a path takes its indices and arguments along.
    pub(super) fn primary(&mut self, parts: &mut Children<'_>) -> Expr {
        let Some(node) = parts.next() else { return broken(self.between(0, 0)) };
        match node.rule() {
            Rule::atom => self.atom(node, parts),
            Rule::list | Rule::loose_list => {
                Expr { kind: ExprKind::List(self.items(node)), span: self.span(node) }
            }
            Rule::body | Rule::loose_body => self.record(node),
            Rule::parentheses | Rule::loose_parentheses => self.group(node),
            Rule::open_text => self.open_text(node),
            _ => self.some_value(node),
        }
    }

    /// A string, a number or a path, by its first character.
    fn atom(&mut self, node: Node<'_>, parts: &mut Children<'_>) -> Expr {
        match node.as_str().as_bytes().first() {
            Some(b'0'..=b'9' | b'-') => self.number(node),
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => self.path(node, parts),
            _ => Expr { kind: ExprKind::String(self.string(node)), span: self.span(node) },
        }
    }

    /// Parentheses leave no trace but the span.
    fn group(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(node);
        let mut items = self.items(node).into_iter();
        let (Some(inner), None) = (items.next(), items.next()) else {
            self.push(errors::not_in_group(span));
            return broken(span);
        };
        Expr { span, ..inner }
    }

    fn record(&mut self, node: Node<'_>) -> Expr {
        let body = self.body(node);
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
fn peek_operator(parts: &Children<'_>) -> Option<(Operator, Binding)> {
    let sign = parts.peek().filter(|it| it.rule() == Rule::operator)?;
    let operator = operator_of(sign.as_str());
    Some((operator, binding_of(operator)))
}
