//! A timeline as data for programs, and as a picture for Mermaid.

use super::eval::word;
use super::show::sign;
use super::timeline::{Mark, Timeline};
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::model::expr::Outcome;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Times are seconds after the first event.
pub fn json(timeline: &Timeline, sources: &Sources) -> Value {
    let place =
        |span: Span| json!({ "file": sources.get(span.file).path, "line": sources.position(span).line });
    let result = |it: Option<Outcome>| it.map(word);
    let entries = timeline.entries.iter().map(|it| {
        json!({
            "at": it.at,
            "run": it.run.map(|it| timeline.runs[it].number),
            "stage": it.stage,
            "mark": it.mark.word(),
            "text": it.text,
            "place": it.place.map(place),
        })
    });
    let runs = timeline.runs.iter().map(|run| {
        let stages = run.stages.iter().map(|it| {
            let jobs = it.jobs.iter().map(|(name, it)| json!({ "name": name, "result": result(*it) }));
            json!({
                "name": it.name, "started": it.started, "ended": it.ended, "result": result(it.result),
                "waited_for": it.waited, "jobs": jobs.collect::<Vec<_>>(),
            })
        });
        json!({
            "run": run.number, "pipeline": run.pipeline, "cause": run.cause, "started": run.started,
            "ended": run.ended, "result": result(run.result), "stages": stages.collect::<Vec<_>>(),
        })
    });
    let idle = timeline.idle.iter().map(|it| {
        let reasons = it.reasons.iter().map(|(why, span)| json!({ "why": why, "place": place(*span) }));
        json!({ "pipeline": it.name, "reasons": reasons.collect::<Vec<_>>() })
    });
    let deliveries = timeline.deliveries.iter().map(|it| {
        json!({
            "at": it.at, "run": timeline.runs[it.run].number, "stage": it.stage, "environment": it.environment,
            "result": result(it.result),
        })
    });
    let assumed = timeline.assumed.iter().map(|(path, value)| json!({ "path": path, "value": value }));
    json!({
        "begins": timeline.clock.to_string(),
        "timeline": entries.collect::<Vec<_>>(),
        "runs": runs.collect::<Vec<_>>(),
        "not_started": idle.collect::<Vec<_>>(),
        "deliveries": deliveries.collect::<Vec<_>>(),
        "assumed": assumed.collect::<Vec<_>>(),
        "cut_at": timeline.cut,
    })
}

/// A chart of bars: a section for each run, a bar for each stage.
pub fn mermaid(timeline: &Timeline) -> String {
    let title = timeline.entries.first().map_or("nothing", |it| &it.text);
    let begin = timeline.clock.0 * 60;
    let second = |it: u64| begin.saturating_add(i64::try_from(it).unwrap_or(i64::MAX));
    let last = timeline.entries.iter().map(|it| it.at).max().unwrap_or(0);
    let end = timeline.cut.unwrap_or(last).max(last);
    let mut text = String::from("gantt\n");
    let _ = writeln!(text, "  title {}", plain(title));
    text.push_str("  dateFormat X\n  axisFormat %a %H:%M\n");
    for run in timeline.runs.iter().filter(|it| !it.assumed) {
        let _ = writeln!(text, "  section {} #{}", plain(&run.pipeline), run.number);
        for stage in &run.stages {
            let name = plain(&stage.name);
            let waited = if stage.waited.is_empty() {
                String::new()
            } else {
                format!(" ◷ {}", plain(&stage.waited.join(" and ")))
            };
            let (Some(result), Some(ended)) = (stage.result, stage.ended) else {
                // It still goes, or waits, where the simulation ends; what waits for it has not begun.
                if stage.started.is_some() || !stage.waited.is_empty() {
                    let from = second(stage.started.unwrap_or(run.started));
                    let _ = writeln!(
                        text,
                        "  {} {name}{waited} :active, {from}, {}",
                        sign(Mark::Waits),
                        second(end)
                    );
                }
                continue;
            };
            let started = stage.started.unwrap_or(ended);
            let (mark, style) = match result {
                Outcome::Succeeded => (Mark::Succeeds, "done, "),
                Outcome::SucceededWithIssues => (Mark::Issues, "done, "),
                Outcome::Failed => (Mark::Fails, "crit, "),
                Outcome::Canceled => (Mark::Cancels, "crit, "),
                Outcome::Skipped => (Mark::Skips, "milestone, "),
            };
            let _ = writeln!(
                text,
                "  {} {name}{waited} :{style}{}, {}",
                sign(mark),
                second(started),
                second(ended)
            );
        }
    }
    if !timeline.idle.is_empty() {
        text.push_str("  section Did not start\n");
    }
    for idle in &timeline.idle {
        let at = second(0);
        let _ = writeln!(text, "  {} {} :milestone, {at}, {at}", sign(Mark::Skips), plain(&idle.name));
    }
    text
}

/// Without signs that end a name there.
fn plain(text: &str) -> String {
    text.chars().filter(|it| !":;#`\n,".contains(*it)).collect()
}
