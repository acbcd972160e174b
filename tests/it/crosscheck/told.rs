//! What both sides say happened, in the same words.

use crate::azure;
use mlopsc::simulate::event::Result as Ends;
use mlopsc::simulate::timeline::{self, Mark};
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn word(outcome: Option<Ends>) -> String {
    outcome.map_or_else(|| "open".to_owned(), |it| format!("{it:?}"))
}

/// A run with its stages, each with its jobs, what it deployed to and whom it asked.
#[derive(Default)]
struct Stage {
    result: String,
    ended: Option<u64>,
    asked: usize,
    locked: bool,
    jobs: BTreeMap<String, String>,
    deployed: Vec<String>,
}

struct Run {
    head: String,
    stages: BTreeMap<String, Stage>,
}

fn lines(mut runs: Vec<Run>) -> String {
    runs.sort_by(|one, other| one.head.cmp(&other.head));
    let mut text = String::new();
    for run in runs {
        text.push_str(&run.head);
        text.push('\n');
        for (name, it) in run.stages {
            let ended = it.ended.map(|it| format!(" at {it}")).unwrap_or_default();
            let asked = if it.asked > 0 { format!(", asked {}", it.asked) } else { String::new() };
            // One that a newer run takes the place of in the second in which it comes to the lock may have waited or not.
            let waited = it.locked && it.result != "Canceled";
            let locked = if waited { ", waited for a lock" } else { "" };
            let deployed =
                if it.deployed.is_empty() { String::new() } else { format!(", to {:?}", it.deployed) };
            writeln!(text, "  {name}: {}{ended}{asked}{locked}{deployed}", it.result)
                .expect("a string takes everything");
            for (job, result) in it.jobs {
                writeln!(text, "    {job}: {result}").expect("a string takes everything");
            }
        }
    }
    text
}

pub fn by_model(timeline: &azure::Timeline) -> String {
    let run = |run: &azure::Run| {
        let head =
            format!("{:08} {} {} to {}: {:?}", run.started, run.pipeline, run.branch, run.ended, run.result);
        let stages = run.stages.iter().map(|stage| {
            let locked = stage.waits.iter().any(|it| it.what == "lock");
            let asks = |what: &str| what != "lock" && !what.starts_with("branch control");
            let deployed = stage.jobs.iter().filter(|it| it.result != azure::Ended::Skipped);
            let told = Stage {
                result: format!("{:?}", stage.result),
                ended: Some(stage.ended),
                asked: stage.waits.iter().filter(|it| asks(&it.what)).count(),
                locked,
                jobs: stage.jobs.iter().map(|it| (it.name.clone(), format!("{:?}", it.result))).collect(),
                deployed: deployed.filter_map(|it| it.environment.clone()).collect(),
            };
            (stage.name.clone(), told)
        });
        Run { head, stages: stages.collect() }
    };
    lines(timeline.runs.iter().map(run).collect())
}

pub fn by_simulator(timeline: &timeline::Timeline) -> String {
    let run = |(index, run): (usize, &timeline::Run)| {
        let ended = run.ended.map_or_else(|| "open".to_owned(), |it| it.to_string());
        let head =
            format!("{:08} {} {} to {ended}: {}", run.started, run.pipeline, run.branch, word(run.result));
        let stages = run.stages.iter().map(|stage| {
            let deployed = timeline.deliveries.iter().filter(|it| it.run == index && it.stage == stage.name);
            let jobs = stage.jobs.iter().filter(|it| it.1.is_some());
            let told = Stage {
                result: word(stage.result),
                ended: stage.ended,
                asked: stage.waited.iter().filter(|it| it.starts_with("approval ")).count(),
                locked: waited_for_a_lock(timeline, index, &stage.name),
                jobs: jobs.map(|it| (it.0.clone(), word(it.1))).collect(),
                deployed: deployed.map(|it| it.environment.clone()).collect(),
            };
            (stage.name.clone(), told)
        });
        Run { head, stages: stages.collect() }
    };
    lines(timeline.runs.iter().enumerate().map(run).collect())
}

/// For some time: a lock that is freed in the second in which somebody comes to it keeps nobody waiting.
fn waited_for_a_lock(timeline: &timeline::Timeline, run: usize, stage: &str) -> bool {
    let entries = timeline.entries.iter();
    let mut own = entries.filter(|it| it.run == Some(run) && it.stage.as_deref() == Some(stage));
    let came = own.find(|it| it.mark == Mark::Waits && it.text.starts_with("waits for the lock"));
    let started = own.find(|it| it.mark == Mark::Starts);
    came.is_some_and(|came| started.is_none_or(|it| came.at < it.at))
}

/// Whether a run loses its place at a lock while another of its stages is going on. Documentation says that those who wait
/// are cancelled, and nothing of what goes on beside them.
pub fn stops_beside_a_lock(timeline: &timeline::Timeline) -> bool {
    let lost = timeline.entries.iter().filter(|it| it.text == "a newer run takes its place at the lock");
    lost.into_iter().any(|lost| {
        let stages = lost.run.map_or(&[][..], |it| &timeline.runs[it].stages);
        let mut others = stages.iter().filter(|it| Some(&it.name) != lost.stage.as_ref());
        others.any(|it| {
            let begun = it.started.is_some_and(|it| it <= lost.at);
            begun && it.ended.is_none_or(|it| it >= lost.at)
        })
    })
}
