//! A picture as data for programs.

use super::picture::Picture;
use crate::base::sources::Sources;
use crate::base::span::Span;
use serde_json::{Value, json};

pub fn json(picture: &Picture, sources: &Sources) -> Value {
    let place =
        |span: Span| json!({ "file": sources.get(span.file).path, "line": sources.position(span).line });
    let id = |index: usize| &picture.nodes[index].id;
    let nodes = picture.nodes.iter().map(|it| {
        let notes = it.notes.iter().map(|it| json!({ "about": it.sign.word(), "text": it.text }));
        json!({
            "id": it.id, "kind": it.kind.word(), "title": it.title, "within": it.parent.map(id),
            "notes": notes.collect::<Vec<_>>(), "place": it.place.map(place),
        })
    });
    let edges = picture.edges.iter().map(|it| {
        json!({
            "from": id(it.from), "to": id(it.to), "kind": it.kind.word(), "label": it.label,
            "place": it.place.map(place),
        })
    });
    json!({
        "what": picture.what.word(), "title": picture.title,
        "nodes": nodes.collect::<Vec<_>>(), "edges": edges.collect::<Vec<_>>(),
    })
}
