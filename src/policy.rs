//! What a project wants to hear: rules selected, ignored, or of another severity. In: `[check]` of `mlopsc.toml` and the
//! command line. Out: the findings that are left.
//!
//! Errors always stay errors: what is written from a project with errors would be refused, or do something else.

use crate::base::glob;
use crate::base::sources::Sources;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::config::{self, Check};
use crate::diag::{Code, Diagnostic, Group, Kind, Severity};
use std::collections::BTreeMap;

/// What a finding of a kind becomes; `None` drops it.
type Level = Option<Severity>;

#[derive(Debug, Default)]
pub struct Policy {
    levels: BTreeMap<Code, Level>,
    /// Files by pattern, and what is not told of them.
    ignored: Vec<(String, Vec<Code>)>,
}

/// A word that names no rules.
#[derive(Debug)]
pub struct Unknown {
    pub word: String,
    pub nearest: Option<String>,
}

/// `select` and `ignore` of a command line.
#[derive(Debug, Default)]
pub struct Asked {
    pub select: Vec<String>,
    pub ignore: Vec<String>,
}

impl Policy {
    pub fn of(check: &Check, kinds: &[Kind]) -> (Policy, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let mut policy = Policy::default();
        let mut meant = |word: &Spanned<String>, lowers: bool| {
            let found = selected(&word.value, kinds);
            match found {
                Err(unknown) => findings.push(unknown_rule(word, &unknown)),
                Ok(ref found) if lowers && found.len() == 1 && found[0].severity == Severity::Error => {
                    findings.push(is_error(word));
                }
                Ok(found) => return found,
            }
            Vec::new()
        };
        if let Some(select) = &check.select {
            let chosen: Vec<Code> = select.iter().flat_map(|it| meant(it, false)).map(|it| it.code).collect();
            policy.only(&chosen, kinds);
        }
        for word in &check.ignore {
            policy.set(&meant(word, true), None);
        }
        for (word, level) in &check.severity {
            let lowers = *level != Some(Severity::Error);
            policy.set(&meant(word, lowers), *level);
        }
        for (pattern, words) in &check.per_file {
            let found = words.iter().flat_map(|it| meant(it, true)).filter(is_lowerable);
            policy.ignored.push((pattern.clone(), found.map(|it| it.code).collect()));
        }
        (policy, findings)
    }

    /// With what a command line says, which wins.
    pub fn with(mut self, asked: &Asked, kinds: &[Kind]) -> Result<Policy, Unknown> {
        if !asked.select.is_empty() {
            let found: Result<Vec<_>, _> = asked.select.iter().map(|it| selected(it, kinds)).collect();
            let chosen: Vec<Code> = found?.into_iter().flatten().map(|it| it.code).collect();
            for code in &chosen {
                if self.levels.get(code) == Some(&None) {
                    self.levels.remove(code);
                }
            }
            self.only(&chosen, kinds);
        }
        for word in &asked.ignore {
            let found = selected(word, kinds)?;
            self.set(&found, None);
        }
        Ok(self)
    }

    fn only(&mut self, chosen: &[Code], kinds: &[Kind]) {
        let others: Vec<Kind> = kinds.iter().filter(|it| !chosen.contains(&it.code)).copied().collect();
        self.set(&others, None);
    }

    /// What lowers passes by errors.
    fn set(&mut self, kinds: &[Kind], level: Level) {
        for kind in kinds.iter().filter(|it| is_lowerable(it)) {
            self.levels.insert(kind.code, level);
        }
    }

    pub fn apply(&self, sources: &Sources, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let told = |mut finding: Diagnostic| {
            if finding.is_error() {
                return Some(finding);
            }
            let path = &sources.get(finding.span().file).path;
            let is_ignored =
                |it: &&(String, Vec<Code>)| it.1.contains(&finding.code) && glob::matches(&it.0, path);
            if self.ignored.iter().find(is_ignored).is_some() {
                return None;
            }
            if let Some(level) = self.levels.get(finding.code) {
                finding.severity = (*level)?;
            }
            Some(finding)
        };
        findings.into_iter().filter_map(told).collect()
    }
}

fn is_lowerable(kind: &Kind) -> bool {
    kind.severity != Severity::Error
}

/// The kinds that a word means: a code, `group:NAME`, or `all`.
fn selected(word: &str, kinds: &[Kind]) -> Result<Vec<Kind>, Unknown> {
    if word == "all" {
        return Ok(kinds.to_vec());
    }
    let found: Vec<Kind> = match word.strip_prefix("group:") {
        Some(group) => kinds.iter().filter(|it| it.group.word() == group).copied().collect(),
        None => kinds.iter().filter(|it| it.code == word).copied().collect(),
    };
    if !found.is_empty() || Group::ALL.iter().any(|it| word == format!("group:{}", it.word())) {
        return Ok(found);
    }
    let groups: Vec<String> = Group::ALL.iter().map(|it| format!("group:{}", it.word())).collect();
    let known = groups.iter().map(String::as_str).chain(kinds.iter().map(|it| it.code));
    Err(Unknown { word: word.to_owned(), nearest: suggest::nearest(word, known).map(str::to_owned) })
}

fn unknown_rule(word: &Spanned<String>, unknown: &Unknown) -> Diagnostic {
    let finding = Diagnostic::error(config::CODE, word.span, format!("there is no rule `{}`", word.value));
    match &unknown.nearest {
        Some(known) => {
            let title = format!("did you mean `{known}`?");
            let finding = finding.help(&title);
            match inside(word, known) {
                Some(span) => finding.suggest(title, span, known),
                None => finding,
            }
        }
        None => {
            finding.help("write the code of a rule, `group:NAME`, or `all`; `mlopsc explain` lists the rules")
        }
    }
}

/// Where the other word fits in: within quotes, or in the place of a bare key.
fn inside(word: &Spanned<String>, other: &str) -> Option<Span> {
    let (span, length) = (word.span, word.span.range().len());
    if length == word.value.len() + 2 {
        return Some(Span { start: span.start + 1, end: span.end - 1, ..span });
    }
    (length == word.value.len() && !other.contains(':')).then_some(span)
}

fn is_error(word: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is an error and stays one", word.value);
    Diagnostic::error(config::CODE, word.span, message)
        .help("what is written from a project with errors would be refused or do something else; only warnings and hints can be lowered")
}
