//! Repairs of what is found, all of them at once, comments that allow it, values taken out.

mod extract;

use crate::allow;
use crate::base::span::FileId;
use crate::diag::{Diagnostic, Safety};
use crate::lsp::document::Document;
use crate::lsp::edits::between;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{CodeAction, CodeActionKind, CodeActionOptions, CodeActionParams, WorkspaceEdit};
use crate::lsp::repair;
use crate::lsp::worker::Checked;
use std::ops::Range;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| {
        let kinds =
            vec![CodeActionKind::QuickFix, CodeActionKind::RefactorExtract, CodeActionKind::SourceFixAll];
        let options = CodeActionOptions { code_action_kinds: Some(kinds), ..CodeActionOptions::default() };
        capabilities.code_action_provider = Some(options.into());
    },
    methods: &[Method {
        name: "textDocument/codeAction",
        needs: Needs::Analysis,
        run: |cx, params| answer(cx, params, actions),
    }],
};

/// What stands for the reason that only people know.
const REASON: &str = "say why";

fn actions(cx: &Cx<'_>, params: &CodeActionParams) -> Result<Vec<CodeAction>, Failure> {
    let document = cx.document(&params.text_document.uri)?;
    let text = document.text(cx.encoding());
    let asked = text.clamped(params.range.start)..text.clamped(params.range.end);
    let Some((checked, file)) = cx.checked(document).and_then(|it| Some((it, Cx::file(it, document)?)))
    else {
        return Ok(Vec::new());
    };
    let place = Place { cx, document, checked, file, asked };
    let wanted = |kind: &CodeActionKind| {
        let only = params.context.only.as_ref();
        only.is_none_or(|all| all.iter().any(|it| includes(it, kind)))
    };
    let mut actions = Vec::new();
    if wanted(&CodeActionKind::QuickFix) {
        actions.extend(place.repairs());
        actions.extend(place.allowances());
    }
    if wanted(&CodeActionKind::RefactorExtract) {
        actions.extend(place.to_let());
    }
    // It looks at the project several times: only for those who ask for it.
    if params.context.only.is_some() && wanted(&CodeActionKind::SourceFixAll) {
        actions.extend(all_repairs(cx, document, checked));
    }
    Ok(actions)
}

/// `source` asks for `source.fixAll` too.
fn includes(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let word =
        |it: &CodeActionKind| serde_json::to_value(it).ok().and_then(|it| Some(it.as_str()?.to_owned()));
    let (Some(asked), Some(kind)) = (word(asked), word(kind)) else { return false };
    asked.is_empty() || kind == asked || kind.starts_with(&format!("{asked}."))
}

struct Place<'p> {
    cx: &'p Cx<'p>,
    document: &'p Document,
    checked: &'p Checked,
    file: FileId,
    asked: Range<usize>,
}

impl Place<'_> {
    fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        let all = self.checked.analysis.iter().flat_map(|it| &it.findings);
        all.filter(|it| it.span().file == self.file)
    }

    /// What is found where the cursor or the selection is.
    fn here(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings().filter(|it| {
            let found = it.span().range();
            found.start <= self.asked.end && self.asked.start <= found.end
        })
    }

    fn to_let(&self) -> Option<CodeAction> {
        let found = extract::to_let(self.cx, self.document, (self.checked, self.file), &self.asked)?;
        let edit = self.cx.document_edit(self.document, &found.edits);
        Some(action(&format!("Extract to `let {}`", found.name), CodeActionKind::RefactorExtract, edit))
    }

    fn repairs(&self) -> Vec<CodeAction> {
        let repairs = self.here().filter_map(|it| {
            let fix = it.fix.as_ref()?;
            let edit = self.cx.project_edit(self.checked, &fix.edits)?;
            let is_preferred = Some(fix.safety == Safety::Safe);
            Some(CodeAction { is_preferred, ..action(&fix.title, CodeActionKind::QuickFix, edit) })
        });
        repairs.collect()
    }

    /// `// mlopsc: allow(rule)` before the statement.
    fn allowances(&self) -> Vec<CodeAction> {
        let Some(analysis) = &self.checked.analysis else { return Vec::new() };
        let lowered =
            |it: &&Diagnostic| !it.is_error() && !allow::KINDS.iter().any(|kind| kind.code == it.code);
        let mut codes: Vec<&str> = Vec::new();
        let mut actions = Vec::new();
        for finding in self.here().filter(lowered) {
            if codes.contains(&finding.code) {
                continue;
            }
            codes.push(finding.code);
            let offset = finding.span().start as usize;
            let Some(piece) = self.document.tree.piece_at(offset) else { continue };
            let start = piece.statement_start(offset).unwrap_or(offset);
            let line = &analysis.sources.get(self.file).text[..start];
            let at = line.rfind('\n').map_or(0, |it| it + 1);
            let indent: String =
                self.document.text[at..].chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
            let comment = format!("{indent}// mlopsc: allow({}) {REASON}\n", finding.code);
            let edit = self.cx.document_edit(self.document, &[(at..at, comment)]);
            let title = format!("Allow `{}` here", finding.code);
            actions.push(action(&title, CodeActionKind::QuickFix, edit));
        }
        actions
    }
}

/// All safe repairs of the file, round by round, as the command makes them.
fn all_repairs(cx: &Cx<'_>, document: &Document, checked: &Checked) -> Option<CodeAction> {
    let after = repair::safely(cx, document, checked)?;
    let edit = cx.document_edit(document, &between(&document.text, &after));
    Some(action("Fix all that can be fixed safely", CodeActionKind::SourceFixAll, edit))
}

fn action(title: &str, kind: CodeActionKind, edit: WorkspaceEdit) -> CodeAction {
    let title = with_capital(title);
    CodeAction { title, kind: Some(kind), edit: Some(edit), ..CodeAction::default() }
}

fn with_capital(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}
