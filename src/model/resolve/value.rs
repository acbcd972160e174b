//! Values and operators: types worked out.

use super::look::is_reason;
use super::{Look, OUTCOMES, STATUS};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::expr::{Comparison, Expr, ExprKind, Ty};
use crate::syntax::ast::{self, Operator, Part};
use crate::target::pipeline_keys;

impl Look<'_, '_, '_> {
    pub(super) fn say(&mut self, finding: Diagnostic) -> Option<Expr> {
        self.findings.push(finding);
        None
    }

    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Bool(value) => Some(Expr { kind: ExprKind::Bool(*value), ty: Ty::Bool, span }),
            ast::ExprKind::String(text) => self.text(text, span),
            ast::ExprKind::Number(number) => self.number(number, span),
            ast::ExprKind::Path(path) => self.path(path),
            ast::ExprKind::Call(name, arguments) => self.call(name, arguments, span),
            ast::ExprKind::Not(inner) => {
                let inner = self.bool(inner)?;
                Some(Expr { kind: ExprKind::Not(Box::new(inner)), ty: Ty::Bool, span })
            }
            ast::ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ast::ExprKind::If(condition, then, otherwise) => self.choice(condition, then, otherwise, span),
            ast::ExprKind::List(_) | ast::ExprKind::Record(_) => {
                let help = "write one string, number or boolean, or the name of something that has one";
                self.say(errors::wrong_type(span, "a list or a record has no meaning here", help))
            }
            ast::ExprKind::Broken => None,
        }
    }

    pub(super) fn text(&mut self, text: &ast::Text, span: Span) -> Option<Expr> {
        if text.value.contains('$') {
            self.foreign_in(&text.value, span);
        }
        if text.parts.is_empty() {
            return Some(Expr::string(text.value.clone(), span));
        }
        let mut parts = Vec::new();
        for part in &text.parts {
            match part {
                Part::Literal(literal) | Part::Known { value: literal, .. } => {
                    literal_part(&mut parts, literal, span);
                }
                Part::Splice(inner) => parts.push(self.expr(inner)?),
                Part::Opaque(written) => {
                    let help = "write an expression such as `${run.id}`, or `\\$` for a dollar sign";
                    let message = format!("`{}` holds no expression", written.value);
                    return self.say(errors::invalid_value(written.span, message, help));
                }
            }
        }
        match parts.as_slice() {
            [] => Some(Expr::string("", span)),
            [Expr { kind: ExprKind::String(only), .. }] => Some(Expr::string(only.clone(), span)),
            _ => Some(Expr { kind: ExprKind::Concat(parts), ty: Ty::String, span }),
        }
    }

    pub(super) fn number(&mut self, number: &ast::Number, span: Span) -> Option<Expr> {
        if !number.unit.is_empty() {
            return self.say(errors::invalid_value(
                span,
                "a value with a unit has no meaning here",
                "write a plain number, or a text in quotes",
            ));
        }
        if let Ok(value) = number.digits.parse::<i64>() {
            return Some(Expr { kind: ExprKind::Int(value), ty: Ty::Int, span });
        }
        let value = number.digits.parse::<f64>().ok()?;
        Some(Expr { kind: ExprKind::Number(value), ty: Ty::Number, span })
    }

    pub(super) fn bool(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let inner = self.expr(expr)?;
        if inner.ty == Ty::Bool {
            return Some(inner);
        }
        let help = "compare it with a value: `x == \"…\"`; a text by itself is never true or false";
        self.say(errors::wrong_type(expr.span, "a condition is needed here", help))
    }

    pub(super) fn choice(
        &mut self,
        condition: &ast::Expr,
        then: &ast::Expr,
        otherwise: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let condition = self.bool(condition)?;
        let then = self.expr(then)?;
        let otherwise = self.expr(otherwise)?;
        if then.ty != otherwise.ty {
            return self.say(errors::wrong_type(
                span,
                "the two branches have different types",
                "give both the same type",
            ));
        }
        let ty = then.ty;
        Some(Expr { kind: ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)), ty, span })
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let comparison = match operator {
            Operator::And | Operator::Or => {
                let (left, right) = (self.bool(left), self.bool(right));
                let (left, right) = (Box::new(left?), Box::new(right?));
                let kind = if operator == Operator::And {
                    ExprKind::And(left, right)
                } else {
                    ExprKind::Or(left, right)
                };
                return Some(Expr { kind, ty: Ty::Bool, span });
            }
            Operator::In => return self.membership(left, right, span),
            Operator::Equal => Comparison::Equal,
            Operator::NotEqual => Comparison::NotEqual,
            Operator::Less => Comparison::Less,
            Operator::LessOrEqual => Comparison::LessOrEqual,
            Operator::Greater => Comparison::Greater,
            Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
            Operator::Add | Operator::Subtract | Operator::Multiply => {
                let meant =
                    if operator == Operator::Subtract { self.hyphenated(left, right, span) } else { None };
                return self.say(meant.unwrap_or_else(|| {
                    let message = "arithmetic works on compile-time numbers only";
                    errors::invalid_value(span, message, "write the result")
                }));
            }
            Operator::Range => {
                return self.say(errors::invalid_value(
                    span,
                    "a range has no meaning here",
                    "compare with both ends",
                ));
            }
        };
        let left = self.expr(left)?;
        let right = self.side(right, &left)?;
        if !comparable(&left, &right, comparison) {
            if left.ty == right.ty {
                let message = format!("{} has no order", name_of(left.ty));
                return self.say(errors::wrong_type(span, message, "compare it with `==`, `!=` or `in`"));
            }
            let message = format!("{} cannot be compared with {}", name_of(left.ty), name_of(right.ty));
            return self.say(errors::wrong_type(
                span,
                message,
                "compare values of one type; text needs quotes, numbers and booleans none",
            ));
        }
        Some(Expr {
            kind: ExprKind::Compare(comparison, Box::new(left), Box::new(right)),
            ty: Ty::Bool,
            span,
        })
    }

    /// `params.my-tag` for `params.my_tag`, where there is that.
    fn hyphenated(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<Diagnostic> {
        let joined = joined(left, right)?;
        let segment =
            |it: &str| ast::Segment { name: Spanned::new(it.to_owned(), span), indices: Vec::new() };
        let path = ast::Path { segments: joined.split('.').map(segment).collect(), open: false, span };
        let before = self.findings.len();
        let found = self.path(&path);
        self.findings.truncate(before);
        found?;
        let finding = errors::invalid_value(span, "a name holds no `-`", format!("write `{joined}`"));
        Some(finding.suggest(format!("change to `{joined}`"), span, joined))
    }

    /// The right side of a comparison: a word where the left side is a result or the reason of the run.
    pub(super) fn side(&mut self, expr: &ast::Expr, left: &Expr) -> Option<Expr> {
        if is_reason(left) {
            return self.reason(expr);
        }
        if left.ty != Ty::Result {
            return self.expr(expr);
        }
        let word = match &expr.kind {
            ast::ExprKind::Path(path) => path.as_ident(),
            _ => None,
        };
        let found = word.and_then(|word| OUTCOMES.iter().find(|it| it.0 == word.value));
        match found {
            Some((_, outcome)) => {
                Some(Expr { kind: ExprKind::ResultWord(*outcome), ty: Ty::Result, span: expr.span })
            }
            None => {
                let known: Vec<&str> = OUTCOMES.iter().map(|it| it.0).collect();
                let help = format!("it is {}", errors::quoted_list(&known));
                self.say(errors::wrong_type(expr.span, "this is no result", help))
            }
        }
    }

    pub(super) fn membership(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<Expr> {
        let left = self.expr(left)?;
        let ast::ExprKind::List(items) = &right.kind else {
            if let ast::ExprKind::Path(path) = &right.kind
                && path.segments[0].name.value == "runs"
                && path.segments.last().is_some_and(|it| it.name.value == "tags")
            {
                let list = self.path(path)?;
                return self.holds(left, list, span);
            }
            return self.say(errors::wrong_type(
                right.span,
                "`in` needs a list",
                "write `x in [\"a\", \"b\"]`",
            ));
        };
        let mut list = Vec::new();
        for item in items {
            let item = self.side(item, &left)?;
            if !comparable(&left, &item, Comparison::Equal) {
                let message = format!("{} cannot be compared with {}", name_of(left.ty), name_of(item.ty));
                return self.say(errors::wrong_type(
                    item.span,
                    message,
                    "give all items the type of the left side",
                ));
            }
            list.push(item);
        }
        Some(Expr { kind: ExprKind::In(Box::new(left), list), ty: Ty::Bool, span })
    }

    pub(super) fn call(&mut self, name: &ast::Path, arguments: &[ast::Expr], span: Span) -> Option<Expr> {
        let known: Vec<&str> = STATUS.iter().map(|it| it.0).chain(["changed", "defined"]).collect();
        let Some(ident) = name.as_ident() else {
            return self.say(errors::invalid_value(
                span,
                "this is no function",
                format!("there is {}", errors::quoted_list(&known)),
            ));
        };
        match ident.value.as_str() {
            "changed" => return self.changed(arguments, span),
            "defined" => return self.defined(arguments, span),
            _ => {}
        }
        let Some((_, status)) = STATUS.iter().find(|it| it.0 == ident.value) else {
            if let Some(help) = pipeline_keys::operator_for(&ident.value) {
                return self.say(errors::undefined_name(ident, "function", None, &[]).help(help));
            }
            return self.say(errors::undefined_name(
                ident,
                "function",
                suggest::nearest(&ident.value, known.iter().copied()),
                &known,
            ));
        };
        let mut nodes = Vec::new();
        for argument in arguments {
            let ast::ExprKind::Path(path) = &argument.kind else {
                return self.say(errors::invalid_value(
                    argument.span,
                    "a status function takes stages or jobs",
                    "write their names without quotes",
                ));
            };
            match self.resolver.node(path, self.symbols) {
                Ok(node) => {
                    self.resolver.note(node, argument.span);
                    nodes.push(node);
                }
                Err(finding) => return self.say(finding),
            }
        }
        Some(Expr { kind: ExprKind::Status(*status, nodes), ty: Ty::Bool, span })
    }
}

/// Two sides of a `-` without spaces around it, as a name with `_`.
fn joined(left: &ast::Expr, right: &ast::Expr) -> Option<String> {
    if left.span.end + 1 != right.span.start {
        return None;
    }
    let left = match &left.kind {
        ast::ExprKind::Binary(Operator::Subtract, first, second) => joined(first, second)?,
        ast::ExprKind::Path(path) => dotted(path)?,
        _ => return None,
    };
    let right = match &right.kind {
        ast::ExprKind::Path(path) => dotted(path)?,
        ast::ExprKind::Number(number) if number.unit.is_empty() => number.digits.clone(),
        _ => return None,
    };
    Some(format!("{left}_{right}"))
}

fn dotted(path: &ast::Path) -> Option<String> {
    let names: Option<Vec<&str>> =
        path.segments.iter().map(|it| it.indices.is_empty().then_some(it.name.value.as_str())).collect();
    names.map(|it| it.join("."))
}

/// Neighbouring literals are one.
fn literal_part(parts: &mut Vec<Expr>, literal: &str, span: Span) {
    match parts.last_mut() {
        Some(Expr { kind: ExprKind::String(before), .. }) => before.push_str(literal),
        _ => parts.push(Expr::string(literal, span)),
    }
}

pub(super) fn comparable(left: &Expr, right: &Expr, comparison: Comparison) -> bool {
    let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let number = |ty: Ty| matches!(ty, Ty::Int | Ty::Number);
    if number(left.ty) && number(right.ty) {
        return true;
    }
    left.ty == right.ty && !ordered
}

pub(super) fn name_of(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "a boolean",
        Ty::Int | Ty::Number => "a number",
        Ty::String => "a text",
        Ty::Result => "a result",
    }
}
