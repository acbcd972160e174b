//! `mlopsc explain`: what a code means, with examples; where a line comes from, and what comes from it.

mod line;

use crate::base::suggest::nearest;
use crate::cli::Outcome;
use crate::cli::edge::{Edge, Paint};
use crate::cli::session::OptionArgs;
use crate::cli::trouble::Trouble;
use crate::diag::Kind;
use crate::explain::{kind, kinds, lines, title};
use std::fmt::Write as _;

/// Say what a code in a report means, or where a line comes from
///
/// For a line of a generated file: the statements behind it. For a line of a source: what is found there, and which lines
/// come from it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The code, as in `error[CODE]`, or a place, as in `FILE:12` or `FILE (Line: 12, Col: 3)`; without one all codes are
    /// listed
    #[arg(value_name = "CODE|FILE:LINE")]
    pub what: Option<String>,
    #[command(flatten)]
    pub options: OptionArgs,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let text = match &args.what {
        None => list(edge.out.paint),
        Some(what) => match line::place(what) {
            Some((file, number)) => line::explain(file, number, &args.options, edge)?,
            None => render(find(what)?, edge.out.paint),
        },
    };
    edge.out.print(&text)?;
    Ok(Outcome::Fine)
}

/// `error[CODE]` is taken as well: it is what people copy.
fn find(written: &str) -> Result<&'static str, Trouble> {
    let code = written.split_once('[').map_or(written, |(_, rest)| rest.trim_end_matches([']', ':']));
    kind(code).map(|it| it.page).ok_or_else(|| {
        let trouble = Trouble::new(format!("there is no code `{code}`"));
        match nearest(code, kinds().iter().map(|it| it.code)) {
            Some(known) => trouble.help(format!("did you mean `{known}`?")),
            None => trouble.help("`mlopsc explain` lists all codes"),
        }
    })
}

fn list(paint: Paint) -> String {
    let kinds = kinds();
    let wide = kinds.iter().map(|it| it.code.len()).max().unwrap_or(0);
    let line = |it: &Kind| format!("{}  {}\n", paint.cyan(&format!("{:wide$}", it.code)), title(it.page));
    kinds.iter().map(line).collect()
}

/// Markdown as plain text: headings stand out, examples are indented and say what they show.
pub fn render(page: &str, paint: Paint) -> String {
    let mut out = String::new();
    let mut in_example = false;
    for line in lines(page) {
        if let Some(fence) = line.strip_prefix("```") {
            in_example = !in_example;
            if in_example {
                writeln!(out, "{}", caption(fence, paint)).expect("a string takes everything");
            }
        } else if in_example {
            writeln!(out, "{}", format!("    {line}").trim_end()).expect("a string takes everything");
        } else if line.starts_with('#') {
            writeln!(out, "{}", paint.bold(line.trim_start_matches(['#', ' '])))
                .expect("a string takes everything");
        } else {
            writeln!(out, "{line}").expect("a string takes everything");
        }
    }
    out
}

fn caption(fence: &str, paint: Paint) -> String {
    let is = |wanted: &str| fence.split(',').any(|word| word == wanted);
    match fence.strip_prefix("file:") {
        Some(path) => paint.dim(&format!("  with {path}:")),
        None if is("fails") => paint.red("  reported:"),
        None if is("passes") => paint.green("  fine:"),
        None => paint.dim("  for example:"),
    }
}
