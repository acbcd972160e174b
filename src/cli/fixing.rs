//! Fixes and allowances written into the sources of projects, or shown.

use super::edge::Edge;
use super::output::{diff, replace};
use super::report::summary::plural;
use super::session::Checked;
use super::sources::writable;
use super::trouble::Trouble;
use crate::allow;
use crate::base::sources::Sources;
use crate::base::span::{FileId, Span};
use crate::config;
use crate::diag::{self, Code, Diagnostic, Safety};
use crate::explain;
use crate::fix::{self, Allowed, Outcome, Refused, Seen};
use crate::format::format;
use crate::policy::Policy;
use crate::syntax;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What happens with texts that change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Write,
    /// What would change.
    Show,
    /// The whole text, changed or not.
    Print,
}

/// What is to be fixed.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub safety: Safety,
    pub then: Then,
    /// Nothing outside of this file.
    pub only: Option<&'a Path>,
}

impl Wanted<'_> {
    /// None where none of these files may change.
    fn allowed(&self, root: &Path, sources: &Sources) -> Option<Allowed> {
        let Some(path) = self.only else { return Some(Allowed { safety: self.safety, only: None }) };
        let (only, _) = sources.iter().find(|(_, it)| root.join(&it.path) == path)?;
        Some(Allowed { safety: self.safety, only: Some(only) })
    }
}

/// How many findings were fixed, in how many files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixed {
    findings: usize,
    pub files: usize,
}

/// Fixes what can be of `mlopsc.toml`. What its words mean for the rest is not looked at again.
pub fn fix_configs(
    checked: &mut [Checked],
    wanted: Wanted<'_>,
    edge: &mut Edge<'_>,
) -> Result<Fixed, Trouble> {
    let mut fixed = Fixed::default();
    for project in checked {
        let Some(allowed) = wanted.allowed(&project.place.root, &project.loaded.config_text) else {
            continue;
        };
        let sources = std::mem::take(&mut project.loaded.config_text);
        let before = texts(&sources);
        let found = std::mem::take(&mut project.loaded.config_findings);
        let seen = Seen { sources, findings: found.clone() };
        let outcome = fix::run(seen, allowed, &fix::about, &mut look_at_config);
        fixed.findings += outcome.applied.values().sum::<usize>();
        fixed.files += tell(project, &before, &outcome.seen.sources, (wanted, allowed), edge)?;
        project.loaded.config_text = outcome.seen.sources;
        project.loaded.config_findings =
            if wanted.then == Then::Show { found } else { outcome.seen.findings };
    }
    Ok(fixed)
}

fn look_at_config(texts: Vec<String>) -> Seen {
    let mut seen = Seen { sources: Sources::default(), findings: Vec::new() };
    for text in texts {
        let file = seen.sources.add(config::FILE.to_owned(), text);
        let (config, findings) = config::parse(&seen.sources.get(file).text, file);
        seen.findings.extend(findings);
        seen.findings.extend(Policy::of(&config.check, &explain::kinds()).1);
    }
    diag::sort(&mut seen.findings);
    seen
}

/// Fixes what can be; how much was fixed with what was before. What is left to tell is left in `checked`.
pub fn fix(
    checked: &mut [Checked],
    wanted: Wanted<'_>,
    before: Fixed,
    edge: &mut Edge<'_>,
) -> Result<Fixed, Trouble> {
    let mut fixed = before;
    let mut notes = String::new();
    for project in checked {
        let sources = project.analysis.as_ref().map(|it| &it.sources);
        let Some(allowed) = sources.and_then(|it| wanted.allowed(&project.place.root, it)) else { continue };
        if !project.loaded.config_findings.is_empty() {
            notes.push_str(&unfixed(project, (wanted, allowed), edge)?);
            continue;
        }
        let Some((before, seen)) = take(project) else { continue };
        let mut look = |texts: Vec<String>| look(project, &before, texts, edge);
        let mut outcome = fix::run(seen, allowed, &fix::about, &mut look);
        if let Some(texts) = formatted(&before, &outcome.seen) {
            outcome.seen = look(texts);
        }
        notes.extend(outcome.refused.iter().map(|it| refused(project, &outcome, it)));
        if outcome.is_cut_off {
            notes.push_str("some fixes undo each other: the last ones were not applied\n");
        }
        fixed.findings += outcome.applied.values().sum::<usize>();
        fixed.files += tell(project, &before, &outcome.seen.sources, (wanted, allowed), edge)?;
        leave(project, outcome.seen);
    }
    let verb = if wanted.then == Then::Show { "would fix" } else { "fixed" };
    if fixed.findings > 0 {
        let Fixed { findings, files } = fixed;
        let summary = [verb, " ", &plural(findings, "finding"), " in ", &plural(files, "file"), "\n"];
        notes.extend(summary);
    }
    edge.err.print(&notes)?;
    Ok(fixed)
}

/// What a wrong `mlopsc.toml` wanted to have left alone is not known: nothing changes in such a project.
fn unfixed(project: &Checked, how: (Wanted<'_>, Allowed), edge: &mut Edge<'_>) -> Result<String, Trouble> {
    if let Some(analysis) = &project.analysis {
        tell(project, &texts(&analysis.sources), &analysis.sources, how, edge)?;
    }
    let is_fixable = |it: &Diagnostic| it.fix.as_ref().is_some_and(|it| it.safety <= how.1.safety);
    let some = project.analysis.iter().flat_map(|it| &it.findings).any(is_fixable);
    let note =
        format!("not fixed: `{}mlopsc.toml` is wrong, which says what is to be told\n", project.prefix);
    Ok(if some { note } else { String::new() })
}

/// All texts with those formatted that were before they were fixed; none if no one differs.
fn formatted(before: &[(String, String)], seen: &Seen) -> Option<Vec<String>> {
    let mut differs = false;
    let texts = before.iter().zip(seen.sources.iter()).map(|((_, before), (_, after))| {
        if *before == after.text || format(before) != *before {
            return after.text.clone();
        }
        let text = format(&after.text);
        differs |= text != after.text;
        text.into_owned()
    });
    let texts: Vec<String> = texts.collect();
    differs.then_some(texts)
}

/// Writes comments that allow what is found now, but for errors; whether something changed.
pub fn add_allows(
    checked: &mut [Checked],
    reason: &str,
    then: Then,
    edge: &mut Edge<'_>,
) -> Result<bool, Trouble> {
    let (mut allowed, mut files) = (0, 0);
    for project in checked {
        let Some((before, seen)) = take(project) else { continue };
        let count = seen.findings.len();
        let texts = with_allows(&seen, reason);
        let after = look(project, &before, texts, edge);
        allowed += count.saturating_sub(after.findings.len());
        let wanted = Wanted { safety: Safety::Safe, then, only: None };
        let allowed = Allowed { safety: Safety::Safe, only: None };
        files += tell(project, &before, &after.sources, (wanted, allowed), edge)?;
        leave(project, after);
    }
    let verb = if then == Then::Write { "allowed" } else { "would allow" };
    edge.err.print(&format!("{verb} {} in {}\n", plural(allowed, "finding"), plural(files, "file")))?;
    Ok(files > 0)
}

/// Path and text of each file as it was, and what was found.
fn take(project: &mut Checked) -> Option<(Vec<(String, String)>, Seen)> {
    let analysis = project.analysis.as_mut()?;
    let texts = texts(&analysis.sources);
    let sources = std::mem::take(&mut analysis.sources);
    Some((texts, Seen { sources, findings: std::mem::take(&mut analysis.findings) }))
}

fn texts(sources: &Sources) -> Vec<(String, String)> {
    sources.iter().map(|(_, it)| (it.path.clone(), it.text.clone())).collect()
}

fn look(project: &Checked, before: &[(String, String)], texts: Vec<String>, edge: &Edge<'_>) -> Seen {
    let mut sources = Sources::default();
    for ((path, _), text) in before.iter().zip(texts) {
        sources.add(path.clone(), text);
    }
    let analysis = project.analyze(sources, edge);
    Seen { sources: analysis.sources, findings: analysis.findings }
}

/// Writes or shows what changed; how many files did.
fn tell(
    project: &Checked,
    before: &[(String, String)],
    after: &Sources,
    (wanted, allowed): (Wanted<'_>, Allowed),
    edge: &mut Edge<'_>,
) -> Result<usize, Trouble> {
    if let (Then::Print, Some(only)) = (wanted.then, allowed.only) {
        edge.out.print(&after.get(only).text)?;
    }
    let after: Vec<&str> = after.iter().map(|(_, it)| it.text.as_str()).collect();
    let changed = before.iter().zip(after).filter(|((_, before), after)| before != after);
    let changed: Vec<Change<'_>> =
        changed.map(|((path, before), after)| Change { path, before, after }).collect();
    match wanted.then {
        Then::Print => {}
        Then::Show => {
            for it in &changed {
                let shown = format!("{}{}", project.prefix, it.path);
                edge.out.print(&diff::texts(&shown, it.before, it.after, edge.out.paint))?;
            }
        }
        Then::Write => write(project, &changed, edge)?,
    }
    Ok(changed.len())
}

/// What is found now.
fn leave(project: &mut Checked, seen: Seen) {
    if let Some(analysis) = &mut project.analysis {
        (analysis.sources, analysis.findings) = (seen.sources, seen.findings);
    }
}

struct Change<'a> {
    path: &'a str,
    before: &'a str,
    after: &'a str,
}

/// All files, or none: what was written before a failure is taken back.
fn write(project: &Checked, changes: &[Change<'_>], edge: &Edge<'_>) -> Result<(), Trouble> {
    let targets: Vec<PathBuf> =
        changes.iter().map(|it| target(project, it.path, edge)).collect::<Result<_, _>>()?;
    for (at, (target, change)) in targets.iter().zip(changes).enumerate() {
        if let Err(trouble) = replace(target, change.after.as_bytes(), edge.disk) {
            let mut written = targets[..at].iter().zip(changes);
            let undone = written.all(|(to, it)| replace(to, it.before.as_bytes(), edge.disk).is_ok());
            return Err(trouble.help(if undone {
                "nothing was changed"
            } else {
                "other files are fixed already; every file is either the old or the new one"
            }));
        }
    }
    Ok(())
}

fn target(project: &Checked, path: &str, edge: &Edge<'_>) -> Result<PathBuf, Trouble> {
    let root = &project.place.root;
    let target = root.join(path);
    writable(&target, root, &format!("{}{path}", project.prefix), edge)?;
    Ok(target)
}

fn refused(project: &Checked, outcome: &Outcome, it: &Refused) -> String {
    let sources = &outcome.seen.sources;
    let path = &sources.get(it.finding.span().file).path;
    let because = match &it.because {
        Some(because) => {
            format!("it would lead to {}[{}]: {}", because.severity.word(), because.code, because.message)
        }
        None => "the finding would still be there".to_owned(),
    };
    format!("not fixed in {}{path}: {}: {because}\n", project.prefix, it.finding.message)
}

/// The texts with a comment before each statement in which something is found.
fn with_allows(seen: &Seen, reason: &str) -> Vec<String> {
    let mut at: BTreeMap<(Span, String), BTreeSet<Code>> = BTreeMap::new();
    let count = seen.sources.iter().count();
    let mut trees = BTreeMap::new();
    for finding in seen.findings.iter().filter(|it| is_allowable(it)) {
        let file: FileId = finding.span().file;
        if file.0 as usize >= count {
            continue;
        }
        let tree = trees.entry(file).or_insert_with(|| syntax::parse(file, &seen.sources.get(file).text).0);
        let place = allow::insertion(&seen.sources, tree, finding.span());
        at.entry(place).or_default().insert(finding.code);
    }
    let mut texts: Vec<String> = seen.sources.iter().map(|(_, it)| it.text.clone()).collect();
    for ((place, indent), codes) in at.into_iter().rev() {
        let text = &mut texts[place.file.0 as usize];
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let codes: Vec<&str> = codes.into_iter().collect();
        text.insert_str(
            place.start as usize,
            &format!("{indent}// mlopsc: allow({}) {reason}{end}", codes.join(", ")),
        );
    }
    texts
}

fn is_allowable(finding: &Diagnostic) -> bool {
    !finding.is_error() && !allow::KINDS.iter().any(|it| it.code == finding.code)
}
