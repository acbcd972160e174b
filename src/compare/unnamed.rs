//! Steps without a name: which of the old ones is which of the new ones.

use super::tree::{Kind, Node};

const SIGN: char = '#';

/// The name of a step that has none, by the word that begins it and its place among those of the same word.
pub fn name(word: &str, count: usize) -> String {
    format!("{SIGN}{word}/{count}")
}

/// The word that begins the step, if it has no name.
pub fn word(name: &str) -> Option<&str> {
    name.strip_prefix(SIGN)?.split('/').next()
}

/// Gives the old ones the names of those that are the same, else of the next of the same word, else names that no new one has.
pub fn settle(old: &mut Node, new: &Node) {
    let mut left: Vec<&Node> = new.children.iter().filter(|it| is_unnamed(it)).collect();
    let mut open: Vec<&mut Node> = old.children.iter_mut().filter(|it| is_unnamed(it)).collect();
    for same in [alike as fn(&Node, &Node) -> bool, |one, other| word(&one.name) == word(&other.name)] {
        open.retain_mut(|one| {
            let found = left.iter().position(|other| same(one, other));
            if let Some(found) = found {
                one.name.clone_from(&left.remove(found).name);
            }
            found.is_none()
        });
    }
    for (count, one) in open.into_iter().enumerate() {
        one.name = format!("{SIGN}{}/gone{count}", word(&one.name).unwrap_or_default());
    }
}

fn is_unnamed(node: &Node) -> bool {
    node.kind == Kind::Step && node.name.starts_with(SIGN)
}

fn alike(one: &Node, other: &Node) -> bool {
    word(&one.name) == word(&other.name) && one.facts == other.facts
}
