//! What stands at a place of a text: the statements around it, what their bodies take, and the part of the innermost one.

use super::document::Document;
use super::rows::{self, Row};
use super::tree::Piece;
use crate::base::span::Span;
use crate::schema::{self, Type};
use crate::syntax::ast::{Attribute, Block, Expr, ExprKind, Ident, Index, Part, Path, Statement};
use std::ops::Range;

pub struct Place<'d> {
    pub piece: &'d Piece,
    /// Relative to the piece.
    pub offset: u32,
    /// The statements around, outermost first, each with the row of the body that it stands in.
    pub around: Vec<(&'d Statement, Row)>,
    /// The row of the body that holds the place, if no statement of it does.
    pub row: Row,
    pub spot: Spot<'d>,
}

/// The part of the innermost statement that holds a place.
#[derive(Clone, Copy, Debug)]
pub enum Spot<'d> {
    /// No statement.
    Blank,
    /// The word that begins a block or declaration, with its row.
    Word(&'d Ident, Option<&'static schema::Block>),
    /// A key before `=`.
    Key(&'d Attribute, Option<&'static schema::Attribute>),
    /// A name that is declared here: behind the word, behind `as`, in `let`, `for`, `param`.
    Name(&'d Ident),
    /// In an expression: the innermost one, and what is awaited, if that is known.
    Value(&'d Expr, Option<Type>),
    /// The name of the template that is used.
    Template,
    /// The type of a declaration.
    Type,
    /// Somewhere in the statement, in nothing of the above.
    Statement,
}

impl<'d> Place<'d> {
    /// None in a text without any byte.
    pub fn at(document: &'d Document, offset: usize) -> Option<Place<'d>> {
        let piece = document.tree.piece_at(offset)?;
        let local = super::convert::narrow(offset.checked_sub(piece.range.start)?);
        let mut place = Place { piece, offset: local, around: Vec::new(), row: Row::Top, spot: Spot::Blank };
        place.descend(&piece.parsed.file.statements);
        Some(place)
    }

    fn descend(&mut self, statements: &'d [Statement]) {
        let behind = statements.partition_point(|it| it.span().start <= self.offset);
        let Some(statement) = statements[..behind].last().filter(|it| self.touches(it.span())) else {
            return;
        };
        self.around.push((statement, self.row));
        let inside = |span: Span| span.start < self.offset && self.offset < span.end.max(span.start + 1);
        if let Some(body) =
            statement.bodies().find(|it| inside(it.span) || (it.broken && self.touches(it.span)))
        {
            self.row = self.row.inner(statement);
            return self.descend(&body.statements);
        }
        self.spot = self.spot(statement);
    }

    fn touches(&self, span: Span) -> bool {
        span.start <= self.offset && self.offset <= span.end
    }

    fn spot(&self, statement: &'d Statement) -> Spot<'d> {
        let found = match statement {
            Statement::Attribute(it) => Some(self.in_attribute(it)),
            Statement::Block(it) => self.in_block(it),
            Statement::Declaration(it) => {
                let word = self.on(&it.word).map(|word| Spot::Word(word, self.row.child(&word.value)));
                let name = || self.on(&it.name.ident).map(Spot::Name);
                let ty = || self.on(&it.ty.name).map(|_| Spot::Type);
                word.or_else(name).or_else(ty).or_else(|| self.value(it.default.as_ref()?, Some(Type::Value)))
            }
            Statement::Let(it) => self.on(&it.name).map(Spot::Name).or_else(|| self.value(&it.value, None)),
            Statement::For(it) => {
                let index = || it.index.as_ref().and_then(|it| self.on(it)).map(Spot::Name);
                self.on(&it.item).map(Spot::Name).or_else(index).or_else(|| self.value(&it.list, None))
            }
            Statement::If(it) => self.value(&it.condition, Some(Type::Condition)),
            Statement::Template(it) => self.on(&it.name).map(Spot::Name).or_else(|| {
                let names = it.parameters.iter().find_map(|it| self.on(&it.name)).map(Spot::Name);
                let types = || it.parameters.iter().find_map(|it| self.on(&it.ty.name)).map(|_| Spot::Type);
                names.or_else(types)
            }),
            Statement::Use(it) => {
                let alias = || it.alias.as_ref().and_then(|it| self.on(&it.ident)).map(Spot::Name);
                self.on(&it.template).map(|_| Spot::Template).or_else(alias)
            }
            Statement::Broken(_) => None,
        };
        found.unwrap_or(Spot::Statement)
    }

    fn in_attribute(&self, it: &'d Attribute) -> Spot<'d> {
        if self.touches(it.key.span) {
            return Spot::Key(it, self.row.attribute(&it.key.value));
        }
        let ty = self.row.type_of(&it.key.value).map(rows::item);
        self.value(&it.value, ty).unwrap_or(Spot::Value(&it.value, ty))
    }

    fn in_block(&self, it: &'d Block) -> Option<Spot<'d>> {
        let row = self.row.of_block(it);
        if let Some(word) = self.on(&it.word) {
            return Some(Spot::Word(word, row));
        }
        if let Some(alias) = it.alias.as_ref().and_then(|it| self.on(&it.ident)) {
            return Some(Spot::Name(alias));
        }
        let at = it.arguments.iter().position(|it| self.touches(it.span))?;
        let argument = &it.arguments[at];
        let declares = at == 0 && row.is_some_and(|it| it.head == schema::Head::Name);
        match &argument.kind {
            ExprKind::Path(path) if declares => path.segments.first().map(|it| Spot::Name(&it.name)),
            _ => self.value(argument, row.and_then(|it| rows::argument(it, at)).map(rows::item)),
        }
    }

    fn on(&self, ident: &'d Ident) -> Option<&'d Ident> {
        self.touches(ident.span).then_some(ident)
    }

    /// The innermost expression that holds the place.
    fn value(&self, expr: &'d Expr, ty: Option<Type>) -> Option<Spot<'d>> {
        if !self.touches(expr.span) {
            return None;
        }
        let inner = match &expr.kind {
            ExprKind::List(items) => items.iter().find_map(|it| self.value(it, ty)),
            ExprKind::Record(attributes) => attributes.iter().find_map(|it| self.value(&it.value, None)),
            ExprKind::Not(inner) => self.value(inner, Some(Type::Condition)),
            ExprKind::Binary(_, left, right) => {
                self.value(left, Some(Type::Value)).or_else(|| self.value(right, Some(Type::Value)))
            }
            ExprKind::If(condition, then, otherwise) => self
                .value(condition, Some(Type::Condition))
                .or_else(|| self.value(then, ty))
                .or_else(|| self.value(otherwise, ty)),
            ExprKind::Call(_, arguments) => arguments.iter().find_map(|it| self.value(it, None)),
            ExprKind::Path(path) => self.in_indices(path),
            ExprKind::String(text) => text.parts.iter().find_map(|it| match it {
                Part::Splice(inner) => self.value(inner, Some(Type::Value)),
                Part::Literal(_) | Part::Known { .. } | Part::Opaque(_) => None,
            }),
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Broken => None,
        };
        Some(inner.unwrap_or(Spot::Value(expr, ty)))
    }

    fn in_indices(&self, path: &'d Path) -> Option<Spot<'d>> {
        path.segments.iter().flat_map(|it| &it.indices).find_map(|it| match it {
            Index::At(expr) => self.value(expr, None),
            Index::All(_) => None,
        })
    }

    /// The bytes of the document behind a span of the tree.
    pub fn bytes(&self, span: Span) -> Range<usize> {
        self.piece.bytes(span)
    }
}
