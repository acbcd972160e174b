//! How large the box of a node is, and what is written in it.

use crate::draw::measure::Font;
use crate::draw::picture::{Kind, Node, Sign};

pub const CAPTION: Font = Font { size: 9.0, bold: true };
pub const HEAD: Font = Font { size: 14.0, bold: true };
pub const NOTE: Font = Font { size: 12.0, bold: false };
pub const LABEL: Font = Font { size: 11.0, bold: false };

/// Pixels that a line may fill; what is longer is cut.
const WIDEST: f64 = 320.0;
const NARROWEST: f64 = 96.0;
const SIDE: f64 = 14.0;
const ABOVE: f64 = 10.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    Caption,
    Head,
    Note(Sign),
}

impl Style {
    pub fn font(self) -> Font {
        match self {
            Style::Caption => CAPTION,
            Style::Head => HEAD,
            Style::Note(_) => NOTE,
        }
    }

    /// Pixels from line to line.
    fn high(self) -> f64 {
        match self {
            Style::Caption => 14.0,
            Style::Head => 20.0,
            Style::Note(_) => 17.0,
        }
    }
}

/// The lines of a node, each with the distance of its foot from the top of the box.
#[derive(Debug)]
pub struct Lines {
    pub lines: Vec<(Style, String, f64)>,
    /// From the left side of the box.
    pub left: f64,
    pub width: f64,
    pub height: f64,
}

/// What kind of thing it is, where that is not clear from what holds it.
pub fn caption(node: &Node) -> Option<String> {
    let clear = node.parent.is_some() && matches!(node.kind, Kind::Stage | Kind::Job | Kind::MlStep);
    (!clear).then(|| node.kind.word().to_uppercase())
}

pub fn lines(node: &Node) -> Lines {
    let left = if node.kind == Kind::Approval { SIDE + 6.0 } else { SIDE };
    let mut texts = Vec::with_capacity(node.notes.len() + 2);
    texts.extend(caption(node).map(|it| (Style::Caption, it)));
    texts.push((Style::Head, node.title.clone()));
    texts.extend(node.notes.iter().map(|it| (Style::Note(it.sign), it.shown())));
    let mut foot = ABOVE;
    let mut width: f64 = NARROWEST;
    let lines = texts.into_iter().map(|(style, text)| {
        let text = style.font().fit(&text, WIDEST);
        width = width.max(style.font().width(&text) + 2.0 * left);
        foot += style.high();
        (style, text, foot - 5.0)
    });
    let lines = lines.collect();
    Lines { lines, left, width: width.ceil(), height: (foot + ABOVE).ceil() }
}

/// The size of an edge's label with the room around it.
pub fn label(text: &str) -> Option<(f64, f64)> {
    (!text.is_empty()).then(|| (LABEL.width(&LABEL.fit(text, WIDEST)).ceil() + 12.0, 20.0))
}

/// As much of an edge's label as fits.
pub fn shown(text: &str) -> String {
    LABEL.fit(text, WIDEST)
}
