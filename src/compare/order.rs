//! Who waits for whom, and what comes first, among those that were there and still are.

use super::tree::{Kind, Node, Weight, plain, reference};
use super::unnamed;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be said of the children of a thing.
pub fn told(old: &Node, new: &Node, path: &[(Kind, String)]) -> Vec<(Weight, String)> {
    let waiting = [Kind::Stage, Kind::Job, Kind::MlStep];
    let mut found: Vec<_> = waiting.iter().filter_map(|it| waits(old, new, path, *it)).collect();
    found.extend(sequence(old, new, is_step, ("steps", Weight::Runs)));
    found.extend(sequence(old, new, |it| it.kind == Kind::Parameter, ("params", Weight::Other)));
    found
}

fn is_step(node: &Node) -> bool {
    node.kind == Kind::Step || asks(node)
}

/// A step that asks people.
fn asks(node: &Node) -> bool {
    node.kind == Kind::Check && node.name.starts_with("approve")
}

fn waits(old: &Node, new: &Node, path: &[(Kind, String)], kind: Kind) -> Option<(Weight, String)> {
    let (was, is) = (before(old, path, kind), before(new, path, kind));
    let both = |it: &&String| was.contains_key(*it) && is.contains_key(*it);
    let mut said = Vec::new();
    for (name, (waits, _)) in &is {
        let Some((waited, _)) = was.get(name) else { continue };
        let more: BTreeSet<&String> = waits.difference(waited).filter(both).collect();
        let less: BTreeSet<&String> = waited.difference(waits).filter(both).collect();
        if !more.is_empty() {
            said.push(format!("`{}` now comes after {}", last(name), list(more)));
        }
        if !less.is_empty() {
            said.push(format!("`{}` no longer waits for {}", last(name), list(less)));
        }
    }
    let weight = if kind == Kind::MlStep { Weight::MachineLearning } else { Weight::Runs };
    if !said.is_empty() {
        return Some((weight, format!("another order of {}s: {}", kind.word(), said.join("; "))));
    }
    if was.keys().ne(is.keys()) {
        return None;
    }
    let other = is.iter().filter(|(name, it)| was.get(*name).is_some_and(|was| was.1 != it.1));
    let said: Vec<String> =
        other.map(|(name, it)| format!("`{}` for {}", last(name), list(it.1.iter().collect()))).collect();
    let message = format!("{}s wait for others by name, in the same order: {}", kind.word(), said.join("; "));
    (!said.is_empty()).then_some((Weight::Other, message))
}

fn list(all: BTreeSet<&String>) -> String {
    let all: Vec<String> = all.into_iter().map(|it| format!("`{}`", last(it))).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}

fn last(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// All that it waits for, near or far, and what it names itself; by reference.
type Waits = (BTreeSet<String>, BTreeSet<String>);

fn before(node: &Node, path: &[(Kind, String)], kind: Kind) -> BTreeMap<String, Waits> {
    let around: Vec<(Kind, &str)> = path.iter().map(|it| (it.0, it.1.as_str())).collect();
    let children = node.children.iter().filter(|it| it.kind == kind);
    let own: BTreeMap<String, &Vec<String>> = children
        .map(|it| (reference(&[around.as_slice(), &[(kind, it.name.as_str())]].concat()), &it.after))
        .collect();
    let all = own.keys().map(|name| {
        let mut found = BTreeSet::new();
        let mut open: Vec<&String> = own[name].iter().collect();
        while let Some(it) = open.pop() {
            if found.insert(it.clone()) {
                open.extend(own.get(it).into_iter().copied().flatten());
            }
        }
        (name.clone(), (found, own[name].iter().cloned().collect()))
    });
    all.collect()
}

/// Things of which each comes after the one before it.
fn sequence(
    old: &Node,
    new: &Node,
    wanted: fn(&Node) -> bool,
    (word, weight): (&str, Weight),
) -> Option<(Weight, String)> {
    let those = |node: &'_ Node, other: &Node| -> Vec<usize> {
        let both = |it: &Node| wanted(it) && other.child(it.kind, &it.name).is_some();
        (0..node.children.len()).filter(|it| both(&node.children[*it])).collect()
    };
    let (is, was) = (those(new, old), those(old, new));
    let same = |one: usize, other: usize| {
        let (one, other) = (&old.children[one], &new.children[other]);
        one.kind == other.kind && one.name == other.name
    };
    let place = |it: usize| was.iter().position(|one| same(*one, it)).unwrap_or_default();
    let places: Vec<usize> = is.iter().map(|it| place(*it)).collect();
    let stay = rising(&places);
    let shown = |at: usize| shown(&new.children[is[at]]);
    let moved: Vec<String> = (0..is.len())
        .filter(|at| !stay.contains(at))
        .map(|at| match stay.iter().find(|it| **it > at) {
            Some(next) => format!("{} now comes before {}", shown(at), shown(*next)),
            None => {
                format!("{} now comes after {}", shown(at), shown(stay.last().copied().unwrap_or_default()))
            }
        })
        .collect();
    if moved.is_empty() {
        return None;
    }
    let asked = |at: usize| asks(&new.children[is[at]]);
    let passes = |at: usize| (at + 1..is.len()).any(|it| asked(it) && !asked(at) && places[it] < places[at]);
    if (0..is.len()).any(passes) {
        let message = format!("no longer waits for the approval: {}", moved.join("; "));
        return Some((Weight::LowersProtection, message));
    }
    Some((weight, format!("another order of {word}: {}", moved.join("; "))))
}

/// The places of a longest part that rises.
fn rising(all: &[usize]) -> Vec<usize> {
    let mut best: Vec<Vec<usize>> = Vec::new();
    for (at, value) in all.iter().enumerate() {
        let before = best.iter().filter(|it| it.last().is_none_or(|it| all[*it] < *value));
        let mut longest = before.max_by_key(|it| it.len()).cloned().unwrap_or_default();
        longest.push(at);
        best.push(longest);
    }
    best.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

fn shown(node: &Node) -> String {
    match (&node.shown, unnamed::word(&node.name).is_some() || node.kind == Kind::Check) {
        (Some(shown), true) => plain(shown),
        _ => format!("`{}`", plain(&node.name)),
    }
}
