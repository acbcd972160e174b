//! The boxes of one level: those that hang together are laid out in layers by `dagre`, the groups are packed.

use super::{Flow, Rect, Way, pack, route};
use dagre::graph::{Graph, GraphOptions};
use dagre::{EdgeLabel, LayoutOptions, NodeLabel};

/// An edge between two boxes of a level, with the size of its label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bond {
    pub from: usize,
    pub to: usize,
    pub label: Option<(f64, f64)>,
}

#[derive(Debug, Default)]
pub(super) struct Level {
    pub width: f64,
    pub height: f64,
    /// Upper left, by box.
    pub corners: Vec<(f64, f64)>,
    /// By edge.
    pub ways: Vec<Way>,
}

/// Between boxes of a layer, and between layers.
const BESIDE: f64 = 34.0;
const BETWEEN: f64 = 60.0;

pub(super) fn place(sizes: &[(f64, f64)], bonds: &[Bond], flow: Flow) -> Level {
    let groups = groups(sizes.len(), bonds);
    let mut bonds_of = vec![Vec::new(); groups.count];
    for (index, bond) in bonds.iter().enumerate() {
        bonds_of[groups.of[bond.from]].push(index);
    }
    let mut boxes_of = vec![Vec::new(); groups.count];
    for (index, group) in groups.of.iter().enumerate() {
        boxes_of[*group].push(index);
    }
    let parts: Vec<Level> =
        boxes_of.iter().zip(&bonds_of).map(|(boxes, own)| group(sizes, bonds, (boxes, own), flow)).collect();
    let (corners, (width, height)) =
        pack::pack(&parts.iter().map(|it| (it.width, it.height)).collect::<Vec<_>>());
    let mut level = Level { width, height, corners: vec![(0.0, 0.0); sizes.len()], ways: Vec::new() };
    let mut ways: Vec<Option<Way>> = vec![None; bonds.len()];
    for (number, part) in parts.into_iter().enumerate() {
        let (x, y) = corners[number];
        for (at, corner) in boxes_of[number].iter().zip(part.corners) {
            level.corners[*at] = (corner.0 + x, corner.1 + y);
        }
        for (at, way) in bonds_of[number].iter().zip(part.ways) {
            ways[*at] = Some(way.moved(x, y));
        }
    }
    level.ways = ways.into_iter().flatten().collect();
    level
}

struct Groups {
    /// By box.
    of: Vec<usize>,
    count: usize,
}

/// What hangs together, in the order of the first of each.
fn groups(count: usize, bonds: &[Bond]) -> Groups {
    let mut beside = vec![Vec::new(); count];
    for bond in bonds {
        beside[bond.from].push(bond.to);
        beside[bond.to].push(bond.from);
    }
    let mut groups = Groups { of: vec![usize::MAX; count], count: 0 };
    for start in 0..count {
        if groups.of[start] != usize::MAX {
            continue;
        }
        let mut open = vec![start];
        groups.of[start] = groups.count;
        while let Some(at) = open.pop() {
            for next in &beside[at] {
                if groups.of[*next] == usize::MAX {
                    groups.of[*next] = groups.count;
                    open.push(*next);
                }
            }
        }
        groups.count += 1;
    }
    groups
}

fn group(sizes: &[(f64, f64)], bonds: &[Bond], (boxes, own): (&[usize], &[usize]), flow: Flow) -> Level {
    let turned = |it: (f64, f64)| if flow == Flow::Down { it } else { (it.1, it.0) };
    let mut place = std::collections::BTreeMap::new();
    for (at, index) in boxes.iter().enumerate() {
        place.insert(*index, at);
    }
    let sizes: Vec<(f64, f64)> = boxes.iter().map(|it| turned(sizes[*it])).collect();
    let bonds: Vec<Bond> = own
        .iter()
        .map(|it| {
            let bond = bonds[*it];
            Bond { from: place[&bond.from], to: place[&bond.to], label: bond.label.map(turned) }
        })
        .collect();
    let mut layers = layers(&sizes, &bonds);
    layers.tighten(&bonds);
    let mut level = Level {
        width: 0.0,
        height: 0.0,
        corners: layers.boxes.iter().map(|it| turned((it.x, it.y))).collect(),
        ways: route::ways(&layers, &bonds),
    };
    for way in level.ways.iter_mut().filter(|_| flow == Flow::Right) {
        way.flow = flow;
        way.points.iter_mut().for_each(|it| *it = (it.1, it.0));
        if let Some(it) = &mut way.label {
            *it = Rect { x: it.y, y: it.x, width: it.height, height: it.width };
        }
    }
    let boxes = layers.boxes.iter().map(|it| turned((it.x + it.width, it.y + it.height)));
    let labels = level.ways.iter().filter_map(|it| it.label).map(|it| (it.x + it.width, it.y + it.height));
    let points = level.ways.iter().flat_map(|it| it.points.iter().copied());
    for (x, y) in boxes.chain(labels).chain(points) {
        (level.width, level.height) = (level.width.max(x), level.height.max(y));
    }
    level
}

/// What dagre finds: boxes, and for each edge the points between its ends, and the label's box.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pub boxes: Vec<Rect>,
    /// By box, the middle of its layer.
    pub ranks: Vec<f64>,
    pub between: Vec<Vec<(f64, f64)>>,
    pub labels: Vec<Option<Rect>>,
}

impl Layers {
    /// Beside high boxes low ones have room: they go up to what leads to them, or down to what they lead to if nothing does.
    fn tighten(&mut self, bonds: &[Bond]) {
        self.ranks = self.boxes.iter().map(|it| it.y + it.height / 2.0).collect();
        let bands = route::Bands::of(self);
        let (mut has_before, mut has_behind) = (vec![false; self.boxes.len()], vec![false; self.boxes.len()]);
        for bond in bonds.iter().filter(|it| it.from != it.to) {
            let (above, below) = if self.ranks[bond.from] < self.ranks[bond.to] {
                (bond.from, bond.to)
            } else {
                (bond.to, bond.from)
            };
            (has_behind[above], has_before[below]) = (true, true);
        }
        for (index, rect) in self.boxes.iter_mut().enumerate() {
            let (above, below) = bands.at(self.ranks[index]);
            if has_before[index] {
                rect.y = above;
            } else if has_behind[index] {
                rect.y = below - rect.height;
            }
        }
    }
}

fn layers(sizes: &[(f64, f64)], bonds: &[Bond]) -> Layers {
    let none = || Layers {
        ranks: Vec::new(),
        boxes: sizes.iter().map(|it| Rect { x: 0.0, y: 0.0, width: it.0, height: it.1 }).collect(),
        between: vec![Vec::new(); bonds.len()],
        labels: vec![None; bonds.len()],
    };
    if sizes.len() < 2 {
        return none();
    }
    if let Some(order) = chain(sizes.len(), bonds) {
        return row(sizes, bonds, &order);
    }
    let mut graph = Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: false });
    for (index, (width, height)) in sizes.iter().enumerate() {
        let node = NodeLabel { width: *width, height: *height, ..NodeLabel::default() };
        graph.set_node(index.to_string(), Some(node));
    }
    for (index, bond) in bonds.iter().enumerate().filter(|it| it.1.from != it.1.to) {
        let (width, height) = bond.label.unwrap_or_default();
        let edge = EdgeLabel {
            width,
            height,
            labelpos: dagre::layout::types::LabelPos::Center,
            ..EdgeLabel::default()
        };
        graph.set_edge(bond.from.to_string(), bond.to.to_string(), Some(edge), Some(&index.to_string()));
    }
    let options =
        LayoutOptions { nodesep: BESIDE, ranksep: BETWEEN, edgesep: 16.0, ..LayoutOptions::default() };
    dagre::layout(&mut graph, Some(options));
    let mut found = none();
    for (index, rect) in found.boxes.iter_mut().enumerate() {
        let node = graph.node(&index.to_string());
        let (x, y) = node.map_or((0.0, 0.0), |it| (it.x.unwrap_or_default(), it.y.unwrap_or_default()));
        *rect = Rect { x: x - rect.width / 2.0, y: y - rect.height / 2.0, ..*rect };
    }
    for (index, bond) in bonds.iter().enumerate() {
        let edge = graph.edge(&bond.from.to_string(), &bond.to.to_string(), Some(&index.to_string()));
        let Some(edge) = edge else { continue };
        // The first and the last lie on the boxes, where lines straight to their middle would meet them.
        let inner = edge.points.len().saturating_sub(2);
        found.between[index] = edge.points.iter().skip(1).take(inner).map(|it| (it.x, it.y)).collect();
        found.labels[index] = bond.label.zip(edge.x.zip(edge.y)).map(|((width, height), (x, y))| Rect {
            x: x - width / 2.0,
            y: y - height / 2.0,
            width,
            height,
        });
    }
    found
}

/// The boxes in their order where each leads to the next one and nowhere else, as in most pipelines: the edges by which.
fn chain(count: usize, bonds: &[Bond]) -> Option<Vec<usize>> {
    if bonds.len() + 1 != count {
        return None;
    }
    let (mut out, mut into) = (vec![None; count], vec![false; count]);
    for (index, bond) in bonds.iter().enumerate() {
        if bond.from == bond.to || out[bond.from].is_some() || into[bond.to] {
            return None;
        }
        (out[bond.from], into[bond.to]) = (Some(index), true);
    }
    let mut at = into.iter().position(|it| !it)?;
    let mut order = Vec::with_capacity(bonds.len());
    while let Some(bond) = out[at] {
        order.push(bond);
        at = bonds[bond].to;
    }
    (order.len() == bonds.len()).then_some(order)
}

/// What dagre would find, without looking for it.
fn row(sizes: &[(f64, f64)], bonds: &[Bond], order: &[usize]) -> Layers {
    let labels = bonds.iter().filter_map(|it| it.label);
    let middle = sizes.iter().copied().chain(labels).map(|it| it.0).fold(0.0, f64::max) / 2.0;
    let mut layers = Layers {
        boxes: vec![Rect::default(); sizes.len()],
        ranks: Vec::new(),
        between: vec![Vec::new(); bonds.len()],
        labels: vec![None; bonds.len()],
    };
    let centred = |(width, height): (f64, f64), y: f64| Rect { x: middle - width / 2.0, y, width, height };
    let Some(first) = order.first().map(|it| bonds[*it].from) else { return layers };
    layers.boxes[first] = centred(sizes[first], 0.0);
    let mut y = sizes[first].1;
    for index in order {
        let bond = &bonds[*index];
        let label = bond.label.unwrap_or_default();
        let top = y + BETWEEN / 2.0;
        layers.between[*index] = vec![(middle, top + label.1 / 2.0)];
        layers.labels[*index] = bond.label.map(|it| centred(it, top));
        let below = top + label.1 + BETWEEN / 2.0;
        layers.boxes[bond.to] = centred(sizes[bond.to], below);
        y = below + sizes[bond.to].1;
    }
    layers
}
