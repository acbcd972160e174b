//! Where everything stands. Each node that holds others is laid out by itself, the innermost first, and is one box where it stands: so
//! no edge runs through a box that it does not end at, and the work grows with the size of the levels, not of the whole.

mod level;
mod pack;
mod route;
mod shape;

pub use shape::{Lines, Style, lines, shown};

use super::picture::{Picture, What};
use level::{Bond, Level};

/// Pixels, from the upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn meets(&self, other: &Rect) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    pub fn holds(&self, other: &Rect) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }
}

/// Which way edges go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Down,
    Right,
}

/// How an edge goes: from point to point, straight where they share a coordinate, else in a curve that leaves and arrives along the flow.
#[derive(Clone, Debug)]
pub struct Way {
    pub points: Vec<(f64, f64)>,
    pub flow: Flow,
    /// The label's box.
    pub label: Option<Rect>,
}

#[derive(Debug)]
pub struct Layout {
    pub width: f64,
    pub height: f64,
    /// By node.
    pub boxes: Vec<Rect>,
    /// By edge; none between a node and what holds it.
    pub ways: Vec<Option<Way>>,
}

/// Around everything, and inside of what holds others.
const MARGIN: f64 = 16.0;
/// The largest picture that is laid out in several ways.
const TRIED: usize = 300;
/// What a page in a window shows beside its panel, and as far down as people like to go on.
const WINDOW: (f64, f64) = (1030.0, 1500.0);
/// How much larger another way must show the whole to be taken for the plain one.
const BETTER: f64 = 1.15;

/// Which way a picture grows.
#[derive(Clone, Copy)]
struct Manner {
    /// The outermost level goes the other way.
    is_turned: bool,
    /// What goes to the right and would be wider than this goes down the page.
    widest: f64,
}

const PLAIN: Manner = Manner { is_turned: false, widest: 960.0 };
const OTHERS: [Manner; 5] = [
    Manner { is_turned: false, widest: 560.0 },
    Manner { is_turned: false, widest: 0.0 },
    Manner { is_turned: true, widest: 960.0 },
    Manner { is_turned: true, widest: 560.0 },
    Manner { is_turned: true, widest: 0.0 },
];

/// As people read on, down the page; in another way where a window shows the whole clearly larger then.
pub fn layout(picture: &Picture) -> Layout {
    let mut best = laid(picture, PLAIN);
    if picture.nodes.len() > TRIED || best.scale() >= 1.0 {
        return best;
    }
    let mut least = best.scale() * BETTER;
    for manner in OTHERS {
        let other = laid(picture, manner);
        if other.scale() > least {
            least = other.scale();
            best = other;
        }
    }
    best
}

impl Layout {
    /// How large a window shows the whole.
    fn scale(&self) -> f64 {
        (WINDOW.0 / self.width).min(WINDOW.1 / self.height)
    }
}

fn laid(picture: &Picture, manner: Manner) -> Layout {
    let mut work = Work::of(picture, manner);
    // What is held stands behind what holds it.
    for node in (0..picture.nodes.len()).rev() {
        work.size(node);
    }
    let all: Vec<usize> = picture.roots().collect();
    let (whole, edges) = work.level(&all, None);
    let mut layout = Layout {
        width: whole.width + 2.0 * MARGIN,
        height: whole.height + 2.0 * MARGIN,
        boxes: vec![Rect::default(); picture.nodes.len()],
        ways: vec![None; picture.edges.len()],
    };
    work.put(&mut layout, (&all, whole, edges), (MARGIN, MARGIN));
    layout
}

struct Work<'a> {
    picture: &'a Picture,
    manner: Manner,
    children: Vec<Vec<usize>>,
    /// For each node (the last: the whole) the edges between what it holds: edge, and the two ends among those.
    edges: Vec<Vec<(usize, usize, usize)>>,
    sizes: Vec<(f64, f64)>,
    inside: Vec<Option<(Level, Vec<usize>)>>,
    depths: Vec<usize>,
}

impl<'a> Work<'a> {
    fn of(picture: &'a Picture, manner: Manner) -> Work<'a> {
        let count = picture.nodes.len();
        let mut depths: Vec<usize> = Vec::with_capacity(count);
        for node in &picture.nodes {
            depths.push(node.parent.map_or(0, |it| depths[it] + 1));
        }
        let mut edges = vec![Vec::new(); count + 1];
        for (index, edge) in picture.edges.iter().enumerate() {
            if let Some((above, from, to)) = meeting(picture, &depths, (edge.from, edge.to)) {
                edges[above.unwrap_or(count)].push((index, from, to));
            }
        }
        Work {
            picture,
            manner,
            children: picture.children(),
            edges,
            sizes: vec![(0.0, 0.0); count],
            inside: (0..count).map(|_| None).collect(),
            depths,
        }
    }

    fn size(&mut self, node: usize) {
        let lines = lines(&self.picture.nodes[node]);
        let held = std::mem::take(&mut self.children[node]);
        self.sizes[node] = if held.is_empty() {
            (lines.width, lines.height)
        } else {
            let (level, edges) = self.level(&held, Some(node));
            let width = (level.width + 2.0 * MARGIN).max(lines.width);
            let height = lines.height + level.height + MARGIN;
            self.inside[node] = Some((level, edges));
            (width, height)
        };
        self.children[node] = held;
    }

    /// The nodes of a level laid out, and which edges those are.
    fn level(&self, nodes: &[usize], above: Option<usize>) -> (Level, Vec<usize>) {
        let depth = above.map_or(0, |it| self.depths[it] + 1);
        let own = &self.edges[above.unwrap_or(self.picture.nodes.len())];
        let first = nodes.first().copied().unwrap_or_default();
        let mut place = vec![usize::MAX; nodes.last().map_or(0, |it| it + 1 - first)];
        for (at, node) in nodes.iter().enumerate() {
            place[node - first] = at;
        }
        let bonds: Vec<Bond> = own
            .iter()
            .map(|(edge, from, to)| Bond {
                from: place[from - first],
                to: place[to - first],
                label: shape::label(&self.picture.edges[*edge].label),
            })
            .collect();
        let sizes: Vec<(f64, f64)> = nodes.iter().map(|it| self.sizes[*it]).collect();
        let flow = flow(self.picture.what, depth, self.manner);
        let mut level = level::place(&sizes, &bonds, flow);
        let widest = match above {
            Some(_) => self.manner.widest,
            None if self.manner.is_turned => f64::INFINITY,
            None => PLAIN.widest,
        };
        if flow == Flow::Right && level.width > widest {
            level = level::place(&sizes, &bonds, Flow::Down);
        }
        (level, own.iter().map(|it| it.0).collect())
    }

    fn put(
        &mut self,
        layout: &mut Layout,
        (nodes, level, edges): (&[usize], Level, Vec<usize>),
        (x, y): (f64, f64),
    ) {
        for (way, edge) in level.ways.into_iter().zip(edges) {
            layout.ways[edge] = Some(way.moved(x, y));
        }
        for (node, (left, top)) in nodes.iter().zip(&level.corners) {
            let (width, height) = self.sizes[*node];
            let rect = Rect { x: x + left, y: y + top, width, height };
            layout.boxes[*node] = rect;
            if let Some((inside, edges)) = self.inside[*node].take() {
                let held = std::mem::take(&mut self.children[*node]);
                let lines = lines(&self.picture.nodes[*node]);
                let left = rect.x + (width - inside.width) / 2.0;
                self.put(layout, (&held, inside, edges), (left, rect.y + lines.height));
            }
        }
    }
}

impl Way {
    fn moved(mut self, x: f64, y: f64) -> Way {
        for point in &mut self.points {
            *point = (point.0 + x, point.1 + y);
        }
        if let Some(label) = &mut self.label {
            *label = Rect { x: label.x + x, y: label.y + y, ..*label };
        }
        self
    }
}

/// The innermost node that holds both ends, and the two that it holds directly; none where one end holds the other.
fn meeting(
    picture: &Picture,
    depths: &[usize],
    (mut from, mut to): (usize, usize),
) -> Option<(Option<usize>, usize, usize)> {
    if from == to {
        return Some((picture.nodes[from].parent, from, to));
    }
    let up = |node: usize| picture.nodes[node].parent;
    while depths[from] > depths[to] {
        from = up(from)?;
    }
    while depths[to] > depths[from] {
        to = up(to)?;
    }
    if from == to {
        return None;
    }
    while up(from) != up(to) {
        (from, to) = (up(from)?, up(to)?);
    }
    Some((up(from), from, to))
}

/// Pictures grow down the page, as people read on; what stands inside goes to the right, so that both sides are used.
fn flow(what: What, depth: usize, manner: Manner) -> Flow {
    let down = match what {
        What::System => depth == 0,
        What::Pipeline => depth < 2,
        What::Ml => true,
        What::Approvals => false,
    };
    let is_turned = manner.is_turned && depth == 0;
    if down == is_turned { Flow::Right } else { Flow::Down }
}
