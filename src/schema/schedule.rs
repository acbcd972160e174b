//! When Azure ML starts an ML pipeline by itself.

use super::declarations::{DESCRIBED, HEADED, NAMED, TAGS};
use super::types::Type;
use super::{Attribute, BLOCK, Block, Head, argument, at_most_one, default, optional};

/// The longest that makes sense between two runs, in seconds: a year.
const YEAR: u64 = 365 * 24 * 3600;

const ROWS: &[Attribute] = &[
    optional(
        "cron",
        Type::Name,
        "Minute, hour, `*`, `*`, days of the week: `0 3 * * 1-5`. Azure ML ignores days of the month and months.",
    ),
    optional("every", Type::Duration(60, YEAR), "Time between runs: `30m`, `6h`, `1d`, `14d`."),
    optional(
        "at",
        Type::OneOrMany(&Type::Name),
        "Times of day: `06:00`. Several share their hours or their minutes.",
    ),
    optional(
        "days",
        Type::List(&Type::Word(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
        "Days of the week. `every` then counts weeks.",
    ),
    optional("month_days", Type::List(&Type::Int(1, 31)), "Days of the month."),
    default("zone", Type::Name, "UTC", "A Windows time zone: `W. Europe Standard Time`."),
    optional(
        "start",
        Type::Name,
        "No run before: `2026-01-31` or `2026-01-31T06:00:00`, in the zone. `every` counts from here.",
    ),
    optional("end", Type::Name, "No run after."),
    default("enabled", Type::Bool, "true", "`false`: created and kept, but off."),
];

static INPUTS: Block = Block {
    word: "inputs",
    doc: "Inputs that scheduled runs have differently, by name.",
    free: Some(Type::Any),
    ..BLOCK
};

pub static SCHEDULE: Block = Block {
    word: "schedule",
    doc: "When Azure ML starts the pipeline by itself: by `cron`, or by `every`, `at`, `days`. `ensure PIPELINE.NAME` creates it.",
    attributes: &[NAMED, DESCRIBED, ROWS],
    blocks: &[at_most_one(&INPUTS), at_most_one(&TAGS)],
    ..HEADED
};

/// In an environment.
pub static SCHEDULE_OVERLAY: Block = Block {
    word: "schedule",
    head: Head::Arguments(&[argument("schedule", Type::Dotted)]),
    doc: "What is different about a schedule of the ML pipeline.",
    attributes: &[&super::overlay::again::<{ super::overlay::count(SCHEDULE.attributes) }>(
        SCHEDULE.attributes,
    )],
    blocks: SCHEDULE.blocks,
    ..BLOCK
};
