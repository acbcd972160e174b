//! Who must agree, as lines for a terminal: of each environment what is looked at before, then each stage that reaches it with those
//! who are asked on its way, the first of them first.

use super::picture::{Kind, Link, Node, Picture, Sign};
use super::text::{place, titles};
use crate::base::sources::Sources;
use std::fmt::Write as _;

pub(super) struct Ways<'a> {
    pub picture: &'a Picture,
    pub sources: &'a Sources,
    /// For each node the edges that lead to it.
    pub into: &'a [Vec<usize>],
}

impl Ways<'_> {
    pub fn write(&self, text: &mut String) {
        let all = self.picture.nodes.iter().enumerate().filter(|it| it.1.kind == Kind::Environment);
        for (index, environment) in all {
            text.push('\n');
            self.head(text, environment, "");
            for stage in self.before(index, Link::Deploys).map(|it| it.0) {
                self.head(text, &self.picture.nodes[stage], "  ");
                let mut asked = Vec::new();
                self.asked(stage, &mut asked);
                for (node, label) in asked {
                    let _ = writeln!(text, "      {}", said(&self.picture.nodes[node], label));
                }
            }
        }
    }

    fn head(&self, text: &mut String, node: &Node, indent: &str) {
        let place = node.place.map(|it| format!("  ({})", place(self.sources, it))).unwrap_or_default();
        let _ = writeln!(text, "{indent}{} {}{}{place}", node.kind.word(), node.title, titles(node));
        for note in node.notes.iter().filter(|it| it.sign != Sign::Plain) {
            let _ = writeln!(text, "{indent}    {}", note.shown());
        }
    }

    /// What leads to a node, with what the edge says.
    fn before(&self, node: usize, kind: Link) -> impl Iterator<Item = (usize, &str)> {
        let edges = self.into[node].iter().map(|it| &self.picture.edges[*it]);
        edges.filter(move |it| it.kind == kind).map(|it| (it.from, it.label.as_str()))
    }

    /// Those who are asked before a node, each once.
    fn asked<'s>(&'s self, node: usize, found: &mut Vec<(usize, &'s str)>) {
        for (from, label) in self.before(node, Link::Then) {
            if found.iter().all(|it| it.0 != from) {
                let at = found.len();
                found.push((from, label));
                self.asked(from, found);
                // Who is asked before comes before.
                found[at..].rotate_left(1);
            }
        }
    }
}

/// `◆ leads, asked at release.live: lead@contoso.example, within 2d`
fn said(node: &Node, label: &str) -> String {
    let one = if label == "one of them" { "one of them: " } else { "" };
    let texts: Vec<&str> = node.notes.iter().map(|it| it.text.as_str()).collect();
    let (at, about) = texts.split_first().map_or(("", &[][..]), |(at, about)| (*at, about));
    let about = if about.is_empty() { String::new() } else { format!(": {}", about.join(", ")) };
    format!("{}{one}{}, {at}{about}", Sign::Asks.mark(), node.title)
}
