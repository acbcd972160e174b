//! The statements around a place of the sources.

use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};
use crate::syntax::{self, ast};
use ast::{Expr, ExprKind, Statement};
use std::collections::BTreeMap;

/// The trees of the project's files.
pub struct Trees(BTreeMap<FileId, ast::File>);

impl Trees {
    pub fn of(sources: &Sources) -> Trees {
        Trees(sources.iter().map(|(id, it)| (id, syntax::parse(id, &it.text).0)).collect())
    }

    /// The statements that hold the place, from the outermost. `file`: no copy.
    pub fn around(&self, file: FileId, offset: u32) -> Vec<&Statement> {
        let mut found = Vec::new();
        let mut inside = self.0.get(&file).map_or(&[][..], |it| &it.statements);
        while let Some(statement) = inside.iter().find(|it| holds(it.span(), offset)) {
            found.push(statement);
            let body = statement.bodies().find(|it| holds(it.span, offset));
            inside = body.map_or(&[], |it| &it.statements);
        }
        found
    }
}

fn holds(span: Span, offset: u32) -> bool {
    span.start <= offset && offset < span.end.max(span.start + 1)
}

/// The statement inside that begins with this word, or is an attribute of this name.
pub fn with_word<'t>(statement: &'t Statement, word: &str) -> Option<&'t Statement> {
    let inside = statement.bodies().flat_map(|it| &it.statements);
    inside.into_iter().find(|it| match it {
        Statement::Attribute(it) => it.key.value == word,
        Statement::Declaration(it) => it.word.value == word,
        Statement::Block(it) => it.word.value == word,
        _ => false,
    })
}

/// The statement inside that declares or sets this name: `input NAME: type`, `mount NAME { … }`, `NAME = value`.
pub fn with_name<'t>(statement: &'t Statement, name: &str) -> Option<&'t Statement> {
    let inside = statement.bodies().flat_map(|it| &it.statements);
    inside.into_iter().find(|it| match it {
        Statement::Attribute(it) => it.key.value == name,
        Statement::Declaration(it) => it.name.ident.value == name,
        Statement::Block(it) => {
            it.word.value == name || it.arguments.first().is_some_and(|it| says(it, name))
        }
        _ => false,
    })
}

fn says(expr: &Expr, name: &str) -> bool {
    match &expr.kind {
        ExprKind::String(text) => text.constant().is_some_and(|it| it == name),
        ExprKind::Path(path) => path.as_ident().is_some_and(|it| it.value == name),
        _ => false,
    }
}
