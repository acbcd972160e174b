//! Reading a block by its row: what is unknown, repeated or missing is reported here.

use super::{Fields, Foreign};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::convert::convert;
use crate::model::errors;
use crate::model::steps;
use crate::model::symbols::{declared_name, declared_title};
use crate::schema::job::{EXTRA, ON};
use crate::schema::{Argument, Count, Head, Need, Type};
use crate::syntax::ast::{self, Statement};
use crate::target::pipeline_keys;

impl<'a> Fields<'_, 'a> {
    pub(super) fn read_head(&mut self) {
        match self.block.head {
            Head::Name => self.read_name(),
            Head::Arguments(expected) => self.read_arguments(expected),
            Head::None | Head::Typed => {
                self.refuse(&self.ast.arguments, self.block.word);
            }
        }
    }

    pub(super) fn read_name(&mut self) {
        if declared_name(self.ast).is_none() {
            self.cx.push(errors::missing_name(self.ast, self.block.word));
            return;
        }
        let title_is_other = self.ast.arguments.len() > 1 && declared_title(self.ast).is_none();
        let words: Vec<_> = self.ast.arguments.iter().map_while(plain).collect();
        if let ([first, second], None) = (words.as_slice(), self.ast.arguments.get(2))
            && self.meant_attribute(&second.value).is_none()
        {
            self.cx.push(errors::name_of_two_words(first, second, self.block.word));
            return;
        }
        let from = if title_is_other { 1 } else { 2 };
        self.refuse(self.ast.arguments.get(from..).unwrap_or_default(), self.block.word);
    }

    /// Says that there are too many arguments if these are any.
    fn refuse(&mut self, extra: &[ast::Expr], word: &str) {
        let Some(first) = extra.first() else { return };
        let named = match &first.kind {
            ast::ExprKind::Path(path) => path.as_ident().and_then(|it| self.meant_attribute(&it.value)),
            _ => None,
        };
        self.cx.push(match named {
            Some(attribute) => {
                let value = extra.get(1).and_then(written).unwrap_or_else(|| "…".to_owned());
                errors::attribute_in_head(first.span, word, attribute, &value)
            }
            None => errors::extra_argument(first.span, word),
        });
    }

    fn meant_attribute(&self, word: &str) -> Option<&'static str> {
        let meant = pipeline_keys::word(word);
        self.block.all_attributes().map(|it| it.name).find(|it| *it == word || meant.contains(it))
    }

    /// What follows the word of an event: `"0 3 * * *"` in `trigger schedule "0 3 * * *"`.
    pub(super) fn read_event(&mut self) {
        let written = self.ast.arguments.get(1..).unwrap_or_default();
        let expected = match self.block.head {
            Head::Arguments(expected) => expected,
            Head::None | Head::Name | Head::Typed => &[],
        };
        self.read_these(written, expected, &format!("{} {}", self.ast.word.value, self.block.word));
    }

    pub(super) fn read_arguments(&mut self, expected: &'static [Argument]) {
        self.read_these(&self.ast.arguments, expected, self.block.word);
    }

    fn read_these(&mut self, written: &'a [ast::Expr], expected: &'static [Argument], word: &str) {
        let keyword = |(argument, expr): (&Argument, &ast::Expr)| {
            argument.name.starts_with('`') && !is_word(expr, argument.name.trim_matches('`'))
        };
        if expected.iter().zip(written).any(keyword) {
            let form = head_form(word, expected);
            self.cx.push(errors::arguments(self.ast.head, self.block, &form));
            return;
        }
        if expected.iter().skip(written.len()).any(|it| it.required) {
            let form = head_form(word, expected);
            self.cx.push(errors::arguments(self.ast.head, self.block, &form));
            self.beheaded = true;
            return;
        }
        let mut all_fit = true;
        for (argument, expr) in expected.iter().zip(written) {
            match convert(self.cx, expr, argument.ty, self.block.word) {
                Some(value) => self.arguments.push((argument.name, Spanned::new(value, expr.span))),
                None => all_fit = false,
            }
        }
        if all_fit {
            self.refuse(written.get(expected.len()..).unwrap_or_default(), word);
        }
    }

    pub(super) fn read_body(&mut self, body: Option<&'a ast::Body>, foreign: Foreign) {
        let Some(body) = body else { return };
        self.broken = body.broken;
        for statement in &body.statements {
            match statement {
                Statement::Attribute(it) => self.read_attribute(it),
                Statement::Block(it) => self.read_block(it, foreign),
                Statement::Declaration(it) => self.read_declaration(it),
                // Gone, or reported, before.
                Statement::For(_)
                | Statement::If(_)
                | Statement::Let(_)
                | Statement::Template(_)
                | Statement::Use(_)
                | Statement::Broken(_) => {}
            }
        }
    }

    pub(super) fn read_attribute(&mut self, attribute: &'a ast::Attribute) {
        let key = &attribute.key;
        let row = if attribute.quoted { None } else { self.block.attribute(&key.value) };
        let Some(row) = row else {
            match self.block.free {
                // Its owner reads the whole body: [`crate::model::data::block`].
                Some(Type::Data) => {}
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

    pub(super) fn read_free(&mut self, attribute: &'a ast::Attribute, ty: Type) {
        let key = &attribute.key;
        match self.free.iter().find(|it| it.0.key.value == key.value) {
            Some((first, _)) => self.cx.push(errors::duplicate_attribute(key, first.key.span)),
            None => self.free.push((attribute, ty)),
        }
    }

    pub(super) fn unknown_attribute(&mut self, key: &Spanned<String>) {
        if self.block.child(&key.value).is_some() {
            self.cx.push(errors::block_for_attribute(key));
            return;
        }
        let nearest = suggest::nearest(&key.value, self.block.all_attributes().map(|it| it.name));
        self.cx.push(errors::unknown_attribute(key, self.block, nearest));
        self.say_no_more(&key.value);
    }

    pub(super) fn read_block(&mut self, inner: &'a ast::Block, foreign: Foreign) {
        let word = &inner.word;
        if !inner.quoted && foreign(&word.value) {
            return;
        }
        let Some(child) = self.block.child(&word.value).filter(|_| !inner.quoted) else {
            if self.block.free != Some(Type::Data) && !self.beheaded {
                self.unknown_block(inner);
            }
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

    pub(super) fn unknown_block(&mut self, inner: &ast::Block) {
        let word = &inner.word;
        if !inner.quoted && self.block.attribute(&word.value).is_some() {
            self.cx.push(errors::attribute_for_block(inner.head, word, !inner.arguments.is_empty()));
            return;
        }
        if inner.quoted && self.block.child(&word.value).is_some() {
            self.cx.push(errors::quoted_word(word));
            return;
        }
        let mut known: Vec<&str> = self.block.blocks.iter().map(|it| it.block.word).collect();
        if steps::find(self.block.word).is_some() {
            known.extend([ON.word, EXTRA.word]);
        }
        if matches!(self.block.word, "stage" | "job" | "on") {
            known.extend(steps::KINDS.iter().map(|it| it.block.word));
        }
        let attributes = self.block.all_attributes().map(|it| it.name);
        let nearest = suggest::nearest(&word.value, known.iter().copied().chain(attributes));
        self.cx.push(errors::unknown_block(word, self.block.word, nearest, &known));
        self.say_no_more(&word.value);
    }

    /// What the block lacks may be what the foreign word was meant to say.
    fn say_no_more(&mut self, word: &str) {
        let is_meant = |it: &&str| self.block.attribute(it).is_some();
        let is_foreign = pipeline_keys::instead_of(word, self.block.word).is_some();
        self.broken |= is_foreign || pipeline_keys::word(word).iter().any(is_meant);
    }

    pub(super) fn read_declaration(&mut self, declaration: &'a ast::Declaration) {
        if self.block.free == Some(Type::Data) {
            return;
        }
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

    pub(super) fn check_required(&mut self, head: Span) {
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
}

/// A sentence of the table as the end of another.
pub(super) fn clause(doc: &str) -> String {
    let doc = doc.trim_end_matches('.');
    let mut letters = doc.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

pub(super) fn is_word(expr: &ast::Expr, word: &str) -> bool {
    matches!(&expr.kind, ast::ExprKind::Path(path) if path.as_ident().is_some_and(|it| it.value == word))
}

pub(super) fn head_form(word: &str, expected: &[Argument]) -> String {
    let parts = expected.iter().map(|it| match (it.required, it.name.starts_with('`')) {
        (true, false) if let Type::Word(words) = it.ty => words.join("|"),
        (true, true) => it.name.trim_matches('`').to_owned(),
        (true, false) => it.name.to_uppercase(),
        (false, _) => format!("[{}]", it.name.to_uppercase()),
    });
    std::iter::once(word.to_owned()).chain(parts).collect::<Vec<_>>().join(" ")
}

/// A name without a dot or an index.
fn plain(expr: &ast::Expr) -> Option<&Spanned<String>> {
    match &expr.kind {
        ast::ExprKind::Path(path) => path.as_ident(),
        _ => None,
    }
}

/// A name or a number as it stands in the text.
fn written(value: &ast::Expr) -> Option<String> {
    match &value.kind {
        ast::ExprKind::Path(path) => path.as_ident().map(|it| it.value.clone()),
        ast::ExprKind::Number(it) => Some(format!("{}{}", it.digits, it.unit)),
        _ => None,
    }
}
