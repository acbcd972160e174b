//! Declarations, stages, jobs and steps of all projects, by what a person types of their names.

use crate::base::span::{Span, Spanned};
use crate::driver::Analysis;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{
    BaseSymbolInformation, SymbolKind, WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use crate::model::project::{MlPipeline, Pipeline};
use crate::schema::Kind;
use std::collections::BTreeSet;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.workspace_symbol_provider = Some(true.into()),
    methods: &[Method {
        name: "workspace/symbol",
        needs: Needs::Analysis,
        run: |cx, params| answer(cx, params, workspace_symbol),
    }],
};

/// More names than a person reads.
const MOST: usize = 500;

#[expect(clippy::unnecessary_wraps, reason = "a method may fail")]
fn workspace_symbol(cx: &Cx<'_>, params: &WorkspaceSymbolParams) -> Result<WorkspaceSymbolResponse, Failure> {
    let wanted = params.query.to_lowercase();
    let mut found = Vec::new();
    for checked in cx.state.projects.values().filter_map(|it| it.latest.as_ref()) {
        let Some(analysis) = &checked.analysis else { continue };
        let fitting = symbols(analysis).into_iter().filter(|it| fits(&it.name.to_lowercase(), &wanted));
        let written = fitting.filter_map(|it| {
            let location = cx.location(checked, it.place)?.into();
            let base =
                BaseSymbolInformation { name: it.name, kind: it.kind, tags: None, container_name: it.around };
            Some(WorkspaceSymbol { location, data: None, base_symbol_information: base })
        });
        found.extend(written.take(MOST.saturating_sub(found.len())));
    }
    Ok(WorkspaceSymbolResponse::WorkspaceSymbolList(found))
}

/// All letters in this order.
fn fits(name: &str, wanted: &str) -> bool {
    let mut letters = name.chars();
    wanted.chars().filter(|it| !it.is_whitespace()).all(|it| letters.any(|letter| letter == it))
}

struct Symbol {
    name: String,
    kind: SymbolKind,
    place: Span,
    around: Option<String>,
}

/// Each place once: what stands in copies of files stands in one place.
fn symbols(analysis: &Analysis) -> Vec<Symbol> {
    let mut found: Vec<Symbol> = Vec::new();
    for declared in &analysis.project.declared {
        let kind = match declared.kind {
            Kind::Pipeline | Kind::MlPipeline => SymbolKind::Module,
            Kind::Environment => SymbolKind::Namespace,
            Kind::Service | Kind::Endpoint | Kind::Component => SymbolKind::Interface,
            Kind::Schedule => SymbolKind::Event,
            _ => SymbolKind::Struct,
        };
        let around = Some(declared.kind.word().to_owned());
        found.push(symbol(&declared.name, kind, around));
    }
    analysis.project.pipelines.values().for_each(|it| of_pipeline(it, &mut found));
    analysis.project.ml_pipelines.values().for_each(|it| of_ml_pipeline(it, &mut found));
    let mut seen = BTreeSet::new();
    found.retain(|it| {
        let place = Span { file: analysis.sources.real(it.place.file), ..it.place };
        it.place != Span::default() && seen.insert((place, it.name.clone()))
    });
    found
}

fn symbol(name: &Spanned<String>, kind: SymbolKind, around: Option<String>) -> Symbol {
    Symbol { name: name.value.clone(), kind, place: name.span, around }
}

fn of_pipeline(pipeline: &Pipeline, found: &mut Vec<Symbol>) {
    let name = &pipeline.header.ident.value;
    for stage in &pipeline.stages {
        found.push(symbol(&stage.ident, SymbolKind::Namespace, Some(name.clone())));
        let around = format!("{name}.{}", stage.ident.value);
        for job in &stage.jobs {
            if !job.implicit {
                found.push(symbol(&job.ident, SymbolKind::Class, Some(around.clone())));
            }
            // A step without a name goes by its word, which is no place to look for.
            let named =
                job.steps.iter().filter_map(|it| it.ident.as_ref().filter(|name| name.span != it.head));
            found.extend(named.map(|it| symbol(it, SymbolKind::Method, Some(around.clone()))));
        }
    }
}

fn of_ml_pipeline(pipeline: &MlPipeline, found: &mut Vec<Symbol>) {
    let around = pipeline.header.ident.value.clone();
    let steps = pipeline.steps.iter();
    found.extend(steps.map(|it| symbol(&it.ident, SymbolKind::Method, Some(around.clone()))));
}
