//! A picture as lines for a terminal: what holds what by indentation, and of each node what leads to it.

use super::picture::{Kind, Node, Picture, Sign, What};
use super::ways::Ways;
use crate::base::sources::Sources;
use crate::base::span::Span;
use std::fmt::Write as _;

pub fn text(picture: &Picture, sources: &Sources) -> String {
    let mut into = vec![Vec::new(); picture.nodes.len()];
    for (index, edge) in picture.edges.iter().enumerate() {
        into[edge.to].push(index);
    }
    let lines = Lines { picture, sources, into, children: picture.children() };
    let mut text = format!("{}\n", picture.title);
    if picture.what == What::Approvals {
        Ways { picture, sources, into: &lines.into }.write(&mut text);
    } else {
        for root in lines.order() {
            text.push('\n');
            lines.node(&mut text, root, 0);
        }
    }
    if picture.nodes.is_empty() {
        text.push_str("\nnothing to draw\n");
    }
    text
}

/// `pipelines/train.mlops:3`
pub fn place(sources: &Sources, span: Span) -> String {
    format!("{}:{}", sources.get(span.file).path, sources.position(span).line)
}

struct Lines<'a> {
    picture: &'a Picture,
    sources: &'a Sources,
    /// For each node the edges that lead to it.
    into: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
}

impl Lines<'_> {
    /// What nothing holds, what leads to others first. Triggers stand where they lead to.
    fn order(&self) -> Vec<usize> {
        let nodes = &self.picture.nodes;
        let top = self.picture.tops();
        let mut waits = vec![0_usize; nodes.len()];
        let mut behind = vec![Vec::new(); nodes.len()];
        for edge in self.picture.edges.iter().filter(|it| top[it.from] != top[it.to]) {
            waits[top[edge.to]] += 1;
            behind[top[edge.from]].push(top[edge.to]);
        }
        let mut order: Vec<usize> = self.picture.roots().filter(|it| waits[*it] == 0).collect();
        let mut at = 0;
        while let Some(next) = order.get(at).copied() {
            at += 1;
            for it in &behind[next] {
                waits[*it] -= 1;
                if waits[*it] == 0 {
                    order.push(*it);
                }
            }
        }
        // What goes round comes last.
        order.extend(self.picture.roots().filter(|it| waits[*it] > 0));
        order.retain(|it| nodes[*it].kind != Kind::Source);
        order
    }

    fn node(&self, text: &mut String, index: usize, depth: usize) {
        let node = &self.picture.nodes[index];
        let indent = "  ".repeat(depth);
        let place = node.place.map(|it| format!("  ({})", place(self.sources, it))).unwrap_or_default();
        let _ = writeln!(text, "{indent}{} {}{}{place}", node.kind.word(), node.title, titles(node));
        for note in node.notes.iter().filter(|it| it.sign != Sign::Plain) {
            let _ = writeln!(text, "{indent}    {}", note.shown());
        }
        for edge in self.into[index].iter().map(|it| &self.picture.edges[*it]) {
            let from = &self.picture.nodes[edge.from];
            let label = if edge.label.is_empty() { String::new() } else { format!(": {}", edge.label) };
            let about = if from.kind == Kind::Source { when(from) + &titles(from) } else { String::new() };
            let _ = writeln!(text, "{indent}    ← {} {}{about}{label}", from.kind.word(), from.title);
        }
        for child in &self.children[index] {
            self.node(text, *child, depth + 1);
        }
    }
}

/// Of a schedule, when it strikes.
fn when(node: &Node) -> String {
    let when = node.notes.iter().filter(|it| it.sign == Sign::Waits);
    let when = when.map(|it| format!(", {}", it.text));
    when.collect()
}

/// What is said in plain words: `, Train and evaluate`.
pub(super) fn titles(node: &Node) -> String {
    let plain = node.notes.iter().filter(|it| it.sign == Sign::Plain);
    let plain = plain.map(|it| format!(", {}", it.text));
    plain.collect()
}
