//! Names with an index, and names that templates declare.

use super::Expand;
use super::errors;
use super::fold::{Effort, scalar_text};
use super::globals::roots;
use super::lost::Lost;
use super::rows::Row;
use crate::base::span::{Link, Span, Spanned};
use crate::schema::Kind;
use crate::syntax::ast::{Block, Body, Expr, ExprKind, Index, Name, Path, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Names that are written otherwise than they are emitted.
#[derive(Debug, Default)]
pub struct Names {
    /// Declared with an index, by the name before the bracket.
    pub families: BTreeMap<String, Vec<Member>>,
    /// What uses of templates are called.
    pub aliases: BTreeMap<String, Vec<Alias>>,
    emitted: BTreeSet<String>,
    /// Uses that are reported: what they declare is not known.
    pub broken: BTreeSet<String>,
    /// What they and loops that are reported would have declared.
    pub lost: Lost,
    /// What has a value somewhere.
    pub values: BTreeSet<String>,
    /// Names with a value and templates where they are used, and where they are declared.
    pub links: Vec<Link>,
    /// What is known everywhere, by where it is declared, with its value in short.
    pub known: Vec<(Span, String)>,
    /// Some path holds `[*]`.
    pub has_all: bool,
}

/// `release["qa"]`
#[derive(Debug)]
pub struct Member {
    /// `["qa"]`
    pub shown: String,
    pub emitted: String,
    pub around: Around,
}

/// `use notify as x`
#[derive(Debug)]
pub struct Alias {
    pub template: String,
    /// What it declares, as it is written in the template.
    pub names: Rc<BTreeSet<String>>,
    pub around: Around,
    pub place: Span,
}

/// The block around a declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Around {
    /// Where its body stands; the top of files is one place.
    pub body: Option<Span>,
    /// The names of the blocks around, outermost first.
    pub names: Rc<[String]>,
}

impl Names {
    pub fn is_emitted(&self, name: &str) -> bool {
        self.emitted.contains(name)
    }
}

impl Expand<'_> {
    /// The block at hand; none at the top of files.
    pub fn here(&self) -> Around {
        self.around.last().cloned().unwrap_or_else(|| Around { body: None, names: Rc::new([]) })
    }

    pub fn enter_block(&mut self, word: &Spanned<String>, arguments: &[Expr], body: Span) {
        let name = block_name(word, arguments);
        let names = self.here().names.iter().cloned().chain([name]).collect();
        self.around.push(Around { body: Some(body), names });
    }

    /// Word, arguments and alias of a block.
    pub fn head(&mut self, block: &mut Block, row: Row, inner: Row) {
        let mut arguments = block.arguments.iter_mut();
        if inner.declares()
            && let Some(Expr { kind: ExprKind::Path(path), .. }) = arguments.next()
        {
            self.declared_path(path);
        }
        for argument in arguments {
            self.fold(argument, Effort::Names);
        }
        if let Some(alias) = &mut block.alias {
            self.index_name(alias);
            self.declared_ident(&mut alias.ident);
        } else if self.is_step(row, block) {
            self.name_step(block);
        }
    }

    /// The path that declares a name.
    fn declared_path(&mut self, path: &mut Path) {
        let [only] = path.segments.as_mut_slice() else { return };
        self.declared_ident(&mut only.name);
        let indices: Option<Vec<Expr>> = std::mem::take(&mut only.indices)
            .into_iter()
            .map(|it| match it {
                Index::At(expr) => Some(expr),
                Index::All(_) => None,
            })
            .collect();
        let Some(indices) = indices else {
            self.push(errors::star_in_name(path.span));
            return;
        };
        if !indices.is_empty() {
            self.indexed(&mut only.name, indices, path.span);
        }
    }

    /// A name that is declared: what has a value at compile time is not declared again, and what a template declares has
    /// the name of its use before it.
    fn declared_ident(&mut self, name: &mut Spanned<String>) {
        if let Some(first) = self.scopes.value(&name.value) {
            self.push(errors::taken(name, first.what.describe(), first.defined));
        } else if let Some(renamed) = self.own_name(&name.value) {
            name.value = renamed;
            name.span.file = self.replaced(name.span.file);
        }
    }

    pub fn index_name(&mut self, name: &mut Name) {
        let indices = std::mem::take(&mut name.indices);
        if !indices.is_empty() {
            self.indexed(&mut name.ident, indices, name.span);
        }
    }

    /// `release[e]` becomes `release_qa`.
    fn indexed(&mut self, name: &mut Spanned<String>, indices: Vec<Expr>, place: Span) {
        let mut emitted = name.value.clone();
        let mut shown = Vec::new();
        for mut index in indices {
            self.fold(&mut index, Effort::All);
            let Some(text) = self.index_text(&index) else { return };
            emitted = format!("{emitted}_{text}");
            shown.push(errors::short(&index));
        }
        let around = self.here();
        self.names.emitted.insert(emitted.clone());
        let member = Member { shown: format!("[{}]", shown.join(", ")), emitted: emitted.clone(), around };
        self.names.families.entry(std::mem::take(&mut name.value)).or_default().push(member);
        *name = Spanned::new(emitted, Span { file: self.replaced(place.file), ..place });
    }

    /// Indices in a reference: `release["qa"].url` is `release_qa.url`. `[*]` waits until all names are known.
    pub fn join_indices(&mut self, path: &mut Path) {
        for segment in &mut path.segments {
            if segment.indices.iter().any(|it| matches!(it, Index::All(_))) {
                self.names.has_all = true;
                continue;
            }
            let Some(Index::At(last)) = segment.indices.last() else { continue };
            let end = last.span.end + 1;
            let mut emitted = segment.name.value.clone();
            for index in std::mem::take(&mut segment.indices) {
                let Index::At(expr) = index else { continue };
                match self.index_text(&expr) {
                    Some(text) => emitted = format!("{emitted}_{text}"),
                    None => return,
                }
            }
            segment.name.value = emitted;
            segment.name.span.file = self.replaced(segment.name.span.file);
            segment.name.span.end = end.max(segment.name.span.end);
        }
    }

    /// The value as a part of a name; what cannot be one is reported.
    fn index_text(&mut self, index: &Expr) -> Option<String> {
        let is_known = match &index.kind {
            ExprKind::String(_) | ExprKind::Number(_) => true,
            ExprKind::Path(path) => path.as_ident().is_some_and(|it| self.is_declared(&it.value)),
            _ => false,
        };
        let Some(text) = scalar_text(index).filter(|_| is_known) else {
            let finding = self.not_known(index, "an index");
            self.findings.extend(finding);
            // What is only not declared names its copy all the same.
            let ExprKind::Path(path) = &index.kind else { return None };
            return path.as_ident().map(|it| it.value.clone()).filter(|it| fits(it));
        };
        if !fits(&text) {
            self.push(errors::not_in_name(index.span, &text));
            return None;
        }
        Some(text)
    }
}

/// Whether the text can be a part of a name.
fn fits(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    !text.is_empty() && text.chars().all(is_part)
}

/// Where in a path the name stands: behind `runs`, `vars` and a kind's word, if it goes on behind them.
pub fn name_at(path: &Path) -> usize {
    let [first, _, ..] = path.segments.as_slice() else { return 0 };
    let word = first.name.value.as_str();
    let says_the_sort = match word {
        "runs" => true,
        "vars" => path.segments.len() > 2,
        _ => Kind::from_word(word).is_some(),
    };
    usize::from(says_the_sort && first.indices.is_empty())
}

/// What a block is called: its name, else its word.
pub fn block_name(word: &Spanned<String>, arguments: &[Expr]) -> String {
    match arguments.first().map(|it| &it.kind) {
        Some(ExprKind::Path(path)) => path.segments.first().map_or(&word.value, |it| &it.name.value).clone(),
        _ => word.value.clone(),
    }
}

/// The identifier behind a block's word, with or without an index.
pub fn first_name(block: &Block) -> Option<&Spanned<String>> {
    match &block.arguments.first()?.kind {
        ExprKind::Path(path) => match path.segments.as_slice() {
            [only] => Some(&only.name),
            _ => None,
        },
        _ => None,
    }
}

/// Names that these statements may declare, seen from within their body: first names, aliases, kinds of steps.
pub fn declared_in(statements: &[Statement]) -> impl Iterator<Item = &str> {
    let mut found = Vec::new();
    let mut open: Vec<&[Statement]> = vec![statements];
    while let Some(statements) = open.pop() {
        for statement in statements {
            match statement {
                Statement::Block(it) => {
                    match &it.alias {
                        Some(alias) => found.push(alias.ident.value.as_str()),
                        None => found.push(it.word.value.as_str()),
                    }
                    let is_named = matches!(it.word.value.as_str(), "stage" | "job" | "step");
                    found.extend(first_name(it).filter(|_| is_named).map(|it| it.value.as_str()));
                }
                Statement::For(it) => open.push(&it.body.statements),
                Statement::If(it) => {
                    open.push(&it.then.statements);
                    open.extend(it.otherwise.iter().map(|it| it.statements.as_slice()));
                }
                Statement::Use(it) => found.extend(it.alias.iter().map(|it| it.ident.value.as_str())),
                Statement::Attribute(_)
                | Statement::Declaration(_)
                | Statement::Let(_)
                | Statement::Template(_)
                | Statement::Broken(_) => {}
            }
        }
    }
    found.into_iter()
}

/// Adds the first names of all paths, and `use NAME` for each template used.
pub fn uses(statements: &[Statement], seen: &mut BTreeSet<String>) {
    let mut exprs: Vec<&Expr> = Vec::new();
    for statement in statements {
        let bodies: [Option<&Body>; 2] = match statement {
            Statement::Attribute(it) => {
                exprs.push(&it.value);
                [None, None]
            }
            Statement::Declaration(it) => {
                exprs.extend(&it.default);
                exprs.extend(&it.name.indices);
                [it.body.as_ref(), None]
            }
            Statement::Block(it) => {
                exprs.extend(&it.arguments);
                exprs.extend(it.alias.iter().flat_map(|it| &it.indices));
                [it.body.as_ref(), None]
            }
            Statement::For(it) => {
                exprs.push(&it.list);
                [Some(&it.body), None]
            }
            Statement::If(it) => {
                exprs.push(&it.condition);
                [Some(&it.then), it.otherwise.as_ref()]
            }
            Statement::Let(it) => {
                exprs.push(&it.value);
                [None, None]
            }
            Statement::Template(it) => {
                exprs.extend(it.parameters.iter().filter_map(|it| it.default.as_ref()));
                [Some(&it.body), None]
            }
            Statement::Use(it) => {
                seen.insert(format!("use {}", it.template.value));
                exprs.extend(it.alias.iter().flat_map(|it| &it.indices));
                [it.body.as_ref(), None]
            }
            Statement::Broken(_) => [None, None],
        };
        for body in bodies.into_iter().flatten() {
            uses(&body.statements, seen);
        }
    }
    for expr in exprs {
        roots(expr, &mut |name| {
            seen.insert(name.to_owned());
        });
    }
}
