//! Which pipelines start which: by a trigger, or by a step that queues or submits.

use crate::base::span::Span;
use crate::driver::Analysis;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, Range,
    SymbolKind,
};
use crate::lsp::starts::{self, Node, Start};
use crate::lsp::worker::Checked;
use std::collections::BTreeMap;
use std::path::Path;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.call_hierarchy_provider = Some(true.into()),
    methods: &[
        Method {
            name: "textDocument/prepareCallHierarchy",
            needs: Needs::Analysis,
            run: |cx, params| answer(cx, params, prepare),
        },
        Method {
            name: "callHierarchy/incomingCalls",
            needs: Needs::Analysis,
            run: |cx, params| answer(cx, params, incoming),
        },
        Method {
            name: "callHierarchy/outgoingCalls",
            needs: Needs::Analysis,
            run: |cx, params| answer(cx, params, outgoing),
        },
    ],
};

type Prepared = Option<Vec<CallHierarchyItem>>;

fn prepare(cx: &Cx<'_>, params: &CallHierarchyPrepareParams) -> Result<Prepared, Failure> {
    let Some(named) = cx.named(&params.text_document_position_params)? else { return Ok(None) };
    let view = View { cx, checked: named.checked, analysis: named.analysis };
    let node = Node::declared_at(named.analysis, named.declared);
    Ok(node.and_then(|it| view.item(it)).map(|it| vec![it]))
}

fn incoming(
    cx: &Cx<'_>,
    params: &CallHierarchyIncomingCallsParams,
) -> Result<Vec<CallHierarchyIncomingCall>, Failure> {
    let Some((view, node)) = found(cx, &params.item)? else { return Ok(Vec::new()) };
    let calls = view.grouped(|it| (it.of == node).then_some(it.by));
    let calls = calls.into_iter().filter_map(|(by, starts)| {
        Some(CallHierarchyIncomingCall { from: view.item(by)?, from_ranges: view.places(&starts) })
    });
    Ok(calls.collect())
}

fn outgoing(
    cx: &Cx<'_>,
    params: &CallHierarchyOutgoingCallsParams,
) -> Result<Vec<CallHierarchyOutgoingCall>, Failure> {
    let Some((view, node)) = found(cx, &params.item)? else { return Ok(Vec::new()) };
    let calls = view.grouped(|it| (it.by == node).then_some(it.of));
    let calls = calls.into_iter().filter_map(|(of, starts)| {
        Some(CallHierarchyOutgoingCall { to: view.item(of)?, from_ranges: view.places(&starts) })
    });
    Ok(calls.collect())
}

/// An item that the client was given before, in the project as it is now.
fn found<'s>(cx: &'s Cx<'s>, item: &CallHierarchyItem) -> Result<Option<(View<'s>, Node)>, Failure> {
    let path = cx.state.path(&item.uri);
    let path = path.ok_or_else(|| Failure::Params(format!("`{}` is no file", item.uri.as_ref())))?;
    Ok(in_file(cx, &path, item))
}

fn in_file<'s>(cx: &'s Cx<'s>, path: &Path, item: &CallHierarchyItem) -> Option<(View<'s>, Node)> {
    let projects = cx.state.projects.values().filter_map(|it| it.latest.as_ref());
    let mut analyzed = projects.filter_map(|it| Some((it, it.analysis.as_ref()?)));
    let (checked, analysis) = analyzed.find(|(checked, analysis)| {
        analysis.sources.iter().any(|(_, source)| checked.key.path(&source.path) == path)
    })?;
    let (word, name) = (item.detail.as_deref()?, item.name.as_str());
    Some((View { cx, checked, analysis }, Node::find(&analysis.project, word, name)?))
}

struct View<'v> {
    cx: &'v Cx<'v>,
    checked: &'v Checked,
    analysis: &'v Analysis,
}

impl View<'_> {
    fn item(&self, node: Node) -> Option<CallHierarchyItem> {
        let header = node.header(&self.analysis.project)?;
        let whole = self.cx.location(self.checked, header.head)?;
        Some(CallHierarchyItem {
            name: header.ident.value.clone(),
            kind: SymbolKind::Module,
            tags: None,
            detail: Some(node.word().to_owned()),
            uri: whole.uri,
            range: whole.range,
            selection_range: self.cx.location(self.checked, header.ident.span)?.range,
            data: None,
        })
    }

    fn grouped(&self, by: impl Fn(&Start) -> Option<Node>) -> BTreeMap<Node, Vec<Start>> {
        let mut found: BTreeMap<Node, Vec<Start>> = BTreeMap::new();
        for start in starts::starts(&self.analysis.project) {
            if let Some(node) = by(&start) {
                found.entry(node).or_default().push(start);
            }
        }
        found
    }

    /// Ranges in the file of who starts: a trigger in another file is told by the name of who starts.
    fn places(&self, starts: &[Start]) -> Vec<Range> {
        let place = |it: &Start| {
            let name = it.by.header(&self.analysis.project)?.ident.span;
            let real = |it: Span| self.analysis.sources.real(it.file);
            let place = if real(name) == real(it.at) { it.at } else { name };
            Some(self.cx.location(self.checked, place)?.range)
        };
        let mut found: Vec<Range> = starts.iter().filter_map(place).collect();
        found.dedup();
        found
    }
}
