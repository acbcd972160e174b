//! What differs between two trees whose names agree.

use super::align::Renaming;
use super::read::PULL_REQUEST;
use super::tree::{Fact, Kind, Node, Value, Weight, plain, reference};
use super::{Change, order, patterns, tree, unnamed};
use crate::base::span::Span;
use crate::target::image::Image;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub fn differ(old: &Node, new: &Node, renamings: &[Renaming]) -> Vec<Change> {
    let mut differ = Differ::default();
    for renaming in renamings {
        differ.renamed(old, new, renaming);
    }
    differ.node(old, new, &mut Vec::new());
    differ.changes
}

#[derive(Default)]
struct Differ {
    changes: Vec<Change>,
    /// What has changed, by references to things at the top, and their kinds.
    touched: BTreeSet<String>,
}

/// From the top, without the system itself.
type Path = Vec<(Kind, String)>;

impl Differ {
    fn renamed(&mut self, old: &Node, new: &Node, renaming: &Renaming) {
        let find = |root| renaming.path.iter().try_fold(root, |node: &Node, it| node.child(it.0, &it.1));
        let (Some(before), Some(after)) = (find(old), find(new)) else { return };
        self.changes.push(Change {
            weight: Weight::Other,
            message: format!("is the new name of `{}`", renaming.old),
            subject: subject(&renaming.path, Some(after)),
            path: renaming.path.clone(),
            others: Vec::new(),
            notes: Vec::new(),
            old: Some(before.span),
            new: Some(after.span),
        });
    }

    fn node(&mut self, old: &Node, new: &Node, path: &mut Path) {
        self.facts(old, new, path);
        self.order(old, new, path);
        for child in &new.children {
            path.push((child.kind, child.name.clone()));
            match old.child(child.kind, &child.name) {
                Some(before) => self.node(before, child, path),
                None => self.whole(child, path, true),
            }
            path.pop();
        }
        for child in old.children.iter().filter(|it| new.child(it.kind, &it.name).is_none()) {
            path.push((child.kind, child.name.clone()));
            self.whole(child, path, false);
            path.pop();
        }
    }

    fn facts(&mut self, old: &Node, new: &Node, path: &Path) {
        let said = |it: &Node| it.facts.iter().filter(|it| !it.derived).cloned().collect::<Vec<_>>();
        let explained = new.follows.iter().chain(&old.follows).any(|it| match it.as_str() {
            tree::ITSELF => said(old) != said(new),
            it => self.touched.contains(it),
        });
        let below = new.follows.iter().any(|it| it == tree::BELOW);
        let mut labels: Vec<&str> = new.facts.iter().map(|it| it.label.as_str()).collect();
        labels.extend(old.facts.iter().map(|it| it.label.as_str()));
        let mut seen = BTreeSet::new();
        labels.retain(|it| seen.insert(*it));
        for label in labels {
            let [before, after] = [old, new].map(|it| it.facts.iter().find(|it| it.label == label));
            let derived = before.or(after).is_some_and(|it| it.derived);
            let same = before.map(|it| &it.value) == after.map(|it| &it.value);
            if same || (derived && (explained || below && differs_below(old, new, label))) {
                continue;
            }
            let (weight, note) = weigh(before, after);
            let message = match (before.map(|it| &it.value), after.map(|it| &it.value)) {
                (Some(Value::Long(_)), Some(Value::Long(_))) => format!("{label} changed"),
                (before, after) => format!("{label}: {} → {}", value(before), value(after)),
            };
            self.push(path, weight, &(message + note), Nodes { old: Some(old), new: Some(new) });
            self.place(before.and_then(|it| it.span), after.and_then(|it| it.span));
        }
    }

    /// The last change stands where one of these is, not where the whole thing does.
    fn place(&mut self, old: Option<Span>, new: Option<Span>) {
        if let Some(last) = self.changes.last_mut().filter(|_| old.is_some() || new.is_some()) {
            (last.old, last.new) = (old, new);
        }
    }

    fn order(&mut self, old: &Node, new: &Node, path: &Path) {
        for (weight, message) in order::told(old, new, path) {
            self.push(path, weight, &message, Nodes { old: Some(old), new: Some(new) });
        }
    }

    /// Something that is new, or gone.
    fn whole(&mut self, node: &Node, path: &Path, new: bool) {
        let weight = weigh_whole(node, new);
        let shown = node.shown.as_deref().map(plain).unwrap_or_default();
        let (message, of) = match (node.kind, new) {
            (Kind::Trigger, true) => (format!("is newly started by {shown}"), &path[..path.len() - 1]),
            (Kind::Trigger, false) => (format!("is no longer started by {shown}"), &path[..path.len() - 1]),
            (Kind::Check, true) => (format!("newly needs {shown}"), &path[..path.len() - 1]),
            (Kind::Check, false) => (format!("no longer needs {shown}"), &path[..path.len() - 1]),
            (_, true) => (format!("is new{}", told(node)), path.as_slice()),
            (_, false) => (format!("is gone{}", told(node)), path.as_slice()),
        };
        let nodes =
            if new { Nodes { old: None, new: Some(node) } } else { Nodes { old: Some(node), new: None } };
        self.push(of, weight, &message, nodes);
    }

    fn push(&mut self, path: &[(Kind, String)], weight: Weight, message: &str, nodes: Nodes<'_>) {
        if let Some((kind, name)) = path.first() {
            self.touched.insert(reference(&[(*kind, name)]));
            self.touched.insert(kind.word().to_owned());
        }
        self.changes.push(Change {
            weight,
            subject: subject(path, nodes.new.or(nodes.old)),
            path: path.to_vec(),
            message: plain(message),
            others: Vec::new(),
            notes: Vec::new(),
            old: nodes.old.map(|it| it.span),
            new: nodes.new.map(|it| it.span),
        });
    }
}

/// Whether the fact of something below, in both versions, has changed.
fn differs_below(old: &Node, new: &Node, label: &str) -> bool {
    let fact = |it: &Node| it.facts.iter().find(|it| it.label == label).map(|it| it.value.clone());
    let mut both = new.children.iter().filter_map(|it| Some((it, old.child(it.kind, &it.name)?)));
    both.any(|(new, old)| fact(old) != fact(new))
}

/// A thing in the versions that have it.
#[derive(Clone, Copy)]
struct Nodes<'a> {
    old: Option<&'a Node>,
    new: Option<&'a Node>,
}

/// Each part with its word, from the top.
fn subject(path: &[(Kind, String)], node: Option<&Node>) -> String {
    let part = |(index, (kind, name)): (usize, &(Kind, String))| {
        let shown = node.and_then(|it| it.shown.as_deref()).filter(|_| index + 1 == path.len());
        match (kind, unnamed::word(name), shown) {
            (Kind::Trigger, _, Some(shown)) => format!("started by {}", plain(shown)),
            (Kind::Check, _, _) => plain(name),
            (Kind::Trigger, _, None) => "trigger".to_owned(),
            (_, Some(_), Some(shown)) => format!("step {}", plain(shown)),
            (_, Some(word), None) => format!("step `{word}`"),
            (_, None, _) => format!("{} `{}`", kind.word(), plain(name)),
        }
    };
    let parts: Vec<String> = path.iter().enumerate().map(part).collect();
    if parts.is_empty() { "the project".to_owned() } else { parts.join(", ") }
}

fn value(value: Option<&Value>) -> String {
    match value {
        None => "none".to_owned(),
        Some(Value::Set(all)) if all.is_empty() => "none".to_owned(),
        Some(Value::Set(all)) => all.join(", "),
        Some(Value::Text(it)) => it.clone(),
        Some(Value::Image(it) | Value::Number(_, it)) => format!("`{it}`"),
        Some(Value::Flag(true)) => "yes".to_owned(),
        Some(Value::Flag(false)) => "no".to_owned(),
        Some(Value::Long(_)) => "some".to_owned(),
    }
}

/// How much the change weighs, and what is to be said beside it.
fn weigh(old: Option<&Fact>, new: Option<&Fact>) -> (Weight, &'static str) {
    let Some(fact) = new.or(old) else { return (Weight::Other, "") };
    let (old, new) = (old.map(|it| &it.value), new.map(|it| &it.value));
    let less = match (old, new) {
        (Some(_), None) => true,
        (Some(Value::Number(old, _)), Some(Value::Number(new, _))) => match new.total_cmp(old) {
            Ordering::Equal => return (fact.aside.unwrap_or(fact.up), ""),
            order => order.is_lt(),
        },
        (Some(Value::Flag(old)), Some(Value::Flag(new))) => *old && !*new,
        (Some(Value::Set(old)), Some(Value::Set(new))) => {
            let covered = |these: &[String], by: &[String]| {
                these.iter().all(|it| by.iter().any(|by| patterns::covers(by, it)))
            };
            let less = covered(new, old);
            if less && covered(old, new) {
                let guards = fact.up.min(fact.down) == Weight::LowersProtection;
                return (if guards { Weight::ChangesProtection } else { Weight::Other }, "");
            }
            if let Some(aside) = fact.aside.filter(|_| !less && !covered(old, new)) {
                return (aside.min(of_size(fact, old.len(), new.len())), "");
            }
            less
        }
        (Some(Value::Text(old)), Some(Value::Text(new))) if fact.label == TAG => {
            if !floats(old) && floats(new) {
                return (Weight::LowersProtection, " (not pinned: it can be another image tomorrow)");
            }
            false
        }
        (Some(Value::Image(old)), Some(Value::Image(new))) => {
            let pinned = |it: &str| Image::read(it).digest.is_some();
            let floats = |it: &str| Image::read(it).floats();
            if (pinned(old) && !pinned(new)) || (!floats(old) && floats(new)) {
                return (Weight::LowersProtection, " (no longer pinned)");
            }
            false
        }
        _ => false,
    };
    (if less { fact.down } else { fact.up }, "")
}

/// What it weighs that there are so many others.
fn of_size(fact: &Fact, old: usize, new: usize) -> Weight {
    match new.cmp(&old) {
        Ordering::Less => fact.down,
        Ordering::Equal => fact.aside.unwrap_or(fact.up),
        Ordering::Greater => fact.up,
    }
}

/// Of the image that is deployed.
pub(super) const TAG: &str = "tag";

/// A text that stands for a tag that moves.
fn floats(tag: &str) -> bool {
    let tag = tag.trim_matches(['`', '"']);
    Image { name: "", tag: Some(tag), digest: None }.floats()
}

fn weigh_whole(node: &Node, new: bool) -> Weight {
    let own = match (node.kind, new) {
        (Kind::Check, true) => Weight::RaisesProtection,
        (Kind::Check, false) => Weight::LowersProtection,
        (Kind::Trigger, true) => Weight::Reaches,
        // What is merged is no longer looked at before.
        (Kind::Trigger, false) if looks_at_pull_requests(node) => Weight::LowersProtection,
        (Kind::Pipeline, false) if node.children.iter().any(looks_at_pull_requests) => {
            Weight::LowersProtection
        }
        (Kind::Compute | Kind::Deployment, _) => Weight::Costs,
        (Kind::MlPipeline | Kind::MlInput | Kind::MlStep | Kind::Registration | Kind::Schedule, _) => {
            Weight::MachineLearning
        }
        (
            Kind::Repository | Kind::Connection | Kind::Data | Kind::Model | Kind::Runtime | Kind::Datastore,
            _,
        ) => Weight::Other,
        _ => Weight::Runs,
    };
    let facts = node.facts.iter().filter(|_| new).map(|it| it.up);
    let facts = facts.filter(|it| matches!(it, Weight::Reaches | Weight::Secrets));
    // What is in something that is gone protected nothing else.
    let below = node.children.iter().filter(|it| new || it.kind != Kind::Trigger);
    let below = below.map(|it| weigh_whole(it, new)).filter(|it| new && *it != Weight::RaisesProtection);
    facts.chain(below).chain([own]).min().unwrap_or(own)
}

fn looks_at_pull_requests(node: &Node) -> bool {
    node.kind == Kind::Trigger && node.name.starts_with(PULL_REQUEST)
}

/// What is worth knowing of something that is new or gone.
fn told(node: &Node) -> String {
    let mut said = Vec::new();
    collect(node, &mut said);
    let mut seen = BTreeSet::new();
    said.retain(|it| seen.insert(it.clone()));
    if said.is_empty() { String::new() } else { format!(": {}", said.join("; ")) }
}

fn collect(node: &Node, said: &mut Vec<String>) {
    for fact in node.facts.iter().filter(|it| matches!(it.up, Weight::Reaches | Weight::Secrets)) {
        said.push(format!("{} {}", fact.label, value(Some(&fact.value))));
    }
    for child in &node.children {
        let shown = child.shown.as_deref().unwrap_or_default();
        match child.kind {
            Kind::Trigger => said.push(format!("started by {shown}")),
            Kind::Check => said.push(format!("needs {shown}")),
            _ => {}
        }
        if child.kind != Kind::Trigger {
            collect(child, said);
        }
    }
}
