//! A slip in a word is told once: what was meant is read on, so that nothing that the block declares is missed.
//!
//! In: the trees as written. Out: the same, with words and keys that are near to one of the table in its place.

use super::errors;
use super::steps;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::declarations::TOP_LEVEL;
use crate::schema::job::{EXTRA, ON};
use crate::schema::{self, Head, Type, pipeline};
use crate::syntax::ast::{self, Attribute, Declaration, ExprKind, Statement};
use crate::target::pipeline_keys;

/// What a body takes; none at the top of a file.
type Row = Option<&'static schema::Block>;

/// Those that stand in templates are read where they are used.
pub fn words(files: &mut [ast::File]) -> Vec<Diagnostic> {
    let mut cx = Respell { outer: Vec::new(), findings: Vec::new() };
    for file in files {
        cx.statements(&mut file.statements, None);
    }
    cx.findings
}

struct Respell {
    /// The rows around the one at hand.
    outer: Vec<Row>,
    findings: Vec<Diagnostic>,
}

impl Respell {
    fn statements(&mut self, inside: &mut [Statement], row: Row) {
        let mut keys: Option<Vec<String>> = None;
        for at in 0..inside.len() {
            let is_slip = matches!(&inside[at], Statement::Attribute(it) if is_slip(it, row));
            if is_slip && keys.is_none() {
                keys = Some(inside.iter().filter_map(key).collect());
            }
            match &mut inside[at] {
                Statement::Block(it) => self.block(it, row),
                Statement::Declaration(it) => self.declaration(it, row),
                Statement::Attribute(it) if is_slip => self.attribute(it, row, keys.get_or_insert_default()),
                Statement::For(it) => self.statements(&mut it.body.statements, row),
                Statement::If(it) => {
                    self.statements(&mut it.then.statements, row);
                    it.otherwise.iter_mut().for_each(|it| self.statements(&mut it.statements, row));
                }
                Statement::Attribute(_)
                | Statement::Let(_)
                | Statement::Template(_)
                | Statement::Use(_)
                | Statement::Broken(_) => {}
            }
        }
    }

    fn block(&mut self, block: &mut ast::Block, parent: Row) {
        if block.quoted || parent.is_some_and(|it| it.free == Some(Type::Data)) {
            return;
        }
        let row = child(&block.word.value, parent).or_else(|| self.meant(block, parent));
        if let (Some(row), Some(body)) = (row, &mut block.body) {
            self.outer.push(parent);
            self.statements(&mut body.statements, Some(row));
            self.outer.pop();
        }
    }

    /// The row of the word that the block's is near to, which becomes its word.
    fn meant(&mut self, block: &mut ast::Block, parent: Row) -> Row {
        let word = block.word.value.as_str();
        let is_at_home_outside = || self.outer.iter().any(|it| child(word, *it).is_some());
        let stands_behind = match block.arguments.first().map(|it| &it.kind) {
            Some(ExprKind::Path(path)) => {
                path.as_ident().is_some_and(|it| child(&it.value, parent).is_some())
            }
            _ => false,
        };
        let is_foreign = pipeline_keys::instead_of(word, parent.map_or("", |it| it.word)).is_some();
        if is_foreign || is_known(word, parent) || stands_behind || is_at_home_outside() {
            return None;
        }
        let known = known(parent);
        let attributes = parent.into_iter().flat_map(schema::Block::all_attributes).map(|it| it.name);
        let nearest = suggest::nearest(word, known.iter().copied().chain(attributes))?;
        let row = child(nearest, parent).filter(|_| suggest::is_slip(word, nearest))?;
        let of = parent.map_or("", |it| it.word);
        self.findings.push(errors::unknown_block(&block.word, of, Some(nearest), &known));
        nearest.clone_into(&mut block.word.value);
        Some(row)
    }

    fn declaration(&mut self, it: &mut Declaration, parent: Row) {
        let Some(row) = parent.filter(|it| it.free != Some(Type::Data)) else { return };
        if is_known(&it.word.value, parent) {
            return;
        }
        let typed = row.blocks.iter().filter(|it| it.block.head == Head::Typed);
        let known: Vec<&str> = typed.map(|it| it.block.word).collect();
        if let Some(nearest) = suggest::nearest(&it.word.value, known.iter().copied())
            && suggest::is_slip(&it.word.value, nearest)
        {
            self.findings.push(errors::unknown_block(&it.word, row.word, Some(nearest), &known));
            nearest.clone_into(&mut it.word.value);
        }
    }

    /// `keys` are all of the body: none is set twice by a slip.
    fn attribute(&mut self, it: &mut Attribute, row: Row, keys: &mut Vec<String>) {
        let Some(row) = row else { return };
        if pipeline_keys::instead_of(&it.key.value, row.word).is_some() {
            return;
        }
        let nearest = suggest::nearest(&it.key.value, row.all_attributes().map(|it| it.name));
        let nearest = nearest.filter(|meant| suggest::is_slip(&it.key.value, meant));
        if let Some(nearest) = nearest.filter(|nearest| keys.iter().all(|it| it != nearest)) {
            self.findings.push(errors::unknown_attribute(&it.key, row, Some(nearest)));
            nearest.clone_into(&mut it.key.value);
            keys.push(nearest.to_owned());
        }
    }
}

fn key(statement: &Statement) -> Option<String> {
    match statement {
        Statement::Attribute(it) => Some(it.key.value.clone()),
        _ => None,
    }
}

/// A key that the row does not know. Where what follows the block's word decides on the row, nothing is known.
fn is_slip(it: &Attribute, row: Row) -> bool {
    let has_one_row =
        |it: &schema::Block| it.free.is_none() && it.variants.is_empty() && it.word != "trigger";
    row.is_some_and(has_one_row) && !it.quoted && !is_known(&it.key.value, row)
}

fn is_known(word: &str, parent: Row) -> bool {
    match parent {
        None => word == pipeline::STAGE.word || word == "option",
        Some(parent) => parent.child(word).is_some() || parent.attribute(word).is_some(),
    }
}

fn child(word: &str, parent: Row) -> Row {
    let Some(parent) = parent else {
        return TOP_LEVEL.iter().find(|it| it.block.word == word).map(|it| it.block);
    };
    let of_steps = || steps::find(word).filter(|_| takes_steps(parent)).map(|it| it.block);
    let of_a_step = || {
        let shared = [&ON, &EXTRA].into_iter().find(|it| it.word == word);
        shared.filter(|_| steps::find(parent.word).is_some())
    };
    parent.child(word).map(|it| it.block).or_else(of_steps).or_else(of_a_step)
}

fn known(parent: Row) -> Vec<&'static str> {
    let children = parent.map_or(TOP_LEVEL, |it| it.blocks);
    let mut known: Vec<&str> = children.iter().map(|it| it.block.word).collect();
    if parent.is_some_and(|it| steps::find(it.word).is_some()) {
        known.extend([ON.word, EXTRA.word]);
    }
    if parent.is_some_and(takes_steps) {
        known.extend(steps::KINDS.iter().map(|it| it.block.word));
    }
    known
}

fn takes_steps(block: &schema::Block) -> bool {
    matches!(block.word, "stage" | "job" | "on")
}
