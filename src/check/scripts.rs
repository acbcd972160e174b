//! The scripts of steps as several rules read them: what they are told, what they see, and where a word of theirs
//! stands in the sources.

use super::Cx;
use super::walk::{self, Place};
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

const FENCE: &str = "\"\"\"";

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

    /// Where a word of the script stands, if it is found in the sources just once; else the step.
    pub fn span(&self, sources: &Sources, raw: &str) -> Span {
        self.found(sources, raw).map_or(self.place.step.head, |it| it.0)
    }

    /// Where a word in a line of the script stands, counted from 1; the step where it is not found.
    pub fn span_in_line(&self, sources: &Sources, raw: &str, line: usize) -> Span {
        self.in_line(sources, raw, line).unwrap_or_else(|| self.span(sources, raw))
    }

    /// In a script between fences, whose lines are those of the source.
    fn in_line(&self, sources: &Sources, raw: &str, line: usize) -> Option<Span> {
        if self.file.is_some() || raw.is_empty() {
            return None;
        }
        let block = super::edit::block(sources, self.place.step.head);
        let text = sources.slice(block);
        let fence = text.find(FENCE)? + FENCE.len();
        if text[fence..].matches(FENCE).count() != 1 {
            return None;
        }
        let body = fence + text[fence..].find('\n')? + 1;
        let start =
            body + text[body..].split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum::<usize>();
        let wanted = text[start..].lines().next()?;
        let at = block.start as usize + start + wanted.find(raw)?;
        Some(Span::new(block.file, at, at + raw.len()))
    }

    /// A replacement of a word of the script, if it is found in the sources just once.
    pub fn replaced(&self, sources: &Sources, raw: &str, better: &str) -> Option<Edit> {
        let (span, escaped) = self.found(sources, raw)?;
        let text = if escaped { escape(better) } else { better.to_owned() };
        Some(Edit { span, text })
    }

    fn found(&self, sources: &Sources, raw: &str) -> Option<(Span, bool)> {
        if self.file.is_some() || raw.is_empty() {
            return None;
        }
        let block = super::edit::block(sources, self.place.step.head);
        let text = sources.slice(block);
        let is_block = text.contains(FENCE);
        let written = if is_block { raw.to_owned() } else { escape(raw) };
        let at = text.find(&written)?;
        if text[at + 1..].contains(&written) {
            return None;
        }
        let start = block.start as usize + at;
        Some((Span::new(block.file, start, start + written.len()), !is_block))
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

impl Cx<'_> {
    /// Whether an edit here would change what stands in the source, not what reuse put there.
    pub fn is_written(&self, span: Span) -> bool {
        self.sources.origin(span.file).is_none_or(|it| !it.replaced)
    }
}
