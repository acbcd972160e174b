//! What environments say differently about declarations of Azure ML. The statements of an overlay are put on top of
//! the declaration's, and both are decoded as one: what an attribute means, and what is wrong with it, stands once.

use super::decode;
use super::errors;
use super::fields::{Cx, Fields};
use super::project::{
    Component, Compute, Data, Datastore, Endpoint, Environment, MlPipeline, Model, Project, Runtime, View,
};
use super::symbols::{Symbols, declared_name};
use crate::base::arena::{Arena, Id};
use crate::base::span::Span;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::overlay::OVERLAYS;
use crate::schema::{Kind, declarations, ml};
use crate::syntax::ast::{Block, Body, Declaration, Ident, Statement};

/// A declaration with what an environment says on top.
pub struct Merged {
    environment: usize,
    kind: Kind,
    index: usize,
    block: Block,
    /// Where it is declared, and where the overlay stands.
    places: [Span; 2],
}

/// What says the same thing in another way: an overlay's word takes the place of the declaration's others.
const ALTERNATIVES: &[(&str, &[&str])] = &[
    ("image", &["build"]),
    ("conda", &["build"]),
    ("build", &["image", "conda"]),
    // Shares add up: they are said together.
    ("traffic", &["traffic"]),
    ("mirror_traffic", &["mirror_traffic"]),
    ("cron", &["every", "at", "days", "month_days"]),
    ("every", &["cron"]),
    ("at", &["cron"]),
    ("days", &["cron", "month_days"]),
    ("month_days", &["cron", "days", "every"]),
];

/// All overlays of all environments. One of a declaration that does not exist is left out, and reported when its
/// environment is decoded.
pub fn merge(symbols: &Symbols<'_>, findings: &mut Vec<Diagnostic>) -> Vec<Merged> {
    let mut found: Vec<Merged> = Vec::new();
    for (environment, declared) in symbols.of(Kind::Environment).enumerate() {
        for (kind, over) in overlays(declared.block) {
            let Some(index) = declared_name(over).and_then(|it| symbols.get(kind, &it.value)) else {
                continue;
            };
            let Some(base) = symbols.of(kind).nth(index.index) else { continue };
            if let Some(name) = declared_name(over) {
                symbols.link_to(name, index);
            }
            let is_second = found
                .iter()
                .any(|it| it.environment == environment && it.kind == kind && it.index == index.index);
            if !is_second {
                let places = [base.block.span, over.span];
                let block = Merge { symbols, findings }.block(base.block, over);
                found.push(Merged { environment, kind, index: index.index, block, places });
            }
        }
    }
    found
}

fn overlays(environment: &Block) -> impl Iterator<Item = (Kind, &Block)> {
    let statements = environment.body.iter().flat_map(|it| &it.statements);
    statements.filter_map(|it| match it {
        Statement::Block(it) if !it.quoted && OVERLAYS.iter().any(|row| row.block.word == it.word.value) => {
            Some((Kind::from_word(&it.word.value)?, it))
        }
        _ => None,
    })
}

struct Merge<'f> {
    symbols: &'f Symbols<'f>,
    findings: &'f mut Vec<Diagnostic>,
}

impl Merge<'_> {
    /// The declaration, headed where the overlay stands.
    fn block(&mut self, base: &Block, over: &Block) -> Block {
        let mut merged = Block { head: over.head, span: over.span, ..base.clone() };
        merged.doc = over.doc.clone().or(merged.doc);
        let Some(mut statements) = over.body.clone().map(|it| it.statements) else { return merged };
        if base.word.value == ml::ML_PIPELINE.word {
            let given: Vec<_> = statements.extract_if(.., |it| is_block(it, "inputs")).collect();
            self.defaults(&mut merged, &given);
            statements.retain(|it| self.knows(base, it));
        }
        let broken = over.body.as_ref().is_some_and(|it| it.broken);
        put_on(&mut merged.body, statements, broken);
        merged
    }

    /// `inputs { x = … }` are defaults of `input x: …`.
    fn defaults(&mut self, base: &mut Block, given: &[Statement]) {
        for statement in given.iter().flat_map(inner) {
            let Statement::Attribute(value) = statement else { continue };
            let mut declared = base.body.iter_mut().flat_map(|it| &mut it.statements).filter_map(input);
            match declared.find(|it| it.name.ident.value == value.key.value) {
                Some(input) => {
                    self.symbols.link(&value.key, input.name.ident.span);
                    input.default = Some(value.value.clone());
                }
                None => self.undefined("input", &value.key, base),
            }
        }
    }

    /// Steps and schedules have things said about them; a new one has nothing that the pipeline knows.
    fn knows(&mut self, base: &Block, statement: &Statement) -> bool {
        let Statement::Block(part) = statement else { return true };
        let word = part.word.value.as_str();
        let Some(name) = declared_name(part).filter(|_| matches!(word, "step" | "schedule")) else {
            return true;
        };
        self.symbols.link_inside(name, base, word);
        let known = named(base, word).any(|it| it.value == name.value);
        if !known {
            self.undefined(word, name, base);
        }
        known
    }

    fn undefined(&mut self, word: &str, name: &Ident, base: &Block) {
        let known: Vec<&str> = named(base, word).map(|it| it.value.as_str()).collect();
        let nearest = suggest::nearest(&name.value, known.iter().copied());
        let of = declared_name(base).map_or("", |it| it.value.as_str());
        self.findings.push(errors::undefined_name(name, &format!("{word} of `{of}`"), nearest, &known));
    }
}

fn put_on(base: &mut Option<Body>, over: Vec<Statement>, broken: bool) {
    let body = base.get_or_insert_default();
    body.broken |= broken;
    for statement in over {
        let replaced = alternatives(&statement);
        body.statements.retain(|it| word(it).is_none_or(|it| !replaced.contains(&it)));
        match body.statements.iter_mut().find(|it| same(it, &statement)) {
            Some(Statement::Block(base)) => {
                let Statement::Block(over) = statement else { continue };
                let broken = over.body.as_ref().is_some_and(|it| it.broken);
                put_on(&mut base.body, over.body.unwrap_or_default().statements, broken);
            }
            Some(base) => *base = statement,
            None => body.statements.push(statement),
        }
    }
}

fn inner(statement: &Statement) -> &[Statement] {
    match statement {
        Statement::Block(Block { body: Some(body), .. }) => &body.statements,
        _ => &[],
    }
}

fn is_block(statement: &Statement, word: &str) -> bool {
    matches!(statement, Statement::Block(it) if !it.quoted && it.word.value == word)
}

fn input(statement: &mut Statement) -> Option<&mut Declaration> {
    match statement {
        Statement::Declaration(it) if it.word.value == "input" => Some(it),
        _ => None,
    }
}

/// The names behind a word, in blocks and declarations.
fn named<'b>(base: &'b Block, word: &str) -> impl Iterator<Item = &'b Ident> {
    base.body.iter().flat_map(|it| &it.statements).filter_map(move |it| match it {
        Statement::Block(it) if it.word.value == word => declared_name(it),
        Statement::Declaration(it) if it.word.value == word => Some(&it.name.ident),
        _ => None,
    })
}

/// The attribute's or block's word.
fn word(statement: &Statement) -> Option<&str> {
    match statement {
        Statement::Attribute(it) => Some(&it.key.value),
        Statement::Block(it) => Some(&it.word.value),
        _ => None,
    }
}

fn alternatives(statement: &Statement) -> &'static [&'static str] {
    ALTERNATIVES.iter().find(|it| Some(it.0) == word(statement)).map_or(&[], |it| it.1)
}

/// Whether the one stands where the other did.
fn same(base: &Statement, over: &Statement) -> bool {
    match (base, over) {
        (Statement::Attribute(base), Statement::Attribute(over)) => base.key.value == over.key.value,
        (Statement::Block(base), Statement::Block(over)) => {
            let name = |it| declared_name(it).map(|it| &it.value);
            base.word.value == over.word.value && name(base) == name(over)
        }
        _ => false,
    }
}

/// A declaration as an environment sees it.
enum Seen {
    Compute(Compute),
    Runtime(Runtime),
    Datastore(Datastore),
    Data(Data),
    Model(Model),
    MlPipeline(MlPipeline),
    Endpoint(Endpoint),
}

/// Decoded overlays, until the project is complete.
#[derive(Default)]
pub struct Differences(Vec<(usize, usize, Seen)>);

/// Decodes them. What is wrong with a declaration or an overlay alone has been said where it stands.
pub fn decode<'a>(cx: &mut Cx<'a>, merged: &'a [Merged], components: &Arena<Component>) -> Differences {
    let decoded = merged.iter().filter_map(|it| {
        let before = cx.findings.len();
        let seen = seen(cx, it, components)?;
        let inside = |span: Span| {
            it.places.iter().any(|at| at.file == span.file && at.start <= span.start && span.end <= at.end)
        };
        if cx.findings[..before].iter().any(|it| inside(it.span())) {
            cx.findings.truncate(before);
        }
        Some((it.environment, it.index, seen))
    });
    Differences(decoded.collect())
}

fn seen<'a>(cx: &mut Cx<'a>, merged: &'a Merged, components: &Arena<Component>) -> Option<Seen> {
    let row = declarations::TOP_LEVEL.iter().find(|it| it.block.word == merged.kind.word())?;
    let fields = &mut Fields::new(cx, row.block, &merged.block);
    Some(match merged.kind {
        Kind::Compute => Seen::Compute(decode::resources::compute(fields)),
        Kind::Runtime => Seen::Runtime(decode::resources::runtime(fields)),
        Kind::Datastore => Seen::Datastore(decode::resources::datastore(fields)),
        Kind::Data => Seen::Data(decode::resources::data(fields)),
        Kind::Model => Seen::Model(decode::resources::model(fields)),
        Kind::MlPipeline => Seen::MlPipeline(decode::ml::ml_pipeline(fields, components)),
        Kind::Endpoint => Seen::Endpoint(decode::endpoint::endpoint(fields)),
        Kind::Connection
        | Kind::Repository
        | Kind::Pool
        | Kind::Variables
        | Kind::ContainerRegistry
        | Kind::Workspace
        | Kind::Schedule
        | Kind::MlRegistry
        | Kind::Component
        | Kind::Service
        | Kind::Environment
        | Kind::Approval
        | Kind::Pipeline => return None,
    })
}

impl Differences {
    /// One view of the project for each environment that has any.
    pub fn views(self, project: &Project) -> Vec<View> {
        let mut views: Vec<View> = Vec::new();
        for (environment, index, seen) in self.0 {
            let environment: Id<Environment> = Id::new(environment);
            let at = views.iter().position(|it| it.environment == environment).unwrap_or_else(|| {
                views.push(View { environment, project: project.clone() });
                views.len() - 1
            });
            let view = &mut views[at].project;
            match seen {
                Seen::Compute(it) => view.computes.replace(Id::new(index), it),
                Seen::Runtime(it) => view.runtimes.replace(Id::new(index), it),
                Seen::Datastore(it) => view.datastores.replace(Id::new(index), it),
                Seen::Data(it) => view.data.replace(Id::new(index), it),
                Seen::Model(it) => view.models.replace(Id::new(index), it),
                Seen::Endpoint(it) => view.endpoints.replace(Id::new(index), it),
                Seen::MlPipeline(it) => view.ml_pipelines.replace(Id::new(index), it),
            }
        }
        views
    }
}
