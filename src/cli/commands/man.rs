//! `mlopsc man`: the pages of the manual.

use crate::base::suggest::nearest;
use crate::cli::disk::Disk;
use crate::cli::edge::Edge;
use crate::cli::output::replace;
use crate::cli::trouble::Trouble;
use crate::cli::{self, Outcome};
use clap::Command;
use clap_mangen::Man;
use std::path::{Path, PathBuf};

/// Print a page of the manual, for `man`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The page of this command, as in `check` or `simulate push`; without one the page of `mlopsc` itself
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    pub command: Vec<String>,
    /// Write all pages into this folder
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let mut root = cli::description();
    root.build();
    if let Some(folder) = &args.output {
        let folder = edge.here.join(folder);
        create(&folder, edge.disk)?;
        write(&root, &folder, edge)?;
        return Ok(Outcome::Fine);
    }
    let page = find(&root, &args.command)?;
    edge.out.print(&String::from_utf8_lossy(&render(page)?))?;
    Ok(Outcome::Fine)
}

fn find<'c>(mut page: &'c Command, names: &[String]) -> Result<&'c Command, Trouble> {
    for (at, name) in names.iter().enumerate() {
        page = page.get_subcommands().find(|it| it.get_name() == name).ok_or_else(|| {
            let before: String = names[..at].iter().flat_map(|it| [it.as_str(), " "]).collect();
            let trouble = Trouble::new(format!("there is no command `{before}{name}`"));
            match nearest(name, page.get_subcommands().map(Command::get_name)) {
                Some(known) => trouble.help(format!("did you mean `{before}{known}`?")),
                None => trouble.help(format!("`mlopsc {before}--help` lists them")),
            }
        })?;
    }
    Ok(page)
}

/// The page of a command and of all below it.
fn write(page: &Command, folder: &Path, edge: &mut Edge<'_>) -> Result<(), Trouble> {
    let path = folder.join(format!("{}.1", name(page)));
    replace(&path, &render(page)?, edge.disk)?;
    edge.detail(&format!("wrote {}\n", path.display()))?;
    page.get_subcommands().try_for_each(|it| write(it, folder, edge))
}

fn name(page: &Command) -> &str {
    page.get_display_name().unwrap_or(page.get_name())
}

fn render(page: &Command) -> Result<Vec<u8>, Trouble> {
    let mut text = Vec::new();
    let done = Man::new(page.clone()).render(&mut text);
    done.map_err(|error| Trouble::io("write", Path::new(name(page)), &error))?;
    Ok(text)
}

fn create(folder: &Path, disk: &dyn Disk) -> Result<(), Trouble> {
    let cannot = |error| Trouble::io("create", folder, &error);
    if disk.kind(folder).map_err(cannot)?.is_some() {
        return Ok(());
    }
    disk.create_folder(folder).map_err(cannot)
}
