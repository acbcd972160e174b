//! The names of all declarations of a project, over all its files.

use super::errors;
use super::project;
use crate::base::files::FileKind;
use crate::base::span::{Link, Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::Kind;
use crate::syntax::ast;
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The compute that is always there; its place in the arena is behind the declared ones.
pub const SERVERLESS: &str = "serverless";

/// The pool that has no agents; its place is behind the declared ones too.
pub const SERVER: &str = "server";

/// A declaration of some kind: the index is that of its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ref {
    pub kind: Kind,
    pub index: usize,
}

#[derive(Debug, Default)]
pub struct Symbols<'a> {
    kinds: IndexMap<Kind, IndexMap<String, Declared<'a>>>,
    /// What some reference has named so far, by kind and index.
    used: IndexMap<Kind, Vec<AtomicBool>>,
    /// Members of `variables` that were read so far.
    members: Mutex<BTreeSet<(usize, String)>>,
    /// Files and folders of the project that were named so far.
    side_files: Mutex<BTreeSet<(String, FileKind)>>,
    /// The names that were looked up so far, with what they name.
    links: Mutex<Vec<Link>>,
    pub project: Option<&'a ast::Block>,
    /// In the order of the files.
    pub tests: Vec<&'a ast::Block>,
}

#[derive(Debug)]
pub struct Declared<'a> {
    pub block: &'a ast::Block,
    pub name: Spanned<String>,
}

impl<'a> Symbols<'a> {
    /// Declarations that have no usable name, or one that is taken, are reported and left out.
    pub fn collect(files: &'a [ast::File], findings: &mut Vec<Diagnostic>) -> Symbols<'a> {
        let mut symbols = Symbols::default();
        for kind in Kind::ALL {
            symbols.kinds.insert(kind, IndexMap::new());
        }
        for statement in files.iter().flat_map(|file| &file.statements) {
            let ast::Statement::Block(block) = statement else { continue };
            if block.quoted {
                continue;
            }
            if block.word.value == "project" {
                symbols.declare_project(block, findings);
            } else if block.word.value == "test" {
                symbols.tests.push(block);
            } else if let Some(kind) = Kind::from_word(&block.word.value).filter(|it| *it != Kind::Schedule) {
                symbols.declare(kind, block, findings);
            }
        }
        for (kind, declared) in &symbols.kinds {
            // One more for what is always there.
            symbols.used.insert(*kind, (0..=declared.len()).map(|_| AtomicBool::new(false)).collect());
        }
        symbols
    }

    fn declare_project(&mut self, block: &'a ast::Block, findings: &mut Vec<Diagnostic>) {
        match self.project {
            Some(first) => findings.push(errors::second_project(block.head, first.head)),
            None => self.project = Some(block),
        }
    }

    fn declare(&mut self, kind: Kind, block: &'a ast::Block, findings: &mut Vec<Diagnostic>) {
        let Some(name) = declared_name(block) else {
            findings.push(errors::missing_name(block, kind.word()));
            return;
        };
        if !is_identifier(&name.value) {
            findings.push(errors::not_snake_case(name));
        }
        let names = &mut self.kinds[&kind];
        match names.get(&name.value) {
            Some(first) => findings.push(errors::duplicate_name(kind.word(), name, first.name.span)),
            None => {
                names.insert(name.value.clone(), Declared { block, name: name.clone() });
                if kind == Kind::MlPipeline {
                    self.declare_schedules(name, block);
                }
            }
        }
    }

    /// They go by the ML pipeline's name and their own.
    fn declare_schedules(&mut self, pipeline: &Spanned<String>, block: &'a ast::Block) {
        for statement in block.body.iter().flat_map(|it| &it.statements) {
            let ast::Statement::Block(block) = statement else { continue };
            let Some(name) = declared_name(block).filter(|_| block.word.value == "schedule") else {
                continue;
            };
            let path = format!("{}.{}", pipeline.value, name.value);
            let declared = Declared { block, name: Spanned::new(path.clone(), name.span) };
            self.kinds[&Kind::Schedule].entry(path).or_insert(declared);
        }
    }

    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Declared<'a>> {
        self.kinds.get(&kind).into_iter().flat_map(IndexMap::values)
    }

    pub fn get(&self, kind: Kind, name: &str) -> Option<Ref> {
        let declared = self.kinds.get(&kind)?;
        let there = matches!((kind, name), (Kind::Compute, SERVERLESS) | (Kind::Pool, SERVER));
        let built_in = || there.then_some(declared.len());
        let index = declared.get_index_of(name).or_else(built_in)?;
        Some(Ref { kind, index })
    }

    /// What an environment says differently about a declaration.
    pub fn overlay(&self, environment: usize, of: Ref) -> Option<&'a ast::Block> {
        let environment = self.of(Kind::Environment).nth(environment)?.block;
        let name = &self.of(of.kind).nth(of.index)?.name.value;
        environment.body.iter().flat_map(|it| &it.statements).find_map(|it| match it {
            ast::Statement::Block(it) if it.word.value == of.kind.word() => {
                declared_name(it).is_some_and(|it| it.value == *name).then_some(it)
            }
            _ => None,
        })
    }

    /// Every declaration of that name, of any kind.
    pub fn all(&self, name: &str) -> Vec<(Ref, Span)> {
        let found = Kind::ALL.into_iter().filter_map(|kind| {
            let it = self.get(kind, name)?;
            Some((it, self.kinds[&kind].get_index(it.index)?.1.name.span))
        });
        found.collect()
    }

    /// Finds `name` or `kind.name` among the accepted kinds.
    pub fn find(&self, kinds: &[Kind], path: &ast::Path) -> Result<Ref, Diagnostic> {
        if kinds.contains(&Kind::Schedule)
            && let Some(found) = self.schedule(path)
        {
            return found;
        }
        let (kinds, name) = match path.segments.as_slice() {
            [only] if only.indices.is_empty() => (kinds.to_vec(), &only.name),
            [kind, name] if kind.indices.is_empty() && name.indices.is_empty() => {
                let said = Kind::from_word(&kind.name.value).filter(|it| kinds.contains(it));
                let said = said.ok_or_else(|| errors::not_a_reference(path.span, kinds))?;
                (vec![said], &name.name)
            }
            _ => return Err(errors::not_a_reference(path.span, kinds)),
        };
        let found: Vec<Ref> = kinds.iter().filter_map(|kind| self.get(*kind, &name.value)).collect();
        match found.as_slice() {
            [only] => {
                self.mark(*only);
                self.link_to(name, *only);
                Ok(*only)
            }
            [] => Err(self.undefined(&kinds, name)),
            [first, second, ..] => Err(errors::ambiguous_reference(name, first.kind, second.kind)),
        }
    }

    /// `ml_pipeline.schedule`
    fn schedule(&self, path: &ast::Path) -> Option<Result<Ref, Diagnostic>> {
        let [pipeline, name] = path.segments.as_slice() else { return None };
        let pipeline = self.get(Kind::MlPipeline, &pipeline.name.value).filter(|_| !path.open)?;
        let name = Spanned::new(format!("{}.{}", path.segments[0].name.value, name.name.value), path.span);
        let Some(found) = self.get(Kind::Schedule, &name.value) else {
            return Some(Err(self.undefined(&[Kind::Schedule], &name)));
        };
        self.mark(pipeline);
        self.mark(found);
        self.link_to(&path.segments[0].name, pipeline);
        self.link_to(&path.segments[1].name, found);
        Some(Ok(found))
    }

    /// Notes that something names it.
    pub fn mark(&self, found: Ref) {
        let of_kind = self.used.get(&found.kind);
        if let Some(used) = of_kind.and_then(|it| it.get(found.index)) {
            used.store(true, Ordering::Relaxed);
        }
    }

    /// Notes what a name means.
    pub fn link(&self, name: &Spanned<String>, to: Span) {
        self.links().push(Link { at: name.span, to });
    }

    /// Notes that a name means a declaration; what is always there is declared nowhere.
    pub fn link_to(&self, name: &Spanned<String>, found: Ref) {
        if let Some(declared) = self.of(found.kind).nth(found.index) {
            self.link(name, declared.name.span);
        }
    }

    /// Notes what a name means that is declared in a block: `input NAME: type`, `step NAME { … }`.
    pub fn link_inside(&self, name: &Spanned<String>, block: &ast::Block, word: &str) {
        if let Some(declared) = inside(block, word, &name.value) {
            self.link(name, declared.span);
        }
    }

    pub fn declared(&self) -> Vec<project::Declared> {
        let all = self.kinds.iter().flat_map(|(kind, names)| names.values().map(move |it| (*kind, it)));
        let all = all.map(|(kind, it)| project::Declared {
            kind,
            name: it.name.clone(),
            doc: it.block.doc.clone(),
        });
        all.collect()
    }

    /// By place, whatever order they were looked up in.
    pub fn take_links(&self) -> Vec<Link> {
        let mut links = std::mem::take(&mut *self.links());
        links.sort_by_key(|it| (it.at.file, it.at.start, it.to.file, it.to.start));
        links
    }

    fn links(&self) -> MutexGuard<'_, Vec<Link>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that something reads a member of `variables`.
    pub fn mark_member(&self, variables: usize, member: &str) {
        self.members().insert((variables, member.to_owned()));
    }

    fn members(&self) -> MutexGuard<'_, BTreeSet<(usize, String)>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn take_members(&self) -> BTreeSet<(usize, String)> {
        std::mem::take(&mut *self.members())
    }

    /// Notes that a file or folder of the project is named.
    pub fn mark_side_file(&self, path: &str, kind: FileKind) {
        self.side_files().insert((path.to_owned(), kind));
    }

    fn side_files(&self) -> MutexGuard<'_, BTreeSet<(String, FileKind)>> {
        self.side_files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn take_side_files(&self) -> BTreeSet<(String, FileKind)> {
        std::mem::take(&mut *self.side_files())
    }

    pub fn used(&self) -> BTreeSet<(Kind, usize)> {
        let all = self.used.iter().flat_map(|(kind, used)| {
            used.iter().enumerate().map(move |(index, used)| ((*kind, index), used.load(Ordering::Relaxed)))
        });
        all.filter(|it| it.1).map(|it| it.0).collect()
    }

    fn undefined(&self, kinds: &[Kind], name: &Spanned<String>) -> Diagnostic {
        let known = kinds.iter().flat_map(|kind| self.of(*kind)).map(|it| it.name.value.as_str());
        let nearest = suggest::nearest(&name.value, known);
        let elsewhere = self.all(&name.value);
        errors::undefined_reference(
            name,
            kinds,
            nearest,
            elsewhere.first().map(|(it, span)| (it.kind, *span)),
        )
    }
}

/// The identifier that follows a declaration's word.
pub fn declared_name(block: &ast::Block) -> Option<&Spanned<String>> {
    match &block.arguments.first()?.kind {
        ast::ExprKind::Path(path) => path.as_ident(),
        _ => None,
    }
}

/// The name as it is declared in the block behind the word.
pub fn inside<'b>(block: &'b ast::Block, word: &str, name: &str) -> Option<&'b Spanned<String>> {
    let names = block.body.iter().flat_map(|it| &it.statements).filter_map(|it| match it {
        ast::Statement::Block(it) if it.word.value == word => declared_name(it),
        ast::Statement::Declaration(it) if it.word.value == word => Some(&it.name.ident),
        _ => None,
    });
    names.into_iter().find(|it| it.value == name)
}

/// The title behind the name.
pub fn declared_title(block: &ast::Block) -> Option<Spanned<String>> {
    let second = block.arguments.get(1)?;
    match &second.kind {
        ast::ExprKind::String(text) => Some(Spanned::new(text.constant()?.into_owned(), second.span)),
        _ => None,
    }
}

pub fn is_identifier(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_lowercase() || it == '_')
        && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
}
