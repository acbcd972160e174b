//! Taking out what was read, by name and type.

use super::Fields;
use crate::base::arena::Id;
use crate::base::files::normalize;
use crate::base::span::{Span, Spanned};
use crate::model::convert::{Value, convert};
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::project::Header;
use crate::model::symbols::{Ref, declared_name, declared_title};
use crate::schema::{self, Type};
use crate::syntax::ast::{self, Statement};
use indexmap::IndexMap;

impl<'a> Fields<'_, 'a> {
    /// Reports that something is missing, unless the block is broken anyway.
    pub fn missing(&mut self, name: &str, help: &str) {
        if !self.broken {
            self.cx.push(errors::missing_attribute(self.ast.head, self.block.word, name, help));
        }
    }

    pub fn is_broken(&self) -> bool {
        self.broken
    }

    pub fn head(&self) -> Span {
        self.ast.head
    }

    /// Whether something stands behind the word, well or not.
    pub fn has_arguments(&self) -> bool {
        !self.ast.arguments.is_empty()
    }

    /// Whether the attribute was written, well or not.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|it| it.0 == name)
    }

    pub fn span_of(&self, name: &str) -> Option<Span> {
        self.attributes.iter().find(|it| it.0 == name).and_then(|it| it.2.as_ref()).map(|it| it.span)
    }

    pub fn value(&self, name: &str) -> Option<&Spanned<Value>> {
        debug_assert!(self.block.attribute(name).is_some(), "`{}` has no row `{name}`", self.block.word);
        self.attributes.iter().find(|it| it.0 == name)?.2.as_ref()
    }

    pub fn argument(&self, name: &str) -> Option<&Spanned<Value>> {
        self.arguments.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    pub fn argument_string(&self, name: &str) -> Option<Spanned<String>> {
        let found = self.argument(name)?;
        found.value.as_string().map(|it| Spanned::new(it.to_owned(), found.span))
    }

    pub fn argument_ref<T>(&self, name: &str) -> Option<Spanned<Id<T>>> {
        let found = self.argument(name)?;
        found.value.as_ref_to().map(|it| Spanned::new(Id::new(it.index), found.span))
    }

    pub fn argument_word(&self, name: &str) -> Option<&'static str> {
        self.argument(name)?.value.as_word()
    }

    pub fn string(&self, name: &str) -> Option<Spanned<String>> {
        let found = self.value(name)?;
        found.value.as_string().map(|it| Spanned::new(it.to_owned(), found.span))
    }

    /// The text of a required attribute; where it is missing (and reported), an empty one.
    pub fn required_string(&self, name: &str) -> Spanned<String> {
        self.string(name).unwrap_or_else(|| Spanned::new(String::new(), self.ast.head))
    }

    pub fn plain(&self, name: &str) -> Option<String> {
        self.string(name).map(|it| it.value)
    }

    /// The path of a folder that a run makes: absolute, or below the checked-out sources and then normalized.
    pub fn run_path(&mut self, name: &str) -> Option<String> {
        let path = self.string(name)?;
        if path.value.starts_with('/') {
            return Some(path.value);
        }
        let normal = normalize(&path.value);
        if normal.is_none() {
            let help = "write a path that stays below the sources, or an absolute one";
            self.cx.push(errors::invalid_value(path.span, "the path leaves the folder of the sources", help));
        }
        normal
    }

    pub fn strings(&self, name: &str) -> Vec<Spanned<String>> {
        let items = self.value(name).map(Value::items).unwrap_or_default();
        items
            .into_iter()
            .filter_map(|it| Some(Spanned::new(it.value.as_string()?.to_owned(), it.span)))
            .collect()
    }

    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.value(name)?.value {
            Value::Bool(it) => Some(it),
            _ => None,
        }
    }

    pub fn flag(&self, name: &str) -> bool {
        self.bool(name).unwrap_or(false)
    }

    pub fn int(&self, name: &str) -> Option<Spanned<i64>> {
        let found = self.value(name)?;
        match found.value {
            Value::Int(it) => Some(Spanned::new(it, found.span)),
            _ => None,
        }
    }

    /// A whole number whose row bounds it to `u32`.
    pub fn count(&self, name: &str) -> Option<u32> {
        self.int(name).and_then(|it| u32::try_from(it.value).ok())
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.value.as_number()
    }

    pub fn seconds(&self, name: &str) -> Option<Spanned<u64>> {
        let found = self.value(name)?;
        match found.value {
            Value::Seconds(it) => Some(Spanned::new(it, found.span)),
            _ => None,
        }
    }

    pub fn word(&self, name: &str) -> Option<&'static str> {
        self.value(name)?.value.as_word()
    }

    pub fn reference<T>(&self, name: &str) -> Option<Spanned<Id<T>>> {
        let found = self.value(name)?;
        found.value.as_ref_to().map(|it| Spanned::new(Id::new(it.index), found.span))
    }

    pub fn any_reference(&self, name: &str) -> Option<Spanned<Ref>> {
        let found = self.value(name)?;
        found.value.as_ref_to().map(|it| Spanned::new(it, found.span))
    }

    pub fn references<T>(&self, name: &str) -> Vec<Spanned<Id<T>>> {
        let items = self.value(name).map(Value::items).unwrap_or_default();
        items
            .into_iter()
            .filter_map(|it| Some(Spanned::new(Id::new(it.value.as_ref_to()?.index), it.span)))
            .collect()
    }

    pub fn expr(&self, name: &str) -> Option<Expr> {
        match &self.value(name)?.value {
            Value::Expr(it) => Some(it.clone()),
            _ => None,
        }
    }

    /// The syntax of an attribute that its block resolves itself; none where its type was wrong.
    pub fn ast(&self, name: &str) -> Option<&'a ast::Expr> {
        self.value(name)?;
        let body = self.ast.body.as_ref()?;
        body.statements.iter().find_map(|it| match it {
            Statement::Attribute(it) if it.key.value == name && !it.quoted => Some(&it.value),
            _ => None,
        })
    }

    pub fn children(&self, word: &str) -> Vec<&'a ast::Block> {
        self.children.iter().filter(|it| it.0.word == word).map(|it| it.1).collect()
    }

    /// Decodes the inner blocks of a kind, one after the other.
    pub fn each<T>(&mut self, word: &str, mut decode: impl FnMut(&mut Fields<'_, 'a>) -> T) -> Vec<T> {
        let found: Vec<_> = self.children.iter().filter(|it| it.0.word == word).copied().collect();
        let decoded = found.into_iter().map(|(block, ast)| decode(&mut Fields::new(self.cx, block, ast)));
        decoded.collect()
    }

    /// Decodes the only inner block of a kind.
    pub fn one<T>(&mut self, word: &str, decode: impl FnMut(&mut Fields<'_, 'a>) -> T) -> Option<T> {
        self.each(word, decode).pop()
    }

    pub fn declarations(&self, word: &str) -> Vec<(&'static schema::Block, &'a ast::Declaration)> {
        self.declarations.iter().filter(|it| it.0.word == word).copied().collect()
    }

    /// Free keys whose values are strings.
    pub(super) fn free_strings(&mut self) -> IndexMap<String, String> {
        let free = std::mem::take(&mut self.free);
        let mut found = IndexMap::new();
        for (attribute, _) in free {
            if let Some(Value::String(text)) =
                convert(self.cx, &attribute.value, Type::Name, &attribute.key.value)
            {
                found.insert(attribute.key.value.clone(), text);
            }
        }
        found
    }

    /// Free keys whose values are expressions.
    pub fn free_exprs(&mut self) -> IndexMap<String, Expr> {
        let free = std::mem::take(&mut self.free);
        let mut found = IndexMap::new();
        for (attribute, _) in free {
            if let Some(Value::Expr(expr)) =
                convert(self.cx, &attribute.value, Type::Value, &attribute.key.value)
            {
                found.insert(attribute.key.value.clone(), expr);
            }
        }
        found
    }

    /// The values of free keys that are lists, all in a row.
    pub fn free_lists(&mut self) -> Vec<Expr> {
        let free = std::mem::take(&mut self.free);
        let mut found = Vec::new();
        for (attribute, ty) in free {
            if let Some(Value::List(items)) = convert(self.cx, &attribute.value, ty, &attribute.key.value) {
                found.extend(items.into_iter().filter_map(|it| match it.value {
                    Value::Expr(it) => Some(it),
                    _ => None,
                }));
            }
        }
        found
    }

    /// Says what is wrong with free keys.
    pub fn check_free(&mut self, wrong: impl Fn(&Spanned<String>) -> Option<crate::diag::Diagnostic>) {
        let found: Vec<_> = self.free.iter().filter_map(|(it, _)| wrong(&it.key)).collect();
        self.cx.findings.extend(found);
    }

    /// Free keys that their block resolves itself.
    pub fn free_ast(&mut self) -> Vec<&'a ast::Attribute> {
        std::mem::take(&mut self.free).into_iter().map(|it| it.0).collect()
    }

    /// A block of free keys with strings.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method's path has one lifetime only")]
    pub fn string_map(&mut self, word: &str) -> IndexMap<String, String> {
        self.one(word, |it| it.free_strings()).unwrap_or_default()
    }

    /// A block of free keys with values of any phase.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method's path has one lifetime only")]
    pub fn expr_map(&mut self, word: &str) -> IndexMap<String, Expr> {
        self.one(word, |it| it.free_exprs()).unwrap_or_default()
    }

    /// A block of free keys that its owner resolves.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method's path has one lifetime only")]
    pub fn syntax_map(&mut self, word: &str) -> Vec<&'a ast::Attribute> {
        self.one(word, |it| it.free_ast()).unwrap_or_default()
    }

    /// The keys of `env { … }`, each checked to be the name of an environment variable.
    pub fn env(&mut self) -> IndexMap<String, Expr> {
        let found = self.one("env", |env| {
            env.check_env_names();
            env.free_exprs()
        });
        found.unwrap_or_default()
    }

    pub(super) fn check_env_names(&mut self) {
        for (attribute, _) in &self.free {
            let name = &attribute.key;
            let legal = name.value.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
                && name.value.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
            if !legal {
                self.cx.findings.push(errors::invalid_value(
                    name.span,
                    format!("`{}` cannot be the name of an environment variable", name.value),
                    "use letters, digits and `_`, not starting with a digit",
                ));
            }
        }
    }

    /// Name, title and what else every declaration has.
    pub fn header(&mut self, outside: impl FnOnce(&str) -> String) -> Header {
        let nameless = Spanned::new(String::new(), self.ast.head);
        let ident = declared_name(self.ast).cloned().unwrap_or(nameless);
        let title = declared_title(self.ast);
        let has_name = self.block.attribute("name").is_some();
        let given = if has_name { self.string("name") } else { None };
        let name = given.unwrap_or_else(|| Spanned::new(outside(&ident.value), ident.span));
        let existing = self.block.attribute("existing").is_some() && self.flag("existing");
        Header { title, name, existing, doc: self.ast.doc.clone(), head: self.ast.head, ident }
    }
}
