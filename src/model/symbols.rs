//! The names of all declarations of a project, over all its files.

use super::errors;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::Kind;
use crate::syntax::ast;
use indexmap::IndexMap;
use std::cell::RefCell;
use std::collections::BTreeSet;

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
    /// What some reference has named so far.
    used: RefCell<BTreeSet<(Kind, usize)>>,
    /// Members of `variables` that were read so far.
    members: RefCell<BTreeSet<(usize, String)>>,
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
        Some(Ok(found))
    }

    /// Notes that something names it.
    pub fn mark(&self, found: Ref) {
        self.used.borrow_mut().insert((found.kind, found.index));
    }

    /// Notes that something reads a member of `variables`.
    pub fn mark_member(&self, variables: usize, member: &str) {
        self.members.borrow_mut().insert((variables, member.to_owned()));
    }

    pub fn take_members(&self) -> BTreeSet<(usize, String)> {
        self.members.take()
    }

    pub fn take_used(&self) -> BTreeSet<(Kind, usize)> {
        self.used.take()
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
