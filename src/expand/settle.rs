//! Findings brought back from copies to the files: each says what it stands in, and those that only differ in the copy
//! are one.

use super::Names;
use super::errors;
use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};
use crate::base::suggest;
use crate::diag::{Diagnostic, Fix, Label, Safety};
use std::collections::HashMap;

/// So many places of a chain are shown.
const MOST_PLACES: usize = 4;
/// So many findings that differ in words only are told of one place.
const MOST_ALIKE: usize = 5;

pub fn settle(sources: &Sources, names: &Names, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.retain(|it| !names.lost.explains(sources, it));
    crate::diag::sort(&mut findings);
    let mut settled: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    let mut first: HashMap<(&'static str, Span, String), (usize, usize)> = HashMap::new();
    let mut items: HashMap<Span, usize> = HashMap::new();
    let mut alike: HashMap<(&'static str, Span), usize> = HashMap::new();
    for mut finding in findings {
        explain_names(sources, names, &mut finding);
        let is_copy = finding.labels.iter().any(|it| sources.origin(it.span.file).is_some());
        if !is_copy {
            settled.push(finding);
            continue;
        }
        if let Some(item) = item(sources, &finding) {
            match items.get(&item) {
                // That a declaration of a kind is missing says more than that an index needs any.
                Some(at) if settled[*at].message.contains(" or declaration ") => {
                    settled[*at] = of_item(sources, finding, item);
                }
                Some(_) => {}
                None => {
                    items.insert(item, settled.len());
                    settled.push(of_item(sources, finding, item));
                }
            }
            continue;
        }
        let finding = one(sources, finding);
        let key = (finding.code, finding.span(), finding.message.clone());
        if let Some((_, times)) = first.get_mut(&key) {
            *times += 1;
            continue;
        }
        let alike = alike.entry((finding.code, finding.span())).or_default();
        *alike += 1;
        if *alike > MOST_ALIKE {
            continue;
        }
        first.insert(key, (settled.len(), 0));
        settled.push(finding);
    }
    let mut again: Vec<(usize, usize)> = first.into_values().filter(|it| it.1 > 0).collect();
    again.sort_unstable();
    for (at, times) in again {
        let finding = &mut settled[at];
        if let Some(label) = finding.labels.get_mut(1) {
            label.text = format!("{}, and in {times} other{}", label.text, if times == 1 { "" } else { "s" });
        }
    }
    settled
}

fn one(sources: &Sources, mut finding: Diagnostic) -> Diagnostic {
    let place = finding.span();
    let is_name_for_text = finding.fix.as_ref().is_some_and(|it| it.title == "add quotes");
    finding.fix = finding.fix.and_then(|it| repair(sources, it));
    if is_name_for_text && finding.fix.is_none() {
        finding.help = Some(format!("write `\"${{{}}}\"`", sources.slice(place)));
    }
    let chain = chain(sources, place);
    for label in finding.labels.iter_mut().skip(1) {
        let inner = innermost(sources, label.span.file);
        if !inner.is_empty() && inner != innermost(sources, place.file) {
            label.text = format!("{} {inner}", label.text);
        }
    }
    for label in &mut finding.labels {
        label.span.file = sources.real(label.span.file);
    }
    finding.labels.splice(1..1, chain);
    finding
}

/// The item of a loop's list that is the name which is not declared: `prd` in `for e in [dev, prd] { … }`.
fn item(sources: &Sources, finding: &Diagnostic) -> Option<Span> {
    if finding.code != "undefined-reference" {
        return None;
    }
    let name = finding.message.rsplit('`').nth(1)?;
    let mut file = finding.span().file;
    while let Some(origin) = sources.origin(file) {
        let found = origin.item.filter(|it| sources.slice(*it) == name);
        if let Some(found) = found.filter(|_| sources.slice(finding.span()) != name) {
            return Some(Span { file: sources.real(found.file), ..found });
        }
        file = origin.inside;
    }
    None
}

/// The finding where the name is written, whatever it was used for.
fn of_item(sources: &Sources, mut finding: Diagnostic, item: Span) -> Diagnostic {
    let used = finding.span();
    if let Some(fix) = &mut finding.fix {
        fix.edits.iter_mut().filter(|it| it.span == used).for_each(|it| it.span = item);
    }
    finding.fix = finding.fix.and_then(|it| repair(sources, it));
    let place = Label { span: Span { file: sources.real(used.file), ..used }, text: "used here".to_owned() };
    finding.labels = vec![Label { span: item, text: "not declared".to_owned() }, place];
    finding
}

/// The innermost reason why there is such a copy.
fn innermost(sources: &Sources, file: FileId) -> &str {
    let mut file = file;
    while let Some(origin) = sources.origin(file) {
        if !origin.text.is_empty() {
            return &origin.text;
        }
        file = origin.inside;
    }
    ""
}

/// Why the place stands in a copy, innermost first.
fn chain(sources: &Sources, place: Span) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    let mut file = place.file;
    while let Some(origin) = sources.origin(file) {
        if !origin.text.is_empty() {
            if labels.len() == MOST_PLACES {
                let last = &mut labels[MOST_PLACES - 1];
                last.text.push_str(", and so on");
                break;
            }
            let span = Span { file: sources.real(origin.place.file), ..origin.place };
            let label = Label { span, text: origin.text.clone() };
            if labels.last() != Some(&label) {
                labels.push(label);
            }
        }
        file = origin.inside;
    }
    labels
}

/// The fix in the files; none where it would change what stands for a value.
fn repair(sources: &Sources, mut fix: Fix) -> Option<Fix> {
    for edit in &mut fix.edits {
        let replaced = sources.origin(edit.span.file).is_some_and(|it| it.replaced);
        if replaced {
            return None;
        }
        edit.span.file = sources.real(edit.span.file);
    }
    Some(fix)
}

/// A name with an index that is not declared, or one that lacks its index.
fn explain_names(sources: &Sources, names: &Names, finding: &mut Diagnostic) {
    if finding.code != "undefined-reference" {
        return;
    }
    let written = sources.slice(finding.span());
    let base = written.split(['[', '.']).next().unwrap_or_default();
    let Some(family) = names.families.get(base) else {
        if let Some(nearest) = suggest::nearest(base, names.values.iter().map(String::as_str))
            && finding.fix.is_none()
        {
            let title = format!("did you mean `{nearest}`?");
            let place = finding.span();
            let end = place.start + u32::try_from(base.len()).unwrap_or_default();
            finding.help = Some(title.clone());
            finding.fix = Some(Fix::one(Safety::Unsafe, title, Span { end, ..place }, nearest));
        }
        return;
    };
    if written.contains('[') {
        let emitted = finding.message.rsplit('`').nth(1).unwrap_or_default();
        let nearest = suggest::nearest(emitted, family.iter().map(|it| it.emitted.as_str()));
        let nearest = nearest.and_then(|it| family.iter().find(|member| member.emitted == it));
        finding.help = Some(errors::known_indices(base, family, nearest));
    } else if written == base {
        finding.help = Some(errors::index_missing(base, family));
    }
    finding.fix = None;
}
