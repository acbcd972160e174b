//! The command line: the only part of the compiler that touches the disk, the environment and the screen.
#![expect(clippy::disallowed_methods, reason = "this is the edge")]

pub mod commands;
pub mod disk;
pub mod edge;
mod files;
pub mod fixing;
mod git;
mod input;
pub mod output;
mod outputs;
mod own;
pub mod project;
pub mod report;
mod rules;
mod session;
mod sources;
mod targets;
mod trouble;
mod version;
mod watch;
pub mod workspace;

use anstream::{AutoStream, ColorChoice};
use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};
use edge::{Compiler, Edge, Level, Paint, Stream};
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;
use trouble::Trouble;

#[derive(Debug, Parser)]
#[command(name = "mlopsc", version = version::SHORT, long_version = version::LONG, about, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: Color,
    /// Tell findings and troubles only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Also tell which files are read and written
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// One row a command.
#[derive(Debug, Subcommand)]
enum Command {
    Init(commands::init::Args),
    Compile(commands::compile::Args),
    Check(commands::check::Args),
    Drift(commands::drift::Args),
    Explain(commands::explain::Args),
    Rules(commands::rules::Args),
    Fmt(commands::fmt::Args),
    Setup(commands::setup::Args),
    Graph(commands::graph::Args),
    Simulate(Box<commands::simulate::Args>),
    Test(commands::test::Args),
    Prove(commands::prove::Args),
    Diff(commands::diff::Args),
    Config(commands::config::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
    Lsp(commands::lsp::Args),
}

/// All commands and their arguments, for what describes them.
fn description() -> clap::Command {
    Cli::command()
}

/// How a run ended, if it did not end in trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Fine,
    /// Errors in the sources, files in the way, or outputs that differ.
    Findings,
}

/// Usage, input and output, internal errors.
const TROUBLE: u8 = 2;

/// The whole program.
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(tell_panic));
    let disk = disk::Local;
    guard(|| {
        let cli = match Cli::try_parse_from(std::env::args_os()) {
            Ok(cli) => cli,
            Err(error) => return usage(&error),
        };
        match local_edge(&disk, cli.color) {
            Ok(mut edge) => finish(&cli, &mut edge),
            Err(trouble) => {
                let _ = writeln!(io::stderr(), "error: {trouble}");
                TROUBLE
            }
        }
    })
    .into()
}

/// Runs a command line against any edge; the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>, edge: &mut Edge<'_>) -> u8 {
    match Cli::try_parse_from(args) {
        Ok(cli) => guard(AssertUnwindSafe(|| finish(&cli, edge))),
        Err(error) => {
            let code = exit_code(&error);
            let stream = if error.use_stderr() { &mut edge.err } else { &mut edge.out };
            let _ = stream.print(&error.render().to_string());
            code
        }
    }
}

fn finish(cli: &Cli, edge: &mut Edge<'_>) -> u8 {
    edge.level = match (cli.quiet, cli.verbose) {
        (true, _) => Level::Quiet,
        (false, true) => Level::Verbose,
        (false, false) => Level::Normal,
    };
    let outcome = match &cli.command {
        Command::Init(args) => commands::init::run(args, edge),
        Command::Compile(args) => commands::compile::run(args, edge),
        Command::Check(args) => commands::check::run(args, edge),
        Command::Drift(args) => commands::drift::run(args, edge),
        Command::Explain(args) => commands::explain::run(args, edge),
        Command::Rules(args) => commands::rules::run(args, edge),
        Command::Fmt(args) => commands::fmt::run(args, edge),
        Command::Setup(args) => commands::setup::run(args, edge),
        Command::Graph(args) => commands::graph::run(args, edge),
        Command::Simulate(args) => commands::simulate::run(args, edge),
        Command::Test(args) => commands::test::run(args, edge),
        Command::Prove(args) => commands::prove::run(args, edge),
        Command::Diff(args) => commands::diff::run(args, edge),
        Command::Config(args) => commands::config::run(args, edge),
        Command::Completions(args) => commands::completions::run(args, edge),
        Command::Man(args) => commands::man::run(args, edge),
        Command::Lsp(_) => commands::lsp::run(),
    };
    match outcome {
        Ok(Outcome::Fine) => 0,
        Ok(Outcome::Findings) => 1,
        Err(trouble) => {
            // Where even this cannot be printed the exit code has to do.
            let _ = edge.err.trouble(&trouble.seen_from(&edge.here));
            TROUBLE
        }
    }
}

fn usage(error: &clap::Error) -> u8 {
    // A reader of the help that has gone away is no trouble.
    let _ = error.print();
    exit_code(error)
}

fn exit_code(error: &clap::Error) -> u8 {
    if error.use_stderr() { TROUBLE } else { 0 }
}

fn local_edge(disk: &disk::Local, color: Color) -> Result<Edge<'_>, Trouble> {
    let here = std::env::current_dir().and_then(std::fs::canonicalize);
    let here = here.map_err(|error| Trouble::new(format!("cannot open the current folder: {error}")))?;
    let paint = |auto: ColorChoice| Paint {
        on: match color {
            Color::Auto => auto != ColorChoice::Never,
            Color::Always => true,
            Color::Never => false,
        },
    };
    let (out, err) = (io::stdout(), io::stderr());
    let out = Stream { paint: paint(AutoStream::choice(&out)), to: Box::new(out) };
    let err = Stream { paint: paint(AutoStream::choice(&err)), to: Box::new(err) };
    Ok(Edge {
        disk,
        compiler: Compiler::default(),
        here,
        width: width(),
        level: Level::default(),
        pause: Box::new(|| {
            std::thread::sleep(watch::PAUSE);
            true
        }),
        input: Box::new(io::stdin()),
        out,
        err,
    })
}

/// The terminal's columns within what reads well; elsewhere always the same.
fn width() -> usize {
    let wide = terminal_size::terminal_size().map_or(100, |(wide, _)| usize::from(wide.0));
    wide.clamp(40, 120)
}

/// A panic inside has been told by the hook; here it becomes an exit code.
fn guard(run: impl FnOnce() -> u8 + panic::UnwindSafe) -> u8 {
    panic::catch_unwind(run).unwrap_or(TROUBLE)
}

fn tell_panic(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("no message");
    let place =
        info.location().map_or_else(String::new, |place| format!(" ({}:{})", place.file(), place.line()));
    let version = version::SHORT;
    let _ = writeln!(
        io::stderr(),
        "error: mlopsc {version} failed: {message}{place}\n  \
         help: this is a bug in mlopsc; please report it at the project's issue tracker, with the sources if you can"
    );
}
