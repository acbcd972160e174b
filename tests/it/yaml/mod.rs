//! YAML that every reader understands alike.

mod projects;
mod readers;

use mlopsc::emit::yaml::{self, Text};
use readers::Node;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Texts that some reader takes for something else, or that a layout may lose.
const AWKWARD: &[&str] = &[
    "",
    " ",
    "on",
    "On",
    "off",
    "yes",
    "NO",
    "y",
    "N",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "=",
    "<<",
    "*",
    "*x",
    "&x",
    "!x",
    "|",
    ">",
    "%x",
    "@x",
    "`x`",
    "-",
    "- x",
    "-x",
    "?",
    "? x",
    ":",
    ":x",
    "x:",
    "a: b",
    "a #b",
    "a#b",
    "#",
    "[a]",
    "{a: b}",
    "{{ x }}",
    "a, b",
    "'a'",
    "\"a\"",
    "it's",
    "a\\b",
    "\\ml\\[ML]-Train",
    "12:30",
    "12:30:45",
    "1.10",
    "1.",
    ".5",
    "007",
    "0123",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "1e3",
    "1E-4",
    "+1",
    "-1",
    ".inf",
    ".nan",
    "2024-01-01",
    "2024-01-01T10:00:00Z",
    "---",
    "--- a",
    "...",
    " a",
    "a ",
    "\ta",
    "a\t",
    "a\u{a0}",
    "\u{a0}",
    "ä",
    "日本",
    "🚀",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}a",
    "\u{1b}[0m",
    "\0",
    "${{ x }}",
    "$(x)",
    "$[ x ]",
    "\n",
    "\n\n",
    "\na",
    "a\n",
    "a\n\n",
    "a\nb",
    "a\nb\n",
    "a\n\n\nb\n",
    "a \nb\n",
    "a\n \nb\n",
    "a\t\nb\n",
    " a\nb\n",
    "  a\n b\nc\n",
    "\ta\nb\n",
    "a\n  b\n\tc\n",
    "a\r\nb\r\n",
    "\n  a\nb\n",
    "a\n# b\n",
    "- a\n- b\n",
    "a: b\nc: d\n",
    "---\na\n",
    "...\n",
    "%YAML\n",
    "a\n ",
    "a\n\n b\n\n  c\n",
    "set -e\ncat <<EOF\n  x\nEOF\n",
    "\\\n",
    "\"\n",
];

#[derive(Serialize)]
struct Nested<'a> {
    plain: &'a str,
    text: Text<'a>,
    list: Vec<Text<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    text: Text<'a>,
    map: BTreeMap<&'a str, Text<'a>>,
}

fn nested(text: &str) -> Nested<'_> {
    let item =
        || Item { text: text.into(), map: BTreeMap::from([(text, text.into()), ("last", text.into())]) };
    Nested {
        plain: text,
        text: text.into(),
        list: vec![text.into(), text.into()],
        items: vec![item(), item()],
    }
}

#[test]
fn awkward_texts_are_read_back_as_they_were() {
    for text in AWKWARD {
        survives(text);
    }
}

/// Parts of awkward texts in a row, and characters that some reader treats in a way of its own.
#[test]
fn any_texts_are_read_back_as_they_were() {
    let mut random = Random(0x5eed);
    for _ in 0..3_000 {
        survives(&random.text());
    }
}

fn survives(text: &str) {
    let document = nested(text);
    let yaml = yaml::write(&document);
    let written = serde_json::to_value(&document).expect("the document is plain data");
    let read: serde_json::Value =
        serde_yaml::from_str(&yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    assert_eq!(read, written, "{yaml}");
    let wanted = Node::of(&written);
    for (reader, read) in readers::ALL {
        let read = read(&yaml).unwrap_or_else(|error| panic!("{reader}: {error}\n{yaml}\n{text:?}"));
        assert_eq!(read, [wanted.clone()], "{reader}:\n{yaml}");
    }
}

/// Marsaglia's xorshift: the same texts in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("48 bits fit") % bound
    }

    fn text(&mut self) -> String {
        const CHARACTERS: [char; 28] = [
            'a',
            '0',
            ' ',
            ' ',
            '\n',
            '\n',
            '\t',
            '\r',
            ':',
            '#',
            '-',
            '\'',
            '"',
            '\\',
            ',',
            '[',
            '{',
            '&',
            '*',
            '!',
            '|',
            '%',
            '\u{85}',
            '\u{2028}',
            '\u{2029}',
            '\u{feff}',
            '\u{1}',
            '\u{10ffff}',
        ];
        let mut text = String::new();
        for _ in 0..=self.below(6) {
            if self.below(2) == 0 {
                text.push_str(AWKWARD[self.below(AWKWARD.len())]);
            } else {
                text.push(CHARACTERS[self.below(CHARACTERS.len())]);
            }
        }
        if self.below(20) == 0 {
            write!(text, "{:>1$}", "end", 200 + self.below(2_000)).expect("a string takes all");
        }
        text
    }
}

#[test]
fn no_line_ends_with_a_blank() {
    for text in AWKWARD {
        let yaml = yaml::write(&nested(text));
        assert!(yaml.lines().all(|line| !line.ends_with([' ', '\t', '\r'])), "{yaml:?}");
        assert!(yaml.ends_with('\n') && !yaml.ends_with("\n\n"), "{yaml:?}");
    }
}

/// Readers of YAML 1.1, Helm among them, make booleans, numbers and dates of them: ours would not notice.
#[test]
fn words_with_a_meaning_in_some_yaml_are_quoted() {
    let words = [
        "on",
        "NO",
        "y",
        "~",
        "null",
        "=",
        "<<",
        "*",
        "12:30",
        "1_000",
        "0x1F",
        "007",
        "1.10",
        "1e3",
        "2024-01-01",
    ];
    for word in words {
        let yaml = yaml::write(&BTreeMap::from([(word, Text::from(word))]));
        assert_eq!(yaml, format!("\"{word}\": \"{word}\"\n"));
    }
}

#[test]
fn long_texts_are_not_folded() {
    let long = "word ".repeat(100) + "end";
    assert_eq!(yaml::write(&[Text::from(&*long)]), format!("- {long}\n"));
    let lines = format!("{long}\nb\n");
    assert_eq!(yaml::write(&[Text::from(&*lines)]), format!("- |\n  {long}\n  b\n"));
}

#[test]
fn blocks_begin_with_their_indentation_where_the_text_begins_with_blanks() {
    let yaml = yaml::write(&BTreeMap::from([("run", Text::from("  a\nb\n\nc\n"))]));
    assert_eq!(yaml, "run: |2\n    a\n  b\n\n  c\n");
}
