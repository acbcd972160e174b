//! Everything a command touches outside itself, in one place, so that a test can hand it something else.

use super::disk::Disk;
use super::trouble::{Trouble, sentence};
use crate::base::files::Files;
use crate::base::sources::Sources;
use crate::driver::{self, Analysis, Setting};
use crate::emit::{OutputFile, Target};
use clap::builder::styling::{AnsiColor, Style};
use std::io::{self, Read, Write};
use std::path::PathBuf;

pub struct Edge<'a> {
    pub disk: &'a dyn Disk,
    pub compiler: Compiler,
    /// The current folder, absolute, links followed.
    pub here: PathBuf,
    /// Columns that text may fill.
    pub width: usize,
    pub level: Level,
    /// Waits between two looks at the files that are watched; false ends the watch.
    pub pause: Box<dyn FnMut() -> bool + 'a>,
    /// The standard input.
    pub input: Box<dyn Read + 'a>,
    pub out: Stream<'a>,
    pub err: Stream<'a>,
}

/// How much is told beside findings and troubles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Quiet,
    #[default]
    Normal,
    Verbose,
}

impl Edge<'_> {
    /// The same edge over another disk.
    pub fn over<'b>(&'b mut self, disk: &'b dyn Disk) -> Edge<'b> {
        Edge {
            disk,
            compiler: self.compiler,
            here: self.here.clone(),
            width: self.width,
            level: self.level,
            pause: Box::new(&mut self.pause),
            input: Box::new(&mut self.input),
            out: Stream { to: Box::new(&mut self.out.to), paint: self.out.paint },
            err: Stream { to: Box::new(&mut self.err.to), paint: self.err.paint },
        }
    }

    /// Says what was done, or that all is well.
    pub fn note(&mut self, text: &str) -> Result<(), Trouble> {
        if self.level >= Level::Normal { self.err.print(text) } else { Ok(()) }
    }

    /// Says what helps to see why something is as it is.
    pub fn detail(&mut self, text: &str) -> Result<(), Trouble> {
        if self.level >= Level::Verbose { self.err.print(text) } else { Ok(()) }
    }
}

/// The compiler behind the commands.
#[derive(Clone, Copy)]
pub struct Compiler {
    pub analyze: fn(Sources, &dyn Files, &[Setting]) -> Analysis,
    pub emit: fn(&Analysis, &str, &[Target]) -> Vec<OutputFile>,
}

impl Default for Compiler {
    fn default() -> Self {
        Compiler { analyze: driver::analyze_with, emit: driver::emit }
    }
}

pub struct Stream<'a> {
    pub to: Box<dyn Write + 'a>,
    pub paint: Paint,
}

impl Stream<'_> {
    /// A reader that has gone away (`| head`) is no trouble.
    pub fn print(&mut self, text: &str) -> Result<(), Trouble> {
        let done = self.to.write_all(text.as_bytes()).and_then(|()| self.to.flush());
        match done {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Trouble::new(format!("cannot write the output: {}", sentence(&error))))
            }
            _ => Ok(()),
        }
    }

    pub fn trouble(&mut self, trouble: &Trouble) -> Result<(), Trouble> {
        let head = self.paint.red("error:");
        let help = trouble.help.iter().map(|help| format!("  {} {help}\n", self.paint.cyan("help:")));
        let text = format!("{head} {}\n{}", trouble.message, help.collect::<String>());
        self.print(&text)
    }
}

/// Colours, or none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paint {
    pub on: bool,
}

impl Paint {
    pub fn red(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default().bold(), text)
    }

    pub fn green(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    pub fn cyan(self, text: &str) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    pub fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
