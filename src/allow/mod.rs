//! `// mlopsc: allow(rule) reason` in the sources. In: the comments of all trees, and what was found. Out: what is
//! still to be told, and what is wrong with the comments themselves.
//!
//! An allowance at the end of a line is for the statements that begin on the line, one that stands alone for those of
//! the next line. A block's head belongs to its statement, its body does not.

mod errors;

use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};
use crate::diag::{Diagnostic, Group, Kind, Severity};
use crate::syntax::ast::{self, Statement};
use std::collections::BTreeMap;

pub const KINDS: &[Kind] = &[
    Kind::warning(
        Group::Style,
        "suppression-without-reason",
        include_str!("pages/suppression-without-reason.md"),
    ),
    Kind::warning(Group::Style, "unknown-suppression", include_str!("pages/unknown-suppression.md"))
        .fixes(crate::diag::Safety::Unsafe),
    Kind::warning(Group::Unused, "unused-suppression", include_str!("pages/unused-suppression.md"))
        .fixes(crate::diag::Safety::Safe),
];

/// What marks a comment as meant for the compiler.
const MARK: &str = "mlopsc:";

/// One comment.
#[derive(Debug)]
pub struct Allow {
    comment: Span,
    rules: Vec<Span>,
    has_reason: bool,
    /// Where findings may begin, besides on the line itself.
    extents: Vec<Span>,
    /// From 0.
    line: usize,
    /// What goes with the comment if it is removed.
    whole: Span,
    /// It is no `allow(…)`.
    is_misspelt: bool,
}

/// All allowances, and what is wrong with comments that were meant to be some.
pub fn collect(sources: &Sources, trees: &[ast::File]) -> (Vec<Allow>, Vec<Diagnostic>) {
    let (mut found, mut findings) = (Vec::new(), Vec::new());
    for tree in trees {
        let marked: Vec<&ast::Comment> =
            tree.comments.iter().filter(|it| !it.doc && is_marked(sources.slice(it.span))).collect();
        if marked.is_empty() {
            continue;
        }
        let mut extents = Vec::new();
        heads(&tree.statements, &mut extents);
        for comment in marked {
            let allow = one(sources, comment.span, &extents);
            if allow.is_misspelt {
                findings.push(errors::no_instruction(comment.span));
            }
            found.push(allow);
        }
    }
    (found, findings)
}

fn is_marked(comment: &str) -> bool {
    comment.trim_start_matches('/').trim_start().starts_with(MARK)
}

fn one(sources: &Sources, comment: Span, extents: &[Span]) -> Allow {
    let (line, whole) = place(sources, comment);
    let source = sources.get(comment.file);
    let begins = |it: &&Span| source.line_of(it.start as usize) == line;
    let listed = listed(sources, comment);
    Allow {
        comment,
        is_misspelt: listed.is_none(),
        has_reason: listed.as_ref().is_some_and(|it| it.1),
        rules: listed.map(|it| it.0).unwrap_or_default(),
        extents: extents.iter().filter(begins).copied().collect(),
        line,
        whole,
    }
}

/// The rules between the parentheses, and whether a reason stands behind them.
fn listed(sources: &Sources, comment: Span) -> Option<(Vec<Span>, bool)> {
    let text = sources.slice(comment);
    let after_mark = text.find(MARK)? + MARK.len();
    let rest = text[after_mark..].trim_start();
    let list = rest.strip_prefix("allow")?.trim_start().strip_prefix('(')?;
    let end = list.find(')')?;
    let start = text.len() - list.len();
    let mut rules = Vec::new();
    let mut at = start;
    for part in list[..end].split(',') {
        let lead = part.len() - part.trim_start().len();
        let name = part.trim();
        let from = comment.start as usize + at + lead;
        rules.push(Span::new(comment.file, from, from + name.len()));
        at += part.len() + 1;
    }
    Some((rules, !list[end + 1..].trim().is_empty()))
}

/// The line that the comment speaks of, and the comment with what surrounds it.
fn place(sources: &Sources, comment: Span) -> (usize, Span) {
    let source = sources.get(comment.file);
    let (text, lines) = (source.text.as_str(), source.lines());
    let own = source.line_of(comment.start as usize);
    let start = lines[own] as usize;
    let before = &text[start..comment.start as usize];
    let said = before.trim_end();
    if !said.is_empty() {
        return (own, Span { start: comment.start - narrow(before.len() - said.len()), ..comment });
    }
    let end = lines.get(own + 1).copied().unwrap_or(narrow(text.len()));
    let line = |at: usize| {
        let end = lines.get(at + 1).map_or(text.len(), |it| *it as usize);
        text[lines[at] as usize..end].trim_start()
    };
    let next = (own + 1..lines.len()).find(|it| !line(*it).is_empty() && !line(*it).starts_with("//"));
    (next.unwrap_or(own), Span { start: lines[own], end, ..comment })
}

fn narrow(length: usize) -> u32 {
    u32::try_from(length).expect("sources above 4 GiB are refused when read")
}

/// Each statement without its body.
fn heads(statements: &[Statement], out: &mut Vec<Span>) {
    for statement in statements {
        let span = statement.span();
        let end = statement.bodies().next().map_or(span.end, |it| it.span.start);
        out.push(Span { end, ..span });
        statement.bodies().for_each(|it| heads(&it.statements, out));
    }
}

/// Without what is allowed, with what is wrong with allowances. `kinds` is everything that can be found; `complete`:
/// all rules have looked.
pub fn apply(
    sources: &Sources,
    allows: &[Allow],
    kinds: &[Kind],
    findings: Vec<Diagnostic>,
    complete: bool,
) -> Vec<Diagnostic> {
    if allows.is_empty() {
        return findings;
    }
    let mut of_file: BTreeMap<FileId, Vec<(usize, &Allow)>> = BTreeMap::new();
    for (at, it) in allows.iter().enumerate() {
        of_file.entry(it.comment.file).or_default().push((at, it));
    }
    let mut used: Vec<Vec<bool>> = allows.iter().map(|it| vec![false; it.rules.len()]).collect();
    let mut kept = Vec::with_capacity(findings.len());
    for mut finding in findings {
        let mut is_allowed = false;
        let place = finding.span();
        for (at, allow) in of_file.get(&place.file).into_iter().flatten() {
            if finding.is_error() || !allow.covers(sources, place) {
                continue;
            }
            for (rule, used) in allow.rules.iter().zip(&mut used[*at]) {
                let is_meant = sources.slice(*rule) == finding.code;
                *used |= is_meant;
                is_allowed |= is_meant;
            }
        }
        if !is_allowed {
            if !finding.is_error() && is_held(sources, allows, kinds, &finding) {
                finding.fix = None;
            }
            kept.push(finding);
        }
    }
    for (allow, used) in allows.iter().zip(&used) {
        allow.check(sources, kinds, used, complete, &mut kept);
    }
    kept
}

/// Whether a comment that was meant to keep what the fix changes stands there, and does not say how.
fn is_held(sources: &Sources, allows: &[Allow], kinds: &[Kind], finding: &Diagnostic) -> bool {
    let edits = finding.fix.iter().flat_map(|it| &it.edits).map(|it| it.span);
    let places: Vec<Span> = edits.chain([finding.span()]).collect();
    let is_there =
        |it: &Allow| places.iter().any(|place| place.file == it.comment.file && it.covers(sources, *place));
    allows.iter().any(|it| is_there(it) && !it.is_right(sources, kinds))
}

impl Allow {
    /// It says what is allowed, and why.
    fn is_right(&self, sources: &Sources, kinds: &[Kind]) -> bool {
        let is_known = |rule: &Span| kinds.iter().any(|it| it.code == sources.slice(*rule));
        self.has_reason && self.rules.iter().all(is_known)
    }

    fn covers(&self, sources: &Sources, place: Span) -> bool {
        let is_inside = |it: &Span| it.start <= place.start && place.start < it.end;
        self.extents.iter().any(is_inside)
            || sources.get(place.file).line_of(place.start as usize) == self.line
    }

    fn check(
        &self,
        sources: &Sources,
        kinds: &[Kind],
        used: &[bool],
        complete: bool,
        findings: &mut Vec<Diagnostic>,
    ) {
        if self.is_misspelt {
            return;
        }
        if !self.has_reason {
            findings.push(errors::without_reason(self.comment));
        }
        for (rule, used) in self.rules.iter().zip(used) {
            let name = sources.slice(*rule);
            match kinds.iter().find(|it| it.code == name) {
                None => findings.push(errors::unknown(*rule, name, kinds)),
                Some(it) if it.severity == Severity::Error => {
                    findings.push(errors::not_allowable(*rule, name));
                }
                Some(_) if !used && complete => {
                    let left: Vec<&str> =
                        self.rules.iter().filter(|it| *it != rule).map(|it| sources.slice(*it)).collect();
                    findings.push(errors::unused(self, *rule, name, &left));
                }
                Some(_) => {}
            }
        }
    }

    /// From the first rule to the last.
    fn list(&self) -> Span {
        let (first, last) = (self.rules[0], self.rules[self.rules.len() - 1]);
        first.to(last)
    }
}

/// Where a comment that allows what is found at `place` goes, and its indentation: before the line of the innermost
/// statement there.
pub fn insertion(sources: &Sources, tree: &ast::File, place: Span) -> (Span, String) {
    let mut extents = Vec::new();
    heads(&tree.statements, &mut extents);
    let inside = extents.iter().filter(|it| it.start <= place.start && place.start < it.end);
    let statement = inside.min_by_key(|it| it.end - it.start).copied().unwrap_or(place);
    let source = sources.get(place.file);
    let start = source.lines()[source.line_of(statement.start as usize)];
    let line = &source.text[start as usize..];
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    (Span { file: place.file, start, end: start }, indent.to_owned())
}
