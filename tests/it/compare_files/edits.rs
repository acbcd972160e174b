//! Small changes of a text.

use crate::mutations::{Chance, tokens};
use std::ops::Range;

pub struct Edit {
    pub kind: &'static str,
    range: Range<usize>,
    text: String,
    /// The value before and after it, where that is what changes.
    pub values: Vec<String>,
}

type Kind = (&'static str, fn(&Text<'_>, &mut Chance) -> Option<Edit>);

const KINDS: &[Kind] = &[
    ("another number", number),
    ("another string", string),
    ("another word", word),
    ("the other boolean", boolean),
    ("a statement is gone", statement),
    ("another operator", operator),
    ("an item is gone", item),
    ("items change places", items),
    ("statements change places", lines),
    ("an attribute is gone", attribute),
    ("the reverse of a condition", condition),
];

/// None where the text has nothing of the kind that chance takes.
pub fn by(text: &str, chance: &mut Chance) -> Option<Edit> {
    let (kind, edit) = KINDS[chance.below(KINDS.len())];
    let tokens = tokens(text).into_iter().filter(|it| !is_in_comment(text, it.start)).collect();
    let found = edit(&Text { text, tokens }, chance)?;
    Some(Edit { kind, ..found })
}

impl Edit {
    fn new(range: Range<usize>, text: impl Into<String>) -> Edit {
        Edit { kind: "", range, text: text.into(), values: Vec::new() }
    }

    fn valued(self, before: &str) -> Edit {
        let values = [before, &self.text].map(|it| it.trim_matches('"').to_owned());
        Edit { values: values.into(), ..self }
    }

    pub fn applied(&self, text: &str) -> String {
        format!("{}{}{}", &text[..self.range.start], self.text, &text[self.range.end..])
    }

    pub fn shown(&self, path: &str, text: &str) -> String {
        let changed = self.applied(text);
        similar::TextDiff::from_lines(text, &changed)
            .unified_diff()
            .context_radius(2)
            .header(path, path)
            .to_string()
    }
}

struct Text<'a> {
    text: &'a str,
    tokens: Vec<Range<usize>>,
}

impl Text<'_> {
    fn those(&self, wanted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
        self.tokens.iter().filter(|it| wanted(&self.text[(*it).clone()])).cloned().collect()
    }

    /// Lines that say something, each with its end.
    fn lines(&self) -> Vec<Range<usize>> {
        let mut at = 0;
        let mut found = Vec::new();
        for line in self.text.split_inclusive('\n') {
            if !line.trim().is_empty() && !line.trim_start().starts_with("//") {
                found.push(at..at + line.len());
            }
            at += line.len();
        }
        found
    }

    /// Items of the lists that stand in one line, and of bodies too if they are wanted: all of one, each.
    fn lists(&self, open: char, close: char) -> Vec<Vec<Range<usize>>> {
        let mut found = Vec::new();
        for (start, _) in self.text.match_indices(open).filter(|it| !is_in_comment(self.text, it.0)) {
            let line = self.text[start..].split('\n').next().unwrap_or_default();
            let Some(end) = line.find(close) else { continue };
            let mut at = start + 1;
            let inside = &self.text[at..start + end];
            if inside.contains(open) {
                continue;
            }
            let mut items = Vec::new();
            for part in inside.split(',') {
                let from = at + part.len() - part.trim_start().len();
                items.push(from..at + part.trim_end().len());
                at += part.len() + 1;
            }
            if items.len() > 1 {
                found.push(items);
            }
        }
        found
    }
}

fn number(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let found = text.those(|it| it.starts_with(|first: char| first.is_ascii_digit()));
    let place = chance.of(&found)?.clone();
    let old = &text.text[place.clone()];
    let digits = old.find(|it: char| !it.is_ascii_digit()).unwrap_or(old.len());
    let value: u64 = old[..digits].parse().ok()?;
    let new = format!("{}{}", value + 1 + chance.below(3) as u64, &old[digits..]);
    Some(Edit::new(place, new))
}

fn string(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let found = text.those(|it| it.len() > 2 && it.starts_with('"') && it.ends_with('"'));
    let place = chance.of(&found)?.clone();
    let old = &text.text[place.clone()];
    let new = match chance.below(3) {
        0 => text.text[chance.of(&found)?.clone()].to_owned(),
        1 => format!("{}x\"", &old[..old.len() - 1]),
        _ => format!("\"x{}", &old[1..]),
    };
    Some(Edit::new(place, new).valued(old))
}

fn is_word(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_lowercase())
}

/// One that stands for a value becomes another one.
fn word(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let behind = |place: &&Range<usize>| {
        let before = text.text[..place.start].trim_end_matches(' ');
        before.ends_with(['=', '[', ',', '.', ':']) || before.ends_with(" after")
    };
    let all = text.those(is_word);
    let found: Vec<_> = all.iter().filter(behind).cloned().collect();
    let (place, other) = (chance.of(&found)?.clone(), chance.of(&found)?.clone());
    Some(Edit::new(place, &text.text[other]))
}

fn boolean(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let found = text.those(|it| matches!(it, "true" | "false"));
    let place = chance.of(&found)?.clone();
    let new = if &text.text[place.clone()] == "true" { "false" } else { "true" };
    Some(Edit::new(place, new))
}

/// A line, or all up to the brace that closes what it opens.
fn statement(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let lines = text.lines();
    let first = chance.of(&lines)?.clone();
    let mut depth = 0_i32;
    for (at, it) in text.text[first.start..].char_indices() {
        depth += i32::from("{[(".contains(it)) - i32::from("}])".contains(it));
        if depth < 0 {
            return None;
        }
        if it == '\n' && depth == 0 {
            return Some(Edit::new(first.start..first.start + at + 1, ""));
        }
    }
    None
}

const OPERATORS: &[(&str, &str)] = &[
    ("&&", "||"),
    ("||", "&&"),
    ("==", "!="),
    ("!=", "=="),
    (" < ", " <= "),
    (" > ", " >= "),
    (" in ", " == "),
];

fn operator(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let of = |it: &(&'static str, &'static str)| {
        let (from, to) = *it;
        let places = text.text.match_indices(from).filter(|it| !is_in_comment(text.text, it.0));
        places.map(|(at, _)| (at..at + from.len(), to)).collect::<Vec<_>>()
    };
    let found: Vec<_> = OPERATORS.iter().flat_map(of).collect();
    let (place, to) = chance.of(&found)?.clone();
    Some(Edit::new(place, to))
}

fn item(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    gone(&text.lists('[', ']'), chance)
}

fn attribute(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    gone(&text.lists('{', '}'), chance)
}

fn gone(lists: &[Vec<Range<usize>>], chance: &mut Chance) -> Option<Edit> {
    let list = chance.of(lists)?;
    let at = chance.below(list.len());
    let range = if at == 0 { list[0].start..list[1].start } else { list[at - 1].end..list[at].end };
    Some(Edit::new(range, ""))
}

fn items(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let lists = text.lists('[', ']');
    let list = chance.of(&lists)?;
    swapped(text.text, &list[0], &list[1])
}

/// A line and the next one of the same depth, each whole.
fn lines(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let depth = |it: &Range<usize>| text.text[it.clone()].len() - text.text[it.clone()].trim_start().len();
    let whole = |it: &Range<usize>| {
        let line = &text.text[it.clone()];
        "{[("
            .chars()
            .zip("}])".chars())
            .all(|(open, close)| line.matches(open).count() == line.matches(close).count())
    };
    let lines = text.lines();
    let pairs: Vec<_> = lines
        .windows(2)
        .filter(|it| it[0].end == it[1].start && depth(&it[0]) == depth(&it[1]) && it.iter().all(whole))
        .collect();
    let pair = chance.of(&pairs)?;
    swapped(text.text, &pair[0], &pair[1])
}

fn swapped(text: &str, first: &Range<usize>, second: &Range<usize>) -> Option<Edit> {
    let [a, b] = [first, second].map(|it| &text[it.clone()]);
    (a != b).then(|| Edit::new(first.start..second.end, format!("{b}{}{a}", &text[first.end..second.start])))
}

fn condition(text: &Text<'_>, chance: &mut Chance) -> Option<Edit> {
    let of = |(at, _): (usize, &str)| {
        let start = at + "when = ".len();
        let rest = text.text[start..].split('\n').next().unwrap_or_default();
        let closes = rest.find([',', '}']).unwrap_or(rest.len());
        let end = start + rest[..closes].trim_end().len();
        (!rest[..closes].contains(['[', '"'])).then_some(start..end)
    };
    let found: Vec<_> = text.text.match_indices("when = ").filter_map(of).collect();
    let place = chance.of(&found)?.clone();
    let new = format!("!({})", &text.text[place.clone()]);
    Some(Edit::new(place, new))
}

fn is_in_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
    text[line..].trim_start().starts_with("//") || text[line..at].contains(" //")
}
