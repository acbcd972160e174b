//! When Azure ML starts an ML pipeline by itself.

use super::{Header, MlDefault};
use crate::base::span::Spanned;
use indexmap::IndexMap;

#[derive(Clone, Debug)]
pub struct Schedule {
    pub header: Header,
    pub description: Option<String>,
    pub clock: Clock,
    /// A time zone of Windows.
    pub zone: Option<Spanned<String>>,
    /// `2026-01-31T06:00:00`, in the zone.
    pub start: Option<String>,
    pub end: Option<String>,
    pub enabled: bool,
    /// What differs from the defaults of the pipeline's inputs.
    pub inputs: IndexMap<String, MlDefault>,
    pub tags: IndexMap<String, String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Clock {
    Cron(String),
    Every { unit: Unit, interval: u64, pattern: Option<Pattern> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// Every hour with every minute, on these days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    pub hours: Vec<u32>,
    pub minutes: Vec<u32>,
    /// `mon`
    pub week_days: Vec<&'static str>,
    pub month_days: Vec<u32>,
}
