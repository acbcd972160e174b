//! `mlopsc completions`: what a shell has to know to complete command lines.

use crate::cli::edge::Edge;
use crate::cli::trouble::Trouble;
use crate::cli::{self, Outcome};
use clap_complete::Shell;

/// Print a script that completes command lines in a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell that shall run it
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::description(), "mlopsc", &mut script);
    edge.out.print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Fine)
}
