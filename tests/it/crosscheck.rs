//! The simulator against the model of Azure Pipelines: one walks the plan, the other one executes the YAML that is made
//! from it, and neither knows of the other. Small systems by chance, with events and outcomes by chance, must go the same
//! way in both: which pipelines start and of which branch, how every stage and job ends and when, who is asked, which
//! locks are waited for, and what is deployed to.
//!
//! `RUNS=10000 cargo test --test it crosscheck -- --ignored` takes so many systems instead of a few.

mod choices;
mod conditions;
mod outcomes;
mod project;
mod told;
mod triggers;

use crate::azure;
use crate::texts::analysis;
use choices::Choices;
use mlopsc::driver;
use mlopsc::emit::Target;
use mlopsc::simulate;
use outcomes::{Story, Told};
use project::Project;

/// Systems in a usual run.
const FEW: u64 = 150;
/// Failures that are made small, of each processor.
const SHOWN: usize = 3;
/// Events of each system.
const EVENTS: u32 = 4;

/// What one system showed.
#[derive(Default)]
struct Seen {
    runs: usize,
    /// The compiler does not take it.
    refused: usize,
    /// Events of which nobody knows how they end.
    open: usize,
    /// Results of stages in it, of both sides alike.
    results: String,
}

impl Seen {
    fn add(&mut self, other: &Seen, with_results: bool) {
        self.runs += other.runs;
        self.refused += other.refused;
        self.open += other.open;
        if with_results {
            self.results += &other.results;
        }
    }
}

/// Both timelines where they differ, with what made them.
fn check(choices: &mut Choices) -> Result<Seen, String> {
    let project = Project::by(choices);
    let analysis = analysis(&project.text, &[]);
    if analysis.has_errors() {
        return Ok(Seen { refused: 1, ..Seen::default() });
    }
    let files = driver::emit(&analysis, "generated", &[Target::AzureDevops, Target::Setup]);
    let files = files.into_iter().map(|it| (it.path.trim_start_matches("generated/").to_owned(), it.text));
    let system = azure::System::of(&files.collect()).map_err(|it| format!("{}\n{it}", project.text))?;
    let mut seen = Seen::default();
    for _ in 0..EVENTS {
        let story = Story::by(choices, &project);
        let Some([model, simulator]) =
            both(&analysis, &system, &story).map_err(|it| format!("{}\n{it}", project.text))?
        else {
            seen.open += 1;
            continue;
        };
        if model != simulator {
            return Err(format!(
                "{}\n{story:#?}\n\nthe model of Azure Pipelines:\n{model}\nthe simulator:\n{simulator}",
                project.text
            ));
        }
        seen.runs += model.lines().filter(|it| !it.starts_with(' ')).count();
        seen.results += &model;
    }
    Ok(seen)
}

/// What both say; `None` where nobody knows.
fn both(
    analysis: &driver::Analysis,
    system: &azure::System,
    story: &Story<'_>,
) -> Result<Option<[String; 2]>, String> {
    let model = system.event(&story.event(), &mut Told(story))?;
    let timeline = driver::simulated(analysis, |system| {
        Ok::<_, simulate::names::Misfit>(simulate::run(system, &story.scenario(system)?))
    });
    let timeline = timeline.map_err(|it| format!("{}: {}", it.message, it.help))?;
    let known = !told::stops_beside_a_lock(&timeline);
    Ok(known.then(|| [told::by_model(&model), told::by_simulator(&timeline)]))
}

/// Checks so many systems on all processors; the first failures come back small.
fn check_all(systems: std::ops::Range<u64>) -> Seen {
    let threads = std::thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let work = |first: u64| {
        let (mut all, mut failed) = (Seen::default(), Vec::new());
        for seed in (first..systems.end).step_by(usize::try_from(threads).expect("they are few")) {
            let mut choices = Choices::seeded(seed);
            match check(&mut choices) {
                Ok(seen) => all.add(&seen, seed < FEW),
                Err(_) => failed.push((seed, choices.taken())),
            }
            if failed.len() == SHOWN {
                break;
            }
        }
        let small: Vec<String> = failed.into_iter().map(|(seed, it)| smallest(seed, it)).collect();
        (all, small)
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|it| scope.spawn(move || work(systems.start + it))).collect();
        let (mut all, mut failed) = (Seen::default(), Vec::new());
        for worker in workers {
            let (seen, more) = worker.join().expect("a check does not panic");
            all.add(&seen, true);
            failed.extend(more);
        }
        assert!(failed.is_empty(), "{}", failed.join("\n====\n"));
        all
    })
}

fn smallest(seed: u64, choices: Vec<u32>) -> String {
    let why = |it: &[u32]| check(&mut Choices::again(it.to_vec())).err();
    let small = choices::shrink(choices, |it| why(it).is_some());
    format!("system {seed}, made small:\n{}", why(&small).unwrap_or_default())
}

/// The systems go the same way on both sides, and most of them compile and do something.
fn hold(systems: std::ops::Range<u64>) {
    let all = systems.end - systems.start;
    let Seen { runs, refused, open, .. } = check_all(systems);
    if all < FEW {
        return;
    }
    assert!(refused as u64 * 20 <= all, "{refused} of {all} systems do not compile");
    assert!(runs as u64 > all, "{runs} runs of {all} systems are too few");
    assert!(open * 50 <= runs, "{open} events are not compared, {runs} runs are");
}

#[test]
fn crosscheck_the_simulator_and_the_emitted_files_agree() {
    hold(0..FEW);
}

#[test]
#[ignore = "takes minutes"]
fn crosscheck_many_systems() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse().ok());
    let (first, end) = (number("FROM").unwrap_or(0), number("RUNS").unwrap_or(10_000));
    hold(first..end);
}
