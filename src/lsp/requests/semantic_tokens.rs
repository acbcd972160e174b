//! What words are, as far as the table of words and the text itself say so: colours that a grammar of patterns cannot give.

use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{
    Range, SemanticToken, SemanticTokens, SemanticTokensLegend, SemanticTokensOptions, SemanticTokensParams,
    SemanticTokensRangeParams,
};
use crate::lsp::rows::Row;
use crate::lsp::tree::Piece;
use crate::lsp::walk;
use crate::schema::{Head, Type};
use crate::syntax::ast::{Block, Expr, ExprKind, Ident, Name, Path, Statement};

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| {
        let options = SemanticTokensOptions {
            legend: SemanticTokensLegend {
                token_types: TYPES.iter().map(|it| (*it).to_owned()).collect(),
                token_modifiers: vec!["declaration".to_owned()],
            },
            range: Some(true.into()),
            full: Some(true.into()),
            ..SemanticTokensOptions::default()
        };
        capabilities.semantic_tokens_provider = Some(options.into());
    },
    methods: &[
        Method {
            name: "textDocument/semanticTokens/full",
            needs: Needs::Tree,
            run: |cx, params| answer(cx, params, full),
        },
        Method {
            name: "textDocument/semanticTokens/range",
            needs: Needs::Tree,
            run: |cx, params| answer(cx, params, range),
        },
    ],
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Keyword,
    Property,
    Class,
    EnumMember,
    Function,
    Parameter,
    Type,
    Variable,
}

/// In the order of [`Kind`].
const TYPES: &[&str] =
    &["keyword", "property", "class", "enumMember", "function", "parameter", "type", "variable"];

/// The bit of `declaration`.
const DECLARATION: u32 = 1;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Token {
    start: usize,
    end: usize,
    kind: Kind,
    modifiers: u32,
}

fn full(cx: &Cx<'_>, params: &SemanticTokensParams) -> Result<SemanticTokens, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    Ok(written(cx, document, &tokens(document)))
}

fn range(cx: &Cx<'_>, params: &SemanticTokensRangeParams) -> Result<SemanticTokens, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let Range { start, end } = params.range;
    let text = document.text(cx.encoding());
    let (start, end) = (text.clamped(start), text.clamped(end));
    let mut tokens = tokens(document);
    tokens.retain(|it| it.start < end && start < it.end);
    Ok(written(cx, document, &tokens))
}

/// Each told from the one before it.
fn written(cx: &Cx<'_>, document: &Document, tokens: &[Token]) -> SemanticTokens {
    let (mut line, mut character) = (0, 0);
    let data = tokens.iter().map(|it| {
        let range = cx.range(document, it.start..it.end);
        let same_line = range.start.line == line;
        let token = SemanticToken {
            delta_line: range.start.line - line,
            delta_start: range.start.character - if same_line { character } else { 0 },
            length: range.end.character - range.start.character,
            token_type: it.kind as u32,
            token_modifiers_bitset: it.modifiers,
        };
        (line, character) = (range.start.line, range.start.character);
        token
    });
    SemanticTokens { result_id: None, data: data.collect() }
}

/// Sorted; none touches another.
fn tokens(document: &Document) -> Vec<Token> {
    let mut found = Vec::new();
    for piece in document.tree.pieces() {
        let mut cx = Colours { piece, parameters: Vec::new(), found: &mut found };
        cx.body(&piece.parsed.file.statements, Row::Top);
    }
    found.retain(|it| it.start < it.end && !document.text[it.start..it.end].contains('\n'));
    found.sort_unstable();
    let mut end = 0;
    found.retain(|it| {
        let is_free = it.start >= end;
        end = if is_free { it.end } else { end };
        is_free
    });
    found
}

struct Colours<'c> {
    piece: &'c Piece,
    /// Of the template around.
    parameters: Vec<&'c str>,
    found: &'c mut Vec<Token>,
}

impl<'c> Colours<'c> {
    fn body(&mut self, statements: &'c [Statement], row: Row) {
        for statement in statements {
            self.head(statement, row);
            walk::values(statement, row, &mut |value, ty| self.value(value, ty));
            let outer = self.parameters.len();
            if let Statement::Template(it) = statement {
                self.parameters.extend(it.parameters.iter().map(|it| it.name.value.as_str()));
            }
            statement.bodies().for_each(|it| self.body(&it.statements, row.inner(statement)));
            self.parameters.truncate(outer);
        }
    }

    fn head(&mut self, statement: &'c Statement, row: Row) {
        match statement {
            Statement::Attribute(it) if it.quoted => {}
            Statement::Attribute(it) => self.push(&it.key, Kind::Property, 0),
            Statement::Block(it) => self.block(it, row),
            Statement::Declaration(it) => {
                self.push(&it.word, Kind::Keyword, 0);
                self.push(&it.name.ident, Kind::Variable, DECLARATION);
                self.push(&it.ty.name, Kind::Type, 0);
            }
            Statement::Let(it) => self.push(&it.name, Kind::Variable, DECLARATION),
            Statement::For(it) => {
                self.push(&it.item, Kind::Variable, DECLARATION);
                it.index.iter().for_each(|it| self.push(it, Kind::Variable, DECLARATION));
            }
            Statement::Template(it) => {
                self.push(&it.name, Kind::Function, DECLARATION);
                for parameter in &it.parameters {
                    self.push(&parameter.name, Kind::Parameter, DECLARATION);
                    self.push(&parameter.ty.name, Kind::Type, 0);
                }
            }
            Statement::Use(it) => {
                self.push(&it.template, Kind::Function, 0);
                it.alias.iter().for_each(|it| self.alias(it));
            }
            Statement::If(_) | Statement::Broken(_) => {}
        }
    }

    fn block(&mut self, block: &'c Block, row: Row) {
        if block.quoted {
            return;
        }
        let known = row.of_block(block);
        // A word that nobody knows is no word of the language: in a record of free keys it is a key.
        self.push(&block.word, if known.is_some() { Kind::Keyword } else { Kind::Property }, 0);
        if let (Some(Head::Name), Some(first)) = (known.map(|it| it.head), block.arguments.first())
            && let ExprKind::Path(path) = &first.kind
        {
            path.segments.first().iter().for_each(|it| self.push(&it.name, Kind::Class, DECLARATION));
        }
        block.alias.iter().for_each(|it| self.alias(it));
    }

    fn alias(&mut self, name: &Name) {
        self.push(&name.ident, Kind::Class, DECLARATION);
    }

    fn value(&mut self, value: &Expr, ty: Option<Type>) {
        walk::keys(value).iter().filter(|it| !it.quoted).for_each(|it| self.push(&it.key, Kind::Property, 0));
        match &value.kind {
            ExprKind::Path(path) => self.path(path, ty),
            ExprKind::Call(path, _) => {
                path.segments.iter().for_each(|it| self.push(&it.name, Kind::Function, 0));
            }
            _ => {}
        }
    }

    fn path(&mut self, path: &Path, ty: Option<Type>) {
        let Some((first, members)) = path.segments.split_first() else { return };
        let is_parameter = self.parameters.contains(&first.name.value.as_str());
        let kind = match ty {
            _ if is_parameter => Kind::Parameter,
            Some(Type::Word(_)) => Kind::EnumMember,
            Some(Type::Ref(_)) => Kind::Class,
            _ => Kind::Variable,
        };
        self.push(&first.name, kind, 0);
        for member in members {
            self.push(&member.name, Kind::Property, 0);
        }
    }

    fn push(&mut self, ident: &Ident, kind: Kind, modifiers: u32) {
        let bytes = self.piece.bytes(ident.span);
        self.found.push(Token { start: bytes.start, end: bytes.end, kind, modifiers });
    }
}
