//! `mlopsc setup`: what must stand in Azure DevOps beside the YAML, without asking it.

use crate::cli::Outcome;
use crate::cli::edge::{Edge, Paint};
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked, OptionArgs};
use crate::cli::trouble::Trouble;
use crate::driver;
use crate::emit::setup::listing::{Listing, Thing};
use clap::ValueEnum;
use std::fmt::Write as _;
use std::path::PathBuf;

/// List what `setup.sh` brings about in Azure DevOps
///
/// Every variable group, environment, pipeline and policy, its checks, who approves what, and which pipelines may use
/// it. Nothing is asked of Azure DevOps, and nothing is written. Exit code 1 if there are errors.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of projects or `.mlops` files; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How the list is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub options: OptionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document a project
    Json,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let checked = session::check(&args.paths, &RuleArgs::default(), &args.options, edge)?;
    if session::tell_in_short(&checked, edge)? {
        return Ok(Outcome::Findings);
    }
    for (number, project) in checked.iter().enumerate() {
        let Some(listing) = listing(project) else { continue };
        let text = match args.format {
            Format::Text => text(&listing, edge.out.paint),
            Format::Json => json(&listing),
        };
        let gap = if number > 0 && args.format == Format::Text { "\n" } else { "" };
        edge.out.print(&format!("{gap}{text}"))?;
    }
    Ok(Outcome::Fine)
}

fn listing(checked: &Checked) -> Option<Listing> {
    let analysis = checked.analysis.as_ref()?;
    Some(driver::listing(analysis, &checked.loaded.config.output))
}

fn json(listing: &Listing) -> String {
    let text = serde_json::to_string_pretty(listing).expect("keys are strings and numbers are whole");
    text + "\n"
}

fn text(listing: &Listing, paint: Paint) -> String {
    let project = listing.project.as_deref().unwrap_or("a project that is not named here");
    let organization = listing.organization.as_deref().unwrap_or("an organization that is not named here");
    let mut text = format!("In {project}, {organization}:\n");
    for thing in &listing.things {
        self::thing(&mut text, thing, paint);
    }
    for note in &listing.notes {
        let _ = write!(text, "\n{} {note}\n", paint.yellow("missing:"));
    }
    if listing.things.is_empty() {
        text.push_str("nothing\n");
    }
    text
}

fn thing(text: &mut String, thing: &Thing, paint: Paint) {
    let kind = thing.kind.replace('-', " ");
    let there = if thing.made { "" } else { ", must be there" };
    let head = paint.bold(&format!("{kind} {}", thing.name));
    let place = paint.dim(&format!("({}{there})", thing.source));
    let _ = writeln!(text, "\n{head} {place}");
    let mut line = |word: &str, says: &str| {
        let _ = writeln!(text, "  {word:<18}{says}");
    };
    if let Some(description) = &thing.description {
        line("description", &description.replace('\n', " "));
    }
    for (word, says) in &thing.facts {
        line(word, says);
    }
    for variable in &thing.variables {
        let says = match (&variable.value, variable.secret) {
            (Some(value), _) => format!("{} = {value}", variable.name),
            (None, true) => format!("{}, a secret that setup.sh asks for", variable.name),
            (None, false) => format!("{}, which setup.sh asks for", variable.name),
        };
        line("variable", &says);
    }
    for check in &thing.checks {
        line(&check.check, &format!("{}, within {}", check.says, within(check.timeout_minutes)));
    }
    if !thing.pipelines.is_empty() {
        line("may be used by", &thing.pipelines.join(", "));
    }
}

fn within(minutes: u64) -> String {
    let units = [(24 * 60, "d"), (60, "h")];
    let unit = units.into_iter().find(|(size, _)| minutes.is_multiple_of(*size));
    unit.map_or_else(|| format!("{minutes}m"), |(size, word)| format!("{}{word}", minutes / size))
}
