//! The part of a picture that leads to a node or from it.

use super::picture::{Edge, Picture};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn around(picture: Picture, id: &str) -> Picture {
    let Some(middle) = picture.nodes.iter().position(|it| it.id == id) else { return picture };
    let tops = picture.tops();
    let edges: Vec<(usize, usize)> = picture.edges.iter().map(|it| (tops[it.from], tops[it.to])).collect();
    let back: Vec<(usize, usize)> = edges.iter().map(|it| (it.1, it.0)).collect();
    let mut kept = reached(middle, &edges);
    kept.extend(reached(middle, &back));
    only(picture, &kept)
}

fn reached(from: usize, edges: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut behind: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (start, end) in edges {
        behind.entry(*start).or_default().push(*end);
    }
    let mut found = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for end in behind.get(&at).into_iter().flatten() {
            if found.insert(*end) {
                open.push(*end);
            }
        }
    }
    found
}

fn only(picture: Picture, kept: &BTreeSet<usize>) -> Picture {
    let stays: Vec<bool> = picture.tops().iter().map(|it| kept.contains(it)).collect();
    let mut number = 0;
    let numbers: Vec<usize> = stays
        .iter()
        .map(|it| {
            number += usize::from(*it);
            number.saturating_sub(1)
        })
        .collect();
    let nodes = picture.nodes.into_iter().zip(&stays).filter(|it| *it.1).map(|(mut node, _)| {
        node.parent = node.parent.map(|it| numbers[it]);
        node
    });
    let edges = picture.edges.into_iter().filter(|it| stays[it.from] && stays[it.to]);
    let edges = edges.map(|it| Edge { from: numbers[it.from], to: numbers[it.to], ..it });
    Picture { nodes: nodes.collect(), edges: edges.collect(), ..picture }
}
