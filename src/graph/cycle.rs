//! Cycles of a graph given as edges by index: one shortest way round for each knot.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::VecDeque;

/// Each cycle as the nodes on it in order, beginning with its smallest; a node that waits for itself is one of length 1.
pub fn find(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    // Who waits for what stands before it only, as nearly all do, goes round nowhere.
    if edges.iter().enumerate().all(|(from, targets)| targets.iter().all(|to| *to < from)) {
        return Vec::new();
    }
    let mut graph = DiGraph::<(), ()>::with_capacity(edges.len(), edges.len());
    for _ in edges {
        graph.add_node(());
    }
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(*to), ());
        }
    }
    let mut cycles = Vec::new();
    for knot in kosaraju_scc(&graph) {
        let mut nodes: Vec<usize> = knot.into_iter().map(NodeIndex::index).collect();
        nodes.sort_unstable();
        let start = nodes[0];
        if nodes.len() > 1 || edges[start].contains(&start) {
            cycles.push(shortest_round(edges, start, &nodes));
        }
    }
    cycles.sort();
    cycles
}

/// The shortest way from `start` back to it inside the sorted `nodes`.
fn shortest_round(edges: &[Vec<usize>], start: usize, nodes: &[usize]) -> Vec<usize> {
    let mut came_from = vec![usize::MAX; edges.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in edges[node].iter().copied().filter(|it| nodes.binary_search(it).is_ok()) {
            if next == start {
                return way_back(&came_from, start, node);
            }
            if came_from[next] == usize::MAX {
                came_from[next] = node;
                queue.push_back(next);
            }
        }
    }
    vec![start]
}

fn way_back(came_from: &[usize], start: usize, last: usize) -> Vec<usize> {
    let mut way = vec![last];
    let mut node = last;
    while node != start {
        node = came_from[node];
        way.push(node);
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_line_has_no_cycle() {
        assert!(find(&[vec![], vec![0], vec![0, 1]]).is_empty());
    }

    #[test]
    fn each_knot_gives_its_shortest_round() {
        let edges = [vec![1], vec![2, 0], vec![0], vec![3], vec![]];
        assert_eq!(find(&edges), [vec![0, 1], vec![3]]);
    }

    #[test]
    fn a_long_round_does_not_overflow() {
        let count = 100_000;
        let edges: Vec<Vec<usize>> = (0..count).map(|it| vec![(it + 1) % count]).collect();
        assert_eq!(find(&edges)[0].len(), count);
    }
}
