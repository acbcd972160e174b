//! What names mean at compile time, from where a statement stands outward.

use super::errors;
use crate::base::span::{FileId, Span};
use crate::syntax::ast::Expr;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A name with its value.
#[derive(Debug)]
pub struct Binding {
    pub what: What,
    pub name: String,
    /// Where the name stands.
    pub defined: Span,
    /// In normal form: nothing that is known at compile time is left to work out.
    pub value: Expr,
    /// The copy in which the value was put last, and of which file that is one.
    pub copy: Cell<Option<(FileId, FileId)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Let,
    Option,
    /// The item or the number of an iteration.
    Loop,
    Parameter,
}

impl What {
    pub fn describe(self) -> &'static str {
        match self {
            What::Let => "a `let`",
            What::Option => "an `option`",
            What::Loop => "a loop's variable",
            What::Parameter => "a parameter of the template",
        }
    }
}

/// One body, iteration or template.
#[derive(Debug, Default)]
pub struct Scope {
    pub bindings: BTreeMap<String, Rc<Binding>>,
    /// What the template declares, and what that is called in this use of it.
    pub renames: Rc<HashMap<String, String>>,
    /// Names declared here that are not the template's own of that name.
    pub hides: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Scopes {
    pub globals: HashMap<String, Rc<Binding>>,
    open: Vec<Scope>,
    /// Where the scopes of the template at hand begin: what is around its use is not seen.
    floor: usize,
}

pub enum Found {
    Value(Rc<Binding>),
    Renamed(String),
    Nothing,
}

impl Scopes {
    /// What is known everywhere, by where it is declared, with its value in short.
    pub fn known(&self) -> Vec<(Span, String)> {
        let mut found: Vec<_> =
            self.globals.values().map(|it| (it.defined, errors::short(&it.value))).collect();
        found.sort_unstable();
        found
    }

    pub fn push(&mut self, scope: Scope) {
        self.open.push(scope);
    }

    /// A scope of nothing but these names.
    pub fn push_names(&mut self, bindings: Vec<Rc<Binding>>) {
        self.open.push(Scope { bindings: by_name(bindings), ..Scope::default() });
    }

    /// Adds a name to the innermost scope.
    pub fn add(&mut self, binding: Rc<Binding>) {
        if let Some(scope) = self.open.last_mut() {
            scope.bindings.insert(binding.name.clone(), binding);
        }
    }

    pub fn pop(&mut self) {
        self.open.pop();
    }

    /// Begins a template; give what it returns to [`Self::leave`].
    pub fn enter(&mut self, scope: Scope) -> usize {
        let before = std::mem::replace(&mut self.floor, self.open.len());
        self.open.push(scope);
        before
    }

    pub fn leave(&mut self, before: usize) {
        self.open.pop();
        self.floor = before;
    }

    pub fn find(&self, name: &str) -> Found {
        let mut hidden = false;
        for scope in self.visible().rev() {
            if let Some(found) = scope.bindings.get(name) {
                return Found::Value(Rc::clone(found));
            }
            hidden |= scope.hides.iter().any(|it| it == name);
            if let Some(renamed) = scope.renames.get(name).filter(|_| !hidden) {
                return Found::Renamed(renamed.clone());
            }
        }
        self.globals.get(name).map_or(Found::Nothing, |it| Found::Value(Rc::clone(it)))
    }

    pub fn value(&self, name: &str) -> Option<Rc<Binding>> {
        match self.find(name) {
            Found::Value(binding) => Some(binding),
            Found::Renamed(_) | Found::Nothing => None,
        }
    }

    /// Names with values, innermost first, those of the project last and sorted.
    pub fn names(&self) -> Vec<&str> {
        let open = self.visible().rev().flat_map(|it| it.bindings.keys()).map(String::as_str);
        let mut names: Vec<&str> = open.collect();
        let mut globals: Vec<&str> = self.globals.keys().map(String::as_str).collect();
        globals.sort_unstable();
        names.extend(globals);
        names
    }

    /// Of these names those that the template at hand declares.
    pub fn renamed<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<String> {
        let Some(scope) = self.open.get(self.floor).filter(|it| !it.renames.is_empty()) else {
            return Vec::new();
        };
        names.filter(|it| scope.renames.contains_key(*it)).map(str::to_owned).collect()
    }

    fn visible(&self) -> impl DoubleEndedIterator<Item = &Scope> {
        self.open[self.floor..].iter()
    }
}

pub fn by_name(bindings: Vec<Rc<Binding>>) -> BTreeMap<String, Rc<Binding>> {
    bindings.into_iter().map(|it| (it.name.clone(), it)).collect()
}
