//! # A value that Helm takes apart
//!
//! The task puts all of `overrideValues` behind one `--set`, joined with commas and without quotes. A comma inside of a
//! value begins another one, a blank ends them all.
//!
//! ```mlops,fails
//! pipeline release {
//!   trigger manual
//!   stage all {
//!     task "HelmDeploy@0" {
//!       inputs { connectionType = "None", command = "upgrade", chartName = "team/api", releaseName = "api", overrideValues = "hosts=a.example,b.example" }
//!     }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline release {
//!   trigger manual
//!   stage all {
//!     task "HelmDeploy@0" {
//!       inputs { connectionType = "None", command = "upgrade", chartName = "team/api", releaseName = "api", overrideValues = "hosts={a.example,b.example}" }
//!     }
//!   }
//! }
//! ```
//!
//! Put such values into a file, `valueFile`, or escape the comma: `a\,b`. A `service` with a `chart` has `values { … }`
//! for them, which are written into a file.
//!
//! Source: `replaceNewlinesWithCommas` of the task `HelmDeploy`; Helm documentation, "The format and limitations of --set".

use crate::check::{Cx, Group, Rule, helm_tasks};
use crate::diag::Safety;

pub(super) static RULE: Rule = Rule::error(Group::Helm, "helm-set-with-comma", run).fixes(Safety::Unsafe).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for installation in helm_tasks::installations(cx) {
        let Some(values) = installation.input("overrideValues") else { continue };
        let text = helm_tasks::shape(values);
        let parts = parts(&text);
        let Some(wrong) = parts.iter().find_map(|it| wrong(it)) else { continue };
        let plain = values.as_str().filter(|it| !it.contains('\n') && cx.written(values.span).starts_with('"'));
        let better = plain.map(|_| quoted(&mended(&parts)));
        let finding = cx
            .report(&RULE, values.span, wrong)
            .help("put the values into a file and name it in `valueFile`; or escape commas, `a\\\\,b`, and quote blanks");
        if let Some(better) = better {
            finding.suggest("escape the commas and quote the blanks", values.span, better);
        }
    }
}

/// What has no key belongs to the value before it; what has a blank is put into quotes.
fn mended(parts: &[String]) -> String {
    let mut all: Vec<String> = Vec::new();
    for part in parts.iter().map(|it| it.trim()) {
        match all.last_mut() {
            Some(before) if !part.contains('=') => *before = format!("{before}\\,{part}"),
            _ => all.push(part.to_owned()),
        }
    }
    for it in &mut all {
        if let Some((key, value)) = it.split_once('=').filter(|(_, value)| value.contains(' ') && !value.contains('"')) {
            *it = format!("{key}=\"{value}\"");
        }
    }
    all.join(",")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What `--set` takes for one value each: commas in braces and behind a backslash separate nothing.
fn parts(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for it in text.chars() {
        match it {
            '{' if !escaped => depth += 1,
            '}' if !escaped => depth = depth.saturating_sub(1),
            '"' if !escaped => quoted = !quoted,
            ',' | '\n' if depth == 0 && !escaped && !quoted => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = it == '\\' && !escaped;
        if let Some(last) = found.last_mut() {
            last.push(it);
        }
    }
    found.retain(|it| !it.trim().is_empty());
    found
}

fn wrong(part: &str) -> Option<String> {
    let part = part.trim();
    if !part.contains('=') {
        return Some(format!("Helm takes `{part}` for a value of its own: a comma before it separates"));
    }
    let bare = part.split('"').step_by(2).any(|it| it.contains(' '));
    bare.then(|| format!("the task puts `{part}` onto the command line without quotes, and the blank ends it"))
}
