//! Schedules of ML pipelines, and the job that one starts if it gives the pipeline other inputs.

use super::place::Place;
use super::schema::Map;
use super::{Cx, document, pipeline};
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::{self, Clock, MlPipeline, Unit};
use serde::Serialize;

#[derive(Serialize)]
struct Schedule<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    tags: Map<String>,
    trigger: Trigger<'a>,
    create_job: String,
}

#[derive(Serialize)]
struct Trigger<'a> {
    #[serde(flatten)]
    kind: Kind<'a>,
    start_time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<&'a str>,
    time_zone: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Kind<'a> {
    Cron {
        expression: &'a str,
    },
    Recurrence {
        frequency: &'static str,
        interval: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        schedule: Option<Pattern<'a>>,
    },
}

#[derive(Serialize)]
struct Pattern<'a> {
    hours: &'a [u32],
    minutes: &'a [u32],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    week_days: Vec<&'static str>,
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    month_days: &'a [u32],
}

/// Without a start, Azure ML runs a new schedule at once, and again each time it is changed.
const LONG_AGO: &str = "2020-01-01T00:00:00";

pub fn emit(cx: &Cx<'_>, pipeline: &MlPipeline) -> Vec<OutputFile> {
    let schedules = pipeline.schedules.values();
    schedules.flat_map(|it| [Some(schedule(cx, pipeline, it)), job(cx, pipeline, it)]).flatten().collect()
}

fn schedule(cx: &Cx<'_>, pipeline: &MlPipeline, schedule: &project::Schedule) -> OutputFile {
    let header = &schedule.header;
    let path = documents::schedule(&pipeline.header, header);
    let started = if schedule.inputs.is_empty() {
        documents::ml_pipeline(&pipeline.header)
    } else {
        documents::scheduled_pipeline(&pipeline.header, header)
    };
    let body = Schedule {
        name: &header.name.value,
        display_name: header.title.as_ref().map(|it| it.value.as_str()),
        description: schedule.description.as_deref().or(header.doc.as_deref()),
        tags: schedule.tags.clone(),
        trigger: Trigger {
            kind: kind(&schedule.clock),
            start_time: schedule.start.as_deref().unwrap_or(LONG_AGO),
            end_time: schedule.end.as_deref(),
            time_zone: schedule.zone.as_ref().map_or("UTC", |it| &it.value),
        },
        create_job: Place::new(cx, &path).local(&format!("{}/{}", cx.out, cx.placed(&started))),
    };
    document(path, "schedule", &body, header.head)
}

fn job(cx: &Cx<'_>, pipeline: &MlPipeline, schedule: &project::Schedule) -> Option<OutputFile> {
    let path = documents::scheduled_pipeline(&pipeline.header, &schedule.header);
    (!schedule.inputs.is_empty()).then(|| pipeline::emit_with(cx, pipeline, path, &schedule.inputs))
}

fn kind(clock: &Clock) -> Kind<'_> {
    match clock {
        Clock::Cron(expression) => Kind::Cron { expression },
        Clock::Every { unit, interval, pattern } => Kind::Recurrence {
            frequency: match unit {
                Unit::Minute => "minute",
                Unit::Hour => "hour",
                Unit::Day => "day",
                Unit::Week => "week",
                Unit::Month => "month",
            },
            interval: *interval,
            schedule: pattern.as_ref().map(|it| Pattern {
                hours: &it.hours,
                minutes: &it.minutes,
                week_days: it.week_days.iter().filter_map(|it| day(it)).collect(),
                month_days: &it.month_days,
            }),
        },
    }
}

fn day(short: &str) -> Option<&'static str> {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.into_iter().find(|it| it.starts_with(short))
}
