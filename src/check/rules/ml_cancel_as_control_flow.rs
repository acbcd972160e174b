//! # Cancelling a run to say "not better"
//!
//! A script that cancels its own run when the model is not good enough ends it as *Canceled*. The command line of
//! Azure ML raises only for *Failed*: the pipeline goes on, green, and deploys the model that was meant to be
//! discarded.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pipeline training {
//!   trigger manual
//!   stage evaluate {
//!     connection = azure
//!     azure "az ml job cancel --name \"$RUN\""
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! pipeline training {
//!   trigger manual
//!   stage evaluate {
//!     connection = azure
//!     azure "az ml job show --name \"$RUN\""
//!   }
//! }
//! ```
//!
//! Let the script write `promote` or `reject` into an `output NAME: decision`, and register with
//! `register MODEL from step.output { when = step.NAME }`. A script of a pipeline that cancels may end as failed, `exit 1`, so that
//! nothing goes on; of a script in Python, which the step of Azure ML runs, only you know where the verdict is to be written.
//!
//! Source: azure-ai-ml 1.35.2, `_job_ops_helper.py`: the stream raises on `Failed` only.

use crate::base::span::Span;
use crate::check::scripts::Script;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::expr::Expr;
use crate::model::project::{MlStep, Project};
use crate::target::source_text;
use std::path::Path;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-cancel-as-control-flow", in_pipelines).by_pipeline().and_outside(in_ml_pipelines).fixes(Safety::Unsafe);

const CANCEL: &str = "az ml job cancel";

const HELP: &str = "let the step write `promote` or `reject` into an `output NAME: decision`, and register with `when = STEP.NAME`";

fn in_ml_pipelines(cx: &mut Cx<'_>) {
    let project: &Project = cx.project;
    for step in project.ml_pipelines.values().flat_map(|it| &it.steps) {
        if let Some((path, line)) = cancels_itself(cx, step) {
            let name = &step.ident.value;
            cx.report(&RULE, step.head, format!("step `{name}` cancels its run, which the pipeline takes for success"))
                .at(format!("`{path}` cancels it in line {line}"))
                .help(HELP);
        }
    }
}

fn in_pipelines(cx: &mut Cx<'_>) {
    for script in cx.scripts().iter().filter(|it| it.file.is_none()) {
        // A step for failed and cancelled runs cleans up: nobody takes what it does for a success.
        if script.place.step.when.as_ref().is_some_and(Expr::has_status) {
            continue;
        }
        if let Some((number, line)) = cancels_silently(&script.text) {
            report(cx, script, (number, line));
        }
    }
}

/// The line that cancels a run, where nothing behind it ends the step as failed.
fn cancels_silently(text: &str) -> Option<(usize, &str)> {
    let fails = |line: &str| line.match_indices("exit ").any(|(at, it)| !line[at + it.len()..].starts_with('0'));
    let mut found = None;
    for (number, line) in source_text::shell_lines(text) {
        if let Some(at) = line.find(CANCEL) {
            found = Some((number, line)).filter(|_| !fails(&line[at..]));
        } else if fails(line) {
            found = None;
        }
    }
    found
}

fn report(cx: &mut Cx<'_>, script: &Script<'_>, (number, line): (usize, &str)) {
    let whole = line.trim();
    let span = script.span_in_line(cx.sources, whole, number);
    let alone = whole.starts_with(CANCEL) && !whole.contains([';', '&', '|', '\\', '#']);
    let is_written = cx.written(span).starts_with(CANCEL);
    let end = Span::new(span.file, span.end as usize, span.end as usize);
    let text = if script.text.contains('\n') { cx.line_below(span, "exit 1") } else { "; exit 1".to_owned() };
    let finding = cx
        .report(&RULE, span, "a script cancels a run, which whoever waits for it takes for success")
        .help(format!("{HELP}; or end this step as failed: `exit 1`"));
    if alone && is_written {
        finding.suggest("end the step as failed", end, text);
    }
}

/// `run.cancel()`, `Run.get_context().cancel()`, `client.jobs.begin_cancel(…)`; timers and tasks can be cancelled too.
fn cancels_a_run(line: &str) -> bool {
    ["cancel(", "begin_cancel("].iter().any(|call| {
        line.match_indices(&format!(".{call}")).any(|(at, _)| {
            let words = line[..at].rsplit(|it: char| !(it.is_ascii_alphanumeric() || "_.()".contains(it)));
            let receiver = words.map(str::to_lowercase).next().unwrap_or_default();
            ["run", "parent", "job", "get_context()"].iter().any(|it| receiver.contains(it))
        })
    })
}

/// The Python file that the command starts, and the line in which it cancels.
fn cancels_itself(cx: &Cx<'_>, step: &MlStep) -> Option<(String, usize)> {
    let (code, command) = (step.code.as_ref()?, step.command.as_ref()?);
    let scripts = command.value.split_whitespace().filter(|it| Path::new(it).extension().is_some_and(|it| it == "py"));
    scripts.into_iter().find_map(|script| {
        let path = crate::base::files::normalize(&format!("{}/{script}", code.value))?;
        let text = cx.read(&path)?;
        let line = source_text::python_lines(&text).find(|(_, line)| cancels_a_run(line)).map(|it| it.0)?;
        Some((path, line))
    })
}
