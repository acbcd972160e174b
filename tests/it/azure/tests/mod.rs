//! The examples run: with given outcomes, with their scripts, and with mistakes put into them.

mod chain;
mod chart;
mod digitre;
mod examples;
mod language;
mod ml;
mod mutants;
mod random;
mod table;

use super::{Files, System};
use crate::examples::{ALL, analyze};
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver;
use mlopsc::emit::OutputFile;

/// The files of an example, by their path in the output folder.
fn files(example: &str) -> Files {
    by_path(driver::emit(&analyze(&format!("examples/{example}")), "generated", ALL))
}

fn by_path(files: Vec<OutputFile>) -> Files {
    files.into_iter().map(|it| (it.path.trim_start_matches("generated/").to_owned(), it.text)).collect()
}

fn system(example: &str) -> System {
    System::of(&files(example)).unwrap_or_else(|it| panic!("{example}: {it}"))
}

/// The files of a project that is one text.
fn compiled(text: &str) -> Files {
    let mut sources = Sources::default();
    sources.add("project.mlops".to_owned(), text.to_owned());
    let analysis = driver::analyze(sources, &Memory::default());
    assert!(!analysis.has_errors(), "{}", crate::support::render(&analysis.sources, &analysis.findings));
    by_path(driver::emit(&analysis, "generated", ALL))
}

fn ends_in(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|it| it.1 == ending)
}

/// What was expected and did not happen.
#[derive(Default)]
struct Expected(Vec<String>);

impl Expected {
    fn same(&mut self, case: &str, found: &str, wanted: &str) {
        if found != wanted {
            self.0.push(format!("{case}: expected\n{wanted}\nfound\n{found}"));
        }
    }

    fn that(&mut self, case: &str, holds: bool) {
        if !holds {
            self.0.push(case.to_owned());
        }
    }

    fn all(self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0.join("\n\n")) }
    }
}
