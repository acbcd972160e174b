//! From trees to the project. In: the files of a project. Out: the project with every name, reference and type
//! resolved, and what is wrong with them. A declaration with mistakes keeps its place, so that ids hold; nothing is
//! emitted from a project with errors.

mod convert;
pub mod cron;
pub mod data;
mod decode;
pub mod documents;
mod errors;
pub mod expr;
mod fields;
pub mod handlers;
pub mod live;
pub mod lower;
mod matrix;
mod meant;
mod metric;
pub mod ml_flow;
pub mod ml_names;
mod naming;
mod numbers;
mod overlay;
pub mod pages;
pub mod project;
mod resolve;
pub mod respell;
pub mod scope;
pub mod steps;
pub mod symbols;
pub mod walk;

use crate::base::arena::Arena;
use crate::base::files::Files;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::{Kind, component, declarations, endpoint, environment, ml, service};
use crate::syntax::ast::{self, Statement};
use fields::{Cx, Fields};
use project::{Project, View};
use resolve::Resolver;

pub use resolve::{image_fields, outcomes, reasons, run_facts, run_fields, statuses};
use std::collections::BTreeSet;
use symbols::Symbols;

pub fn build(files: &[ast::File], side_files: &dyn Files) -> (Project, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    top_level(files, &mut findings);
    let symbols = Symbols::collect(files, &mut findings);
    let merged = overlay::merge(&symbols, &mut findings);
    let mut cx =
        Cx { symbols: &symbols, files: side_files, findings, resolver: Resolver::default(), project: None };
    let variables = each(&mut cx, Kind::Variables, &declarations::VARIABLES, decode::declarations::variables);
    let mut cx = Cx {
        symbols: &symbols,
        files: side_files,
        findings: cx.findings,
        resolver: Resolver { variables: Some(&variables), ..Resolver::default() },
        project: None,
    };
    let project = declared(&mut cx);
    let views = overlay::decode(&mut cx, &merged, &project.components).views(&project);
    let project = Project { views, ..project };
    let pipelines = decode::pipeline::all(&mut cx, &project);
    let (referenced, members_read) = (symbols.used(), symbols.take_members());
    // What only a test names is not used.
    let tests = decode::test::all(&mut cx);
    let findings = cx.findings;
    let views = project.views.iter().map(|it| View {
        project: Project {
            variables: variables.clone(),
            pipelines: pipelines.clone(),
            referenced: referenced.clone(),
            members_read: members_read.clone(),
            ..it.project.clone()
        },
        ..*it
    });
    let views = views.collect();
    let (links, declared, side_files) = (symbols.take_links(), symbols.declared(), symbols.take_side_files());
    let project = Project { declared, links, side_files, ..project };
    (Project { variables, pipelines, tests, referenced, members_read, views, ..project }, findings)
}

/// Everything but variables and pipelines.
fn declared(cx: &mut Cx<'_>) -> Project {
    let mut computes = each(cx, Kind::Compute, &declarations::COMPUTE, decode::resources::compute);
    computes.push(decode::resources::serverless());
    let mut pools = each(cx, Kind::Pool, &declarations::POOL, decode::declarations::pool);
    pools.push(decode::declarations::server_pool());
    let components = each(cx, Kind::Component, &component::COMPONENT, decode::component::component);
    let ml_pipelines =
        each(cx, Kind::MlPipeline, &ml::ML_PIPELINE, |it| decode::ml::ml_pipeline(it, &components));
    Project {
        settings: decode::declarations::settings(cx),
        connections: each(cx, Kind::Connection, &declarations::CONNECTION, decode::declarations::connection),
        repositories: each(cx, Kind::Repository, &declarations::REPOSITORY, decode::declarations::repository),
        pools,
        variables: Arena::default(),
        container_registries: each(
            cx,
            Kind::ContainerRegistry,
            &declarations::CONTAINER_REGISTRY,
            decode::declarations::container_registry,
        ),
        workspaces: each(cx, Kind::Workspace, &declarations::WORKSPACE, decode::resources::workspace),
        computes,
        runtimes: each(cx, Kind::Runtime, &declarations::RUNTIME, decode::resources::runtime),
        datastores: each(cx, Kind::Datastore, &declarations::DATASTORE, decode::resources::datastore),
        data: each(cx, Kind::Data, &declarations::DATA, decode::resources::data),
        models: each(cx, Kind::Model, &declarations::MODEL, decode::resources::model),
        ml_registries: each(cx, Kind::MlRegistry, &component::ML_REGISTRY, decode::component::ml_registry),
        components,
        ml_pipelines,
        endpoints: each(cx, Kind::Endpoint, &endpoint::ENDPOINT, decode::endpoint::endpoint),
        services: each(cx, Kind::Service, &service::SERVICE, decode::service::service),
        environments: each(
            cx,
            Kind::Environment,
            &environment::ENVIRONMENT,
            decode::environment::environment,
        ),
        approvals: each(cx, Kind::Approval, &environment::APPROVAL, decode::environment::approval),
        pipelines: Arena::default(),
        tests: Vec::new(),
        referenced: BTreeSet::new(),
        members_read: BTreeSet::new(),
        declared: Vec::new(),
        links: Vec::new(),
        side_files: BTreeSet::new(),
        views: Vec::new(),
        own_documents: BTreeSet::new(),
    }
}

/// Decodes all declarations of a kind, in the order of their ids.
fn each<'a, T>(
    cx: &mut Cx<'a>,
    kind: Kind,
    row: &'static crate::schema::Block,
    decode: impl Fn(&mut Fields<'_, 'a>) -> T,
) -> Arena<T> {
    let symbols: &'a Symbols<'a> = cx.symbols;
    symbols.of(kind).map(|it| decode(&mut Fields::new(cx, row, it.block))).collect()
}

/// What cannot stand at the top of a file.
fn top_level(files: &[ast::File], findings: &mut Vec<Diagnostic>) {
    let known: Vec<&str> = declarations::TOP_LEVEL.iter().map(|it| it.block.word).collect();
    for statement in files.iter().flat_map(|file| &file.statements) {
        let finding = match statement {
            Statement::Block(it) => top_level_block(it, &known),
            Statement::Declaration(it) => Some(unknown_word(&it.word, &known)),
            Statement::Attribute(it) => Some(errors::attribute_at_top(it.span)),
            // Gone, or reported, before.
            Statement::For(_)
            | Statement::If(_)
            | Statement::Let(_)
            | Statement::Template(_)
            | Statement::Use(_)
            | Statement::Broken(_) => None,
        };
        findings.extend(finding);
    }
}

fn top_level_block(block: &ast::Block, known: &[&str]) -> Option<Diagnostic> {
    let word = block.word.value.as_str();
    if known.contains(&word) {
        return block.quoted.then(|| errors::quoted_word(&block.word));
    }
    Some(unknown_word(&block.word, known))
}

fn unknown_word(word: &ast::Ident, known: &[&str]) -> Diagnostic {
    errors::unknown_block(word, "", suggest::nearest(&word.value, known.iter().copied()), known)
}
