//! The tree of a file beside the rows of the word table: what each attribute, block and declaration is.

use super::corpus;
use mlopsc::base::span::Span;
use mlopsc::model::steps;
use mlopsc::schema::{Attribute, Block, Head, Type, declarations, job, trigger};
use mlopsc::syntax::{self, ast};
use std::collections::BTreeSet;

/// An attribute as written, with its row; none where the block has free keys.
pub struct Written {
    pub block: &'static Block,
    pub row: Option<&'static Attribute>,
    pub span: Span,
    pub key: Span,
    pub value: Span,
}

/// A block or declaration as written.
pub struct Part {
    /// The block around; none at the top of a file.
    pub parent: Option<&'static Block>,
    pub row: &'static Block,
    pub span: Span,
    pub word: Span,
    pub arguments: Vec<Span>,
}

#[derive(Default)]
pub struct Words {
    pub attributes: Vec<Written>,
    pub parts: Vec<Part>,
}

/// Everything in a healthy file.
pub fn of(text: &str) -> Words {
    let (tree, _) = syntax::parse(mlopsc::base::span::FileId(0), text);
    let mut words = Words::default();
    for statement in &tree.statements {
        let ast::Statement::Block(block) = statement else { panic!("a block stands at the top") };
        let row = declarations::TOP_LEVEL.iter().find(|it| it.block.word == block.word.value);
        words.block(None, row.expect("the corpus is healthy").block, block);
    }
    words
}

impl Words {
    fn block(&mut self, parent: Option<&'static Block>, row: &'static Block, block: &ast::Block) {
        let arguments = block.arguments.iter().map(|it| it.span).collect();
        self.parts.push(Part { parent, row, span: block.span, word: block.word.span, arguments });
        self.body(inner_row(row, block), block.body.as_ref());
    }

    fn body(&mut self, row: &'static Block, body: Option<&ast::Body>) {
        // What goes to a target as it is has no rows.
        if row.free == Some(Type::Data) && row.attributes.is_empty() {
            return;
        }
        for statement in body.iter().flat_map(|it| &it.statements) {
            match statement {
                ast::Statement::Attribute(it) => self.attributes.push(Written {
                    block: row,
                    row: row.attribute(&it.key.value).filter(|_| !it.quoted),
                    span: it.span,
                    key: it.key.span,
                    value: it.value.span,
                }),
                ast::Statement::Block(it) => self.block(Some(row), child(row, &it.word.value), it),
                ast::Statement::Declaration(it) => {
                    let child = child(row, &it.word.value);
                    self.parts.push(Part {
                        parent: Some(row),
                        row: child,
                        span: it.span,
                        word: it.word.span,
                        arguments: vec![it.name.span],
                    });
                    self.body(child, it.body.as_ref());
                }
                other => panic!("the corpus holds no {other:?}"),
            }
        }
    }
}

/// `trigger push { … }` has the attributes of `push`.
fn inner_row(row: &'static Block, block: &ast::Block) -> &'static Block {
    if let Some(ast::ExprKind::Path(path)) = block.arguments.first().map(|it| &it.kind)
        && !row.variants.is_empty()
    {
        return path.as_ident().map_or(row, |it| row.variant(&it.value));
    }
    if row.word != "trigger" {
        return row;
    }
    match block.arguments.first().map(|it| &it.kind) {
        Some(ast::ExprKind::Path(path)) => {
            let word = &path.segments[0].name.value;
            trigger::EVENTS.into_iter().find(|it| it.word == word).unwrap_or(row)
        }
        _ => row,
    }
}

fn child(row: &'static Block, word: &str) -> &'static Block {
    let step = || steps::find(word).map(|it| it.block).filter(|_| matches!(row.word, "stage" | "job" | "on"));
    let on = || (word == "on" && steps::find(row.word).is_some()).then_some(&job::ON);
    let extra = || (word == "extra" && steps::find(row.word).is_some()).then_some(&job::EXTRA);
    row.child(word)
        .map(|it| it.block)
        .or_else(step)
        .or_else(on)
        .or_else(extra)
        .unwrap_or_else(|| panic!("`{}` has no `{word}`", row.word))
}

/// Every row of the table, by the words around it.
pub fn rows() -> Vec<(String, &'static Block)> {
    let mut found = Vec::new();
    for kind in steps::KINDS {
        below(kind.block.word.to_owned(), kind.block, &mut found);
    }
    for child in declarations::TOP_LEVEL {
        below(child.block.word.to_owned(), child.block, &mut found);
    }
    for event in trigger::EVENTS {
        below(format!("pipeline.trigger.{}", event.word), event, &mut found);
    }
    found
}

fn below(path: String, row: &'static Block, found: &mut Vec<(String, &'static Block)>) {
    for child in row.blocks {
        below(format!("{path}.{}", child.block.word), child.block, found);
    }
    for (word, variant) in row.variants {
        below(format!("{path} {word}"), variant, found);
    }
    if row.variants.is_empty() {
        found.push((path, row));
    }
}

/// Rows that are read and refused: this version does not compile them.
const REFUSED: &[(&str, &str)] = &[("call", "connection")];

#[test]
fn the_corpus_uses_every_word() {
    let mut used: BTreeSet<(*const Block, &str)> = BTreeSet::new();
    let mut blocks: BTreeSet<*const Block> = BTreeSet::new();
    for (_, text) in corpus::healthy() {
        let words = of(&text);
        used.extend(
            words.attributes.iter().filter_map(|it| Some((std::ptr::from_ref(it.block), it.row?.name))),
        );
        blocks.extend(words.attributes.iter().map(|it| std::ptr::from_ref(it.block)));
        blocks.extend(words.parts.iter().map(|it| std::ptr::from_ref(it.row)));
    }
    let mut missing = Vec::new();
    for (path, row) in rows() {
        let at = std::ptr::from_ref(row);
        if !blocks.contains(&at) && row.word != "manual" {
            missing.push(path.clone());
        }
        let lacks = row
            .all_attributes()
            .filter(|it| !used.contains(&(at, it.name)) && !REFUSED.contains(&(&path, it.name)));
        missing.extend(lacks.map(|it| format!("{path} {}", it.name)));
    }
    assert!(missing.is_empty(), "no healthy file uses {missing:#?}");
}

#[test]
fn no_block_says_a_word_twice() {
    for (path, row) in rows() {
        let names: Vec<&str> = row.all_attributes().map(|it| it.name).collect();
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), unique.len(), "{path}: {names:?}");
        assert!(!row.doc.is_empty() && row.doc.ends_with('.'), "{path} has no sentence: {:?}", row.doc);
        for attribute in row.all_attributes() {
            assert!(attribute.doc.ends_with('.'), "{path} {}: {:?}", attribute.name, attribute.doc);
        }
    }
}

#[test]
fn what_has_arguments_says_them() {
    for (path, row) in rows() {
        if let Head::Arguments(arguments) = row.head {
            let optional = arguments.iter().position(|it| !it.required).unwrap_or(arguments.len());
            assert!(
                arguments[optional..].iter().all(|it| !it.required),
                "{path}: optional arguments stand last"
            );
        }
    }
}
