//! The examples, event by event, with given outcomes.

use super::{Decision, Ended, Event, Files, Outcome, Run, Scripted, System, Timeline};
use crate::examples;
use mlopsc::driver;

/// The files of an example, as they are written, by their path in the output folder.
pub fn files(example: &str) -> Files {
    let emitted =
        driver::emit(&examples::analyze(&format!("examples/{example}")), "generated", examples::ALL);
    emitted.into_iter().map(|it| (it.path.trim_start_matches("generated/").to_owned(), it.text)).collect()
}

fn system(example: &str) -> System {
    System::of(&files(example)).unwrap_or_else(|it| panic!("{example}: {it}"))
}

#[test]
fn azure_all_examples_are_understood() {
    for example in examples::complete() {
        let system = system(&example);
        for pipeline in system.pipelines() {
            println!("{example} {pipeline}");
        }
    }
}
