//! Findings for the editor. A keystroke is answered in two steps: at once with the shape of the edited text, and with what
//! was found before where it stands now; and with what the whole project says when nothing else is to be done.

use super::document::Document;
use super::feature::source_text;
use super::protocol::{
    self, Code, CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Uri,
};
use super::state::State;
use super::worker::Checked;
use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};
use crate::diag::{Diagnostic, Group, Severity};
use crate::{explain, syntax};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What is to be shown of each file, also where that is nothing.
pub type Shown = BTreeMap<String, Vec<protocol::Diagnostic>>;

/// All findings of a project by the address of the file; each of its files has an entry.
pub fn of_project(state: &State<'_>, checked: &Checked) -> Shown {
    let mut shown = Shown::new();
    let own = checked.analysis.as_ref().map(|it| (&it.sources, &it.findings));
    let own = own.unwrap_or((&checked.loaded.texts.sources, &checked.loaded.texts.findings));
    let config = (&checked.loaded.texts.config_text, &checked.loaded.texts.config_findings);
    for (sources, findings) in [own, config] {
        let mut writer = Writer { state, checked, sources, uris: BTreeMap::new() };
        for (id, _) in sources.iter() {
            shown.entry(writer.uri(id).0).or_default();
        }
        for finding in findings {
            let uri = writer.uri(finding.span().file).0;
            let finding = writer.finding(finding);
            shown.entry(uri).or_default().push(finding);
        }
    }
    shown
}

/// What is known of an edited text at once.
pub fn at_once(state: &State<'_>, document: &Document) -> Vec<protocol::Diagnostic> {
    let text = document.text(state.client.encoding);
    let mut found: Vec<_> = document.tree.findings().iter().map(|it| of_shape(state, document, it)).collect();
    let Some(checked) = state.project_of(&document.path).and_then(|it| it.1.latest.as_deref()) else {
        return found;
    };
    let Some(analysis) = &checked.analysis else { return found };
    let sources = &analysis.sources;
    let Some((id, _)) = sources.iter().find(|(_, it)| checked.key.path(&it.path) == document.path) else {
        return found;
    };
    let mut writer = Writer { state, checked, sources, uris: BTreeMap::new() };
    let start = analysis.findings.partition_point(|it| it.span().file < id);
    let own = analysis.findings[start..].iter().take_while(|it| it.span().file == id);
    for finding in own.filter(|it| !syntax::KINDS.iter().any(|kind| kind.code == it.code)) {
        if let Some(bytes) = document.carried(finding.span().range(), checked.revision) {
            found.push(protocol::Diagnostic { range: text.range(bytes), ..writer.finding(finding) });
        }
    }
    found.sort_by_key(|it| (it.range.start.line, it.range.start.character));
    found
}

fn of_shape(state: &State<'_>, document: &Document, finding: &Diagnostic) -> protocol::Diagnostic {
    let text = document.text(state.client.encoding);
    let related = finding.labels[1..].iter().map(|label| {
        let location = Location { uri: document.uri.clone(), range: text.range(label.span.range()) };
        DiagnosticRelatedInformation { location, message: label.text.clone() }
    });
    let pages = state.client.pages.as_deref();
    with_related(pages, finding, text.range(finding.span().range()), related.collect())
}

struct Writer<'w> {
    state: &'w State<'w>,
    checked: &'w Checked,
    sources: &'w Sources,
    uris: BTreeMap<FileId, String>,
}

impl Writer<'_> {
    fn uri(&mut self, file: FileId) -> Uri {
        let (state, checked, sources) = (self.state, self.checked, self.sources);
        let uri =
            self.uris.entry(file).or_insert_with(|| state.uri(&checked.key.path(&sources.get(file).path)).0);
        Uri(uri.clone())
    }

    fn location(&mut self, span: Span) -> Location {
        let range = source_text(self.sources.get(span.file), self.state.client.encoding).range(span.range());
        Location { uri: self.uri(span.file), range }
    }

    fn finding(&mut self, finding: &Diagnostic) -> protocol::Diagnostic {
        let related = finding.labels[1..].iter().map(|label| {
            let location = self.location(label.span);
            DiagnosticRelatedInformation { location, message: label.text.clone() }
        });
        let related = related.collect();
        with_related(
            self.state.client.pages.as_deref(),
            finding,
            self.location(finding.span()).range,
            related,
        )
    }
}

fn with_related(
    pages: Option<&str>,
    finding: &Diagnostic,
    range: protocol::Range,
    related: Vec<DiagnosticRelatedInformation>,
) -> protocol::Diagnostic {
    let related = related.into_iter().map(|it| match it.message.as_str() {
        "" => DiagnosticRelatedInformation { message: "here too".to_owned(), ..it },
        _ => it,
    });
    protocol::Diagnostic {
        range,
        severity: Some(severity(finding.severity)),
        code: Some(Code::String(finding.code.to_owned())),
        code_description: pages.map(|it| CodeDescription { href: Uri(format!("{it}{}.md", finding.code)) }),
        source: Some("mlopsc".to_owned()),
        message: message(finding).into(),
        tags: tag(finding.code).map(|it| vec![it]),
        related_information: Some(related.collect()),
        data: finding.fix.as_ref().map(|it| json!({ "fix": it.title })),
    }
}

/// What is wrong, what stands under it, and what to write.
fn message(finding: &Diagnostic) -> String {
    let label = Some(&finding.labels[0].text).filter(|it| !it.is_empty());
    let help = finding.help.as_ref().map(|it| format!("help: {it}"));
    let parts = [Some(finding.message.clone()), label.cloned(), help];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info => DiagnosticSeverity::Information,
    }
}

/// Codes of what is of no use.
static UNUSED: OnceLock<BTreeSet<&'static str>> = OnceLock::new();

/// Grey for what is of no use, struck out for what should no longer be used.
fn tag(code: &str) -> Option<DiagnosticTag> {
    if code.ends_with("deprecated") || code.starts_with("retired-") {
        return Some(DiagnosticTag::Deprecated);
    }
    let of_group =
        || explain::kinds().iter().filter(|it| it.group == Group::Unused).map(|it| it.code).collect();
    UNUSED.get_or_init(of_group).contains(code).then_some(DiagnosticTag::Unnecessary)
}
