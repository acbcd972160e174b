//! A document as it was read. Every key that is not asked for by name is an error: nothing is skipped silently.

use serde_json::Value;

/// What the interpreter does not understand, with where it stands.
pub type Read<T> = Result<T, String>;

/// A value of a document and the way to it.
#[derive(Clone)]
pub struct Node<'v> {
    value: &'v Value,
    path: String,
}

impl<'v> Node<'v> {
    pub fn root(value: &'v Value, path: &str) -> Node<'v> {
        Node { value, path: path.to_owned() }
    }

    pub fn error<T>(&self, what: &str) -> Read<T> {
        Err(format!("{}: {what}", self.path))
    }

    /// That it is a mapping with no other keys than these.
    pub fn only(&self, known: &[&str]) -> Read<()> {
        match self.keys()?.into_iter().find(|it| !known.contains(it)) {
            Some(other) => self.error(&format!("`{other}` is not understood")),
            None => Ok(()),
        }
    }

    pub fn keys(&self) -> Read<Vec<&'v str>> {
        match self.value {
            Value::Object(map) => Ok(map.keys().map(String::as_str).collect()),
            _ => self.error("this is no mapping"),
        }
    }

    pub fn find(&self, key: &str) -> Option<Node<'v>> {
        let value = self.value.get(key).filter(|it| !it.is_null())?;
        Some(Node { value, path: format!("{}/{key}", self.path) })
    }

    pub fn get(&self, key: &str) -> Read<Node<'v>> {
        self.find(key).map_or_else(|| self.error(&format!("`{key}` is missing")), Ok)
    }

    pub fn entries(&self) -> Read<Vec<(&'v str, Node<'v>)>> {
        self.keys()?.into_iter().map(|it| Ok((it, self.get(it)?))).collect()
    }

    pub fn items(&self) -> Read<Vec<Node<'v>>> {
        let Value::Array(items) = self.value else { return self.error("this is no list") };
        let node = |(number, value)| Node { value, path: format!("{}[{number}]", self.path) };
        Ok(items.iter().enumerate().map(node).collect())
    }

    /// The items below a key; none where it is absent.
    pub fn list(&self, key: &str) -> Read<Vec<Node<'v>>> {
        self.find(key).map_or_else(|| Ok(Vec::new()), |it| it.items())
    }

    pub fn is(&self, word: &str) -> bool {
        self.value.as_str() == Some(word)
    }

    pub fn is_text(&self) -> bool {
        self.value.is_string()
    }

    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// A string, and nothing that a reader could take for something else.
    pub fn text(&self) -> Read<String> {
        self.value.as_str().map_or_else(|| self.error("this is no string"), |it| Ok(it.to_owned()))
    }

    /// What a task gets for an input: booleans and numbers become text.
    pub fn input(&self) -> Read<String> {
        match self.value {
            Value::Bool(it) => Ok(it.to_string()),
            Value::Number(it) => Ok(it.to_string()),
            _ => self.text(),
        }
    }

    pub fn flag(&self) -> Read<bool> {
        self.value.as_bool().map_or_else(|| self.error("this is no boolean"), Ok)
    }

    pub fn number(&self) -> Read<u64> {
        self.value.as_u64().map_or_else(|| self.error("this is no number"), Ok)
    }

    /// One string, or a list of them.
    pub fn texts(&self) -> Read<Vec<String>> {
        if self.is_list() { self.items()?.iter().map(Node::text).collect() } else { Ok(vec![self.text()?]) }
    }

    pub fn maybe_text(&self, key: &str) -> Read<Option<String>> {
        self.find(key).map(|it| it.text()).transpose()
    }

    pub fn flag_or(&self, key: &str, default: bool) -> Read<bool> {
        self.find(key).map_or(Ok(default), |it| it.flag())
    }
}
