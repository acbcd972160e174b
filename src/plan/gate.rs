//! Tasks that run without an agent: asking people, and waiting.

use super::read::At;
use super::{Part, Value};
use crate::model::project::{Approval, OnTimeout};

/// A job must live longer than the task in it. Minutes.
pub const MARGIN: u64 = 10;

/// Whole minutes, rounded up: Azure Pipelines counts in them.
pub fn minutes(seconds: u64) -> u64 {
    seconds.div_ceil(60)
}

pub fn people(approval: &Approval) -> String {
    let names: Vec<&str> = approval.approvers.iter().map(|it| it.value.as_str()).collect();
    names.join(", ")
}

/// The inputs of `ManualValidation@1`. Who else is told comes before the approvers; they are told anyway.
pub fn inputs(approval: &Approval, at: &mut At<'_>) -> Vec<(String, Value)> {
    let lines = |names: Vec<&str>| vec![Part::Literal(names.join("\n"))];
    let approvers: Vec<&str> = approval.approvers.iter().map(|it| it.value.as_str()).collect();
    let told = approval.notify.iter().map(|it| it.value.as_str()).chain(approvers.iter().copied());
    let told = lines(told.collect());
    let text = |value: &str| vec![Part::Literal(value.to_owned())];
    let mut inputs = vec![
        ("notifyUsers".to_owned(), told),
        ("approvers".to_owned(), lines(approvers)),
        ("allowApproversToApproveTheirOwnRuns".to_owned(), text(&approval.self_approve.to_string())),
    ];
    if let Some(instructions) = &approval.instructions {
        inputs.push(("instructions".to_owned(), at.value(instructions)));
    }
    let silence = match approval.on_timeout {
        OnTimeout::Reject => "reject",
        OnTimeout::Resume => "resume",
    };
    inputs.push(("onTimeout".to_owned(), text(silence)));
    inputs
}

/// The inputs of `Delay@1`.
pub fn delay(seconds: u64) -> Vec<(String, Value)> {
    vec![("delayForMinutes".to_owned(), vec![Part::Literal(minutes(seconds).to_string())])]
}
