//! `mlopsc simulate`: what happens if.

mod event;
mod with;

use crate::cli::Outcome;
use crate::cli::edge::{Edge, Level, Paint};
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked};
use crate::cli::trouble::Trouble;
use crate::driver;
use crate::simulate::names::Misfit;
use crate::simulate::timeline::{Mark, Timeline};
use crate::simulate::{System, json, show, unused};
use clap::ValueEnum;
use event::What;

/// Say what happens if: a push, a pull request, the clock, a person
///
/// Runs the whole system on a virtual clock, without touching anything: what starts, what waits for whom, what is skipped,
/// and for every pipeline that does not start, why not. Where nothing is said, everything goes well: steps succeed,
/// decisions are in favour, approvals are granted.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// A chart for Mermaid
    Mermaid,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let with = args.what.with();
    let paths: Vec<_> = with.project.iter().cloned().collect();
    let checked = session::check(&paths, &RuleArgs::default(), &with.options, edge)?;
    let [checked] = checked.as_slice() else { return Err(Trouble::new("one project at a time")) };
    let Some(analysis) = checked.analysis.as_ref().filter(|it| !driver::has_holes(it)) else {
        return session::refuse(std::slice::from_ref(checked), edge);
    };
    let simulated = driver::simulated(analysis, |system| scenario(args, system));
    let (timeline, notes) = simulated.map_err(|it| Trouble::new(it.message).help(it.help))?;
    let text = match with.format {
        Format::Text => text(&timeline, checked, edge.out.paint),
        Format::Json => {
            let value = json::json(&timeline, &analysis.sources);
            serde_json::to_string_pretty(&value).expect("its keys are strings") + "\n"
        }
        Format::Mermaid => json::mermaid(&timeline),
    };
    edge.out.print(&text)?;
    for note in notes.iter().filter(|_| edge.level >= Level::Normal) {
        edge.err.print(&format!("note: {note}\n"))?;
    }
    if analysis.has_errors() {
        edge.err.print("note: the project has errors, which `mlopsc check` tells\n")?;
    }
    Ok(Outcome::Fine)
}

fn scenario(args: &Args, system: &System<'_>) -> Result<(Timeline, Vec<String>), Misfit> {
    let scenario = args.what.with().scenario(&args.what.event(system)?, system)?;
    let timeline = crate::simulate::run(system, &scenario);
    let notes = unused::notes(system, &args.what.with().said(), &timeline);
    Ok((timeline, notes))
}

fn text(timeline: &Timeline, checked: &Checked, paint: Paint) -> String {
    let Some(analysis) = &checked.analysis else { return String::new() };
    let lines = show::lines(timeline, &analysis.sources, &checked.prefix);
    let painted = lines.into_iter().map(|it| {
        let text = it.text.trim_end();
        let text = match it.mark {
            None | Some(Mark::Does) => text.to_owned(),
            Some(Mark::Event | Mark::Starts) => paint.bold(text),
            Some(Mark::Waits | Mark::Issues) => paint.yellow(text),
            Some(Mark::Succeeds) => paint.green(text),
            Some(Mark::Fails | Mark::Cancels) => paint.red(text),
            Some(Mark::Skips) => paint.dim(text),
        };
        text + "\n"
    });
    painted.collect()
}
