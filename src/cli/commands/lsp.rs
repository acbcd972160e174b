//! `mlopsc lsp`: the language server, for editors.

use crate::cli::Outcome;
use crate::cli::disk::Local;
use crate::cli::trouble::Trouble;
use crate::cli::workspace::Workspace;
use crate::lsp::{self, Ended, transport};
use std::io;

/// Run the language server on the standard streams
///
/// Editors start it; see docs/editors.md. Exit code 1 if the editor went away without saying so.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What most editors add; the standard streams are used anyway
    #[arg(long, hide = true)]
    pub stdio: bool,
}

pub fn run() -> Result<Outcome, Trouble> {
    let workspace = Workspace::new(&Local);
    let ended = transport::over(io::stdin(), io::stdout(), |connection| lsp::serve(connection, &workspace));
    Ok(if ended == Ended::Properly { Outcome::Fine } else { Outcome::Findings })
}
