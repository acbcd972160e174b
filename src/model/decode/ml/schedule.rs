//! Schedules of an ML pipeline.

use super::input;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::convert::Value;
use crate::model::cron::Cron;
use crate::model::errors;
use crate::model::fields::{Fields, check_identifier};
use crate::model::project::{Clock, Header, MlDefault, MlInput, Pattern, Schedule, Unit};
use indexmap::IndexMap;

const DAY: u64 = 24 * 3600;

pub(super) fn schedules(
    fields: &mut Fields<'_, '_>,
    pipeline: &Header,
    inputs: &IndexMap<String, MlInput>,
) -> IndexMap<String, Schedule> {
    let decoded = fields.each("schedule", |it| schedule(it, pipeline, inputs));
    let mut found: IndexMap<String, Schedule> = IndexMap::new();
    for schedule in decoded {
        let ident = schedule.header.ident.clone();
        if let Some(first) = found.get(&ident.value) {
            let finding = errors::duplicate_name("schedule", &ident, first.header.ident.span);
            fields.cx.push(finding);
            continue;
        }
        check_identifier(fields.cx, &ident);
        found.insert(ident.value, schedule);
    }
    // One without a name has been told.
    found.shift_remove("");
    found
}

fn schedule(fields: &mut Fields<'_, '_>, pipeline: &Header, inputs: &IndexMap<String, MlInput>) -> Schedule {
    let header = fields.header(|ident| format!("{}_{ident}", pipeline.name.value));
    let given = given(fields, inputs);
    let needed = |it: &&MlInput| it.default.is_none() && !it.optional && !given.contains_key(&it.ident.value);
    if let Some(lacks) = inputs.values().find(needed) {
        let name = &lacks.ident.value;
        let help = format!("add `inputs {{ {name} = … }}`, or give the input a default");
        let finding = errors::missing_attribute(header.head, "schedule", name, help);
        let message = format!("nothing gives a scheduled run its input `{name}`");
        fields
            .cx
            .push(crate::diag::Diagnostic { message, ..finding }.label(lacks.ident.span, "declared here"));
    }
    let (start, end) = (moment(fields, "start"), moment(fields, "end"));
    if let (Some(start), Some(end)) = (&start, &end)
        && start.value >= end.value
    {
        let finding = errors::invalid_value(end.span, "this schedule ends before it begins", "exchange them");
        fields.cx.push(finding.label(start.span, "the begin"));
    }
    Schedule {
        description: fields.plain("description"),
        clock: clock(fields).unwrap_or(Clock::Cron(String::new())),
        zone: fields.string("zone"),
        start: start.map(|it| it.value),
        end: end.map(|it| it.value),
        enabled: fields.bool("enabled").unwrap_or(true),
        inputs: given,
        tags: fields.string_map("tags"),
        header,
    }
}

fn given(fields: &mut Fields<'_, '_>, inputs: &IndexMap<String, MlInput>) -> IndexMap<String, MlDefault> {
    let mut found = IndexMap::new();
    for written in fields.syntax_map("inputs") {
        let Some(declared) = inputs.get(&written.key.value) else {
            let known: Vec<&str> = inputs.keys().map(String::as_str).collect();
            let nearest = suggest::nearest(&written.key.value, known.iter().copied());
            fields.cx.push(errors::undefined_name(
                &written.key,
                "input of this ML pipeline",
                nearest,
                &known,
            ));
            continue;
        };
        fields.cx.symbols.link(&written.key, declared.ident.span);
        if let Some(value) = input::default_of(fields.cx, &written.value, declared.ty) {
            input::check_value(fields.cx, declared, &value, written.value.span, "value");
            found.insert(written.key.value.clone(), value);
        }
    }
    found
}

fn clock(fields: &mut Fields<'_, '_>) -> Option<Clock> {
    if let Some(cron) = fields.string("cron") {
        let others = ["every", "at", "days", "month_days"];
        if let Some(other) = others.iter().find_map(|it| fields.span_of(it)) {
            let help = "keep `cron`, or say it with `every`, `at` and `days`";
            let finding = errors::invalid_value(other, "`cron` says all of when", help);
            fields.cx.push(finding.label(cron.span, "the expression"));
        }
        return expression(fields, &cron);
    }
    recurrence(fields)
}

fn expression(fields: &mut Fields<'_, '_>, cron: &Spanned<String>) -> Option<Clock> {
    match Cron::parse(&cron.value) {
        Ok(parsed) => {
            let days: Vec<&str> = parsed.text.split(' ').collect();
            if days[2..4] != ["*", "*"] {
                let help =
                    "write `*` for both; days of the month are said as `month_days = [1], at = \"06:00\"`";
                let message = "Azure ML ignores days of the month and months of an expression: it would fire on every day";
                fields.cx.push(errors::invalid_value(cron.span, message, help));
            }
            Some(Clock::Cron(parsed.text))
        }
        Err(misfit) => {
            let finding = errors::invalid_value(cron.span, misfit.message, misfit.help);
            fields.cx.push(match misfit.meant {
                Some(meant) => {
                    finding.replace(format!("change to `{meant}`"), cron.span, format!("\"{meant}\""))
                }
                None => finding,
            });
            None
        }
    }
}

fn recurrence(fields: &mut Fields<'_, '_>) -> Option<Clock> {
    let every = fields.seconds("every");
    let (week_days, month_days) = (week_days(fields), month_days(fields));
    let said = !week_days.is_empty() || !month_days.is_empty();
    if every.is_none() && !said && !fields.has("every") && !fields.has("at") {
        let help = "add `cron = \"0 3 * * *\"`, or `every = 6h`, or `days = [mon], at = \"06:00\"`";
        fields.missing("every", help);
        return None;
    }
    if let Some(span) = fields.span_of("month_days").filter(|_| !week_days.is_empty()) {
        let help = "keep one of them";
        fields.cx.push(errors::invalid_value(span, "a schedule has days of the week or of the month", help));
    }
    let (unit, interval) = match (week_days.is_empty(), month_days.is_empty()) {
        (false, _) => (Unit::Week, periods(fields, every.as_ref(), 7 * DAY, "whole weeks, as in `14d`")),
        (true, false) => (Unit::Month, months(fields, every.as_ref())),
        (true, true) => spaced(fields, every.as_ref()),
    };
    let times = times(fields);
    let daily = !matches!(unit, Unit::Minute | Unit::Hour);
    if said && !fields.has("at") {
        fields.missing("at", "add `at = \"06:00\"`");
    }
    if let Some(span) = fields.span_of("at").filter(|_| !daily) {
        let help = "write `every = 1d`, or remove `at`; `start` says when counting begins";
        fields.cx.push(errors::invalid_value(span, "what runs several times a day has no time of day", help));
    }
    let pattern = times.map(|(hours, minutes)| Pattern { hours, minutes, week_days, month_days });
    Some(Clock::Every { unit, interval, pattern })
}

/// The largest unit that measures it; a day where nothing is said.
fn spaced(fields: &mut Fields<'_, '_>, every: Option<&Spanned<u64>>) -> (Unit, u64) {
    let Some(every) = every else { return (Unit::Day, 1) };
    let units = [(Unit::Day, DAY), (Unit::Hour, 3600), (Unit::Minute, 60)];
    let found = units.iter().find(|(_, size)| every.value.is_multiple_of(*size));
    if found.is_none() {
        fields.cx.push(errors::invalid_value(
            every.span,
            "the clock of Azure ML knows no seconds",
            "write whole minutes",
        ));
    }
    found.map_or((Unit::Minute, 1), |(unit, size)| (*unit, every.value / size))
}

fn periods(fields: &mut Fields<'_, '_>, every: Option<&Spanned<u64>>, size: u64, what: &str) -> u64 {
    let Some(every) = every else { return 1 };
    if !every.value.is_multiple_of(size) {
        let help = format!("write {what}, or remove `days`");
        fields.cx.push(errors::invalid_value(every.span, "days of the week come round every week", help));
    }
    every.value / size
}

fn months(fields: &mut Fields<'_, '_>, every: Option<&Spanned<u64>>) -> u64 {
    if let Some(every) = every {
        let help = "remove it";
        fields.cx.push(errors::invalid_value(every.span, "days of the month come round every month", help));
    }
    1
}

fn week_days(fields: &Fields<'_, '_>) -> Vec<&'static str> {
    let items = fields.value("days").map(Value::items).unwrap_or_default();
    items.into_iter().filter_map(|it| it.value.as_word()).collect()
}

fn month_days(fields: &Fields<'_, '_>) -> Vec<u32> {
    let items = fields.value("month_days").map(Value::items).unwrap_or_default();
    let days = items.into_iter().filter_map(|it| match it.value {
        Value::Int(it) => u32::try_from(it).ok(),
        _ => None,
    });
    days.collect()
}

/// Hours and minutes. Azure ML runs at every hour with every minute, so they must be all that is meant.
fn times(fields: &mut Fields<'_, '_>) -> Option<(Vec<u32>, Vec<u32>)> {
    let written = fields.strings("at");
    let mut times: Vec<(u32, u32)> = Vec::new();
    for it in &written {
        match time(&it.value) {
            Some(time) if times.contains(&time) => {
                fields.cx.push(errors::invalid_value(
                    it.span,
                    format!("`{}` stands here twice", it.value),
                    "remove one",
                ));
            }
            Some(time) => times.push(time),
            None => {
                let help = "write hours and minutes with two digits each, from `00:00` to `23:59`";
                let message = format!("`{}` is no time of day", it.value);
                fields.cx.push(errors::invalid_value(it.span, message, help));
            }
        }
    }
    times.sort_unstable();
    let unique = |mut it: Vec<u32>| {
        it.sort_unstable();
        it.dedup();
        it
    };
    let hours = unique(times.iter().map(|it| it.0).collect());
    let minutes = unique(times.iter().map(|it| it.1).collect());
    if hours.len() * minutes.len() > times.len()
        && let Some(span) = fields.span_of("at")
    {
        let message = "Azure ML runs at each of these hours with each of these minutes";
        fields.cx.push(errors::invalid_value(
            span,
            message,
            "write times with the same minutes, or two schedules",
        ));
    }
    (!times.is_empty()).then_some((hours, minutes))
}

fn time(text: &str) -> Option<(u32, u32)> {
    let (hour, minute) = text.split_once(':')?;
    Some((number(hour, 2, 0, 23)?, number(minute, 2, 0, 59)?))
}

fn number(text: &str, digits: usize, low: u32, high: u32) -> Option<u32> {
    let plain = text.len() == digits && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|it| plain && (low..=high).contains(it))
}

/// A day, or a day with a time, as ISO 8601 has it without a zone.
fn moment(fields: &mut Fields<'_, '_>, name: &str) -> Option<Spanned<String>> {
    let Spanned { value, span } = fields.string(name)?;
    let (day, clock) = value.split_once('T').unwrap_or((&value, "00:00:00"));
    if is_day(day) && is_clock(clock) {
        return Some(Spanned::new(format!("{day}T{clock}"), span));
    }
    no_moment(fields, &value, span);
    None
}

fn no_moment(fields: &mut Fields<'_, '_>, value: &str, span: Span) {
    let help = "write `2026-01-31` or `2026-01-31T06:00:00`; the time zone stands in `zone`";
    fields.cx.push(errors::invalid_value(span, format!("`{value}` is no day"), help));
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month)) = (number(year, 4, 2000, 9999), number(month, 2, 1, 12)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    number(day, 2, 1, longest).is_some()
}

fn is_clock(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    number(hour, 2, 0, 23).is_some()
        && number(minute, 2, 0, 59).is_some()
        && number(second, 2, 0, 59).is_some()
}
