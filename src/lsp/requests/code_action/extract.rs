//! A value that is selected gets a name.

use crate::base::span::{FileId, Span};
use crate::diag::Edit;
use crate::lsp::document::Document;
use crate::lsp::feature::Cx;
use crate::lsp::names;
use crate::lsp::place::{Place, Spot};
use crate::lsp::repair;
use crate::lsp::worker::Checked;
use crate::model::symbols::is_identifier;
use crate::syntax::ast::{ExprKind, Statement};
use std::ops::Range;

pub struct Extracted {
    pub name: String,
    /// Bytes of the document.
    pub edits: Vec<(Range<usize>, String)>,
}

/// A `let` before the declaration, and its name where the value stands: if a whole constant is selected, and the project
/// means the same afterwards.
pub fn to_let(
    cx: &Cx<'_>,
    document: &Document,
    (checked, file): (&Checked, FileId),
    selected: &Range<usize>,
) -> Option<Extracted> {
    let written = document.text.get(selected.clone())?;
    let start = selected.start + written.len() - written.trim_start().len();
    let value = start..start + written.trim().len();
    let place = Place::at(document, value.start).filter(|_| !value.is_empty())?;
    let (Spot::Value(expr, _), Some((Statement::Block(_), _))) = (place.spot, place.around.first()) else {
        return None;
    };
    let is_constant = matches!(
        expr.kind,
        ExprKind::String(_) | ExprKind::Number(_) | ExprKind::List(_) | ExprKind::Record(_)
    );
    if !is_constant || place.bytes(expr.span) != value {
        return None;
    }
    let top = place.bytes(place.around.first()?.0.span()).start;
    let at = before_comments(&document.text, top);
    let name = name(&place);
    let candidates = [name.clone(), format!("{name}_value"), format!("{name}_value_2")];
    candidates.into_iter().find_map(|name| {
        let declaration = format!("let {name} = {}\n\n", &document.text[value.clone()]);
        let edits = vec![(at..at, declaration), (value.clone(), name.clone())];
        means_the_same(cx, (checked, file), &edits, &name).then_some(Extracted { name, edits })
    })
}

/// The key of the attribute around it, if that can be a name.
fn name(place: &Place<'_>) -> String {
    match place.around.last() {
        Some((Statement::Attribute(it), _)) if is_identifier(&it.key.value) => it.key.value.clone(),
        _ => "value".to_owned(),
    }
}

/// The start of the first comment right before the line.
fn before_comments(text: &str, top: usize) -> usize {
    let mut start = text[..top].rfind('\n').map_or(0, |it| it + 1);
    for line in text[..start].split_inclusive('\n').rev() {
        if !line.trim_start().starts_with("//") {
            break;
        }
        start -= line.len();
    }
    start
}

/// Nothing is wrong that was not, and the name stands for the value at its one place.
fn means_the_same(
    cx: &Cx<'_>,
    (checked, file): (&Checked, FileId),
    edits: &[(Range<usize>, String)],
    name: &str,
) -> bool {
    let of = |(bytes, text): &(Range<usize>, String)| Edit {
        span: Span::new(file, bytes.start, bytes.end),
        text: text.clone(),
    };
    let written: Vec<Edit> = edits.iter().map(of).collect();
    let Some((before, after)) = checked.analysis.as_ref().zip(repair::tried(cx, checked, &written).ok())
    else {
        return false;
    };
    let start = edits[0].0.start + "let ".len();
    let declared = Span::new(file, start, start + name.len());
    repair::worse(before, &after).is_none()
        && names::count(&after.links, declared) == 1
        && before.links.len() + 1 == after.links.len()
}
