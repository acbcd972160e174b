//! The scripts of steps as several rules read them: what they are told, what they see, and where a word of theirs
//! stands in the sources.

use super::cx::Finding;
use super::walk::{self, Place};
use super::{Cx, Rule, edit};
use crate::base::files::Files;
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::diag::Edit;
use crate::model::expr::Expr;
use crate::model::project::Project;
use crate::model::steps::Kind;
use crate::model::steps::action::{ScriptSource, Shell};
use crate::model::steps::task::Task;
use crate::target::shell::{self, How, Pipeline, RedirectKind, Word};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

pub struct Script<'p> {
    pub place: Place<'p>,
    pub shell: Shell,
    pub text: Cow<'p, str>,
    /// The file that holds it.
    pub file: Option<&'p str>,
    /// Of a script for a shell of Unix.
    pub pipelines: Vec<Pipeline>,
    /// What it finds in its environment.
    pub env: BTreeMap<&'p str, &'p Expr>,
}

/// Every script of these steps that runs.
pub fn all<'p>(
    project: &'p Project,
    steps: impl Iterator<Item = Place<'p>>,
    files: &dyn Files,
) -> Vec<Script<'p>> {
    let mut found = Vec::new();
    for place in steps.filter(|it| it.step.enabled && it.job.enabled && it.stage.enabled) {
        let texts: Vec<(Shell, Cow<'p, str>, Option<&'p str>)> = match &place.step.kind {
            Kind::Run(it) => of(files, &it.source, it.shell).into_iter().collect(),
            Kind::Azure(it) => of(files, &it.source, it.shell).into_iter().collect(),
            Kind::Task(it) => it.scripts().map(|text| (of_task(it), Cow::Borrowed(text), None)).collect(),
            _ => continue,
        };
        for (shell, text, file) in texts {
            let pipelines = if shell == Shell::Bash { shell::pipelines(&text) } else { Vec::new() };
            let env = walk::environment(project, &place);
            found.push(Script { place, shell, text, file, pipelines, env });
        }
    }
    found
}

fn of<'p>(
    files: &dyn Files,
    source: &'p ScriptSource,
    shell: Shell,
) -> Option<(Shell, Cow<'p, str>, Option<&'p str>)> {
    match source {
        ScriptSource::Verbatim(text) => Some((shell, Cow::Borrowed(text), None)),
        ScriptSource::File(path) => {
            let text = String::from_utf8(files.read(path).ok()?).ok()?;
            Some((shell, Cow::Owned(text), Some(path)))
        }
        ScriptSource::Template { .. } => None,
    }
}

fn of_task(task: &Task) -> Shell {
    let bare = task.name.value.split('@').next().unwrap_or_default();
    let of_powershell = |it: &Expr| matches!(it.as_str(), Some("ps" | "pscore"));
    match bare {
        "PowerShell" | "AzurePowerShell" => Shell::Pwsh,
        "PythonScript" => Shell::Python,
        "AzureCLI" if task.inputs.get("scriptType").is_some_and(of_powershell) => Shell::Pwsh,
        "BatchScript" => Shell::Cmd,
        _ => Shell::Bash,
    }
}

/// The variables that hold something, each with the one of the environment that it came from.
pub type Held = BTreeMap<String, String>;

impl Script<'_> {
    /// The variables of the environment that hold something of a kind, and those that the script gives it on to.
    pub fn holding(&self, is: impl Fn(&Expr) -> bool) -> Held {
        let seeds = self.env.iter().filter(|it| is(it.1));
        let held = seeds.map(|(name, _)| ((*name).to_owned(), (*name).to_owned())).collect();
        self.followed(held)
    }

    /// What the script assigns from these, too.
    pub fn followed(&self, mut held: Held) -> Held {
        if held.is_empty() {
            return held;
        }
        for command in self.pipelines.iter().flat_map(|it| &it.commands) {
            let exported = command
                .words
                .iter()
                .filter(|_| matches!(command.name(), "export" | "local" | "declare" | "readonly"));
            let exported = exported.filter_map(|it| Some((it.text.split_once('=')?.0, it)));
            let assigned = command.assignments.iter().map(|(name, word)| (name.as_str(), word));
            for (name, word) in assigned.chain(exported) {
                let origin = word.reads.iter().find_map(|it| held.get(&it.name)).cloned();
                if let Some(origin) = origin {
                    held.entry(name.to_owned()).or_insert(origin);
                }
            }
        }
        held
    }

    /// Whether the script gives the variable a value itself.
    pub fn assigns(&self, name: &str) -> bool {
        let commands = || self.pipelines.iter().flat_map(|it| &it.commands);
        let assigned = commands().flat_map(|it| &it.assignments).any(|it| it.0 == name);
        let declares = [
            "export",
            "local",
            "declare",
            "readonly",
            "read",
            "for",
            "mapfile",
            "printf",
            "getopts",
            "readarray",
        ];
        let begins =
            |text: &str| text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
        assigned
            || commands()
                .filter(|it| declares.contains(&it.name()))
                .any(|it| it.arguments().iter().any(|word| begins(&word.text)))
    }

    /// Where a part of the script stands, by its bytes; the step, of a script in a file, and of one that reuse put there.
    pub fn span_at(&self, sources: &Sources, range: Range<usize>) -> Span {
        self.written_at(sources, range).map_or(self.place.step.head, |it| it.0)
    }

    /// A replacement of a part of the script.
    pub fn replaced(&self, sources: &Sources, range: Range<usize>, better: &str) -> Option<Edit> {
        let (span, escaped) = self.written_at(sources, range)?;
        let text = if escaped { escape(better) } else { better.to_owned() };
        Some(Edit { span, text })
    }

    fn written_at(&self, sources: &Sources, range: Range<usize>) -> Option<(Span, bool)> {
        if self.file.is_some() {
            return None;
        }
        // Here-documents are words that are written nowhere: their first line stands for them.
        let range = if range.is_empty() {
            range.start..range.start + self.rest_of_line(range.start).len()
        } else {
            range
        };
        let block = edit::block(sources, self.place.step.head);
        edit::in_string(sources, block, &self.text, range)
    }

    /// The bytes of a part of a line, counted from 1, or of all of it that is no margin.
    pub fn in_line(&self, line: usize, part: &str) -> Range<usize> {
        let text: &str = &self.text;
        let before = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
        let whole = text[before..].lines().next().unwrap_or_default();
        let part = if part.is_empty() { whole.trim() } else { part };
        let at = before + whole.find(part).unwrap_or_default();
        at..(at + part.len()).min(text.len())
    }

    fn rest_of_line(&self, at: usize) -> &str {
        self.text[at..].lines().next().unwrap_or_default()
    }

    /// The line of a part, counted from 1, and its text.
    fn line_of(&self, range: &Range<usize>) -> (usize, &str) {
        let start = self.text[..range.start].rfind('\n').map_or(0, |it| it + 1);
        let line = self.rest_of_line(start);
        (self.text[..range.start].matches('\n').count() + 1, line.trim())
    }

    /// Behind a message: where in a file.
    pub fn in_file(&self, line: usize) -> String {
        self.file.map(|it| format!(", in line {line} of `{it}`")).unwrap_or_default()
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The words that a command is given, also through its standard input.
pub fn given(command: &shell::Command) -> impl Iterator<Item = &Word> {
    let texts = command.redirects.iter().filter(|it| it.kind == RedirectKind::Text).map(|it| &it.word);
    command.arguments().iter().chain(texts)
}

/// The first of the held variables that a word puts into what it becomes.
pub fn held_in<'h>(held: &'h Held, word: &Word) -> Option<(&'h str, &'h str)> {
    let read = word.reads.iter().find_map(|it| held.get_key_value(&it.name))?;
    Some((read.0, read.1))
}

/// The same, where it is not in quotes.
pub fn bare_in<'h>(held: &'h Held, word: &Word) -> Option<&'h str> {
    let bare = word.reads.iter().filter(|it| it.how == How::Bare);
    bare.into_iter().find_map(|it| held.get_key_value(&it.name)).map(|it| it.0.as_str())
}

/// Longer lines of a file are not shown.
const LONGEST_LINE: usize = 120;

impl Cx<'_> {
    /// Reports something in a script, by its bytes there; of a script in a file its line is shown.
    pub fn report_in(
        &mut self,
        rule: &Rule,
        script: &Script<'_>,
        range: Range<usize>,
        message: &str,
    ) -> Finding<'_> {
        let span = script.span_at(self.sources, range.clone());
        let (number, line) = script.line_of(&range);
        let finding = self.report(rule, span, format!("{message}{}", script.in_file(number)));
        match script.file {
            Some(file) if line.len() <= LONGEST_LINE => {
                finding.label(span, format!("{file}:{number}: {line}"))
            }
            _ => finding,
        }
    }

    /// Whether an edit here would change what stands in the source, not what reuse put there.
    pub fn is_written(&self, span: Span) -> bool {
        self.sources.origin(span.file).is_none_or(|it| !it.replaced)
    }
}
