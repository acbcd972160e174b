//! A picture as SVG: one drawing for light and dark, legible without its colours, with a title on everything for those who do not see it.

mod style;

use super::layout::{self, Layout, Rect, Style, Way};
use super::picture::{Edge, Kind, Node, Picture, Sign};
use super::text::place;
use crate::base::sources::Sources;
use std::fmt::Write as _;

pub use style::sheet;

pub fn svg(picture: &Picture, sources: &Sources) -> String {
    drawing(picture, sources, &format!("<style>{}</style>", sheet()))
}

/// With something at its head; pages have one sheet for several drawings.
pub fn drawing(picture: &Picture, sources: &Sources, head: &str) -> String {
    let layout = layout::layout(picture);
    let draw = Draw { picture, sources, layout: &layout, children: picture.children() };
    let (width, height) = (whole(layout.width), whole(layout.height));
    let mut text = format!(
        "<svg class=\"mlops\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n{head}\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n",
        title = escaped(&picture.title),
    );
    let holds = |it: &usize| !draw.children[*it].is_empty();
    let all = || 0..picture.nodes.len();
    all().filter(holds).for_each(|it| draw.node(&mut text, it));
    (0..picture.edges.len()).for_each(|it| draw.edge(&mut text, it));
    all().filter(|it| !holds(it)).for_each(|it| draw.node(&mut text, it));
    (0..picture.edges.len()).for_each(|it| draw.label(&mut text, it));
    text + "</svg>\n"
}

struct Draw<'a> {
    picture: &'a Picture,
    sources: &'a Sources,
    layout: &'a Layout,
    children: Vec<Vec<usize>>,
}

impl Draw<'_> {
    fn node(&self, text: &mut String, index: usize) {
        let (node, rect) = (&self.picture.nodes[index], &self.layout.boxes[index]);
        let place = node.place.map(|it| place(self.sources, it));
        let data = place.as_ref().map(|it| format!(" data-place=\"{}\"", escaped(it))).unwrap_or_default();
        let within = node.parent.map(|it| escaped(&self.picture.nodes[it].id));
        let within = within.map(|it| format!(" data-within=\"{it}\"")).unwrap_or_default();
        let holds = if self.children[index].is_empty() { "" } else { " holds" };
        let _ = write!(
            text,
            "<g class=\"node {}{holds}\" data-id=\"{}\"{within}{data}><title>{}</title>",
            class(node.kind),
            escaped(&node.id),
            escaped(&told(node, place.as_deref())),
        );
        outline(text, node.kind, rect);
        let lines = layout::lines(node);
        for (style, line, foot) in &lines.lines {
            let name = match style {
                Style::Caption => "caption".to_owned(),
                Style::Head => "head".to_owned(),
                Style::Note(sign) => format!("note {}", sign.word()),
            };
            let (x, y) = (short(rect.x + lines.left), short(rect.y + foot));
            let _ = write!(text, "<text class=\"{name}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(line));
        }
        text.push_str("</g>\n");
    }

    fn edge(&self, text: &mut String, index: usize) {
        let (edge, Some(way)) = (&self.picture.edges[index], &self.layout.ways[index]) else { return };
        let place = edge.place.map(|it| place(self.sources, it));
        let data = place.as_ref().map(|it| format!(" data-place=\"{}\"", escaped(it))).unwrap_or_default();
        let broken = if edge.kind.is_dashed() { " broken" } else { "" };
        let _ = writeln!(
            text,
            "<g class=\"edge {}{broken}\" data-edge=\"{index}\" data-from=\"{}\" data-to=\"{}\"{data}><title>{}</title><path class=\"line\" d=\"{}\"/>\
             <path class=\"tip\" d=\"{}\"/></g>",
            edge.kind.word(),
            escaped(&self.picture.nodes[edge.from].id),
            escaped(&self.picture.nodes[edge.to].id),
            escaped(&self.said(edge)),
            line(way),
            tip(way),
        );
    }

    fn label(&self, text: &mut String, index: usize) {
        let edge = &self.picture.edges[index];
        let Some(rect) = self.layout.ways[index].as_ref().and_then(|it| it.label) else { return };
        let (x, y) = (short(rect.x + rect.width / 2.0), short(rect.y + 14.0));
        let _ = writeln!(
            text,
            "<g class=\"label\" data-edge=\"{index}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>\
             <text x=\"{x}\" y=\"{y}\">{}</text></g>",
            short(rect.x),
            short(rect.y),
            short(rect.width),
            short(rect.height),
            escaped(&layout::shown(&edge.label)),
        );
    }

    fn said(&self, edge: &Edge) -> String {
        let name = |it: usize| {
            let node = &self.picture.nodes[it];
            format!("{} {}", node.kind.word(), node.title)
        };
        let label = if edge.label.is_empty() { String::new() } else { format!(": {}", edge.label) };
        format!("{} {} {}{label}", name(edge.from), edge.kind.word(), name(edge.to))
    }
}

/// All that is known of a node, also what does not fit into its box.
fn told(node: &Node, place: Option<&str>) -> String {
    let notes = node.notes.iter().map(|it| match it.sign {
        Sign::Plain => format!("\n{}", it.text),
        Sign::If => format!("\nif {}", it.text),
        Sign::To => format!("\nto {}", it.text),
        Sign::Does | Sign::Asks | Sign::Waits | Sign::Guards | Sign::Warns | Sign::In | Sign::Out => {
            format!("\n{}", it.shown())
        }
    });
    let place = place.map(|it| format!("\n{it}")).unwrap_or_default();
    format!("{} {}{}{place}", node.kind.word(), node.title, notes.collect::<String>())
}

pub fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Source => "source",
        Kind::Pipeline => "pipeline",
        Kind::Stage | Kind::Job | Kind::MlStep => "work",
        Kind::Approval => "approval",
        Kind::Environment => "environment",
        Kind::MlPipeline => "ml",
        Kind::Port => "port",
        Kind::Model => "model",
    }
}

/// Kinds differ in their shape, not only in their colour.
fn outline(text: &mut String, kind: Kind, rect: &Rect) {
    let (x, y, width, height) = (short(rect.x), short(rect.y), short(rect.width), short(rect.height));
    let plain = |text: &mut String, radius: u32| {
        let _ = write!(
            text,
            "<rect class=\"box\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
        );
    };
    match kind {
        Kind::Source | Kind::Port => plain(text, 20),
        Kind::Pipeline => plain(text, 8),
        Kind::Stage | Kind::Job | Kind::MlStep => plain(text, 4),
        Kind::Approval => {
            let cut = 12.0;
            let (right, foot) = (rect.x + rect.width, rect.y + rect.height);
            let corners = [
                (rect.x + cut, rect.y),
                (right - cut, rect.y),
                (right, rect.y + cut),
                (right, foot - cut),
                (right - cut, foot),
                (rect.x + cut, foot),
                (rect.x, foot - cut),
                (rect.x, rect.y + cut),
            ];
            let points: Vec<String> =
                corners.iter().map(|(x, y)| format!("{},{}", short(*x), short(*y))).collect();
            let _ = write!(text, "<polygon class=\"box\" points=\"{}\"/>", points.join(" "));
        }
        Kind::Environment | Kind::Model | Kind::MlPipeline => {
            plain(text, if kind == Kind::Model { 16 } else { 4 });
            let _ = write!(
                text,
                "<rect class=\"inner\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>",
                short(rect.x + 3.0),
                short(rect.y + 3.0),
                short(rect.width - 6.0),
                short(rect.height - 6.0),
                if kind == Kind::Model { 13 } else { 2 },
            );
        }
    }
}

/// Straight, and in curves that leave and arrive along the flow.
fn line(way: &Way) -> String {
    let mut path = String::new();
    let mut before: Option<(f64, f64)> = None;
    for (x, y) in way.points.iter().copied() {
        let to = format!("{} {}", short(x), short(y));
        let _ = match before {
            None => write!(path, "M{to}"),
            Some((from_x, from_y)) if (from_x - x).abs() < 0.5 || (from_y - y).abs() < 0.5 => {
                write!(path, "L{to}")
            }
            Some((from_x, from_y)) if way.flow == layout::Flow::Down => {
                let half = short(f64::midpoint(from_y, y));
                write!(path, "C{} {half} {} {half} {to}", short(from_x), short(x))
            }
            Some((from_x, from_y)) => {
                let half = short(f64::midpoint(from_x, x));
                write!(path, "C{half} {} {half} {} {to}", short(from_y), short(y))
            }
        };
        before = Some((x, y));
    }
    path
}

/// The head of the arrow.
fn tip(way: &Way) -> String {
    let [.., before, (x, y)] = way.points.as_slice() else { return String::new() };
    let head = if (before.0 - x).abs() < (before.1 - y).abs() {
        if before.1 > *y { "l-5 9h10z" } else { "l-5-9h10z" }
    } else if before.0 > *x {
        "l9-5v10z"
    } else {
        "l-9-5v10z"
    };
    format!("M{} {}{head}", short(*x), short(*y))
}

/// Tenths of a pixel are enough.
fn short(number: f64) -> String {
    let text = format!("{number:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

fn whole(number: f64) -> String {
    short(number.ceil())
}

/// For text and attributes of XML and HTML.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' => escaped.push_str("&#10;"),
            // What XML cannot say.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            it if it.is_control() => escaped.push(' '),
            it => escaped.push(it),
        }
    }
    escaped
}
