//! Two readers of YAML beside the compiler's own, each with the meaning that its version of the language gives to plain
//! words: libyaml, whose kin Helm, kubectl and Python use, for YAML 1.1, and yaml-rust2 for YAML 1.2.

use libyaml_safer::{EventData, ScalarStyle};
use regex_lite::Regex;
use serde_json::Value;
use std::sync::LazyLock;
use yaml_rust2::parser::{Event, MarkedEventReceiver, Parser};
use yaml_rust2::scanner::{Marker, TScalarStyle};

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Text(String),
    /// A plain word that is no text, as its kind and how it is written.
    Other(&'static str, String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// What every reader should find.
    pub fn of(value: &Value) -> Node {
        match value {
            Value::String(text) => Node::Text(text.clone()),
            Value::Null => Node::Other("null", "null".to_owned()),
            Value::Bool(it) => Node::Other("bool", it.to_string()),
            Value::Number(it) if it.is_f64() => Node::Other("float", it.to_string()),
            Value::Number(it) => Node::Other("int", it.to_string()),
            Value::Array(items) => Node::List(items.iter().map(Node::of).collect()),
            Value::Object(entries) => Node::Map(
                entries.iter().map(|(key, value)| (Node::Text(key.clone()), Node::of(value))).collect(),
            ),
        }
    }
}

pub type Reader = fn(&str) -> Result<Vec<Node>, String>;

/// Documents of a text.
pub const ALL: [(&str, Reader); 2] = [("YAML 1.1", yaml_1_1), ("YAML 1.2", yaml_1_2)];

/// Kinds and what is written so, <https://yaml.org/type/>; floats also as Go's library for Helm and kubectl reads them.
const WORDS_1_1: [(&str, &str); 6] = [
    ("null", "~|null|Null|NULL|"),
    ("bool", "y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"),
    (
        "int",
        "[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+",
    ),
    (
        "float",
        r"[-+]?([0-9][0-9_]*)?\.[0-9_.]*([eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
    ),
    (
        "timestamp",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?",
    ),
    ("special", "<<|="),
];

/// The core schema, <https://yaml.org/spec/1.2.2/#103-core-schema>.
const WORDS_1_2: [(&str, &str); 4] = [
    ("null", "~|null|Null|NULL|"),
    ("bool", "true|True|TRUE|false|False|FALSE"),
    ("int", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
];

type Words = LazyLock<Vec<(&'static str, Regex)>>;

static YAML_1_1: Words = LazyLock::new(|| compiled(&WORDS_1_1));
static YAML_1_2: Words = LazyLock::new(|| compiled(&WORDS_1_2));

fn compiled(words: &[(&'static str, &str)]) -> Vec<(&'static str, Regex)> {
    let whole = |it: &str| Regex::new(&format!("^(?:{it})$")).expect("it is a pattern");
    words.iter().map(|(kind, pattern)| (*kind, whole(pattern))).collect()
}

fn plain(text: String, words: &Words) -> Node {
    match words.iter().find(|it| it.1.is_match(&text)) {
        Some((kind, _)) => Node::Other(kind, text),
        None => Node::Text(text),
    }
}

/// Nodes put together from events.
#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    /// Whether it is a map, and its items; keys and values take turns.
    open: Vec<(bool, Vec<Node>)>,
}

impl Builder {
    fn open(&mut self, map: bool) {
        self.open.push((map, Vec::new()));
    }

    fn close(&mut self) {
        let (map, items) = self.open.pop().expect("what is closed was opened");
        let node = if map {
            let pairs = items.chunks_exact(2).map(|it| (it[0].clone(), it[1].clone()));
            Node::Map(pairs.collect())
        } else {
            Node::List(items)
        };
        self.add(node);
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            Some((_, items)) => items.push(node),
            None => self.documents.push(node),
        }
    }
}

fn yaml_1_1(text: &str) -> Result<Vec<Node>, String> {
    let mut input = text.as_bytes();
    let mut parser = libyaml_safer::Parser::new();
    parser.set_input_string(&mut input);
    let mut builder = Builder::default();
    loop {
        match parser.parse().map_err(|it| it.to_string())?.data {
            EventData::StreamEnd => return Ok(builder.documents),
            EventData::Scalar { value, style: ScalarStyle::Plain, tag: None, .. } => {
                builder.add(plain(value, &YAML_1_1));
            }
            EventData::Scalar { value, tag: None, .. } => builder.add(Node::Text(value)),
            EventData::SequenceStart { .. } => builder.open(false),
            EventData::MappingStart { .. } => builder.open(true),
            EventData::SequenceEnd | EventData::MappingEnd => builder.close(),
            EventData::Alias { anchor } => return Err(format!("an alias: {anchor}")),
            EventData::Scalar { tag, .. } => return Err(format!("a tag: {tag:?}")),
            EventData::StreamStart { .. }
            | EventData::DocumentStart { .. }
            | EventData::DocumentEnd { .. } => {}
        }
    }
}

impl MarkedEventReceiver for Builder {
    fn on_event(&mut self, event: Event, _: Marker) {
        match event {
            Event::Scalar(value, TScalarStyle::Plain, _, None) => self.add(plain(value, &YAML_1_2)),
            Event::Scalar(value, _, _, None) => self.add(Node::Text(value)),
            Event::SequenceStart(..) => self.open(false),
            Event::MappingStart(..) => self.open(true),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(_) | Event::Scalar(..) => {
                self.add(Node::Other("unexpected", "an alias or a tag".to_owned()));
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart
            | Event::DocumentEnd => {}
        }
    }
}

fn yaml_1_2(text: &str) -> Result<Vec<Node>, String> {
    let mut builder = Builder::default();
    Parser::new_from_str(text).load(&mut builder, true).map_err(|it| it.to_string())?;
    Ok(builder.documents)
}

#[test]
fn readers_tell_words_from_texts() {
    let found = |reader: Reader, text: &str| reader(text).expect("it is YAML").remove(0);
    let other = |kind, text: &str| Node::Other(kind, text.to_owned());
    for (text, kind_1_1, kind_1_2) in [
        ("on", Some("bool"), None),
        ("No", Some("bool"), None),
        ("y", Some("bool"), None),
        ("true", Some("bool"), Some("bool")),
        ("~", Some("null"), Some("null")),
        ("012", Some("int"), Some("int")),
        ("0b1", Some("int"), None),
        ("1_000", Some("int"), None),
        ("12:30", Some("int"), None),
        ("12:30.5", Some("float"), None),
        ("1e3", Some("float"), Some("float")),
        (".inf", Some("float"), Some("float")),
        ("2024-01-01", Some("timestamp"), None),
        ("2024-01-01 10:00:00", Some("timestamp"), None),
        ("<<", Some("special"), None),
        ("=", Some("special"), None),
        ("12a", None, None),
        ("\"on\"", None, None),
    ] {
        let bare = text.trim_matches('"').to_owned();
        for (reader, kind) in [(yaml_1_1 as Reader, kind_1_1), (yaml_1_2, kind_1_2)] {
            let wanted = kind.map_or(Node::Text(bare.clone()), |it| other(it, &bare));
            assert_eq!(found(reader, &format!("- {text}\n")), Node::List(vec![wanted]));
        }
    }
}
