//! Boxes that have nothing to do with each other, side by side.

/// Between them.
const GAP: f64 = 36.0;
/// How much wider than high the whole is to be.
const RATIO: f64 = 1.5;

/// A piece of the lower border of what is placed: from `x` on it is at `y`.
#[derive(Clone, Copy, Debug)]
struct Step {
    x: f64,
    y: f64,
}

/// The upper left corners, and the size of the whole. Each box goes as far up as it can, the highest first.
pub(super) fn pack(sizes: &[(f64, f64)]) -> (Vec<(f64, f64)>, (f64, f64)) {
    let area: f64 = sizes.iter().map(|it| (it.0 + GAP) * (it.1 + GAP)).sum();
    let widest = sizes.iter().map(|it| it.0).fold((area * RATIO).sqrt(), f64::max) + GAP;
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|a, b| sizes[*b].1.total_cmp(&sizes[*a].1));
    let mut border = vec![Step { x: 0.0, y: 0.0 }];
    let mut corners = vec![(0.0, 0.0); sizes.len()];
    let (mut width, mut height) = (0.0_f64, 0.0_f64);
    for index in order {
        let (wide, high) = sizes[index];
        let (x, y) = highest(&border, wide + GAP, widest);
        corners[index] = (x, y);
        width = width.max(x + wide);
        height = height.max(y + high);
        lower(&mut border, (x, x + wide + GAP), y + high + GAP);
    }
    (corners, (width, height))
}

/// The place that is furthest up; of those the leftmost.
fn highest(border: &[Step], wide: f64, widest: f64) -> (f64, f64) {
    let mut best: Option<(f64, f64)> = None;
    for (at, step) in border.iter().enumerate() {
        if at > 0 && step.x + wide > widest {
            break;
        }
        let under = border[at..].iter().take_while(|it| it.x < step.x + wide);
        let y = under.map(|it| it.y).fold(0.0, f64::max);
        if best.is_none_or(|it| y < it.1) {
            best = Some((step.x, y));
        }
    }
    best.unwrap_or_default()
}

/// From `from` to `to` the border is at `y` now.
fn lower(border: &mut Vec<Step>, (from, to): (f64, f64), y: f64) {
    let behind = border.iter().rev().find(|it| it.x <= to).map_or(0.0, |it| it.y);
    border.retain(|it| it.x < from || it.x > to);
    border.push(Step { x: from, y });
    border.push(Step { x: to, y: behind });
    border.sort_by(|a, b| a.x.total_cmp(&b.x));
}
