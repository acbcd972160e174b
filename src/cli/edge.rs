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
    /// The standard input.
    pub input: Box<dyn Read + 'a>,
    pub out: Stream<'a>,
    pub err: Stream<'a>,
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
