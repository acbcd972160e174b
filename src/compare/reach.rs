//! What follows from changes: what newly comes to an environment by itself, and what nobody agrees to any more.

use super::Change;
use super::align::Renaming;
use super::tree::{Kind, Node, Value, Weight, plain};
use crate::simulate::System;
use crate::simulate::prove;
use std::collections::{BTreeMap, BTreeSet};

/// The ways by which environments are reached by themselves: from what starts the first pipeline to the stage.
type Ways = BTreeMap<(String, String), Way>;

#[derive(Clone, Debug)]
struct Way {
    /// Pipelines by name, and where it ends.
    chain: Vec<String>,
    stage: String,
    /// What starts the first of them.
    by: String,
}

pub(super) fn newly_reached(changes: &mut Vec<Change>, old: &Node, new: &Node) {
    let (before, after) = (ways(old), ways(new));
    for ((_, environment), way) in after.iter().filter(|it| !before.contains_key(it.0)) {
        let chain = way.chain.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(" → ");
        let said = format!("{} leads to `{environment}`: {chain}, stage `{}`", way.by, way.stage);
        let on_the_way = |it: &&mut Change| {
            let [(Kind::Pipeline, name), ..] = it.path.as_slice() else { return false };
            way.chain.contains(name) && (it.weight <= Weight::Runs)
        };
        match changes.iter_mut().filter(|it| opens(it)).find(on_the_way) {
            Some(change) => {
                change.weight = change.weight.min(Weight::Reaches);
                change.notes.push(said);
            }
            None => changes.push(standalone(environment, Weight::Reaches, said, new)),
        }
    }
}

/// Whether it can be what lets more come through.
fn opens(change: &Change) -> bool {
    !change.message.starts_with("is gone") && !change.message.starts_with("is no longer")
}

/// What nobody agreed to before either is not told.
pub(super) fn no_longer_agreed(
    changes: &mut Vec<Change>,
    (old, new): (&System<'_>, &System<'_>),
    (renamings, tree): (&[Renaming], &Node),
) {
    let known: BTreeSet<(String, String)> = prove::prove(old, None)
        .into_iter()
        .flat_map(|proof| proof.ways.into_iter().map(move |it| (proof.environment.clone(), it.text)))
        .map(|it| renamed(it, renamings))
        .collect();
    for proof in prove::prove(new, None) {
        for way in
            proof.ways.iter().filter(|it| !known.contains(&(proof.environment.clone(), it.text.clone())))
        {
            let said = format!("{}, and {}: `mlopsc prove {}`", way.text, way.why, proof.environment);
            let pipeline = way.text.trim_start_matches('`').split('.').next().unwrap_or_default();
            let concerns = |it: &&mut Change| match it.path.first() {
                Some((Kind::Environment, name)) => *name == proof.environment,
                Some((Kind::Pipeline, name)) => name == pipeline,
                _ => false,
            };
            match changes
                .iter_mut()
                .filter(|it| opens(it) || it.weight == Weight::LowersProtection)
                .find(concerns)
            {
                Some(change) => {
                    change.weight = Weight::LowersProtection;
                    change.notes.push(said);
                }
                None => changes.push(standalone(&proof.environment, Weight::LowersProtection, said, tree)),
            }
        }
    }
}

/// As the new version names it.
pub(super) fn renamed(
    (mut environment, mut text): (String, String),
    renamings: &[Renaming],
) -> (String, String) {
    for renaming in renamings {
        match renaming.path.as_slice() {
            [(Kind::Environment, name)] if environment == renaming.old => environment.clone_from(name),
            [(Kind::Pipeline, name)] => {
                text = text.replace(&format!("`{}.", renaming.old), &format!("`{name}."));
            }
            [(Kind::Pipeline, pipeline), (Kind::Stage, name)] => {
                let (from, to) = (format!("`{pipeline}.{}`", renaming.old), format!("`{pipeline}.{name}`"));
                text = text.replace(&from, &to);
            }
            _ => {}
        }
    }
    (environment, text)
}

pub(super) fn standalone(environment: &str, weight: Weight, message: String, tree: &Node) -> Change {
    Change {
        weight,
        path: vec![(Kind::Environment, environment.to_owned())],
        subject: format!("environment `{environment}`"),
        others: Vec::new(),
        message,
        notes: Vec::new(),
        old: None,
        new: tree.child(Kind::Environment, environment).map(|it| it.span),
    }
}

/// Environments that something deployed to and nothing deploys to any more.
pub(super) fn no_longer_delivered(changes: &mut Vec<Change>, old: &Node, new: &Node) {
    let all = |root: &Node| -> BTreeSet<String> {
        let pipelines = root.children.iter().filter(|it| it.kind == Kind::Pipeline);
        pipelines.flat_map(deployed).map(|it| it.0).collect()
    };
    for environment in all(old).difference(&all(new)) {
        let said = format!("nothing deploys to `{environment}` any more");
        let own = |it: &&mut Change| {
            let deploys = ["", ":"].map(|it| format!("{DEPLOYS}{it} `{environment}`"));
            let deploys = deploys.iter().any(|text| it.message.contains(text));
            deploys
                || it.message.starts_with("is gone") && it.path == [(Kind::Environment, environment.clone())]
        };
        match changes.iter_mut().find(own) {
            Some(change) => change.notes.push(said),
            None => changes.push(standalone(environment, Weight::Runs, said, new)),
        }
    }
}

/// The shortest way for each pair of what starts and what is reached.
fn ways(root: &Node) -> Ways {
    let pipelines: BTreeMap<&str, &Node> = root
        .children
        .iter()
        .filter(|it| it.kind == Kind::Pipeline)
        .map(|it| (it.name.as_str(), it))
        .collect();
    let follows = follows(&pipelines);
    let mut found = Ways::new();
    for (name, pipeline) in &pipelines {
        let triggers = pipeline.children.iter().filter(|it| it.kind == Kind::Trigger);
        let starts = triggers.filter(|it| !it.name.starts_with("after "));
        let starts: Vec<(String, String)> = starts
            .map(|it| (format!("{name} {}", it.name), plain(it.shown.as_deref().unwrap_or_default())))
            .collect();
        if starts.is_empty() {
            continue;
        }
        for chain in chains(name, &follows) {
            let last = chain.last().and_then(|it| pipelines.get(it.as_str()));
            for (environment, stage) in last.into_iter().flat_map(|it| deployed(it)) {
                for (key, by) in &starts {
                    let way = Way { chain: chain.clone(), stage: stage.clone(), by: by.clone() };
                    found.entry((key.clone(), environment.clone())).or_insert(way);
                }
            }
        }
    }
    found
}

/// For each pipeline those that it starts.
fn follows<'a>(pipelines: &BTreeMap<&'a str, &'a Node>) -> BTreeMap<String, BTreeSet<&'a str>> {
    let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, pipeline) in pipelines {
        for trigger in pipeline.children.iter().filter(|it| it.kind == Kind::Trigger) {
            if let Some(before) = trigger.name.strip_prefix("after ") {
                found.entry(plain(before)).or_default().insert(name);
            }
        }
        let mut open: Vec<&Node> = pipeline.children.iter().collect();
        while let Some(node) = open.pop() {
            open.extend(&node.children);
            let queued =
                node.facts.iter().filter(|it| it.label == "queues").filter_map(|it| match &it.value {
                    Value::Text(it) => Some(plain(it).trim_matches('`').to_owned()),
                    _ => None,
                });
            for queued in queued {
                if let Some((other, _)) = pipelines.get_key_value(queued.as_str()) {
                    found.entry((*name).to_owned()).or_default().insert(other);
                }
            }
        }
    }
    found
}

/// The shortest chain to each pipeline that is reached, the nearest first.
fn chains(from: &str, follows: &BTreeMap<String, BTreeSet<&str>>) -> Vec<Vec<String>> {
    let mut found = vec![vec![from.to_owned()]];
    let mut seen = BTreeSet::from([from.to_owned()]);
    let mut at = 0;
    while at < found.len() {
        let chain = found[at].clone();
        let last = chain.last().map(String::as_str).unwrap_or_default();
        for next in follows.get(last).into_iter().flatten() {
            if seen.insert((*next).to_owned()) {
                found.push(chain.iter().cloned().chain([(*next).to_owned()]).collect());
            }
        }
        at += 1;
    }
    found
}

/// Environments that a pipeline deploys to, each with a stage.
fn deployed(pipeline: &Node) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for stage in pipeline.children.iter().filter(|it| it.kind == Kind::Stage && is_on(it)) {
        let jobs = stage.children.iter().filter(|it| it.kind == Kind::Job && is_on(it));
        for fact in std::iter::once(stage).chain(jobs).flat_map(|it| &it.facts) {
            if let (DEPLOYS, Value::Text(text)) = (fact.label.as_str(), &fact.value)
                && !text.starts_with(NOTHING)
            {
                found.push((plain(text).trim_matches('`').to_owned(), stage.name.clone()));
            }
        }
    }
    found
}

/// What stages that deploy say, and what those say that only work there.
pub(super) const DEPLOYS: &str = "deploys to";
pub(super) const NOTHING: &str = "nothing, but works without its checks in ";

fn is_on(node: &Node) -> bool {
    !node.facts.iter().any(|it| it.label == "enabled" && it.value == Value::Flag(false))
}

/// What comes of a trigger that lets more in.
pub(super) fn leads_to(changes: &mut [Change], new: &Node) {
    let ways = ways(new);
    for change in changes.iter_mut().filter(|it| it.weight == Weight::Reaches && it.notes.is_empty()) {
        let [(Kind::Pipeline, pipeline), (Kind::Trigger, trigger)] = change.path.as_slice() else { continue };
        let key = format!("{pipeline} {trigger}");
        let reached = ways.keys().filter(|it| it.0 == key).map(|it| format!("`{}`", it.1));
        let reached: Vec<String> = reached.collect();
        if !reached.is_empty() {
            change.notes.push(format!("it leads to {}", reached.join(", ")));
        }
    }
}
