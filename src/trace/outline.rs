//! The shape of a text that this compiler wrote: which lines belong to which key and which item. It reads the YAML and JSON
//! of the emitters, where the indentation says all, and no others.

pub const ROOT: usize = 0;

pub struct Outline {
    nodes: Vec<Node>,
}

/// A key of a mapping, or an item of a list, with all its lines.
struct Node {
    /// Empty: an item.
    key: String,
    parent: usize,
    /// Of its key, or of the keys of the mapping that the item is.
    indent: usize,
    /// From 1.
    first: usize,
    last: usize,
}

impl Outline {
    pub fn of(text: &str) -> Outline {
        let last = text.lines().count().max(1);
        let root = Node { key: String::new(), parent: ROOT, indent: 0, first: 1, last };
        let mut reading = Reading { nodes: vec![root], open: vec![ROOT], block: None };
        for (number, line) in (1..).zip(text.lines()) {
            reading.line(number, line);
        }
        Outline { nodes: reading.nodes }
    }

    pub fn lines(&self, node: usize) -> (usize, usize) {
        (self.nodes[node].first, self.nodes[node].last)
    }

    pub fn child(&self, node: usize, key: &str) -> Option<usize> {
        self.children(node).find(|it| it.0 == key).map(|it| it.1)
    }

    /// What a path of keys leads to.
    pub fn get(&self, node: usize, keys: &[&str]) -> Option<usize> {
        keys.iter().try_fold(node, |node, key| self.child(node, key))
    }

    /// The keys of a mapping with their nodes, in order; an item has the empty key.
    pub fn children(&self, node: usize) -> impl Iterator<Item = (&str, usize)> {
        let inside = (1..self.nodes.len()).filter(move |it| self.nodes[*it].parent == node);
        inside.map(|it| (self.nodes[it].key.as_str(), it))
    }
}

struct Reading {
    nodes: Vec<Node>,
    /// From the root to what the last line belongs to.
    open: Vec<usize>,
    /// Inside a block of text: the indentation of its key.
    block: Option<usize>,
}

impl Reading {
    fn line(&mut self, number: usize, line: &str) {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        if text.is_empty() {
            return;
        }
        if self.block.is_some_and(|it| indent > it) {
            return self.extend(number);
        }
        self.block = None;
        // A bracket that closes belongs to what it closes.
        let closes = text.starts_with(['}', ']']);
        let last = self.open.iter().rposition(|it| {
            let node = &self.nodes[*it];
            *it == ROOT || node.indent < indent || (closes && node.indent == indent)
        });
        self.open.truncate(last.unwrap_or(0) + 1);
        if !closes && !text.starts_with('#') {
            self.entry(number, indent, text);
        }
        self.extend(number);
    }

    fn entry(&mut self, number: usize, indent: usize, text: &str) {
        if let Some(rest) = text.strip_prefix("- ") {
            self.open(number, indent, String::new());
            return self.entry(number, indent + 2, rest);
        }
        match key(text) {
            Some(key) => self.open(number, indent, key.to_owned()),
            // The bracket of the whole document is no item of anything.
            None if text == "{" && indent == 0 => return,
            None => self.open(number, indent, String::new()),
        }
        let value = text.rsplit_once(": ").map_or(text, |it| it.1);
        let header = value
            .strip_prefix(['|', '>'])
            .map(|it| it.trim_matches(|it: char| "+-".contains(it) || it.is_ascii_digit()));
        self.block = (header == Some("")).then_some(indent);
    }

    fn open(&mut self, number: usize, indent: usize, key: String) {
        let parent = *self.open.last().expect("the root is always open");
        self.nodes.push(Node { key, parent, indent, first: number, last: number });
        self.open.push(self.nodes.len() - 1);
    }

    /// Empty lines belong to what something follows in behind them.
    fn extend(&mut self, number: usize) {
        for node in &self.open {
            self.nodes[*node].last = self.nodes[*node].last.max(number);
        }
    }
}

/// `key: value`, `"key": value`, `'key':`
fn key(text: &str) -> Option<&str> {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            let (key, rest) = rest.split_once(quote)?;
            return rest.starts_with(':').then_some(key);
        }
    }
    match text.split_once(": ") {
        Some((key, _)) => Some(key),
        None => text.strip_suffix(':'),
    }
}

#[cfg(test)]
mod tests {
    use super::{Outline, ROOT};

    #[test]
    fn yaml_is_read_by_its_indentation() {
        let text = "\
# head
a: 1
list:
  - name: x
    run: |
      key: no

      - no
    on: y
  - name: z
last: 'q: r'
";
        let outline = Outline::of(text);
        let list = outline.child(ROOT, "list").expect("it is there");
        assert_eq!(outline.lines(list), (3, 10));
        let items: Vec<usize> = outline.children(list).map(|it| it.1).collect();
        assert_eq!(items.iter().map(|it| outline.lines(*it)).collect::<Vec<_>>(), [(4, 9), (10, 10)]);
        let keys: Vec<&str> = outline.children(items[0]).map(|it| it.0).collect();
        assert_eq!(keys, ["name", "run", "on"]);
        assert_eq!(outline.get(items[0], &["run"]).map(|it| outline.lines(it)), Some((5, 8)));
        assert_eq!(outline.child(ROOT, "last").map(|it| outline.lines(it)), Some((11, 11)));
    }

    #[test]
    fn json_is_read_by_its_indentation() {
        let text = "{\n  \"a\": {\n    \"b\": [\n      {\n        \"c\": 1\n      },\n      2\n    ]\n  },\n  \"d\": {}\n}\n";
        let outline = Outline::of(text);
        let list = outline.get(ROOT, &["a", "b"]).expect("it is there");
        assert_eq!(outline.lines(list), (3, 8));
        let items: Vec<_> = outline.children(list).map(|it| outline.lines(it.1)).collect();
        assert_eq!(items, [(4, 6), (7, 7)]);
        assert_eq!(outline.child(ROOT, "a").map(|it| outline.lines(it)), Some((2, 9)));
        assert_eq!(outline.child(ROOT, "d").map(|it| outline.lines(it)), Some((10, 10)));
    }
}
