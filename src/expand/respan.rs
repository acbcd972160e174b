//! Places in copied trees.

use crate::base::span::{FileId, Span};
use crate::syntax::ast::{
    Attribute, Body, Expr, ExprKind, Ident, Index, Name, Parameter, Part, Path, Statement, Type,
};

/// Where the nodes of a tree are moved to.
#[derive(Clone, Copy)]
pub enum Move {
    /// The same place of a copy of their file.
    To(FileId),
    /// All to one place.
    Onto(Span),
}

impl Move {
    pub fn statements(self, statements: &mut [Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn span(self, span: &mut Span) {
        match self {
            Move::To(file) => span.file = file,
            Move::Onto(place) => *span = place,
        }
    }

    fn ident(self, ident: &mut Ident) {
        self.span(&mut ident.span);
    }

    fn statement(self, statement: &mut Statement) {
        match statement {
            Statement::Attribute(it) => self.attribute(it),
            Statement::Declaration(it) => {
                self.span(&mut it.span);
                self.ident(&mut it.word);
                self.name(&mut it.name);
                self.ty(&mut it.ty);
                it.default.iter_mut().for_each(|it| self.expr(it));
                it.body.iter_mut().for_each(|it| self.body(it));
            }
            Statement::Block(it) => {
                self.span(&mut it.span);
                self.span(&mut it.head);
                self.ident(&mut it.word);
                self.exprs(&mut it.arguments);
                it.alias.iter_mut().for_each(|it| self.name(it));
                it.body.iter_mut().for_each(|it| self.body(it));
            }
            Statement::For(it) => {
                self.span(&mut it.span);
                self.ident(&mut it.item);
                it.index.iter_mut().for_each(|it| self.ident(it));
                self.expr(&mut it.list);
                self.body(&mut it.body);
            }
            Statement::If(it) => {
                self.span(&mut it.span);
                self.expr(&mut it.condition);
                self.body(&mut it.then);
                it.otherwise.iter_mut().for_each(|it| self.body(it));
            }
            Statement::Let(it) => {
                self.span(&mut it.span);
                self.ident(&mut it.name);
                self.expr(&mut it.value);
            }
            Statement::Template(it) => {
                self.span(&mut it.span);
                self.ident(&mut it.name);
                it.parameters.iter_mut().for_each(|it| self.parameter(it));
                self.body(&mut it.body);
            }
            Statement::Use(it) => {
                self.span(&mut it.span);
                self.ident(&mut it.template);
                it.alias.iter_mut().for_each(|it| self.name(it));
                it.body.iter_mut().for_each(|it| self.body(it));
            }
            Statement::Broken(span) => self.span(span),
        }
    }

    fn parameter(self, parameter: &mut Parameter) {
        self.ident(&mut parameter.name);
        self.ty(&mut parameter.ty);
        parameter.default.iter_mut().for_each(|it| self.expr(it));
    }

    fn body(self, body: &mut Body) {
        self.span(&mut body.span);
        self.statements(&mut body.statements);
    }

    fn name(self, name: &mut Name) {
        self.ident(&mut name.ident);
        self.span(&mut name.span);
        self.exprs(&mut name.indices);
    }

    fn ty(self, ty: &mut Type) {
        self.ident(&mut ty.name);
        self.span(&mut ty.span);
    }

    fn attribute(self, attribute: &mut Attribute) {
        self.span(&mut attribute.span);
        self.ident(&mut attribute.key);
        self.expr(&mut attribute.value);
    }

    fn exprs(self, exprs: &mut [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    pub fn expr(self, expr: &mut Expr) {
        self.span(&mut expr.span);
        match &mut expr.kind {
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Broken => {}
            ExprKind::String(text) => {
                self.span(&mut text.raw);
                for part in &mut text.parts {
                    match part {
                        Part::Literal(_) => {}
                        Part::Known { written, .. } | Part::Opaque(written) => self.ident(written),
                        Part::Splice(inner) => self.expr(inner),
                    }
                }
            }
            ExprKind::Path(path) => self.path(path),
            ExprKind::Call(name, arguments) => {
                self.path(name);
                self.exprs(arguments);
            }
            ExprKind::List(items) => self.exprs(items),
            ExprKind::Record(attributes) => attributes.iter_mut().for_each(|it| self.attribute(it)),
            ExprKind::Not(inner) => self.expr(inner),
            ExprKind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::If(condition, then, otherwise) => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
        }
    }

    fn path(self, path: &mut Path) {
        self.span(&mut path.span);
        for segment in &mut path.segments {
            self.ident(&mut segment.name);
            for index in &mut segment.indices {
                match index {
                    Index::All(span) => self.span(span),
                    Index::At(expr) => self.expr(expr),
                }
            }
        }
    }
}
