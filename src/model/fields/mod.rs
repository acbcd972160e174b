//! Decoding of a block by its row of the word table: unknown, missing, repeated and ill-typed things are reported
//! here for all blocks alike; what remains is taken out by typed getters.

mod get;
mod items;
mod read;

use crate::base::files::{FileKind, Files, normalize};
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::project::Project;
use crate::model::resolve::Resolver;
use crate::model::symbols::{Symbols, is_identifier};
use crate::schema::{self, Type};
use crate::syntax::ast;

/// What decoding of any block sees, and where it leaves its findings.
pub struct Cx<'a> {
    pub symbols: &'a Symbols<'a>,
    pub files: &'a dyn Files,
    pub findings: Vec<Diagnostic>,
    pub resolver: Resolver<'a>,
    /// What is decoded already: while pipelines are, everything but them and variables.
    pub project: Option<&'a Project>,
}

impl Cx<'_> {
    pub fn push(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// The path if it stays in the project and exists there; else it is reported.
    pub fn existing_path(
        &mut self,
        path: &Spanned<String>,
        wanted: Option<FileKind>,
    ) -> Option<Spanned<String>> {
        let Some(normal) = normalize(&path.value).filter(|_| !path.value.starts_with('/')) else {
            self.push(errors::path_leaves_project(path.span));
            return None;
        };
        let found = self.files.kind(&normal);
        if found.is_none() || wanted.is_some_and(|it| found != Some(it)) {
            let what = match wanted {
                Some(FileKind::File) => "file",
                Some(FileKind::Folder) => "folder",
                None => "file or folder",
            };
            self.push(errors::missing_file(path.span, &path.value, what));
            return None;
        }
        if let Some(kind) = found {
            self.symbols.mark_side_file(&normal, kind);
        }
        Some(Spanned::new(normal, path.span))
    }
}

/// One block, decoded.
pub struct Fields<'c, 'a> {
    pub cx: &'c mut Cx<'a>,
    pub block: &'static schema::Block,
    pub ast: &'a ast::Block,
    arguments: Vec<(&'static str, Spanned<Value>)>,
    attributes: Vec<(&'static str, Span, Option<Spanned<Value>>)>,
    children: Vec<(&'static schema::Block, &'a ast::Block)>,
    declarations: Vec<(&'static schema::Block, &'a ast::Declaration)>,
    free: Vec<(&'a ast::Attribute, Type)>,
    /// Something in it did not parse: stay silent about what it lacks.
    broken: bool,
    /// Its head lacks something: what the body should hold is not known.
    beheaded: bool,
}

/// Blocks that their owner decodes, by word: steps in a job or stage.
pub type Foreign = fn(&str) -> bool;

impl<'c, 'a> Fields<'c, 'a> {
    pub fn new(cx: &'c mut Cx<'a>, block: &'static schema::Block, ast: &'a ast::Block) -> Fields<'c, 'a> {
        Fields::with_foreign(cx, block, ast, |_| false)
    }

    /// `foreign` blocks are accepted and left to the caller.
    pub fn with_foreign(
        cx: &'c mut Cx<'a>,
        block: &'static schema::Block,
        ast: &'a ast::Block,
        foreign: Foreign,
    ) -> Fields<'c, 'a> {
        let mut fields = Fields::empty(cx, variant(block, ast), ast);
        fields.read_head();
        fields.read_body(ast.body.as_ref(), foreign);
        fields.check_required(ast.head);
        fields
    }

    /// A block whose first argument says which row it has: `trigger push { … }` that of `push`.
    pub fn event(cx: &'c mut Cx<'a>, block: &'static schema::Block, ast: &'a ast::Block) -> Fields<'c, 'a> {
        let mut fields = Fields::empty(cx, block, ast);
        fields.read_event();
        fields.read_body(ast.body.as_ref(), |_| false);
        fields.check_required(ast.head);
        fields
    }

    /// The body of `param x: string = … { … }`.
    pub fn of_declaration(
        cx: &'c mut Cx<'a>,
        block: &'static schema::Block,
        declaration: &'a ast::Declaration,
        parent: &'a ast::Block,
    ) -> Fields<'c, 'a> {
        let mut fields = Fields::empty(cx, block, parent);
        fields.read_body(declaration.body.as_ref(), |_| false);
        fields.check_required(declaration.name.span);
        fields
    }

    fn empty(cx: &'c mut Cx<'a>, block: &'static schema::Block, ast: &'a ast::Block) -> Fields<'c, 'a> {
        Fields {
            cx,
            block,
            ast,
            arguments: Vec::new(),
            attributes: Vec::new(),
            children: Vec::new(),
            declarations: Vec::new(),
            free: Vec::new(),
            broken: false,
            beheaded: false,
        }
    }
}

/// The row for this block: some words mean more than one thing, by what follows them.
fn variant(block: &'static schema::Block, ast: &ast::Block) -> &'static schema::Block {
    match ast.arguments.first().map(|it| &it.kind) {
        Some(ast::ExprKind::Path(path)) => path.as_ident().map_or(block, |it| block.variant(&it.value)),
        _ => block,
    }
}

/// Reports an identifier that is not `snake_case` where no symbol table did.
pub fn check_identifier(cx: &mut Cx<'_>, name: &Spanned<String>) {
    if !is_identifier(&name.value) {
        cx.push(errors::not_snake_case(name));
    }
}
