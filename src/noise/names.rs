//! Names that cannot be relied on, as far as the text alone tells them.

use crate::base::sources::Sources;
use std::collections::BTreeSet;

#[derive(Default)]
pub struct Names(BTreeSet<String>);

/// How often names are followed from one to another.
const MOST_STEPS: usize = 3;

impl Names {
    /// What the line seems to declare: the second word of each statement on it, its keys, and what stands behind `as`.
    pub fn declared_in(&mut self, line: &str) {
        for statement in line.split(['{', '}', ',', '(']) {
            let mut parts = words(statement);
            let (first, second) = (parts.next(), parts.next());
            let is_key = statement.trim_start().trim_start_matches(is_part).trim_start().starts_with('=');
            self.add(if is_key { first } else { second });
        }
        self.add(alias(line));
    }

    /// The name of the block that the line begins.
    pub fn named_in(&mut self, line: &str) {
        let head = line.split(['{', '"', '(', '[', '=', ':']).next().unwrap_or_default();
        self.add(words(head).nth(1));
        self.add(alias(line));
    }

    pub fn add<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        self.0.extend(names.into_iter().map(str::to_owned));
    }

    /// With what goes by another name: `submit training as fit`.
    pub fn spread(&mut self, sources: &Sources) {
        for _ in 0..MOST_STEPS {
            let before = self.0.len();
            if before == 0 {
                return;
            }
            for (_, source) in sources.iter() {
                for (at, _) in source.text.match_indices(" as ") {
                    let start = source.text[..at].rfind('\n').map_or(0, |it| it + 1);
                    let end = source.text[at..].find('\n').map_or(source.text.len(), |it| at + it);
                    if self.is_any(words(&source.text[start..at])) {
                        self.add(alias(&source.text[at..end]));
                    }
                }
            }
            if self.0.len() == before {
                return;
            }
        }
    }

    pub fn is_any<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> bool {
        names.any(|it| self.0.contains(it))
    }
}

/// The name behind `as`.
fn alias(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" as ")?;
    words(rest).next()
}

/// The names in back quotes.
pub fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2).flat_map(words)
}

pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it| !is_part(it)).filter(|it| !it.is_empty())
}

fn is_part(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}
