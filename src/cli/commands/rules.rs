//! `mlopsc rules`: everything that can be found.

use crate::cli::Outcome;
use crate::cli::edge::{Edge, Paint};
use crate::cli::trouble::Trouble;
use crate::diag::{Group, Kind, Severity};
use crate::explain::{kinds, title};
use serde::Serialize;
use std::fmt::Write as _;

/// List everything that can be found
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How the list is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// By group
    Text,
    /// An array of objects
    Json,
    /// A table for each group
    Markdown,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let text = match args.format {
        Format::Text => text(edge.out.paint),
        Format::Json => json(),
        Format::Markdown => markdown(),
    };
    edge.out.print(&text)?;
    Ok(Outcome::Fine)
}

/// The groups that have something, each with what is in it.
fn grouped() -> impl Iterator<Item = (Group, Vec<Kind>)> {
    let kinds = kinds();
    let of = move |group| (group, kinds.iter().filter(|it| it.group == group).copied().collect::<Vec<_>>());
    Group::ALL.into_iter().map(of).filter(|(_, kinds)| !kinds.is_empty())
}

fn text(paint: Paint) -> String {
    let wide = kinds().iter().map(|it| it.code.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (group, kinds) in grouped() {
        let gap = if out.is_empty() { "" } else { "\n" };
        writeln!(out, "{gap}{}", paint.bold(group.word())).expect("a string takes everything");
        for it in kinds {
            let severity = format!("{:7}", it.severity.word());
            let severity = match it.severity {
                Severity::Error => paint.red(&severity),
                Severity::Warning => paint.yellow(&severity),
                Severity::Info => paint.cyan(&severity),
            };
            let fix = it.fix.map_or("", |it| it.word());
            writeln!(out, "  {:wide$}  {severity}  {fix:6}  {}", it.code, title(it.page))
                .expect("a string takes everything");
        }
    }
    out
}

#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: String,
    group: &'static str,
    severity: &'static str,
    fix: Option<&'static str>,
    summary: &'static str,
}

fn json() -> String {
    let row = |it: Kind| Row {
        code: it.code,
        name: it.name(),
        group: it.group.word(),
        severity: it.severity.word(),
        fix: it.fix.map(crate::diag::Safety::word),
        summary: title(it.page),
    };
    let rows: Vec<Row> = kinds().into_iter().map(row).collect();
    serde_json::to_string_pretty(&rows).expect("it has plain keys") + "\n"
}

fn markdown() -> String {
    let mut out = String::new();
    for (group, kinds) in grouped() {
        let gap = if out.is_empty() { "" } else { "\n" };
        let head = "| code | severity | fix | what it means |\n|---|---|---|---|";
        writeln!(out, "{gap}## {}\n\n{head}", group.word()).expect("a string takes everything");
        for it in kinds {
            let fix = it.fix.map_or("", |it| it.word());
            let summary = title(it.page).replace('|', "\\|");
            writeln!(out, "| `{}` | {} | {fix} | {summary} |", it.code, it.severity.word())
                .expect("a string takes everything");
        }
    }
    out
}
