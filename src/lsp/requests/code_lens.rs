//! Above each pipeline: what starts it, what it starts, and a way to what is generated from it.

use crate::base::span::{FileId, Span};
use crate::driver::Analysis;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{CodeLens, CodeLensOptions, CodeLensParams, Command, Range, Uri};
use crate::lsp::starts::{self, Node, Start};
use crate::lsp::worker::Checked;
use crate::model::project::Project;
use serde_json::{Value, json};

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.code_lens_provider = Some(CodeLensOptions::default()),
    methods: &[Method {
        name: "textDocument/codeLens",
        needs: Needs::Analysis,
        run: |cx, params| answer(cx, params, code_lens),
    }],
};

/// Commands that a client has to have; without them a lens only says something.
const SHOW_PLACES: &str = "mlopsc.showPlaces";
const PREVIEW: &str = "mlopsc.preview";

fn code_lens(cx: &Cx<'_>, params: &CodeLensParams) -> Result<Vec<CodeLens>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let Some(checked) = cx.checked(document) else { return Ok(Vec::new()) };
    let Some((analysis, file)) = checked.analysis.as_ref().zip(Cx::file(checked, document)) else {
        return Ok(Vec::new());
    };
    let starts = starts::starts(&analysis.project);
    let view = View { cx, checked, analysis, uri: &document.uri, starts: &starts };
    let mut found: Vec<CodeLens> =
        starts::all(&analysis.project).flat_map(|it| view.of_node(it, file)).collect();
    // Copies of one declaration that say the same say it once.
    found.sort_by_key(|it| (it.range.start.line, it.range.start.character));
    let mut seen: Vec<CodeLens> = Vec::new();
    found.retain(|it| {
        seen.retain(|other| other.range == it.range);
        let is_new = !seen.contains(it);
        seen.push(it.clone());
        is_new
    });
    Ok(found)
}

struct View<'v> {
    cx: &'v Cx<'v>,
    checked: &'v Checked,
    analysis: &'v Analysis,
    uri: &'v Uri,
    starts: &'v [Start],
}

impl View<'_> {
    fn of_node(&self, node: Node, file: FileId) -> Vec<CodeLens> {
        let project = &self.analysis.project;
        let here = node.header(project).map(|it| it.ident.span);
        let here = here.filter(|it| self.analysis.sources.real(it.file) == file);
        let Some(range) = here.and_then(|it| self.cx.location(self.checked, it)).map(|it| it.range) else {
            return Vec::new();
        };
        let before: Vec<&Start> = self.starts.iter().filter(|it| it.of == node).collect();
        let after: Vec<&Start> = self.starts.iter().filter(|it| it.by == node).collect();
        let mut lenses = vec![self.lens(range, started_by(project, node, &before), &before)];
        if !after.is_empty() {
            let names = distinct(after.iter().map(|it| it.of.name(project).to_owned()));
            lenses.push(self.lens(range, format!("starts {}", names.join(", ")), &after));
        }
        if !self.analysis.has_errors() && self.knows(PREVIEW) {
            let arguments = vec![json!(self.uri), json!(range.start)];
            lenses.push(lens(range, "show what is generated".to_owned(), PREVIEW, arguments));
        }
        lenses
    }

    fn knows(&self, command: &str) -> bool {
        self.cx.state.client.commands.iter().any(|it| it == command)
    }

    /// Leads to where the starts are written.
    fn lens(&self, range: Range, title: String, starts: &[&Start]) -> CodeLens {
        let places: Vec<Span> = starts.iter().map(|it| it.at).collect();
        let places = places.iter().filter_map(|it| self.cx.location(self.checked, *it));
        let places: Vec<Value> = places.map(|it| json!(it)).collect();
        if places.is_empty() || !self.knows(SHOW_PLACES) {
            return lens(range, title, "", Vec::new());
        }
        lens(range, title, SHOW_PLACES, vec![json!(self.uri), json!(range.start), json!(places)])
    }
}

fn lens(range: Range, title: String, command: &str, arguments: Vec<Value>) -> CodeLens {
    let arguments = Some(arguments).filter(|it| !it.is_empty());
    let command = Command { title, tooltip: None, command: command.to_owned(), arguments };
    CodeLens { range, command: Some(command), data: None }
}

fn started_by(project: &Project, node: Node, starts: &[&Start]) -> String {
    let mut causes = match node {
        Node::Pipeline(at) => project.pipelines.values().nth(at).map(starts::events).unwrap_or_default(),
        Node::MlPipeline(at) => {
            let schedules =
                project.ml_pipelines.values().nth(at).into_iter().flat_map(|it| it.schedules.keys());
            schedules.map(|it| format!("schedule {it}")).collect()
        }
    };
    causes.extend(starts.iter().map(|it| it.by.name(project).to_owned()));
    match distinct(causes.into_iter()).as_slice() {
        [] => "started by people".to_owned(),
        causes => format!("started by {}", causes.join(" · ")),
    }
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
