//! A picture for Graphviz.

use super::picture::{Kind, Node, Picture};
use std::fmt::Write as _;

pub fn dot(picture: &Picture) -> String {
    let children = picture.children();
    let mut text = String::from("digraph mlops {\n");
    let _ = writeln!(text, "  label={}; labelloc=t; compound=true; rankdir=TB;", quoted(&picture.title));
    text.push_str("  fontname=\"Helvetica\"; nodesep=0.4; ranksep=0.6;\n");
    text.push_str("  node [fontname=\"Helvetica\", fontsize=11, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#57606a\"];\n");
    text.push_str("  edge [fontname=\"Helvetica\", fontsize=10, color=\"#57606a\"];\n");
    for root in picture.roots() {
        node(&mut text, picture, &children, (root, 1));
    }
    for edge in &picture.edges {
        let (tail, head) = (leaf(&children, edge.from, true), leaf(&children, edge.to, false));
        let mut marks = Vec::new();
        if !edge.label.is_empty() {
            marks.push(format!("label={}", quoted(&edge.label)));
        }
        if edge.kind.is_dashed() {
            marks.push("style=dashed".to_owned());
        }
        if tail != edge.from {
            marks.push(format!("ltail=cluster_{}", edge.from));
        }
        if head != edge.to {
            marks.push(format!("lhead=cluster_{}", edge.to));
        }
        let _ = writeln!(text, "  n{tail} -> n{head} [{}];", marks.join(", "));
    }
    text + "}\n"
}

/// Edges of Graphviz end at nodes that hold nothing.
fn leaf(children: &[Vec<usize>], mut node: usize, last: bool) -> usize {
    while let Some(inner) = if last { children[node].last() } else { children[node].first() } {
        node = *inner;
    }
    node
}

fn node(text: &mut String, picture: &Picture, children: &[Vec<usize>], (index, depth): (usize, usize)) {
    let it = &picture.nodes[index];
    let indent = "  ".repeat(depth);
    if children[index].is_empty() {
        let shape = shape(it.kind);
        let _ = writeln!(text, "{indent}n{index} [label={}, shape={shape}];", quoted(&label(it)));
        return;
    }
    let _ = writeln!(text, "{indent}subgraph cluster_{index} {{");
    let _ = writeln!(text, "{indent}  label={}; style=rounded; color=\"#8c959f\";", quoted(&label(it)));
    for child in &children[index] {
        node(text, picture, children, (*child, depth + 1));
    }
    let _ = writeln!(text, "{indent}}}");
}

fn shape(kind: Kind) -> &'static str {
    match kind {
        Kind::Source => "cds",
        Kind::Pipeline | Kind::Stage | Kind::Job | Kind::MlStep => "box",
        Kind::Approval => "hexagon",
        Kind::Environment => "box3d",
        Kind::MlPipeline => "component",
        Kind::Port => "note",
        Kind::Model => "cylinder",
    }
}

fn label(node: &Node) -> String {
    let notes = node.notes.iter().map(|it| format!("\n{}", it.shown()));
    format!("{}{}", node.title, notes.collect::<String>())
}

/// Backslashes and quotes stand for themselves, lines end as in the text.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            it if it.is_control() => quoted.push(' '),
            it => quoted.push(it),
        }
    }
    quoted + "\""
}
