//! Decoding of a block by its row of the word table: unknown, missing, repeated and ill-typed things are reported
//! here for all blocks alike; what remains is taken out by typed getters.

use super::convert::{Value, convert};
use super::errors;
use super::expr::Expr;
use super::project::{Header, Project};
use super::resolve::Resolver;
use super::symbols::{Ref, Symbols, declared_name, declared_title, is_identifier};
use crate::base::arena::Id;
use crate::base::files::{FileKind, Files, normalize};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::{self, Argument, Count, Head, Need, Type};
use crate::syntax::ast::{self, Statement};
use indexmap::IndexMap;

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
        let mut fields = Fields::empty(cx, block, ast);
        fields.read_head();
        fields.read_body(ast.body.as_ref(), foreign);
        fields.check_required(ast.head);
        fields
    }

    /// A block whose head has been read by its owner (`trigger push { … }` as `push`).
    pub fn headless(
        cx: &'c mut Cx<'a>,
        block: &'static schema::Block,
        ast: &'a ast::Block,
    ) -> Fields<'c, 'a> {
        let mut fields = Fields::empty(cx, block, ast);
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
        }
    }

    fn read_head(&mut self) {
        match self.block.head {
            Head::Name => self.read_name(),
            Head::Arguments(expected) => self.read_arguments(expected),
            Head::None | Head::Typed => {
                if let Some(extra) = self.ast.arguments.first() {
                    self.cx.push(errors::extra_argument(extra.span, self.block.word));
                }
            }
        }
    }

    fn read_name(&mut self) {
        if declared_name(self.ast).is_none() {
            self.cx.push(errors::missing_name(self.ast, self.block.word));
            return;
        }
        let title_is_other = self.ast.arguments.len() > 1 && declared_title(self.ast).is_none();
        let extra = self.ast.arguments.get(if title_is_other { 1 } else { 2 });
        if let Some(extra) = extra {
            self.cx.push(errors::extra_argument(extra.span, self.block.word));
        }
    }

    fn read_arguments(&mut self, expected: &'static [Argument]) {
        let written = &self.ast.arguments;
        let keyword = |(argument, expr): (&Argument, &ast::Expr)| {
            argument.name.starts_with('`') && !is_word(expr, argument.name.trim_matches('`'))
        };
        if expected.iter().zip(written).any(keyword) {
            let form = head_form(self.block.word, expected);
            self.cx.push(errors::arguments(self.ast.head, self.block, &form));
            return;
        }
        for (argument, expr) in expected.iter().zip(written) {
            if let Some(value) = convert(self.cx, expr, argument.ty, self.block.word) {
                self.arguments.push((argument.name, Spanned::new(value, expr.span)));
            }
        }
        if let Some(extra) = written.get(expected.len()) {
            self.cx.push(errors::extra_argument(extra.span, self.block.word));
        }
        let missing = expected.iter().skip(written.len()).any(|it| it.required);
        if missing {
            let form = head_form(self.block.word, expected);
            self.cx.push(errors::arguments(self.ast.head, self.block, &form));
        }
    }

    fn read_body(&mut self, body: Option<&'a ast::Body>, foreign: Foreign) {
        let Some(body) = body else { return };
        self.broken = body.broken;
        for statement in &body.statements {
            match statement {
                Statement::Attribute(it) => self.read_attribute(it),
                Statement::Block(it) => self.read_block(it, foreign),
                Statement::Declaration(it) => self.read_declaration(it),
                Statement::For(it) => self.cx.push(errors::not_compiled(it.span, "`for`")),
                Statement::If(it) => self.cx.push(errors::not_compiled(it.span, "`if` around statements")),
                Statement::Use(it) => self.cx.push(errors::not_compiled(it.span, "`use`")),
                Statement::Let(it) => self.cx.push(errors::not_compiled(it.span, "`let`")),
                Statement::Template(it) => self.cx.push(errors::not_compiled(it.span, "`template`")),
                Statement::Broken(_) => {}
            }
        }
    }

    fn read_attribute(&mut self, attribute: &'a ast::Attribute) {
        let key = &attribute.key;
        let row = if attribute.quoted { None } else { self.block.attribute(&key.value) };
        let Some(row) = row else {
            match self.block.free {
                Some(ty) => self.read_free(attribute, ty),
                None => self.unknown_attribute(key),
            }
            return;
        };
        if let Some((_, first, _)) = self.attributes.iter().find(|it| it.0 == row.name) {
            let finding = errors::duplicate_attribute(key, *first);
            self.cx.push(finding);
            return;
        }
        let value = convert(self.cx, &attribute.value, row.ty, row.name);
        let value = value.map(|it| Spanned::new(it, attribute.value.span));
        self.attributes.push((row.name, key.span, value));
    }

    fn read_free(&mut self, attribute: &'a ast::Attribute, ty: Type) {
        let key = &attribute.key;
        match self.free.iter().find(|it| it.0.key.value == key.value) {
            Some((first, _)) => self.cx.push(errors::duplicate_attribute(key, first.key.span)),
            None => self.free.push((attribute, ty)),
        }
    }

    fn unknown_attribute(&mut self, key: &Spanned<String>) {
        if self.block.child(&key.value).is_some() {
            self.cx.push(errors::block_for_attribute(key));
            return;
        }
        let nearest = suggest::nearest(&key.value, self.block.all_attributes().map(|it| it.name));
        self.cx.push(errors::unknown_attribute(key, self.block, nearest));
    }

    fn read_block(&mut self, inner: &'a ast::Block, foreign: Foreign) {
        let word = &inner.word;
        if !inner.quoted && foreign(&word.value) {
            return;
        }
        let Some(child) = self.block.child(&word.value).filter(|_| !inner.quoted) else {
            self.unknown_block(inner);
            return;
        };
        let is_attribute_too = self.block.attribute(&word.value).is_some();
        if is_attribute_too && inner.body.is_none() {
            self.cx.push(errors::attribute_for_block(inner.head, word, !inner.arguments.is_empty()));
            return;
        }
        if matches!(child.block.head, Head::Typed) {
            self.cx.push(errors::arguments(inner.head, child.block, &format!("{} name: type", word.value)));
            return;
        }
        let first = self.children.iter().find(|it| it.0.word == child.block.word).map(|it| it.1.head);
        match first {
            Some(first) if child.count != Count::Many => {
                self.cx.push(errors::duplicate_block(inner.head, &word.value, first));
            }
            _ => self.children.push((child.block, inner)),
        }
    }

    fn unknown_block(&mut self, inner: &ast::Block) {
        let word = &inner.word;
        if !inner.quoted && self.block.attribute(&word.value).is_some() {
            self.cx.push(errors::attribute_for_block(inner.head, word, !inner.arguments.is_empty()));
            return;
        }
        if inner.quoted && self.block.child(&word.value).is_some() {
            self.cx.push(errors::quoted_word(word));
            return;
        }
        if schema::planned::STEPS.contains(&word.value.as_str()) && matches!(self.block.word, "stage" | "job")
        {
            self.cx.push(errors::not_compiled(inner.head, &format!("the step `{}`", word.value)));
            return;
        }
        let mut known: Vec<&str> = self.block.blocks.iter().map(|it| it.block.word).collect();
        if matches!(self.block.word, "stage" | "job") {
            known.extend(super::steps::KINDS.iter().map(|it| it.block.word));
        }
        let attributes = self.block.all_attributes().map(|it| it.name);
        let nearest = suggest::nearest(&word.value, known.iter().copied().chain(attributes));
        self.cx.push(errors::unknown_block(word, self.block.word, nearest, &known));
    }

    fn read_declaration(&mut self, declaration: &'a ast::Declaration) {
        let word = &declaration.word;
        match self.block.child(&word.value).filter(|it| it.block.head == Head::Typed) {
            Some(child) => self.declarations.push((child.block, declaration)),
            None => {
                let typed = self.block.blocks.iter().filter(|it| it.block.head == Head::Typed);
                let known: Vec<&str> = typed.map(|it| it.block.word).collect();
                let nearest = suggest::nearest(&word.value, known.iter().copied());
                self.cx.push(errors::unknown_block(word, self.block.word, nearest, &known));
            }
        }
    }

    fn check_required(&mut self, head: Span) {
        if self.broken {
            return;
        }
        for row in self.block.all_attributes().filter(|it| it.need == Need::Required) {
            if !self.has(row.name) {
                let help = format!("add `{} = …`: {}", row.name, clause(row.doc));
                self.cx.push(errors::missing_attribute(head, self.block.word, row.name, help));
            }
        }
        for child in self.block.blocks.iter().filter(|it| it.count == Count::ExactlyOne) {
            if !self.children.iter().any(|it| it.0.word == child.block.word) {
                let help = format!("add `{} {{ … }}`: {}", child.block.word, clause(child.block.doc));
                self.cx.push(errors::missing_attribute(head, self.block.word, child.block.word, help));
            }
        }
    }

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
    fn free_strings(&mut self) -> IndexMap<String, String> {
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

    /// Free keys that their block resolves itself.
    fn free_ast(&mut self) -> Vec<&'a ast::Attribute> {
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

    fn check_env_names(&mut self) {
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

/// A sentence of the table as the end of another.
fn clause(doc: &str) -> String {
    let doc = doc.trim_end_matches('.');
    let mut letters = doc.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn is_word(expr: &ast::Expr, word: &str) -> bool {
    matches!(&expr.kind, ast::ExprKind::Path(path) if path.as_ident().is_some_and(|it| it.value == word))
}

fn head_form(word: &str, expected: &[Argument]) -> String {
    let parts = expected.iter().map(|it| match (it.required, it.name.starts_with('`')) {
        (true, true) => it.name.trim_matches('`').to_owned(),
        (true, false) => it.name.to_uppercase(),
        (false, _) => format!("[{}]", it.name.to_uppercase()),
    });
    std::iter::once(word.to_owned()).chain(parts).collect::<Vec<_>>().join(" ")
}

/// Reports an identifier that is not `snake_case` where no symbol table did.
pub fn check_identifier(cx: &mut Cx<'_>, name: &Spanned<String>) {
    if !is_identifier(&name.value) {
        cx.push(errors::not_snake_case(name));
    }
}
