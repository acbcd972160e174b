//! A picture for Mermaid: `flowchart`, as wikis of Azure DevOps and pages of GitHub render it.

use super::picture::{Kind, Link, Node, Picture};
use std::fmt::Write as _;

pub fn mermaid(picture: &Picture) -> String {
    let children = picture.children();
    let mut text = format!("---\ntitle: {}\n---\nflowchart TB\n", title(&picture.title));
    for root in picture.roots() {
        node(&mut text, picture, &children, (root, 1));
    }
    for edge in &picture.edges {
        let arrow = if edge.kind.is_dashed() { "-.->" } else { "-->" };
        let arrow = if edge.kind == Link::Starts { "==>" } else { arrow };
        let label =
            if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", plain(&edge.label)) };
        let _ = writeln!(text, "  n{} {arrow}{label} n{}", edge.from, edge.to);
    }
    for kind in [Kind::Source, Kind::Approval, Kind::Environment, Kind::MlPipeline, Kind::Model] {
        let own = picture.nodes.iter().enumerate().filter(|it| it.1.kind == kind);
        let own: Vec<String> = own.map(|it| format!("n{}", it.0)).collect();
        if !own.is_empty() {
            let _ = writeln!(text, "  classDef {} {}", class(kind), style(kind));
            let _ = writeln!(text, "  class {} {}", own.join(","), class(kind));
        }
    }
    text
}

fn node(text: &mut String, picture: &Picture, children: &[Vec<usize>], (index, depth): (usize, usize)) {
    let it = &picture.nodes[index];
    let indent = "  ".repeat(depth);
    if children[index].is_empty() {
        let (open, close) = shape(it.kind);
        let _ = writeln!(text, "{indent}n{index}{open}\"{}\"{close}", label(it));
        return;
    }
    let _ = writeln!(text, "{indent}subgraph n{index} [\"{}\"]", label(it));
    for child in &children[index] {
        node(text, picture, children, (*child, depth + 1));
    }
    let _ = writeln!(text, "{indent}end");
}

fn shape(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Source => (">", "]"),
        Kind::Pipeline | Kind::Stage | Kind::Job | Kind::MlStep => ("[", "]"),
        Kind::Approval => ("{{", "}}"),
        Kind::Environment => ("[/", "/]"),
        Kind::MlPipeline => ("[[", "]]"),
        Kind::Port => ("([", "])"),
        Kind::Model => ("[(", ")]"),
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Source => "source",
        Kind::Approval => "approval",
        Kind::Environment => "environment",
        Kind::MlPipeline => "ml",
        Kind::Model => "model",
        Kind::Pipeline | Kind::Stage | Kind::Job | Kind::MlStep | Kind::Port => "other",
    }
}

/// Text that can be read on its ground, on light and on dark pages.
fn style(kind: Kind) -> &'static str {
    match kind {
        Kind::Source => "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
        Kind::Approval => "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
        Kind::Environment => "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
        Kind::MlPipeline | Kind::Model => "fill:#fbefff,stroke:#8250df,color:#1f2328",
        Kind::Pipeline | Kind::Stage | Kind::Job | Kind::MlStep | Kind::Port => {
            "fill:#f6f8fa,stroke:#57606a,color:#1f2328"
        }
    }
}

fn label(node: &Node) -> String {
    let notes = node.notes.iter().map(|it| format!("<br/>{}", plain(&it.shown())));
    format!("<b>{}</b>{}", plain(&node.title), notes.collect::<String>())
}

/// Signs that mean something to Mermaid, HTML or Markdown as their numbers.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            it if it.is_control() => plain.push(' '),
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | ';' | '%' | '*' | '_' | '$' | '{' | '}' | '['
            | ']' | '@' => {
                let _ = write!(plain, "#{};", u32::from(sign));
            }
            it => plain.push(it),
        }
    }
    plain
}

/// For the YAML before the chart.
fn title(text: &str) -> String {
    let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    format!("'{}'", text.replace('\'', "''"))
}
