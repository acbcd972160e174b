//! # A text stands without quotes in a script
//!
//! A shell splits `$NAME` at blanks and replaces `*` in it by names of files. A parameter with a blank becomes two
//! arguments, and one that begins with `-` an option that nobody meant to allow.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   param title: string = "Release"
//!   stage build {
//!     run "python report.py --title $TITLE" { env { TITLE = params.title } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   param title: string = "Release"
//!   stage build {
//!     run "python report.py --title \"$TITLE\"" { env { TITLE = params.title } }
//!   }
//! }
//! ```
//!
//! Write `"$NAME"`. A list of arguments is better given as several parameters, or read into an array.
//!
//! Source: Bash Reference Manual, "Word Splitting"; rule SC2086 of shellcheck.

use crate::check::scripts::{Script, bare_in};
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::expr::{Expr, ExprKind, Fact, Ty};
use crate::model::project::Pipeline;
use crate::target::shell::Word;
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule::warning(Group::Security, "unquoted-value", run).by_pipeline().fixes(Safety::Unsafe);

/// These do not split, or are meant to.
const HARMLESS: &[&str] = &["echo", "[[", "for", "case", "in", "export", "local", "declare", "readonly", "read", "eval"];

fn run(cx: &mut Cx<'_>) {
    for script in &*cx.scripts() {
        let held = script.holding(|it| is_free(script.place.pipeline, it));
        let mut told = BTreeSet::new();
        for command in script.pipelines.iter().flat_map(|it| &it.commands) {
            if HARMLESS.contains(&command.name()) || script.text.contains("IFS=") {
                continue;
            }
            let found = command.arguments().iter().find_map(|it| Some((it, bare_in(&held, it)?)));
            if let Some((word, name)) = found
                && told.insert(name)
            {
                report(cx, script, word, (name, command.line));
            }
        }
    }
}

/// A text in which blanks may stand.
fn is_free(pipeline: &Pipeline, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Param(name) => expr.ty == Ty::String && pipeline.params.get(name).is_some_and(|it| it.choices.is_empty()),
        ExprKind::Fact(fact) => *fact == Fact::RequestedFor,
        ExprKind::Concat(parts) => parts.iter().any(|it| is_free(pipeline, it)),
        _ => false,
    }
}

fn report(cx: &mut Cx<'_>, script: &Script<'_>, word: &Word, (name, line): (&str, usize)) {
    let (plain, braced) = (format!("${name}"), format!("${{{name}}}"));
    let written = if word.raw.contains(&braced) { braced } else { plain };
    let better = word.raw.replace(&written, &format!("\"{written}\""));
    let edit = (word.raw.matches('$').count() == 1).then(|| script.replaced(cx.sources, &word.raw, &better)).flatten();
    let span = script.span(cx.sources, &word.raw);
    let message = format!("`{written}` is split at blanks here{}", script.in_file(line));
    let finding = cx.report(&RULE, span, message).help(format!("write `{better}`"));
    if let Some(edit) = edit {
        finding.edits(Safety::Unsafe, "add quotes", vec![edit]);
    }
}
