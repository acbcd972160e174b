//! Which thing of the old version is which of the new one: by name, by what it is called outside, or because nothing but the
//! name differs. The old tree gets the names of the new one, so that who names it has not changed.

use super::tree::{Kind, Node, reference};
use super::unnamed;
use std::collections::BTreeMap;

#[derive(Debug, PartialEq)]
pub struct Renaming {
    /// From the top; names are those of the new version.
    pub path: Vec<(Kind, String)>,
    pub old: String,
}

/// Renamings that are to be told.
pub fn align(old: &mut Node, new: &Node) -> Vec<Renaming> {
    let mut told = Vec::new();
    align_below(old, new, &mut Vec::new(), &mut told);
    told
}

fn align_below(root: &mut Node, new: &Node, path: &mut Vec<(Kind, String)>, told: &mut Vec<Renaming>) {
    while let Some((kind, from, to, silent)) = at(root, path).and_then(|it| next(it, new, path)) {
        let [before, after] = [&from, &to].map(|name| reference(&with(path, kind, name)));
        let child = at_mut(root, path).and_then(|it| it.child_mut(kind, &from));
        child.expect("it was just found").name.clone_from(&to);
        root.rename(&before, &after);
        if !silent {
            let path = path.iter().cloned().chain([(kind, to)]).collect();
            told.push(Renaming { path, old: from });
        }
    }
    if let Some(node) = at_mut(root, path) {
        unnamed::settle(node, new);
    }
    for child in &new.children {
        if at(root, path).is_some_and(|it| it.child(child.kind, &child.name).is_some()) {
            path.push((child.kind, child.name.clone()));
            align_below(root, child, path, told);
            path.pop();
        }
    }
}

fn with<'a>(path: &'a [(Kind, String)], kind: Kind, name: &'a str) -> Vec<(Kind, &'a str)> {
    path.iter().map(|it| (it.0, it.1.as_str())).chain([(kind, name)]).collect()
}

fn at<'a>(root: &'a Node, path: &[(Kind, String)]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, (kind, name)| node.child(*kind, name))
}

fn at_mut<'a>(root: &'a mut Node, path: &[(Kind, String)]) -> Option<&'a mut Node> {
    path.iter().try_fold(root, |node, (kind, name)| node.child_mut(*kind, name))
}

/// A pair of children that have different names and are the same; last, whether that is nothing to tell.
fn next(old: &Node, new: &Node, path: &[(Kind, String)]) -> Option<(Kind, String, String, bool)> {
    let gone: Vec<&Node> = old.children.iter().filter(|it| new.child(it.kind, &it.name).is_none()).collect();
    let come: Vec<&Node> = new.children.iter().filter(|it| old.child(it.kind, &it.name).is_none()).collect();
    if gone.is_empty() || come.is_empty() {
        return None;
    }
    let same_outside = gone.iter().find_map(|one| {
        let outer = one.outer.as_ref()?;
        let other = come.iter().find(|it| it.kind == one.kind && it.outer.as_ref() == Some(outer))?;
        Some((one.kind, one.name.clone(), other.name.clone(), one.kind != Kind::Pipeline))
    });
    same_outside.or_else(|| same_inside(&gone, &come, path))
}

fn same_inside(
    gone: &[&Node],
    come: &[&Node],
    path: &[(Kind, String)],
) -> Option<(Kind, String, String, bool)> {
    let print = |it: &Node| it.fingerprint(&reference(&with(path, it.kind, &it.name)));
    let prints = |all: &[&Node]| {
        let mut found: BTreeMap<(Kind, String), Vec<String>> = BTreeMap::new();
        for it in all.iter().filter(|it| it.kind.has_identity() && says_something(it)) {
            found.entry((it.kind, print(it))).or_default().push(it.name.clone());
        }
        found
    };
    let come = prints(come);
    prints(gone).into_iter().find_map(|(key, names)| {
        let others = come.get(&key)?;
        let ([one], [other]) = (names.as_slice(), others.as_slice()) else { return None };
        Some((key.0, one.clone(), other.clone(), false))
    })
}

fn says_something(node: &Node) -> bool {
    !node.facts.is_empty() || !node.children.is_empty()
}

impl Node {
    pub fn child(&self, kind: Kind, name: &str) -> Option<&Node> {
        self.children.iter().find(|it| it.kind == kind && it.name == name)
    }

    fn child_mut(&mut self, kind: Kind, name: &str) -> Option<&mut Node> {
        self.children.iter_mut().find(|it| it.kind == kind && it.name == name)
    }
}
