//! The ways through the tree of a text: all its statements, and all expressions of a statement.

use super::document::Document;
use super::rows::{self, Row};
use super::tree::Piece;
use crate::schema::{Head, Type};
use crate::syntax::ast::{Attribute, Block, Expr, ExprKind, Index, Part, Path, Statement};

/// Every statement before what is in it, with the row of the body that it stands in.
pub fn statements<'d>(document: &'d Document, see: &mut dyn FnMut(&'d Piece, &'d Statement, Row)) {
    for piece in document.tree.pieces() {
        inside(&piece.parsed.file.statements, Row::Top, &mut |it, row| see(piece, it, row));
    }
}

fn inside<'d>(statements: &'d [Statement], row: Row, see: &mut dyn FnMut(&'d Statement, Row)) {
    for statement in statements {
        see(statement, row);
        let inner = row.inner(statement);
        statement.bodies().for_each(|it| inside(&it.statements, inner, see));
    }
}

/// Every expression of a statement before those in it, with the type that is awaited where that is known; not those of
/// its bodies, and not the name that it declares.
pub fn values<'d>(statement: &'d Statement, row: Row, see: &mut dyn FnMut(&'d Expr, Option<Type>)) {
    match statement {
        Statement::Attribute(it) => value(&it.value, row.type_of(&it.key.value), see),
        Statement::Block(it) => arguments(it, row, see),
        Statement::Declaration(it) => {
            it.default.iter().for_each(|it| value(it, Some(Type::Value), see));
        }
        Statement::Let(it) => value(&it.value, None, see),
        Statement::For(it) => value(&it.list, None, see),
        Statement::If(it) => value(&it.condition, Some(Type::Condition), see),
        Statement::Template(it) => {
            let defaults = it.parameters.iter().filter_map(|it| it.default.as_ref());
            defaults.for_each(|it| value(it, None, see));
        }
        Statement::Use(_) | Statement::Broken(_) => {}
    }
}

fn arguments<'d>(block: &'d Block, row: Row, see: &mut dyn FnMut(&'d Expr, Option<Type>)) {
    let row = row.of_block(block);
    let declares = row.is_some_and(|it| it.head == Head::Name);
    for (at, argument) in block.arguments.iter().enumerate().skip(usize::from(declares)) {
        value(argument, row.and_then(|it| rows::argument(it, at)), see);
    }
}

fn value<'d>(expr: &'d Expr, ty: Option<Type>, see: &mut dyn FnMut(&'d Expr, Option<Type>)) {
    let item = ty.map(rows::item);
    see(expr, item);
    match &expr.kind {
        ExprKind::List(items) => items.iter().for_each(|it| value(it, item, see)),
        ExprKind::Record(attributes) => attributes.iter().for_each(|it| value(&it.value, None, see)),
        ExprKind::Not(inner) => value(inner, Some(Type::Condition), see),
        ExprKind::Binary(_, left, right) => {
            value(left, Some(Type::Value), see);
            value(right, Some(Type::Value), see);
        }
        ExprKind::If(condition, then, otherwise) => {
            value(condition, Some(Type::Condition), see);
            value(then, ty, see);
            value(otherwise, ty, see);
        }
        ExprKind::Call(path, arguments) => {
            indices(path, see);
            for argument in arguments {
                value(argument, None, see);
            }
        }
        ExprKind::Path(path) => indices(path, see),
        ExprKind::String(text) => text.parts.iter().for_each(|it| match it {
            Part::Splice(inner) => value(inner, Some(Type::Value), see),
            Part::Literal(_) | Part::Known { .. } | Part::Opaque(_) => {}
        }),
        ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Broken => {}
    }
}

fn indices<'d>(path: &'d Path, see: &mut dyn FnMut(&'d Expr, Option<Type>)) {
    for index in path.segments.iter().flat_map(|it| &it.indices) {
        match index {
            Index::At(expr) => value(expr, None, see),
            Index::All(_) => {}
        }
    }
}

/// The keys of records in an expression.
pub fn keys(expr: &Expr) -> &[Attribute] {
    match &expr.kind {
        ExprKind::Record(attributes) => attributes,
        _ => &[],
    }
}
