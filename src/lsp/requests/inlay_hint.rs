//! What is meant without being written: who waits for whom, how long a job may run, what things are called outside.

use crate::base::arena::Arena;
use crate::base::span::{FileId, Span};
use crate::driver::Analysis;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer, source_text};
use crate::lsp::protocol::{InlayHint, InlayHintParams};
use crate::model::project::{Header, Job, Project, Stage};
use crate::plan;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.inlay_hint_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/inlayHint",
        needs: Needs::Analysis,
        run: |cx, params| answer(cx, params, inlay_hint),
    }],
};

fn inlay_hint(cx: &Cx<'_>, params: &InlayHintParams) -> Result<Vec<InlayHint>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let Some(checked) = cx.checked(document) else { return Ok(Vec::new()) };
    let Some((analysis, file)) = checked.analysis.as_ref().zip(Cx::file(checked, document)) else {
        return Ok(Vec::new());
    };
    let text = source_text(analysis.sources.get(file), cx.encoding());
    let wanted = text.clamped(params.range.start)..=text.clamped(params.range.end);
    let mut hints = Hints { analysis, file, found: BTreeMap::new() };
    hints.pipelines();
    hints.ml_pipelines();
    hints.names();
    let found = hints.found.into_iter().filter(|((at, _), _)| wanted.contains(at));
    let hints = found.filter_map(|((at, sort), said)| {
        // Copies of one statement that say different things have no common hint.
        let said = said?;
        Some(InlayHint {
            position: text.position(at),
            label: said.into(),
            kind: None,
            text_edits: None,
            tooltip: Some(sort.explanation().to_owned().into()),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        })
    });
    Ok(hints.collect())
}

/// In the order in which they stand behind one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Name,
    Parts,
    After,
    Timeout,
}

impl Sort {
    fn explanation(self) -> &'static str {
        match self {
            Sort::Name => "The name outside, made from the identifier.",
            Sort::Parts => {
                "The jobs that are generated from it: what waits without an agent stands in a job of its own."
            }
            Sort::After => {
                "Waits for these without saying so in `needs` or `after`: because it is written behind them, or reads \
                 something of them."
            }
            Sort::Timeout => "How long it may run: what holds around it, or what its steps need.",
        }
    }
}

struct Hints<'h> {
    analysis: &'h Analysis,
    file: FileId,
    /// By the byte that they stand behind; none where copies disagree.
    found: BTreeMap<(usize, Sort), Option<String>>,
}

impl Hints<'_> {
    fn push(&mut self, behind: Span, sort: Sort, said: String) {
        if self.analysis.sources.real(behind.file) != self.file || behind == Span::default() {
            return;
        }
        let place = (behind.end as usize, sort);
        match self.found.entry(place) {
            Entry::Vacant(it) => {
                it.insert(Some(said));
            }
            Entry::Occupied(mut it) => {
                if it.get().as_ref() != Some(&said) {
                    it.insert(None);
                }
            }
        }
    }

    fn after(&mut self, behind: Span, names: &[&str]) {
        if !names.is_empty() {
            self.push(behind, Sort::After, format!("after {}", names.join(", ")));
        }
    }

    fn pipelines(&mut self) {
        let Analysis { project, graphs, plan, .. } = self.analysis;
        for (at, pipeline) in project.pipelines.values().enumerate() {
            let (graph, planned) = (graphs.pipelines.get(at), plan.pipelines.get(at));
            for (index, stage) in pipeline.stages.iter().enumerate() {
                let needs = graph.and_then(|it| it.stages.get(index)).map_or(&[][..], |it| it);
                let written = stage.needs.as_deref().unwrap_or_default();
                let unsaid = needs.iter().filter(|it| !written.iter().any(|said| said.value == **it));
                let names = unsaid.filter_map(|it| Some(pipeline.stages.get(*it)?.ident.value.as_str()));
                self.after(stage.head, &names.collect::<Vec<_>>());
                for (job, source) in stage.jobs.iter().enumerate() {
                    let needs = graph.and_then(|it| it.jobs.get(index)?.get(job));
                    self.job(stage, source, needs.map_or(&[][..], |it| it));
                    let parts = planned.into_iter().flat_map(|it| &it.stages);
                    let parts = parts.filter(|it| it.origin == Some(index) && it.name == stage.ident.value);
                    let parts = parts.flat_map(|it| &it.jobs).filter(|it| it.source == source.head);
                    let parts: Vec<&plan::Job> = parts.collect();
                    self.parts(source, &parts);
                    self.timeout(stage, source, &parts);
                }
            }
        }
    }

    fn job(&mut self, stage: &Stage, job: &Job, needs: &[usize]) {
        let unsaid = needs.iter().filter(|it| !job.needs.iter().any(|said| said.value == **it));
        let names = unsaid.filter_map(|it| Some(stage.jobs.get(*it)?.ident.value.as_str()));
        if !job.implicit && job.handler.is_none() {
            self.after(job.head, &names.collect::<Vec<_>>());
        }
    }

    /// What waits without an agent stands in jobs of its own.
    fn parts(&mut self, job: &Job, parts: &[&plan::Job]) {
        if parts.len() > 1 {
            let names: Vec<&str> = parts.iter().map(|it| it.name.as_str()).collect();
            self.push(job.head, Sort::Parts, format!("jobs {}", names.join(", ")));
        }
    }

    fn timeout(&mut self, stage: &Stage, job: &Job, parts: &[&plan::Job]) {
        let is_said = job.inherited.timeout.is_some() || (job.implicit && stage.inherited.timeout.is_some());
        if is_said || parts.is_empty() {
            return;
        }
        let parts: Vec<String> = parts
            .iter()
            .map(|it| match it.pool {
                plan::Pool::Server => format!("{} without agent", duration(it.timeout_minutes)),
                plan::Pool::Agents(_) | plan::Pool::Default => duration(it.timeout_minutes),
            })
            .collect();
        self.push(job.head, Sort::Timeout, format!("timeout {}", parts.join(" + ")));
    }

    fn ml_pipelines(&mut self) {
        let Analysis { project, graphs, .. } = self.analysis;
        for (at, pipeline) in project.ml_pipelines.values().enumerate() {
            for (index, step) in pipeline.steps.iter().enumerate() {
                let needs = graphs.ml_pipelines.get(at).and_then(|it| it.get(index));
                let needs = needs.map_or(&[][..], |it| it);
                let unsaid = needs.iter().filter(|it| !step.after.iter().any(|said| said.value == **it));
                let names = unsaid.filter_map(|it| Some(pipeline.steps.get(*it)?.ident.value.as_str()));
                self.after(step.head, &names.collect::<Vec<_>>());
            }
        }
    }

    fn names(&mut self) {
        let Project { computes, services, workspaces, endpoints, container_registries, .. } =
            &self.analysis.project;
        self.name(computes, |it| &it.header);
        self.name(services, |it| &it.header);
        self.name(workspaces, |it| &it.header);
        self.name(endpoints, |it| &it.header);
        self.name(container_registries, |it| &it.header);
    }

    fn name<T>(&mut self, declared: &Arena<T>, header: fn(&T) -> &Header) {
        for header in declared.values().map(header) {
            let is_made = header.name.span == header.ident.span;
            if is_made && header.name.value != header.ident.value {
                self.push(header.ident.span, Sort::Name, format!("\"{}\"", header.name.value));
            }
        }
    }
}

/// Of minutes; 0 is as long as the pool allows.
fn duration(minutes: u64) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts = [(days, 'd'), (hours, 'h'), (rest, 'm')];
    let parts = parts.iter().filter(|it| it.0 > 0).map(|(number, unit)| format!("{number}{unit}"));
    match parts.collect::<String>() {
        none if none.is_empty() => "max".to_owned(),
        some => some,
    }
}
