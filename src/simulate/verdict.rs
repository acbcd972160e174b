//! Whether a timeline is what a test expects.

use super::clock::spoken;
use super::event::result_word;
use super::names::Target;
use super::run::went_well;
use super::scenario::{Expectation, Of, read};
use super::system::System;
use super::timeline::{Run, Stage, Timeline};
use super::vacuous;
use crate::base::span::Span;
use crate::model::expr::Outcome;
use crate::model::project::Test;

#[derive(Debug)]
pub struct Verdict {
    pub title: String,
    pub span: Span,
    pub timeline: Timeline,
    /// What did not follow, and where that is expected.
    pub failures: Vec<(String, Span)>,
    /// What it says that says nothing.
    pub notes: Vec<(String, Span)>,
}

/// Runs a test whose names are all known.
pub fn judge(system: &System<'_>, test: &Test) -> Verdict {
    let (scenario, expected, _) = read(system, test);
    let timeline = super::run(system, &scenario);
    let (met, unmet): (Vec<_>, Vec<_>) =
        expected.into_iter().map(|it| (unmet(&it, &timeline), it)).partition(|it| it.0.is_none());
    let met: Vec<Expectation> = met.into_iter().map(|it| it.1).collect();
    let notes = vacuous::notes(system, test, (&met, &timeline));
    let failures = unmet.into_iter().filter_map(|(why, it)| Some((why?, it.span))).collect();
    Verdict { title: test.title.value.clone(), span: test.head, timeline, failures, notes }
}

/// Something that happened, or did not, to what an expectation names.
struct Seen {
    started: Option<u64>,
    ended: Option<u64>,
    result: Option<Outcome>,
    waited: bool,
}

fn unmet(expected: &Expectation, timeline: &Timeline) -> Option<String> {
    let seen = match &expected.of {
        Of::Target(target) => seen(target, timeline),
        Of::Environment(name) => delivered(name, timeline),
    };
    let whole_run = matches!(&expected.of, Of::Target(it) if it.stage.is_none());
    let word = expected.word;
    if word == "skips" || word == "never_deploys" {
        let bad = match word {
            "skips" if whole_run => seen.first(),
            "skips" => seen.iter().find(|it| it.started.is_some() && it.result != Some(Outcome::Skipped)),
            _ => seen.first(),
        };
        let what = if word == "skips" { "is not skipped" } else { "is deployed to" };
        return bad.map(|it| format!("`{}` {what}: {}", expected.name, how(it)));
    }
    let fits: Vec<&Seen> = seen.iter().filter(|it| fits(word, it)).collect();
    let in_time = |it: &&&Seen| {
        let at = if matches!(word, "starts" | "waits") { it.started } else { it.ended };
        expected.within.is_none_or(|within| at.is_some_and(|at| at <= within))
    };
    let count = fits.iter().filter(in_time).count();
    let enough = expected.times.map_or(count > 0, |it| usize::try_from(it) == Ok(count));
    if enough { None } else { Some(complaint(expected, (&seen, fits.len(), count))) }
}

fn fits(word: &str, seen: &Seen) -> bool {
    match word {
        "starts" => seen.started.is_some(),
        "waits" => seen.waited,
        "fails" => seen.result == Some(Outcome::Failed),
        _ => seen.result.is_some_and(went_well),
    }
}

fn complaint(expected: &Expectation, (seen, fitting, in_time): (&[Seen], usize, usize)) -> String {
    let name = &expected.name;
    let verb = match expected.word {
        "starts" => "does not start",
        "runs" => "does not run to a good end",
        "waits" => "does not wait",
        "fails" => "does not fail",
        _ => "is not deployed to",
    };
    if let Some(times) = expected.times.filter(|_| fitting > 0) {
        let word = expected.word;
        return match expected.within.map(spoken) {
            Some(within) => format!(
                "`{name}`: {word} is expected {} within {within}, and is so {} by then, {fitting} in all",
                counted(times),
                counted(in_time)
            ),
            None => {
                format!("`{name}`: {word} is expected {}, and is so {}", counted(times), counted(in_time))
            }
        };
    }
    if let Some(within) = expected.within.filter(|_| fitting > 0) {
        return format!("`{name}`: {} only after {}", expected.word, spoken(within));
    }
    match seen.first() {
        Some(first) => format!("`{name}` {verb}: {}", how(first)),
        None if matches!(expected.of, Of::Environment(_)) => format!("`{name}` {verb}"),
        None => format!("`{name}` {verb}: it is not reached"),
    }
}

fn counted(times: impl std::fmt::Display) -> String {
    let times = times.to_string();
    if times == "1" { "once".to_owned() } else { format!("{times} times") }
}

fn how(seen: &Seen) -> String {
    match (seen.started, seen.ended, seen.result) {
        (_, Some(ended), Some(result)) => format!("it {} at {}", result_word(result), spoken(ended)),
        (Some(started), ..) => format!("it starts at {}, and has not ended", spoken(started)),
        _ => "it never started".to_owned(),
    }
}

fn seen(target: &Target, timeline: &Timeline) -> Vec<Seen> {
    let runs = timeline.runs.iter().filter(|it| it.index == target.pipeline && !it.assumed);
    let Some(stage) = target.stage else {
        return runs
            .map(|it| Seen {
                started: Some(it.started),
                ended: it.ended,
                result: it.result,
                waited: waited(it),
            })
            .collect();
    };
    let mut found = Vec::new();
    for run in runs {
        let gate = run.stages.iter().find(|it| it.origin == Some(stage) && it.gate);
        let own = run.stages.iter().find(|it| it.origin == Some(stage) && !it.gate);
        let Some(own) = own else { continue };
        let asked = gate.is_some_and(|it| !it.waited.is_empty());
        found.push(match target.job {
            None => Seen {
                started: own.started,
                ended: own.ended,
                result: own.result,
                waited: asked || !own.waited.is_empty(),
            },
            Some(job) => of_job(own, target, job),
        });
    }
    found
}

fn waited(run: &Run) -> bool {
    run.stages.iter().any(|it| !it.waited.is_empty())
}

/// A job of the source is one or several of the plan.
fn of_job(stage: &Stage, target: &Target, job: usize) -> Seen {
    let names = target.jobs.get(job);
    let of = |name: &str| {
        names.is_some_and(|it| name == it || name.strip_prefix(it).is_some_and(|it| it.starts_with('_')))
    };
    let results: Vec<Outcome> = stage.jobs.iter().filter(|it| of(&it.0)).filter_map(|it| it.1).collect();
    let result = (!results.is_empty()).then(|| super::run::together(results.into_iter()));
    let started = stage.started.filter(|_| result.is_some_and(|it| it != Outcome::Skipped));
    Seen { started, ended: stage.ended, result, waited: !stage.waited.is_empty() }
}

fn delivered(environment: &str, timeline: &Timeline) -> Vec<Seen> {
    let found = timeline.deliveries.iter().filter(|it| it.environment == environment);
    found
        .map(|it| Seen { started: Some(it.at), ended: Some(it.at), result: it.result, waited: false })
        .collect()
}
