//! # A value that others choose becomes a command
//!
//! Whoever may push a branch, open a pull request or start a run chooses names and parameters. Where a script hands
//! such a text to `eval`, to `bash -c`, to `python -c` or to a shell elsewhere, or runs it, that text is run on the
//! agent, with all connections and secrets of the job.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   param target: string = "all"
//!   stage build {
//!     run "bash -c \"make $TARGET\"" { env { TARGET = params.target } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   param target: string = "all"
//!   stage build {
//!     run "make \"$TARGET\"" { env { TARGET = params.target } }
//!   }
//! }
//! ```
//!
//! Give the value as an argument of its own, in quotes, or let the inner program read it from its environment; or say with
//! `enum` what it may be.
//!
//! Source: Azure DevOps documentation, "Securely use variables and parameters in your pipeline"; poutine, rule "injection".

use crate::check::scripts::{Held, Script, given, held_in};
use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule, Safety};
use crate::diag::Edit;
use crate::model::expr::{Expr, ExprKind, Fact, RunField, Ty};
use crate::model::project::Pipeline as Delivery;
use crate::model::steps::Kind;
use crate::model::steps::action::Shell;
use crate::target::shell::{Command, Pipeline, Word};
use std::ops::Range;

pub(super) static RULE: Rule = Rule::error(Group::Security, "script-injection", run).by_pipeline().fixes(Safety::Unsafe);

/// Variables that Azure Pipelines sets and somebody else chooses.
const CHOSEN: &[&str] = &[
    "BUILD_SOURCEBRANCH",
    "BUILD_SOURCEBRANCHNAME",
    "BUILD_SOURCEVERSIONMESSAGE",
    "BUILD_SOURCEVERSIONAUTHOR",
    "BUILD_REQUESTEDFOR",
    "SYSTEM_PULLREQUEST_SOURCEBRANCH",
    "SYSTEM_PULLREQUEST_SOURCEREPOSITORYURI",
];

fn run(cx: &mut Cx<'_>) {
    for script in &*cx.scripts() {
        let mut held = script.holding(|it| is_chosen(script.place.pipeline, it));
        let named = CHOSEN.iter().filter(|it| script.text.contains(**it));
        held.extend(named.map(|it| ((*it).to_owned(), (*it).to_owned())));
        let held = script.followed(held);
        let sink = match script.shell {
            Shell::Bash => script.pipelines.iter().find_map(|it| of_pipeline(it, &held)),
            Shell::Pwsh => in_lines(script, &held),
            Shell::Python | Shell::Cmd => None,
        };
        let Some(sink) = sink else { continue };
        let message = format!("`${}`, which others choose, {}", sink.origin, sink.what);
        let edit = inner_reads(cx, script, &sink.range);
        let finding = cx
            .report_in(&RULE, script, sink.range, &message)
            .at("they can run commands on the agent")
            .help("make it an argument of its own, as `\"$NAME\"`, or let the inner program read it from its environment");
        if let Some(edit) = edit {
            finding.edits(Safety::Unsafe, "let the inner shell read it from its environment", vec![edit]);
        }
    }
    for place in cx.steps() {
        task_arguments(cx, &place);
    }
}

/// `bash -c "make $TARGET"` as `bash -c 'make "$TARGET"'`: where all that is read is in the environment, and nothing in
/// the text needs its quotes.
fn inner_reads(cx: &Cx<'_>, script: &Script<'_>, range: &Range<usize>) -> Option<Edit> {
    let commands = || script.pipelines.iter().flat_map(|it| &it.commands);
    let (command, word) = commands().find_map(|it| Some((it, it.words.iter().find(|it| it.range() == *range)?)))?;
    let is_inner = matches!(command.name(), "sh" | "bash" | "dash" | "zsh" | "ksh") && behind(command, INNER) == Some(word);
    let inside = word.raw.strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = !inside.contains(['"', '\'', '\\', '`']) && !inside.contains("$(");
    let is_given = |name: &str| (script.env.contains_key(name) || CHOSEN.contains(&name)) && !script.assigns(name);
    if script.shell != Shell::Bash || !is_inner || !is_plain || !word.reads.iter().all(|it| is_given(&it.name)) {
        return None;
    }
    let mut better = inside.to_owned();
    for name in word.reads.iter().map(|it| &it.name) {
        let (bare, braced) = (format!("${name}"), format!("${{{name}}}"));
        let written = if better.contains(&braced) { braced } else { bare };
        // One name that begins another would be cut in two.
        if better.matches(&written).count() != 1 || inside.matches(&format!("${name}_")).count() > 0 {
            return None;
        }
        better = better.replace(&written, &format!("\"{written}\""));
    }
    script.replaced(cx.sources, range.clone(), &format!("'{better}'")).filter(|it| cx.is_written(it.span))
}

/// Options behind which a shell takes what it runs.
const INNER: &[&str] = &["-c", "-Command", "-lc", "-ec"];

/// A text that people outside the project may set.
fn is_chosen(pipeline: &Delivery, expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |it| {
        found |= match &it.kind {
            ExprKind::Param(name) => it.ty == Ty::String && pipeline.params.get(name).is_some_and(|it| it.choices.is_empty()),
            ExprKind::Fact(fact) => {
                matches!(fact, Fact::Branch | Fact::Tag | Fact::RequestedFor | Fact::PullRequestSource)
            }
            ExprKind::RunOf(_, field) => *field == RunField::Branch,
            _ => false,
        };
    });
    found && !matches!(expr.kind, ExprKind::Compare(..) | ExprKind::In(..) | ExprKind::Not(_) | ExprKind::And(..) | ExprKind::Or(..))
}

struct Sink {
    /// Bytes of the script.
    range: Range<usize>,
    origin: String,
    what: String,
}

fn of_pipeline(pipeline: &Pipeline, held: &Held) -> Option<Sink> {
    let piped = pipeline.commands.windows(2).find_map(|it| {
        let [from, to] = it else { return None };
        let is_run = is_shell(to.name()) && to.arguments().iter().all(|it| it.text == "-s" || it.text == "-");
        let prints = matches!(from.name(), "echo" | "printf" | "cat") && is_run;
        let word = from.arguments().iter().filter(|_| prints).find(|it| held_in(held, it).is_some())?;
        sink(word, held, format!("is run by `{}`", to.name()))
    });
    piped.or_else(|| pipeline.commands.iter().find_map(|it| of_command(it, held)))
}

fn sink(word: &Word, held: &Held, what: String) -> Option<Sink> {
    let (_, origin) = held_in(held, word)?;
    Some(Sink { range: word.range(), origin: origin.to_owned(), what })
}

fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "dash" | "zsh" | "ksh" | "pwsh" | "python" | "python3")
}

fn of_command(command: &Command, held: &Held) -> Option<Sink> {
    let name = command.name();
    let is_held = |it: &&Word| held_in(held, it).is_some();
    let first = command.words.iter().find(|it| it.text.rsplit('/').next() == Some(name))?;
    if is_held(&first) && !name.contains('=') && first.text.starts_with('$') {
        return sink(first, held, "is run as a command".to_owned());
    }
    if name == "eval" {
        let word = command.arguments().iter().find(is_held)?;
        return sink(word, held, "is run by `eval`".to_owned());
    }
    let code = match name {
        "ssh" => command.arguments().iter().skip(1).find(is_held),
        _ if is_shell(name) && command.redirects.iter().any(|it| is_held(&&it.word)) => given(command).find(is_held),
        _ if is_shell(name) => behind(command, INNER).filter(is_held),
        "node" | "perl" | "ruby" => behind(command, &["-e", "-E", "--eval"]).filter(is_held),
        _ => None,
    };
    sink(code?, held, format!("becomes a part of what `{name}` runs"))
}

fn behind<'c>(command: &'c Command, flags: &[&str]) -> Option<&'c Word> {
    let pair = command.arguments().windows(2).find(|it| flags.contains(&it[0].text.as_str()))?;
    Some(&pair[1])
}

fn in_lines(script: &Script<'_>, held: &Held) -> Option<Sink> {
    let runs = ["Invoke-Expression", "iex "];
    let lines = (1..).zip(script.text.lines()).filter(|it| runs.iter().any(|run| it.1.contains(run)));
    lines.into_iter().find_map(|(line, text)| {
        let (_, origin) = held.iter().find(|it| text.contains(&format!("$env:{}", it.0)))?;
        Some(Sink { range: script.in_line(line, ""), origin: origin.clone(), what: "is run by `Invoke-Expression`".to_owned() })
    })
}

/// Tasks that put their input `arguments` behind the script's name and give that to a shell.
const PASTING: &[&str] = &["Bash", "ShellScript", "CmdLine", "BatchScript", "PowerShell", "AzurePowerShell", "AzureCLI", "PythonScript"];

fn task_arguments(cx: &mut Cx<'_>, place: &Place<'_>) {
    let Kind::Task(task) = &place.step.kind else { return };
    let bare = task.name.value.split('@').next().unwrap_or_default();
    if !PASTING.contains(&bare) || !place.step.enabled {
        return;
    }
    for (key, value) in &task.inputs {
        let names = ["arguments", "scriptArguments", "args"];
        if names.iter().any(|it| it.eq_ignore_ascii_case(key)) && is_chosen(place.pipeline, value) {
            let message = format!("others choose a part of `{key}`, which `{bare}` gives to a shell");
            cx.report(&RULE, value.span, message)
                .at("they can run commands on the agent")
                .help("put the value into `env`, and let the script read it from there");
        }
    }
}
