//! A large picture from afar: what is held by something is only counted.

use super::picture::{Edge, Node, Note, Picture, Sign};

/// Nodes of a picture that is drawn as it is.
pub const MOST: usize = 2_000;

/// The picture without what is inside of others if it is large, and whether it was.
pub fn overview(picture: Picture) -> (Picture, bool) {
    if picture.nodes.len() <= MOST || picture.nodes.iter().all(|it| it.parent.is_none()) {
        return (picture, false);
    }
    let tops = picture.tops();
    let mut numbers = vec![0; picture.nodes.len()];
    let mut nodes: Vec<Node> = Vec::new();
    let mut held: Vec<(usize, Vec<Note>)> = Vec::new();
    for (index, node) in picture.nodes.into_iter().enumerate() {
        if node.parent.is_none() {
            numbers[index] = nodes.len();
            nodes.push(node);
            held.push((0, Vec::new()));
            continue;
        }
        let (count, notes) = &mut held[numbers[tops[index]]];
        *count += 1;
        for note in node.notes.into_iter().filter(|it| it.sign == Sign::Asks) {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    for (node, (count, notes)) in nodes.iter_mut().zip(held).filter(|it| it.1.0 > 0) {
        node.notes.push(Note::new(Sign::Plain, format!("{count} inside")));
        node.notes.extend(notes);
    }
    let edges = picture.edges.into_iter().filter(|it| tops[it.from] != tops[it.to]);
    let edges = edges.map(|it| Edge { from: numbers[tops[it.from]], to: numbers[tops[it.to]], ..it });
    let title = format!("{}, from afar", picture.title);
    (Picture { what: picture.what, title, nodes, edges: edges.collect() }, true)
}
