//! Filters, people and times as the lines of a picture say them.

use super::picture::{Note, Sign};
use crate::model::project::{Approval, Environment, Filter, Lock};
use crate::simulate::clock::spoken;

/// `develop, releases/*, not releases/old`; empty: no filter.
pub(super) fn filter(filter: &Filter) -> String {
    let included = filter.include.iter().map(|it| it.value.clone());
    let excluded = filter.exclude.iter().map(|it| format!("not {}", it.value));
    included.chain(excluded).collect::<Vec<_>>().join(", ")
}

/// `branches: develop`, for each filter that says something.
pub(super) fn filters(all: &[(&str, &Filter)]) -> Vec<Note> {
    let some = all.iter().filter(|it| !it.1.is_empty());
    some.map(|(name, it)| Note::new(Sign::Plain, format!("{name}: {}", filter(it)))).collect()
}

/// `release_managers agree, within 2d`
pub(super) fn asks(approval: &Approval) -> Note {
    let name = &approval.header.ident.value;
    Note::new(Sign::Asks, format!("{name} must agree, within {}", spoken(approval.timeout_seconds)))
}

/// The people behind an approval, and what counts.
pub(super) fn people(approval: &Approval) -> Vec<Note> {
    let plain = |text: String| Note::new(Sign::Plain, text);
    let mut notes: Vec<Note> = approval.approvers.iter().map(|it| plain(it.value.clone())).collect();
    let all = approval.approvers.len();
    if let Some(minimum) = approval.minimum.as_ref().filter(|_| all > 1) {
        notes.push(plain(format!("{} of {all} must agree", minimum.value)));
    }
    if approval.in_sequence.is_some() {
        notes.push(plain("asked one after the other".to_owned()));
    }
    notes.push(Note::new(Sign::Waits, format!("within {}", spoken(approval.timeout_seconds))));
    if approval.on_timeout == crate::model::project::OnTimeout::Resume {
        notes.push(Note::new(Sign::Warns, "silence counts as consent"));
    }
    if approval.self_approve {
        notes.push(Note::new(Sign::Warns, "who started the run may agree"));
    }
    notes
}

/// What Azure DevOps looks at before a stage that deploys there, but for people.
pub(super) fn guards(environment: &Environment) -> Vec<Note> {
    let guard = |text: String| Note::new(Sign::Guards, text);
    let mut notes = Vec::new();
    if !environment.branches.is_empty() {
        let names: Vec<&str> = environment.branches.iter().map(|it| it.value.as_str()).collect();
        notes.push(guard(format!("from branch {} only", names.join(", "))));
    }
    if environment.protected_branches.is_some() {
        notes.push(guard("from branches with policies only".to_owned()));
    }
    for template in &environment.required_templates {
        notes.push(guard(format!("extends {}", template.path.value)));
    }
    if let Some(hours) = &environment.hours {
        let days = hours.days.join(" ");
        notes.push(Note::new(Sign::Waits, format!("{days} {} to {} only", hours.from, hours.to)));
    }
    for call in &environment.calls {
        let name = call.title.as_ref().map_or("a service", |it| it.value.as_str());
        notes.push(guard(format!("{name} must agree")));
    }
    notes.extend(environment.lock.map(lock));
    notes
}

pub(super) fn lock(lock: Lock) -> Note {
    let text = match lock {
        Lock::Sequential => "one run at a time, in order",
        Lock::Latest => "one run at a time, the newest",
    };
    Note::new(Sign::Guards, text)
}
