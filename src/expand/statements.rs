//! Statements: what is produced is appended to `out`, in order.

use super::errors::{self, origin};
use super::fold::Effort;
use super::limits::MAX_BLOCKS;
use super::respan::Move;
use super::rows::Row;
use super::scope::{Scope, What};
use super::{Expand, globals};
use crate::base::sources::Origin;
use crate::base::span::{Span, Spanned};
use crate::syntax::ast::{
    Attribute, Block, Body, Declaration, Expr, ExprKind, For, If, Number, Operator, Statement,
};

impl Expand<'_> {
    /// What the statements of a body become.
    pub fn body(&mut self, statements: Vec<Statement>, row: Row) -> Vec<Statement> {
        let mut out = Vec::with_capacity(statements.len());
        self.statements(statements, row, &mut out);
        out
    }

    pub fn statements(&mut self, statements: Vec<Statement>, row: Row, out: &mut Vec<Statement>) {
        let has_lets = statements.iter().any(|it| matches!(it, Statement::Let(_)));
        if has_lets {
            let lets = statements.iter().filter_map(globals::Pending::of_let).collect();
            let bindings = self.bind_all(lets);
            self.scopes.push_names(bindings);
        }
        for statement in statements {
            if self.budget.exhausted {
                break;
            }
            self.statement(statement, row, out);
        }
        if has_lets {
            self.scopes.pop();
        }
    }

    fn statement(&mut self, statement: Statement, row: Row, out: &mut Vec<Statement>) {
        match statement {
            Statement::Attribute(mut it) => {
                self.count(it.span);
                self.attribute(&mut it, row);
                out.push(Statement::Attribute(it));
            }
            Statement::Declaration(it) => self.declaration(*it, row, out),
            Statement::Block(mut it) => {
                self.count(it.head);
                self.block(&mut it, row);
                out.push(Statement::Block(it));
            }
            Statement::For(it) => self.repeat(*it, row, out),
            Statement::If(it) => self.choose(*it, row, out),
            // Bound before the other statements of the body were looked at.
            Statement::Let(_) => {}
            // Those at the top of a file are known already, and gone.
            Statement::Template(it) => self.push(errors::inner_template(it.name.span)),
            Statement::Use(it) => self.instantiate(*it, row, out),
            Statement::Broken(span) => out.push(Statement::Broken(span)),
        }
    }

    fn attribute(&mut self, attribute: &mut Attribute, row: Row) {
        if !row.is_word(attribute) {
            self.fold(&mut attribute.value, Effort::Names);
        }
    }

    fn declaration(&mut self, mut it: Declaration, row: Row, out: &mut Vec<Statement>) {
        if it.word.value == "option" {
            self.push(errors::inner_option(it.span));
            return;
        }
        self.count(it.span);
        self.index_name(&mut it.name);
        if let Some(default) = &mut it.default {
            self.fold(default, Effort::Names);
        }
        if let Some(body) = &mut it.body {
            let inner = match row {
                Row::Block(block) => {
                    block.child(&it.word.value).map_or(Row::Unknown, |it| Row::Block(it.block))
                }
                Row::Top | Row::Unknown => Row::Unknown,
            };
            body.statements = self.body(std::mem::take(&mut body.statements), inner);
        }
        out.push(Statement::Declaration(Box::new(it)));
    }

    fn block(&mut self, block: &mut Block, row: Row) {
        let inner = self.child(row, block);
        self.head(block, row, inner);
        let Some(body) = &mut block.body else { return };
        if self.around.len() >= MAX_BLOCKS {
            self.exhaust(block.head, "more than a hundred blocks stand inside each other");
            return;
        }
        let statements = std::mem::take(&mut body.statements);
        let hides = self.scopes.renamed(super::names::declared_in(&statements));
        let is_hiding = !hides.is_empty();
        if is_hiding {
            self.scopes.push(Scope { hides, ..Scope::default() });
        }
        self.enter_block(&block.word, &block.arguments, body.span);
        body.statements = self.body(statements, inner);
        self.around.pop();
        if is_hiding {
            self.scopes.pop();
        }
    }

    fn repeat(&mut self, it: For, row: Row, out: &mut Vec<Statement>) {
        let For { span, item, index, list, body } = it;
        let head = item.span.to(list.span);
        let list_place = list.span;
        let list = self.evaluate(list);
        let is_free = self.check_free(&item) && index.as_ref().is_none_or(|it| self.check_free(it));
        let Some(items) = is_free.then(|| self.items(list, list_place)).flatten() else {
            self.names.lost.add(&body.statements);
            return;
        };
        for (number, value) in items.enumerate() {
            if self.budget.exhausted {
                return;
            }
            self.count(head);
            let text = format!("in the iteration `{} = {}`", item.value, errors::short(&value));
            let why = Origin { item: Some(value.span), ..origin(head, text, span.file, false) };
            let copy = self.add_copy(span.file, why);
            let mut statements = body.statements.clone();
            Move::To(copy).statements(&mut statements);
            let mut bindings = vec![self.bind(What::Loop, &item, value)];
            if let Some(index) = &index {
                bindings.push(self.bind(What::Loop, index, whole(number, index.span)));
            }
            self.scopes.push_names(bindings);
            self.statements(statements, row, out);
            self.scopes.pop();
        }
    }

    /// The items of a list or range that is known.
    fn items(&mut self, list: Expr, place: Span) -> Option<Box<dyn Iterator<Item = Expr>>> {
        match list.kind {
            ExprKind::List(items) => return Some(Box::new(items.into_iter())),
            ExprKind::Binary(Operator::Range, ref low, ref high) => {
                if let (Some(low), Some(high)) = (int(low), int(high)) {
                    return Some(Box::new((low..=high).map(move |it| number(it, place))));
                }
            }
            _ => {}
        }
        let finding = self.not_a_list(&list, place);
        self.findings.extend(finding);
        None
    }

    fn choose(&mut self, it: If, row: Row, out: &mut Vec<Statement>) {
        let If { span, condition, then, otherwise } = it;
        let place = condition.span;
        let condition = self.evaluate(condition);
        match condition.kind {
            ExprKind::Bool(true) => self.statements(then.statements, row, out),
            ExprKind::Bool(false) => {
                self.statements(otherwise.map(|it| it.statements).unwrap_or_default(), row, out);
            }
            ExprKind::Broken => {}
            _ if row.takes_steps() => {
                let statements = |body: Option<Body>| body.map(|it| it.statements).unwrap_or_default();
                let (then, otherwise) =
                    (self.body(then.statements, row), self.body(statements(otherwise), row));
                self.when(condition, then, otherwise, out);
            }
            _ => {
                let finding = self.not_decided(&condition, Span { file: span.file, ..place }, row);
                self.findings.extend(finding);
            }
        }
    }

    /// Whether the name may be given here: names with a value are never hidden.
    pub fn check_free(&mut self, name: &Spanned<String>) -> bool {
        if let Some(reserved) = globals::reserved(&name.value) {
            self.push(errors::reserved(name, reserved));
            return false;
        }
        match self.scopes.value(&name.value) {
            Some(first) => {
                self.push(errors::taken(name, first.what.describe(), first.defined));
                false
            }
            None => true,
        }
    }
}

fn whole(value: usize, place: Span) -> Expr {
    number(i64::try_from(value).unwrap_or(i64::MAX), place)
}

fn number(value: i64, span: Span) -> Expr {
    Expr { kind: ExprKind::Number(Number { digits: value.to_string(), unit: String::new() }), span }
}

fn int(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Number(number) if number.unit.is_empty() => number.digits.parse().ok(),
        _ => None,
    }
}
