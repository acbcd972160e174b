//! What differs between two versions of a system in what it does: nothing that is only written otherwise. In: two projects with
//! their plans. Out: changes, those that lower protection first.
//!
//! Each version becomes a tree of things with facts (`read`), things of the old one are found again in the new one by name, by what
//! they are called outside, or because nothing but the name differs (`align`), and facts are compared (`differ`). What
//! follows for environments (`reach`) is said of the changes that bring it about.

mod align;
mod consent;
mod differ;
mod guards;
mod order;
mod patterns;
mod reach;
mod read;
mod show;
mod tree;
mod unnamed;
mod words;

pub use show::{Sides, json, markdown, text};
pub use tree::{Kind, Weight};

use crate::base::span::Span;
use crate::simulate::System;

#[derive(Debug)]
pub struct Change {
    pub weight: Weight,
    /// From the top; names are those of the new version.
    pub path: Vec<(Kind, String)>,
    /// The same for people: ``pipeline `release`, stage `prod` ``.
    pub subject: String,
    /// Other things of which the same is to be said.
    pub others: Vec<String>,
    pub message: String,
    /// What follows from it.
    pub notes: Vec<String>,
    /// Where the thing stands in the sources of the old version.
    pub old: Option<Span>,
    pub new: Option<Span>,
}

/// Sorted by weight, then by where they stand in the new version.
pub fn compare(old: &System<'_>, new: &System<'_>) -> Vec<Change> {
    let (mut before, after) = (read::system(old), read::system(new));
    let renamings = align::align(&mut before, &after);
    let mut changes = together(differ::differ(&before, &after, &renamings));
    reach::newly_reached(&mut changes, &before, &after);
    reach::no_longer_agreed(&mut changes, (old, new), (&renamings, &after));
    consent::lost(&mut changes, (old, new), (&renamings, &after));
    guards::lost(&mut changes, (old, new), &after);
    reach::no_longer_delivered(&mut changes, &before, &after);
    reach::leads_to(&mut changes, &after);
    changes.sort_by_key(|it| it.weight);
    changes
}

/// Files are written to another folder: pipelines that are set up read those of the old one.
pub fn moved(old: &str, new: &str) -> Option<Change> {
    (old != new).then(|| Change {
        weight: Weight::Runs,
        path: Vec::new(),
        subject: "the project".to_owned(),
        others: Vec::new(),
        message: format!("all files are written to `{new}` instead of `{old}`"),
        notes: vec![format!(
            "pipelines in Azure DevOps read `{old}/…` until they are set up again: `mlopsc setup`"
        )],
        old: None,
        new: None,
    })
}

/// What is to be said of several things is said once.
fn together(changes: Vec<Change>) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for change in changes {
        let is_fact = !show::says_all(&change.message) && change.message.contains(" → ");
        let kind = |it: &Change| match it.path.last().map(|it| it.0) {
            Some(Kind::Job) => Some(Kind::Stage),
            kind => kind,
        };
        let same = |it: &&mut Change| {
            is_fact && it.message == change.message && it.weight == change.weight && kind(it) == kind(&change)
        };
        match found.iter_mut().find(same) {
            Some(first) => first.others.push(change.subject),
            None => found.push(change),
        }
    }
    found
}
