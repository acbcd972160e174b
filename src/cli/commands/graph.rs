//! `mlopsc graph`: pictures of a system.

use crate::cli::Outcome;
use crate::cli::edge::Edge;
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, OptionArgs};
use crate::cli::trouble::Trouble;
use crate::draw::overview::overview;
use crate::draw::{self, Painter};
use crate::driver;
use crate::simulate::names::Misfit;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Draw the system: what starts what, what waits for whom, who must agree
///
/// Without a name the whole system; with that of a pipeline its stages, jobs and steps, of an ML pipeline its steps with what
/// flows between them, of an environment who must agree before something reaches it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A pipeline, an ML pipeline or an environment; without one, all
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// What is drawn; without it the system, or what the name says
    #[arg(long, value_name = "WHAT")]
    pub what: Option<What>,
    /// How it is drawn; without it what the name of the output file says, else text
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write the picture into this file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The project's folder, or a file of it; without it the current folder
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
    #[command(flatten)]
    pub options: OptionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Pipelines with what starts them, their stages, ML pipelines and environments
    System,
    /// Stages, jobs and steps of pipelines, and who is asked between them
    Pipeline,
    /// Steps of ML pipelines with their inputs and outputs
    Ml,
    /// Who must agree before what reaches which environment
    Approvals,
}

impl What {
    fn of(self) -> draw::What {
        match self {
            What::System => draw::What::System,
            What::Pipeline => draw::What::Pipeline,
            What::Ml => draw::What::Ml,
            What::Approvals => draw::What::Approvals,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// A flowchart for Mermaid: pages of GitHub, wikis of Azure DevOps
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture for browsers and documents, for light and dark pages
    Svg,
    /// One page with everything in it: search, and events whose way lights up
    Html,
    /// One JSON document
    Json,
}

impl Format {
    fn of_file(file: &Path) -> Option<Format> {
        Some(match file.extension()?.to_str()? {
            "txt" => Format::Text,
            "mmd" | "mermaid" => Format::Mermaid,
            "dot" | "gv" => Format::Dot,
            "svg" => Format::Svg,
            "html" | "htm" => Format::Html,
            "json" => Format::Json,
            _ => return None,
        })
    }
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let format = format(args)?;
    let paths: Vec<_> = args.project.iter().cloned().collect();
    let checked = session::check(&paths, &RuleArgs::default(), &args.options, edge)?;
    let [only] = checked.as_slice() else { return Err(Trouble::new("one project at a time")) };
    let Some(analysis) = only.analysis.as_ref().filter(|it| !driver::has_holes(it)) else {
        return session::refuse(&checked, edge);
    };
    let root = args.output.as_ref().map(|it| only.place.seen_from(&edge.here.join(it)));
    let drawn = driver::drawn(analysis, |painter| drawn(args, (format, root.as_deref()), painter));
    let (text, is_far) = drawn.map_err(|it| Trouble::new(it.message).help(it.help))?;
    match &args.output {
        Some(file) => session::write_into(file, &text, &checked, edge)?,
        None => edge.out.print(&text)?,
    }
    if is_far {
        edge.note("note: the system is large, so that stages are only counted; `mlopsc graph NAME` draws one pipeline\n")?;
    }
    if analysis.has_errors() {
        edge.err.print("note: the project has errors, which `mlopsc check` tells\n")?;
    }
    Ok(Outcome::Fine)
}

fn format(args: &Args) -> Result<Format, Trouble> {
    if let Some(said) = args.format {
        return Ok(said);
    }
    let Some(file) = &args.output else { return Ok(Format::Text) };
    Format::of_file(file).ok_or_else(|| {
        let message = format!("the name `{}` does not say how to draw", file.display());
        Trouble::new(message).help("add `--format`, or name a file such as `system.svg` or `system.html`")
    })
}

/// The text, and whether it shows the system from afar.
fn drawn(
    args: &Args,
    (format, root): (Format, Option<&str>),
    painter: &Painter<'_>,
) -> Result<(String, bool), Misfit> {
    if format == Format::Html && args.what.is_none() && args.name.is_none() {
        let (pictures, is_far) = draw::page::pictures(painter);
        return Ok((draw::page::page(painter, &pictures, root), is_far));
    }
    let picture = painter.paint(args.what.map(What::of), args.name.as_deref())?;
    let (picture, is_far) = match format {
        Format::Svg | Format::Html => overview(picture),
        Format::Text | Format::Mermaid | Format::Dot | Format::Json => (picture, false),
    };
    let text = match format {
        Format::Text => draw::text::text(&picture, painter.sources),
        Format::Mermaid => draw::mermaid::mermaid(&picture),
        Format::Dot => draw::dot::dot(&picture),
        Format::Svg => draw::svg::svg(&picture, painter.sources),
        Format::Html => draw::page::page(painter, &[picture], root),
        Format::Json => {
            let value = draw::json::json(&picture, painter.sources);
            serde_json::to_string_pretty(&value).expect("its keys are strings") + "\n"
        }
    };
    Ok((text, is_far))
}
