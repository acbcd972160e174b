//! Edges between layers. A layer is a band across the page; in bands edges go straight down, between boxes, and they change sides only
//! between bands, where no box is. Layers are one below the other here; who lays out to the right turns the points.

use super::level::{Bond, Layers};
use super::{Flow, Rect, Way};

/// The upper and the lower side of a layer, by the height of its middle.
pub(super) struct Bands(Vec<(f64, f64, f64)>);

/// Two middles nearer than this are the same layer.
const SAME: f64 = 0.5;
/// From the corner of a box to its first edge, and from edge to edge.
const CORNER: f64 = 14.0;
const APART: f64 = 18.0;
/// The last piece of an edge is straight, as long as the head of its arrow.
const TIP: f64 = 10.0;

pub(super) fn ways(layers: &Layers, bonds: &[Bond]) -> Vec<Way> {
    let bands = Bands::of(layers);
    let ports = Ports::of(layers, bonds);
    let ways = bonds.iter().enumerate().map(|(index, bond)| {
        let points = if bond.from == bond.to {
            round(&layers.boxes[bond.from])
        } else {
            way(&bands, layers, (bond, &layers.between[index]), ports.of[index])
        };
        Way { points, flow: Flow::Down, label: layers.labels[index] }
    });
    ways.collect()
}

impl Bands {
    pub fn of(layers: &Layers) -> Bands {
        let labels = layers.labels.iter().flatten();
        let labels = labels.map(|it| (it.y + it.height / 2.0, it.height / 2.0));
        let boxes = layers.boxes.iter().zip(&layers.ranks).map(|(it, rank)| (*rank, it.height / 2.0));
        let mut all: Vec<(f64, f64)> = boxes.chain(labels).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut bands: Vec<(f64, f64, f64)> = Vec::new();
        for (middle, half) in all {
            match bands.last_mut() {
                Some(last) if middle - last.0 < SAME => {
                    *last = (last.0, last.1.min(middle - half), last.2.max(middle + half));
                }
                _ => bands.push((middle, middle - half, middle + half)),
            }
        }
        Bands(bands)
    }

    /// The sides of the layer at this height.
    pub fn at(&self, y: f64) -> (f64, f64) {
        let next = self.0.partition_point(|it| it.0 < y - SAME);
        let found = self.0.get(next).filter(|it| (it.0 - y).abs() < SAME);
        found.map_or((y, y), |it| (it.1, it.2))
    }
}

/// Where edges leave and reach boxes.
struct Ports {
    /// By edge: at its first and at its last box.
    of: Vec<(f64, f64)>,
}

struct Wish {
    edge: usize,
    is_end: bool,
    x: f64,
}

impl Ports {
    fn of(layers: &Layers, bonds: &[Bond]) -> Ports {
        let mut wishes: Vec<[Vec<Wish>; 2]> = layers.boxes.iter().map(|_| [Vec::new(), Vec::new()]).collect();
        for (edge, bond) in bonds.iter().enumerate().filter(|it| it.1.from != it.1.to) {
            let between = &layers.between[edge];
            let (from, to) = (&layers.boxes[bond.from], &layers.boxes[bond.to]);
            let first = between.first().copied().unwrap_or((middle(to), layers.ranks[bond.to]));
            let last = between.last().copied().unwrap_or((middle(from), layers.ranks[bond.from]));
            let down = first.1 > layers.ranks[bond.from];
            wishes[bond.from][usize::from(down)].push(Wish { edge, is_end: false, x: first.0 });
            let from_above = last.1 < layers.ranks[bond.to];
            wishes[bond.to][usize::from(!from_above)].push(Wish { edge, is_end: true, x: last.0 });
        }
        let mut ports = Ports { of: vec![(0.0, 0.0); bonds.len()] };
        for (rect, sides) in layers.boxes.iter().zip(wishes) {
            for side in sides {
                ports.give(rect, side);
            }
        }
        ports
    }

    /// As near to where each edge goes as the box is wide, in that order, and apart from each other.
    fn give(&mut self, rect: &Rect, mut wishes: Vec<Wish>) {
        wishes.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.edge.cmp(&b.edge)));
        let corner = CORNER.min(rect.width / 4.0);
        let (left, right) = (rect.x + corner, rect.x + rect.width - corner);
        let count = f64::from(u32::try_from(wishes.len()).unwrap_or(u32::MAX));
        let apart = APART.min((right - left) / count.max(1.0));
        let mut least = left;
        for wish in &mut wishes {
            wish.x = wish.x.clamp(left, right).max(least);
            least = wish.x + apart;
        }
        let mut most = right;
        for wish in wishes.iter_mut().rev() {
            wish.x = wish.x.min(most);
            most = wish.x - apart;
        }
        for wish in wishes {
            let port = &mut self.of[wish.edge];
            *(if wish.is_end { &mut port.1 } else { &mut port.0 }) = wish.x;
        }
    }
}

fn middle(rect: &Rect) -> f64 {
    rect.x + rect.width / 2.0
}

fn way(
    bands: &Bands,
    layers: &Layers,
    (bond, between): (&Bond, &[(f64, f64)]),
    (leaves, arrives): (f64, f64),
) -> Vec<(f64, f64)> {
    let (from, to) = (&layers.boxes[bond.from], &layers.boxes[bond.to]);
    let (start, end) = (layers.ranks[bond.from], layers.ranks[bond.to]);
    let down = between.first().map_or(end, |it| it.1) > start;
    let mut points = vec![(leaves, if down { from.y + from.height } else { from.y })];
    let (above, below) = bands.at(start);
    points.push((leaves, if down { below } else { above }));
    for (x, y) in between {
        let (above, below) = bands.at(*y);
        let (first, second) = if down { (above, below) } else { (below, above) };
        points.extend([(*x, first), (*x, second)]);
    }
    let from_above = between.last().map_or(start, |it| it.1) < end;
    let (above, below) = bands.at(end);
    points.push((arrives, if from_above { above - TIP } else { below + TIP }));
    points.push((arrives, if from_above { to.y } else { to.y + to.height }));
    points.dedup_by(|a, b| (a.0 - b.0).abs() < 0.01 && (a.1 - b.1).abs() < 0.01);
    points
}

/// Out at the side and back.
fn round(rect: &Rect) -> Vec<(f64, f64)> {
    let (x, y) = (rect.x + rect.width, rect.y + rect.height / 2.0);
    vec![(x, y - 8.0), (x + 16.0, y - 8.0), (x + 16.0, y + 8.0), (x, y + 8.0)]
}
