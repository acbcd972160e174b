//! What is known everywhere: `let`, `option` and `template` at the top of files, and the names of declarations.

use super::errors;
use super::scope::{Binding, What};
use super::{Expand, Setting, names, options};
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::schema::Kind;
use crate::syntax::ast::{self, Expr, ExprKind, Part, Statement};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Roots of paths that are no names of anybody.
const RESERVED: &[&str] = &["inputs", "matrix", "params", "run", "runs", "vars"];

/// The root of paths that a name would hide.
pub fn reserved(name: &str) -> Option<&'static str> {
    RESERVED.iter().find(|it| **it == name).copied()
}

/// Names that declarations have, as they are written.
#[derive(Debug, Default)]
pub struct Declared {
    /// Of stages, jobs and steps too.
    all: BTreeMap<String, Span>,
    by_kind: BTreeMap<(Kind, String), Span>,
}

impl Declared {
    pub fn of(files: &[ast::File]) -> Declared {
        let mut declared = Declared::default();
        for file in files {
            declared.statements(&file.statements);
        }
        declared
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Block(it) => self.block(it),
                Statement::For(it) => self.statements(&it.body.statements),
                Statement::Template(it) => self.statements(&it.body.statements),
                Statement::If(it) => {
                    self.statements(&it.then.statements);
                    self.statements(it.otherwise.as_ref().map_or(&[], |it| &it.statements));
                }
                Statement::Attribute(_)
                | Statement::Declaration(_)
                | Statement::Let(_)
                | Statement::Use(_)
                | Statement::Broken(_) => {}
            }
        }
    }

    fn block(&mut self, block: &ast::Block) {
        let kind = Kind::from_word(&block.word.value);
        let is_named = kind.is_some() || matches!(block.word.value.as_str(), "stage" | "job" | "step");
        if let Some(name) = names::first_name(block).filter(|_| is_named && !block.quoted) {
            self.all.entry(name.value.clone()).or_insert(name.span);
            if let Some(kind) = kind {
                self.by_kind.entry((kind, name.value.clone())).or_insert(name.span);
            }
        }
        if let Some(body) = &block.body {
            self.statements(&body.statements);
        }
    }

    pub fn span(&self, name: &str) -> Option<Span> {
        self.all.get(name).copied()
    }

    pub fn has(&self, kind: Kind, name: &str) -> bool {
        self.by_kind.contains_key(&(kind, name.to_owned()))
    }

    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.by_kind.keys().filter(move |it| it.0 == kind).map(|it| it.1.as_str())
    }
}

/// A name whose value is not worked out yet.
pub struct Pending {
    pub what: What,
    pub name: Spanned<String>,
    pub value: Expr,
}

impl Pending {
    pub fn of_let(statement: &Statement) -> Option<Pending> {
        let Statement::Let(it) = statement else { return None };
        Some(Pending { what: What::Let, name: it.name.clone(), value: it.value.clone() })
    }
}

impl Expand<'_> {
    pub fn is_declared(&self, name: &str) -> bool {
        self.declared.all.contains_key(name) || self.names.is_emitted(name)
    }

    pub fn declared_names(&self) -> impl Iterator<Item = &str> {
        self.declared.all.keys().map(String::as_str)
    }

    /// Takes what is known everywhere out of the files.
    pub fn globals(&mut self, files: &mut [ast::File], settings: &[Setting]) {
        let mut pending = Vec::new();
        let mut options = Vec::new();
        for file in files {
            let statements = std::mem::take(&mut file.statements);
            for statement in statements {
                match statement {
                    Statement::Let(_) => pending.extend(Pending::of_let(&statement)),
                    Statement::Template(it) => self.template(*it),
                    Statement::Declaration(it) if it.word.value == "option" => options.push(*it),
                    other => file.statements.push(other),
                }
            }
        }
        let options = options::Options::new(self, &options, settings);
        pending.extend(options.pending(self));
        for binding in self.bind_all(pending) {
            self.scopes.globals.insert(binding.name.clone(), binding);
        }
        options.check(self);
    }

    fn template(&mut self, template: ast::Template) {
        if template.name.value.is_empty() {
            return;
        }
        match self.templates.get(&template.name.value) {
            Some(first) => {
                let first = first.name.span;
                self.push(errors::taken(&template.name, "a template", first));
            }
            None => {
                self.templates.insert(template.name.value.clone(), Rc::new(template));
            }
        }
    }

    /// Works out names of one body in the order in which they need each other.
    pub fn bind_all(&mut self, pending: Vec<Pending>) -> Vec<Rc<Binding>> {
        let pending = self.unique(pending);
        let index: HashMap<String, usize> =
            pending.iter().enumerate().map(|(index, it)| (it.name.value.clone(), index)).collect();
        let mut needs: Vec<Vec<usize>> = Vec::with_capacity(pending.len());
        for it in &pending {
            let mut found = BTreeSet::new();
            roots(&it.value, &mut |name| found.extend(index.get(name)));
            needs.push(found.into_iter().collect());
        }
        let order = self.order(&pending, &needs);
        let mut slots: Vec<Option<Pending>> = pending.into_iter().map(Some).collect();
        let mut bound = Vec::new();
        self.scopes.push(super::scope::Scope::default());
        for at in order {
            let Some(it) = slots[at].take() else { continue };
            let value = self.evaluate(it.value);
            let binding = self.bind(it.what, &it.name, value);
            self.scopes.add(Rc::clone(&binding));
            bound.push(binding);
        }
        self.scopes.pop();
        bound
    }

    /// Names that are free; others are reported.
    fn unique(&mut self, pending: Vec<Pending>) -> Vec<Pending> {
        let mut seen: HashMap<String, (What, Span)> = HashMap::new();
        let mut kept = Vec::with_capacity(pending.len());
        for it in pending {
            if let Some((what, first)) = seen.get(&it.name.value) {
                let finding = errors::taken(&it.name, what.describe(), *first);
                self.push(finding);
                continue;
            }
            if self.check_free(&it.name) {
                seen.insert(it.name.value.clone(), (it.what, it.name.span));
                kept.push(it);
            }
        }
        kept
    }

    /// Indices so that each stands behind what it needs; those in circles are reported and left out.
    fn order(&mut self, pending: &[Pending], needs: &[Vec<usize>]) -> Vec<usize> {
        const NEW: u8 = 0;
        const OPEN: u8 = 1;
        const DONE: u8 = 2;
        let mut state = vec![NEW; pending.len()];
        let mut order = Vec::with_capacity(pending.len());
        for start in 0..pending.len() {
            let mut open: Vec<(usize, usize)> = Vec::new();
            if state[start] == NEW {
                state[start] = OPEN;
                open.push((start, 0));
            }
            while let Some((at, next)) = open.pop() {
                let Some(&need) = needs[at].get(next) else {
                    state[at] = DONE;
                    order.push(at);
                    continue;
                };
                open.push((at, next + 1));
                if state[need] == OPEN {
                    let circle: Vec<usize> =
                        open.iter().map(|it| it.0).skip_while(|it| *it != need).collect();
                    let circle: Vec<&Spanned<String>> = circle.iter().map(|it| &pending[*it].name).collect();
                    self.push(errors::circle(&circle));
                } else if state[need] == NEW {
                    state[need] = OPEN;
                    open.push((need, 0));
                }
            }
        }
        order
    }
}

/// The first names of all paths in an expression.
pub fn roots(expr: &Expr, visit: &mut impl FnMut(&str)) {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        let path = match &expr.kind {
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Broken => continue,
            ExprKind::String(text) => {
                open.extend(text.parts.iter().filter_map(|it| match it {
                    Part::Splice(inner) => Some(inner),
                    Part::Literal(_) | Part::Known { .. } | Part::Opaque(_) => None,
                }));
                continue;
            }
            ExprKind::Path(path) => path,
            ExprKind::Call(path, arguments) => {
                open.extend(arguments);
                path
            }
            ExprKind::List(items) => {
                open.extend(items);
                continue;
            }
            ExprKind::Record(attributes) => {
                open.extend(attributes.iter().map(|it| &it.value));
                continue;
            }
            ExprKind::Not(inner) => {
                open.push(inner);
                continue;
            }
            ExprKind::Binary(_, left, right) => {
                open.extend([&**left, &**right]);
                continue;
            }
            ExprKind::If(condition, then, otherwise) => {
                open.extend([&**condition, &**then, &**otherwise]);
                continue;
            }
        };
        if let Some(first) = path.segments.first() {
            visit(&first.name.value);
        }
        let indices = path.segments.iter().flat_map(|it| &it.indices);
        open.extend(indices.filter_map(|it| match it {
            ast::Index::At(inner) => Some(inner),
            ast::Index::All(_) => None,
        }));
    }
}

/// What nothing names, wherever it might be: also what is not produced counts as a use.
pub fn unused(files: &[ast::File]) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    for file in files {
        names::uses(&file.statements, &mut seen);
    }
    let mut found = Vec::new();
    for statement in files.iter().flat_map(|it| &it.statements) {
        match statement {
            Statement::Let(it) if !seen.contains(it.name.value.as_str()) => {
                found.push(errors::unused(&it.name, "`let`"));
            }
            Statement::Declaration(it)
                if it.word.value == "option" && !seen.contains(it.name.ident.value.as_str()) =>
            {
                found.push(errors::unused(&it.name.ident, "option"));
            }
            Statement::Template(it) => {
                if !seen.contains(format!("use {}", it.name.value).as_str()) {
                    found.push(errors::unused(&it.name, "template"));
                }
                let idle = it.parameters.iter().filter(|it| !seen.contains(it.name.value.as_str()));
                found.extend(idle.map(|it| errors::unused(&it.name, "parameter")));
            }
            _ => {}
        }
    }
    for file in files {
        unused_inside(&file.statements, &seen, &mut found);
    }
    found
}

/// Loop variables, and each `let` of a body.
fn unused_inside(statements: &[Statement], seen: &BTreeSet<String>, found: &mut Vec<Diagnostic>) {
    let mut inside = |body: Option<&ast::Body>| {
        let Some(body) = body else { return };
        let lets = body.statements.iter().filter_map(|it| match it {
            Statement::Let(it) => Some(&it.name),
            _ => None,
        });
        found.extend(lets.filter(|it| !seen.contains(&it.value)).map(|it| errors::unused(it, "`let`")));
        unused_inside(&body.statements, seen, found);
    };
    let mut variables = Vec::new();
    for statement in statements {
        match statement {
            Statement::Block(it) => inside(it.body.as_ref()),
            Statement::Template(it) => inside(Some(&it.body)),
            Statement::Declaration(it) => inside(it.body.as_ref()),
            Statement::If(it) => {
                inside(Some(&it.then));
                inside(it.otherwise.as_ref());
            }
            Statement::For(it) => {
                inside(Some(&it.body));
                variables.extend([Some(&it.item), it.index.as_ref()].into_iter().flatten());
            }
            Statement::Attribute(_) | Statement::Let(_) | Statement::Use(_) | Statement::Broken(_) => {}
        }
    }
    let idle = variables.into_iter().filter(|it| !seen.contains(&it.value));
    found.extend(idle.map(|it| errors::unused(it, "loop variable")));
}
