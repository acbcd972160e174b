//! Scripts: their text as the agent is to run it, or the place of their file.

use super::value;
use crate::emit::scripts;
use crate::emit::yaml::Text;
use crate::model::steps::action::{ScriptSource, Shell};

pub(super) enum Code<'a> {
    Inline(Text<'a>),
    File(Text<'a>),
}

impl<'a> Code<'a> {
    /// `project` is the folder of the project, empty where the steps start in it.
    pub(super) fn of(source: &'a ScriptSource, shell: Shell, project: &str) -> Code<'a> {
        match source {
            ScriptSource::Verbatim(text) if shell == Shell::Bash => Code::Inline(inline(&stopping(text))),
            ScriptSource::Verbatim(text) => Code::Inline(inline(text)),
            ScriptSource::Template { name, data } => Code::Inline(inline(&scripts::render(name, data))),
            ScriptSource::File(path) if project.is_empty() => Code::File(value::literal(path)),
            ScriptSource::File(path) => Code::File(format!("{project}/{}", value::escaped(path)).into()),
        }
    }
}

/// With exactly one line break at its end.
fn inline<'a>(text: &str) -> Text<'a> {
    let mut text = value::escaped(text.trim_end_matches('\n')).into_owned();
    text.push('\n');
    text.into()
}

/// Azure Pipelines goes on after a failed command of a bash script: a user's script that sets no options of its own,
/// as its first command, gets the one line that stops it.
fn stopping(text: &str) -> String {
    let mut lines = text.lines().map(str::trim_start).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let sets_options = lines.next().is_some_and(|it| it.starts_with("set -") || it.starts_with("set +"));
    if sets_options { text.to_owned() } else { format!("set -euo pipefail\n{text}") }
}

/// The sign-in task has no Python of its own. The delimiter is none of the script's lines.
pub(super) fn in_python<'a>(script: &Text<'_>) -> Text<'a> {
    let mut end = "PYTHON".to_owned();
    while script.0.lines().any(|line| line == end) {
        end.push('_');
    }
    format!("set -euo pipefail\npython - <<'{end}'\n{}{end}\n", script.0).into()
}

pub(super) fn python_file<'a>(path: &Text<'_>) -> Text<'a> {
    format!("set -euo pipefail\npython {}\n", from_root(path)).into()
}

/// As strict as a script that is written in place, without touching the file.
pub(super) fn bash_file<'a>(path: &Text<'_>) -> Text<'a> {
    format!("bash -euo pipefail {}\n", from_root(path)).into()
}

/// Unlike the paths of inputs, those in a script start in the working directory.
fn from_root(path: &Text<'_>) -> String {
    let root = if path.0.starts_with("$(") { "" } else { "$(System.DefaultWorkingDirectory)/" };
    format!("'{root}{}'", path.0.replace('\'', r"'\''"))
}
