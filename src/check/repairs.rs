//! Fixes for findings of the phases before, which have no text to work on.

use super::edit;
use crate::base::sources::Sources;
use crate::diag::{Diagnostic, Edit, Fix, Safety};

pub fn add(sources: &Sources, findings: &mut [Diagnostic]) {
    for finding in findings.iter_mut().filter(|it| it.fix.is_none()) {
        finding.fix = match finding.code {
            "missing-trigger" => {
                let edit = edit::insert(sources, finding.span(), "trigger manual");
                Some(one(Safety::Unsafe, "start it by hand", edit))
            }
            "unsupported-trigger-event" => {
                let attribute = edit::attribute(sources, finding.span());
                let is_written = sources.slice(attribute).starts_with("on");
                is_written.then(|| one(Safety::Unsafe, "remove `on`", edit::remove(sources, attribute)))
            }
            "duplicate-attribute" => duplicate(sources, finding),
            "dependency-cycle" if finding.labels.len() == 1 => itself(sources, finding),
            _ => continue,
        };
    }
}

fn one(safety: Safety, title: &str, edit: Edit) -> Fix {
    Fix { title: title.to_owned(), safety, edits: vec![edit] }
}

/// What is said twice in the same words may go once.
fn duplicate(sources: &Sources, finding: &Diagnostic) -> Option<Fix> {
    let [second, first, ..] = finding.labels.as_slice() else { return None };
    let (second, first) = (edit::from_key(sources, second.span), edit::from_key(sources, first.span));
    let is_same = sources.slice(second) == sources.slice(first);
    is_same.then(|| one(Safety::Safe, "remove the second one", edit::remove(sources, second)))
}

/// The name in `needs` by which something waits for itself.
fn itself(sources: &Sources, finding: &Diagnostic) -> Option<Fix> {
    let span = finding.span();
    let is_name = sources.slice(span).chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let before = sources.get(span.file).text[..span.start as usize].trim_end();
    let edit = match before.chars().last()? {
        '[' | ',' if is_name => edit::remove(sources, span),
        '=' if is_name => {
            let attribute = edit::attribute(sources, span);
            let is_order = sources.slice(attribute).starts_with("needs")
                || sources.slice(attribute).starts_with("after");
            return is_order.then(|| one(Safety::Safe, "remove it", edit::remove(sources, attribute)));
        }
        _ => return None,
    };
    Some(one(Safety::Safe, "remove it", edit))
}
