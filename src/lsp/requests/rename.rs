//! Another name for something, wherever it stands. The renamed project is checked before anything is changed: what would
//! be wrong then, or would mean something else, is refused.

use crate::base::span::Span;
use crate::diag::Edit;
use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::names::{self, Named};
use crate::lsp::place::{Place, Spot};
use crate::lsp::protocol::{
    PrepareRenameParams, PrepareRenamePlaceholder, RenameOptions, RenameParams, WorkspaceEdit,
};
use crate::lsp::repair;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| {
        let options = RenameOptions { prepare_provider: Some(true), ..RenameOptions::default() };
        capabilities.rename_provider = Some(options.into());
    },
    methods: &[
        Method {
            name: "textDocument/prepareRename",
            needs: Needs::Analysis,
            run: |cx, params| answer(cx, params, prepare),
        },
        Method {
            name: "textDocument/rename",
            needs: Needs::Analysis,
            run: |cx, params| answer(cx, params, rename),
        },
    ],
};

fn prepare(cx: &Cx<'_>, params: &PrepareRenameParams) -> Result<Option<PrepareRenamePlaceholder>, Failure> {
    let Some(named) = cx.named(&params.text_document_position_params)? else { return Ok(None) };
    let placeholder = renamable(cx, &named)?.to_owned();
    let bytes = named.at.range();
    let end = bytes.start + placeholder.len().min(bytes.len());
    Ok(Some(PrepareRenamePlaceholder { range: cx.range(named.document, bytes.start..end), placeholder }))
}

fn rename(cx: &Cx<'_>, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Failure> {
    let Some(named) = cx.named(&params.text_document_position_params)? else {
        return Err(Failure::Refused("there is no name here".to_owned()));
    };
    let old = renamable(cx, &named)?;
    let new = params.new_name.trim();
    if new == old {
        return Ok(None);
    }
    if !is_name(new) {
        let message =
            format!("`{new}` is no name: use lower-case letters, digits and `_`, with a letter first");
        return Err(Failure::Refused(message));
    }
    let edits = edits(&named, old, new)?;
    check(cx, &named, &edits, new)?;
    Ok(cx.project_edit(named.checked, &edits))
}

/// The name as it is declared, if that is a name that somebody wrote.
fn renamable<'n>(cx: &Cx<'_>, named: &'n Named<'_>) -> Result<&'n str, Failure> {
    let name = named.text();
    let refused = |why: &str| Err(Failure::Refused(why.to_owned()));
    if !is_name(name) {
        return refused("it is declared with an index or in another form than a plain name");
    }
    let source = named.analysis.sources.get(named.declared.file);
    let path = named.checked.key.path(&source.path);
    let is_word = match cx.state.documents.get(&path) {
        Some(document) => is_word(document, named.declared),
        None => {
            let text = source.text.clone();
            let document = Document::new(cx.state.uri(&path), path, 0, text);
            is_word(&document, named.declared)
        }
    };
    if is_word {
        return refused(
            "the step goes by the name of its kind: give it a name of its own with `as NAME` first",
        );
    }
    Ok(name)
}

fn is_word(document: &Document, declared: Span) -> bool {
    let place = Place::at(document, declared.start as usize);
    place.is_some_and(|it| matches!(it.spot, Spot::Word(..)))
}

fn is_name(text: &str) -> bool {
    crate::model::symbols::is_identifier(text)
}

fn edits(named: &Named<'_>, old: &str, new: &str) -> Result<Vec<Edit>, Failure> {
    let sources = &named.analysis.sources;
    let mut spans: Vec<Span> = std::iter::once(named.declared).chain(named.uses()).collect();
    spans.sort_unstable();
    spans.dedup();
    let edits = spans.into_iter().map(|span| {
        let written = sources.slice(span);
        let rest = written.strip_prefix(old).filter(|it| it.is_empty() || it.starts_with('['));
        let Some(_) = rest else {
            let place = sources.position(span);
            let path = &sources.get(span.file).path;
            let message =
                format!("it is written `{written}` in {path}:{}: rename it there first", place.line);
            return Err(Failure::Refused(message));
        };
        let end = span.start as usize + old.len();
        Ok(Edit { span: Span::new(span.file, span.start as usize, end), text: new.to_owned() })
    });
    edits.collect()
}

/// Nothing is wrong afterwards that was not before, and the same names mean the same thing.
fn check(cx: &Cx<'_>, named: &Named<'_>, edits: &[Edit], new: &str) -> Result<(), Failure> {
    let after = repair::tried(cx, named.checked, edits).map_err(Failure::Refused)?;
    if let Some(finding) = repair::worse(named.analysis, &after) {
        let source = after.sources.get(finding.span().file);
        let line = after.sources.position(finding.span()).line;
        let message =
            format!("`{new}` would lead to an error in {}:{line}: {}", source.path, finding.message);
        return Err(Failure::Refused(message));
    }
    let before =
        |span: &Edit| span.span.file == named.declared.file && span.span.start < named.declared.start;
    let (gone, written) = edits
        .iter()
        .filter(|it| before(it))
        .fold((0, 0), |(gone, written), it| (gone + it.span.range().len(), written + it.text.len()));
    let start = named.declared.start as usize + written - gone;
    let declared = Span::new(named.declared.file, start, start + new.len());
    let (uses, still) = (named.uses().count(), names::count(&after.links, declared));
    // A name that meant nothing declared, like `server`, would mean this.
    if uses != still || named.analysis.links.len() != after.links.len() {
        return Err(Failure::Refused(format!("`{new}` means something else where this name is used")));
    }
    Ok(())
}
