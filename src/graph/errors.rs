//! What the graphs find.

use crate::base::span::Span;
use crate::diag::Diagnostic;

/// How many of a cycle's edges get a label.
const SHOWN: usize = 4;

pub fn cycle<'a>(
    what: &str,
    cycle: &[usize],
    name: &dyn Fn(usize) -> &'a str,
    edge: &dyn Fn(usize, usize) -> Span,
) -> Diagnostic {
    let first = name(cycle[0]);
    if cycle.len() == 1 {
        return Diagnostic::error(
            "dependency-cycle",
            edge(cycle[0], cycle[0]),
            format!("the {what} `{first}` waits for itself"),
        )
        .help("remove the reference to itself");
    }
    let message = format!("these {what}s wait for each other: {}", path(cycle, name));
    labelled("dependency-cycle", message, cycle, name, edge, "waits for")
        .help("remove one of these edges, or move what both need into a third one")
}

pub fn trigger_cycle<'a>(
    cycle: &[usize],
    name: &dyn Fn(usize) -> &'a str,
    edge: &dyn Fn(usize, usize) -> Span,
) -> Diagnostic {
    let message = if cycle.len() == 1 {
        format!("pipeline `{}` starts itself, for ever", name(cycle[0]))
    } else {
        format!("these pipelines start each other, for ever: {}", path(cycle, name))
    };
    labelled("trigger-cycle", message, cycle, name, edge, "is started by")
        .help("Azure DevOps has no guard against this: remove one of these triggers, or put a condition on what starts the other")
}

fn labelled<'a>(
    code: &'static str,
    message: String,
    cycle: &[usize],
    name: &dyn Fn(usize) -> &'a str,
    edge: &dyn Fn(usize, usize) -> Span,
    verb: &str,
) -> Diagnostic {
    let next = |at: usize| cycle[(at + 1) % cycle.len()];
    let text = |at: usize| format!("`{}` {verb} `{}`", name(cycle[at]), name(next(at)));
    let mut finding = Diagnostic::error(code, edge(cycle[0], next(0)), message).at(text(0));
    for (at, node) in cycle.iter().enumerate().take(SHOWN).skip(1) {
        finding = finding.label(edge(*node, next(at)), text(at));
    }
    finding
}

/// `a -> b -> a`, cut in the middle if long.
fn path<'a>(cycle: &[usize], name: &dyn Fn(usize) -> &'a str) -> String {
    let names: Vec<String> = cycle.iter().chain(cycle.first()).map(|it| format!("`{}`", name(*it))).collect();
    if names.len() <= 9 {
        return names.join(" -> ");
    }
    let left_out = names.len() - 8;
    format!("{} -> … {left_out} more … -> {}", names[..4].join(" -> "), names[names.len() - 4..].join(" -> "))
}
