//! `mlopsc init`: starts a project, from nothing or from an example.

use crate::base::suggest::nearest;
use crate::cli::Outcome;
use crate::cli::disk::{Disk, Kind};
use crate::cli::edge::{Edge, Level};
use crate::cli::output::conflict::is_reserved;
use crate::cli::trouble::Trouble;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// Start a project
///
/// Writes a small system that compiles: a model, a service, two environments, two pipelines. Nothing is ever overwritten.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the project, which is created; without one the current folder, if it is empty
    #[arg(value_name = "NAME")]
    pub name: Option<PathBuf>,
    /// Write this example instead
    #[arg(long, value_name = "EXAMPLE", value_parser = AnExample)]
    pub from: Option<String>,
    /// List the examples
    #[arg(long, conflicts_with_all = ["name", "from"])]
    pub list: bool,
}

/// A project in the program: its name, empty for the new one, and its files.
type Embedded = (&'static str, &'static [(&'static str, &'static [u8])]);

static PROJECTS: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/projects.rs"));

fn examples() -> impl Iterator<Item = &'static Embedded> {
    PROJECTS.iter().filter(|it| !it.0.is_empty())
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    if args.list {
        let wide = examples().map(|it| it.0.len()).max().unwrap_or(0);
        let rows = examples().map(|it| format!("{:wide$}  {}\n", it.0, headline(it)));
        edge.out.print(&rows.collect::<String>())?;
        return Ok(Outcome::Fine);
    }
    let project = match &args.from {
        Some(name) => example(name)?,
        None => PROJECTS.iter().find(|it| it.0.is_empty()).expect("the new project is built in"),
    };
    let folder = match &args.name {
        Some(name) => edge.here.join(name),
        None => edge.here.clone(),
    };
    let name = project_name(&folder, args.name.is_some())?;
    refuse_files(&folder, edge.disk)?;
    let files: Vec<(&str, Vec<u8>)> =
        project.1.iter().map(|(path, bytes)| (*path, filled(bytes, &name))).collect();
    write(&folder, &files, edge.disk)?;
    for (path, _) in &files {
        edge.detail(&format!("  wrote {path}\n"))?;
    }
    if edge.level >= Level::Normal {
        edge.out.print(&next_steps(args, &folder, files.len(), edge))?;
    }
    Ok(Outcome::Fine)
}

/// Shells complete the names of examples; a name that is none is answered by [`example`].
#[derive(Clone)]
struct AnExample;

impl TypedValueParser for AnExample {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(examples().map(|it| PossibleValue::new(it.0).help(headline(it)))))
    }
}

/// The heading of its README.
fn headline(project: &Embedded) -> String {
    let readme =
        project.1.iter().find(|it| it.0 == "README.md").map_or("".into(), |it| String::from_utf8_lossy(it.1));
    readme.lines().next().unwrap_or_default().trim_start_matches(['#', ' ']).to_owned()
}

fn example(name: &str) -> Result<&'static Embedded, Trouble> {
    examples().find(|it| it.0 == name).ok_or_else(|| {
        let trouble = Trouble::new(format!("there is no example `{name}`"));
        match nearest(name, examples().map(|it| it.0)) {
            Some(known) => trouble.help(format!("did you mean `{known}`?")),
            None => trouble.help("`mlopsc init --list` lists them"),
        }
    })
}

/// What things are called, from the folder: `acr-` and the like are put before it, and Azure's names are short.
fn project_name(folder: &Path, said: bool) -> Result<String, Trouble> {
    let written = folder.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let legal = legal_name(&written);
    if said && is_reserved(&written) {
        return Err(Trouble::new(format!("`{written}` is a name that Windows keeps for itself"))
            .help(format!("take another one, such as `{legal}`")));
    }
    if said && written != legal {
        return Err(Trouble::new(format!("`{written}` cannot be the name of a project")).help(format!(
            "take 2 to 20 lower-case letters, digits and `-`, starting with a letter: `{legal}`"
        )));
    }
    Ok(legal)
}

fn legal_name(written: &str) -> String {
    let word = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
    let text: String = written.chars().map(word).collect();
    let text = text.trim_start_matches(|it: char| !it.is_ascii_lowercase());
    let parts: Vec<&str> = text.split('-').filter(|it| !it.is_empty()).collect();
    let mut text = parts.join("-");
    text.truncate(20);
    let text = text.trim_end_matches('-');
    match text.len() {
        0 => "project".to_owned(),
        1 => format!("{text}-project"),
        _ if is_reserved(text) => format!("{text}-project"),
        _ => text.to_owned(),
    }
}

/// A folder that holds anything but its history is somebody's work.
fn refuse_files(folder: &Path, disk: &dyn Disk) -> Result<(), Trouble> {
    let cannot = |error: io::Error| Trouble::io("list", folder, &error);
    match disk.kind(folder).map_err(cannot)? {
        None => return Ok(()),
        Some(Kind::Folder | Kind::Link) => {}
        Some(Kind::File | Kind::Other) => {
            return Err(
                Trouble::new(format!("`{}` is no folder", folder.display())).help("take another name")
            );
        }
    }
    let entries = disk.list(folder).map_err(cannot)?;
    let mut names: Vec<String> =
        entries.into_iter().map(|it| it.name.to_string_lossy().into_owned()).collect();
    names.retain(|it| it != ".git");
    names.sort();
    if names.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = names.iter().take(10).map(|it| format!("`{it}`")).collect();
    let rest = names.len() - shown.len();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    Err(Trouble::new(format!("`{}` is not empty: it holds {}{more}", folder.display(), shown.join(", ")))
        .help("name a folder that does not exist yet: `mlopsc init NAME`"))
}

fn filled(bytes: &[u8], name: &str) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    let text = text.replace("@NAME@", name).replace("@IDENT@", &name.replace('-', "_"));
    text.replace("@COMPACT@", &name.replace('-', "")).into_bytes()
}

/// All files, or none.
fn write(folder: &Path, files: &[(&str, Vec<u8>)], disk: &dyn Disk) -> Result<(), Trouble> {
    let mut made = Made { disk, paths: Vec::new() };
    let done = files.iter().try_for_each(|(path, bytes)| {
        let path = folder.join(path);
        made.folders(path.parent().unwrap_or(folder))?;
        disk.write_new(&path, bytes)
            .inspect_err(|_| {
                // A part of it may be there.
                let _ = disk.remove_file(&path);
            })
            .map_err(|error| Trouble::io("write", &path, &error))?;
        made.paths.push((Kind::File, path));
        Ok(())
    });
    if done.is_err() {
        made.undo();
    }
    done
}

struct Made<'a> {
    disk: &'a dyn Disk,
    paths: Vec<(Kind, PathBuf)>,
}

impl Made<'_> {
    /// Creates a folder and those above it.
    fn folders(&mut self, folder: &Path) -> Result<(), Trouble> {
        let cannot = |error: io::Error| Trouble::io("create", folder, &error);
        if self.disk.kind(folder).map_err(cannot)?.is_some() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.folders(parent)?;
        }
        self.disk.create_folder(folder).map_err(cannot)?;
        self.paths.push((Kind::Folder, folder.to_owned()));
        Ok(())
    }

    fn undo(self) {
        for (kind, path) in self.paths.into_iter().rev() {
            // What cannot be taken back stays; the first error is the one that is told.
            let _ = if kind == Kind::Folder {
                self.disk.remove_folder(&path)
            } else {
                self.disk.remove_file(&path)
            };
        }
    }
}

fn next_steps(args: &Args, folder: &Path, count: usize, edge: &Edge<'_>) -> String {
    let shown =
        args.name.as_ref().map_or_else(|| "this folder".to_owned(), |it| format!("`{}`", it.display()));
    let paint = edge.out.paint;
    let enter = args.name.as_ref().filter(|_| folder != edge.here);
    let enter = enter.map(|it| format!("  {}\n", paint.cyan(&format!("cd {}", it.display()))));
    format!(
        "wrote {count} files to {shown}\n\nNext:\n{}  {}     what is wrong with it: nothing yet\n  {}   writes the files for Azure DevOps, Azure ML and Helm\nThen read README.md: it says what to change first.\n",
        enter.unwrap_or_default(),
        paint.cyan("mlopsc check"),
        paint.cyan("mlopsc compile"),
    )
}
