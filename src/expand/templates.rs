//! Uses of templates. What a template declares at its top belongs to the use: `use notify as x` turns its `a` into
//! `x_a`, which is `a` inside and `x.a` outside.

use super::Expand;
use super::errors::{self, origin};
use super::limits::MAX_TEMPLATES;
use super::names::{Alias, first_name};
use super::respan::Move;
use super::rows::Row;
use super::scope::{Scope, by_name};
use crate::base::span::{Link, Span, Spanned};
use crate::base::suggest;
use crate::syntax::ast::{Block, Name, Statement, Use};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// A use of a template that is being worked out.
#[derive(Debug)]
pub struct Frame {
    template: String,
    /// How many blocks stand around the use.
    depth: usize,
    renames: Rc<HashMap<String, String>>,
    /// Steps that get a name because they are the only one of their kind.
    kinds: BTreeSet<String>,
}

/// What a template declares at its top.
#[derive(Debug, Default)]
struct Own {
    names: BTreeSet<String>,
    /// How many steps without a name there are of each kind.
    kinds: BTreeMap<String, usize>,
}

impl Expand<'_> {
    pub fn instantiate(&mut self, it: Use, row: Row, out: &mut Vec<Statement>) {
        let Use { template: name, mut alias, body, .. } = it;
        let head = alias.as_ref().map_or(name.span, |it| name.span.to(it.span));
        self.count(head);
        let Some(template) = self.templates.get(&name.value).map(Rc::clone) else {
            self.push(self.no_template(&name));
            let body = self.around.first().and_then(|it| it.body);
            if let Some(body) = body.filter(|_| alias.is_none()) {
                self.names.lost.add_unknown(body);
            }
            self.names.broken.extend(alias.map(|it| it.ident.value));
            return;
        };
        self.names.links.push(Link { at: name.span, to: template.name.span });
        if self.frames.len() >= MAX_TEMPLATES {
            let names: Vec<&str> = self.frames.iter().map(|it| it.template.as_str()).collect();
            let message = errors::deep_templates(&names);
            self.exhaust(head, &message);
            return;
        }
        if let Some(alias) = &mut alias {
            self.index_name(alias);
            self.declare_alias(&mut alias.ident);
        }
        let Some(bindings) = self.arguments(&template, body, &name) else {
            if alias.is_none() {
                self.names.lost.add(&template.body.statements);
            }
            self.names.broken.extend(alias.map(|it| it.ident.value));
            return;
        };
        let text = match &alias {
            Some(alias) => format!("in `use {} as {}`", name.value, alias.ident.value),
            None => format!("in `use {}`", name.value),
        };
        let copy = self.add_copy(template.name.span.file, origin(head, text, head.file, false));
        let mut statements = template.body.statements.clone();
        Move::To(copy).statements(&mut statements);
        let is_apart = alias.is_some() || self.outer().is_some();
        let own = if is_apart { self.own(&statements, row) } else { Own::default() };
        let frame = self.frame(&template.name.value, &own, alias.as_ref());
        let renames = Rc::clone(&frame.renames);
        self.frames.push(frame);
        let before = self.scopes.enter(Scope { bindings: by_name(bindings), renames, hides: Vec::new() });
        self.statements(statements, row, out);
        self.scopes.leave(before);
        self.frames.pop();
    }

    fn no_template(&self, name: &Spanned<String>) -> crate::diag::Diagnostic {
        let mut known: Vec<&str> = self.templates.keys().map(String::as_str).collect();
        known.sort_unstable();
        errors::undefined(name, "template", suggest::nearest(&name.value, known.iter().copied()), &known)
    }

    fn declare_alias(&mut self, alias: &mut Spanned<String>) {
        let taken = self.scopes.value(&alias.value).map(|it| (it.what.describe(), it.defined));
        if let Some((what, first)) = taken {
            self.push(errors::taken(alias, what, first));
        } else if let Some(renamed) = self.own_name(&alias.value) {
            alias.value = renamed;
        }
    }

    /// Notes what the names of a use are.
    fn frame(&mut self, template: &str, own: &Own, alias: Option<&Name>) -> Frame {
        let unique = own.kinds.iter().filter(|(kind, count)| **count == 1 && !own.names.contains(*kind));
        let kinds: BTreeSet<String> = unique.map(|it| it.0.clone()).collect();
        let names: BTreeSet<String> = own.names.union(&kinds).cloned().collect();
        let depth = self.around.len();
        let template = template.to_owned();
        let Some(alias) = alias else {
            // What it declares belongs to the use that it stands in, if it stands at the top of that.
            let outer = self.outer().map(|it| Rc::clone(&it.renames)).unwrap_or_default();
            let renames = outer.iter().filter(|it| names.contains(it.0)).map(|(a, b)| (a.clone(), b.clone()));
            return Frame { template, depth, renames: Rc::new(renames.collect()), kinds };
        };
        let prefix = &alias.ident.value;
        let renames = names.iter().map(|it| (it.clone(), format!("{prefix}_{it}"))).collect();
        let around = self.here();
        let twin = self.names.aliases.get(prefix).and_then(|it| it.iter().find(|it| it.around == around));
        if let Some(twin) = twin {
            let finding = errors::second_use(&alias.ident, twin.place);
            self.push(finding);
        }
        let known =
            Alias { template: template.clone(), names: Rc::new(names), around, place: alias.ident.span };
        self.names.aliases.entry(prefix.clone()).or_default().push(known);
        Frame { template, depth, renames: Rc::new(renames), kinds }
    }

    /// The use whose template declares at its top what stands here.
    fn outer(&self) -> Option<&Frame> {
        self.frames.last().filter(|it| it.depth == self.around.len())
    }

    /// What a template's statement declares is called in this use of it, if it declares the name at its top.
    pub fn own_name(&self, name: &str) -> Option<String> {
        self.outer()?.renames.get(name).cloned()
    }

    /// Names a step of a template that is read by its kind.
    pub fn name_step(&mut self, block: &mut Block) {
        let word = &block.word.value;
        let Some(frame) = self.outer() else { return };
        let Some(renamed) = frame.renames.get(word).filter(|_| frame.kinds.contains(word)) else { return };
        let renamed = renamed.clone();
        let span = Span { file: self.replaced(block.word.span.file), ..block.word.span };
        block.alias = Some(Box::new(Name { ident: Spanned::new(renamed, span), indices: Vec::new(), span }));
    }

    fn own(&self, statements: &[Statement], row: Row) -> Own {
        let mut own = Own::default();
        self.collect(statements, row, 1, &mut own, &mut Vec::new());
        own
    }

    /// `weight` is above 1 where a step may be produced more than once.
    fn collect(
        &self,
        statements: &[Statement],
        row: Row,
        weight: usize,
        own: &mut Own,
        seen: &mut Vec<String>,
    ) {
        for statement in statements {
            match statement {
                Statement::Block(it) => self.collect_block(it, row, weight, own),
                Statement::For(it) => self.collect(&it.body.statements, row, 2, own, seen),
                Statement::If(it) => {
                    self.collect(&it.then.statements, row, weight, own, seen);
                    let otherwise = it.otherwise.as_ref().map_or(&[][..], |it| &it.statements);
                    self.collect(otherwise, row, weight, own, seen);
                }
                Statement::Use(it) => match &it.alias {
                    Some(alias) => {
                        own.names.insert(alias.ident.value.clone());
                    }
                    None if !seen.contains(&it.template.value) => {
                        seen.push(it.template.value.clone());
                        if let Some(template) = self.templates.get(&it.template.value) {
                            self.collect(&template.body.statements, row, weight, own, seen);
                        }
                    }
                    None => {}
                },
                Statement::Attribute(_)
                | Statement::Declaration(_)
                | Statement::Let(_)
                | Statement::Template(_)
                | Statement::Broken(_) => {}
            }
        }
    }

    fn collect_block(&self, block: &Block, row: Row, weight: usize, own: &mut Own) {
        if self.child(row, block).declares() {
            own.names.extend(first_name(block).map(|it| it.value.clone()));
        }
        if let Some(alias) = &block.alias {
            own.names.insert(alias.ident.value.clone());
        } else if self.is_step(row, block) && block.word.value != "run" {
            *own.kinds.entry(block.word.value.clone()).or_default() += weight;
        }
    }
}
