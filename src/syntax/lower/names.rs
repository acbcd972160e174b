//! Names that are none: with letters beyond a to z, and with signs in them.

use super::Lower;
use crate::base::span::Span;
use crate::syntax::errors;
use std::collections::BTreeMap;
use std::ops::Range;

impl Lower<'_> {
    /// Each name is told once, however often it stands there.
    pub fn foreign_names(&mut self, names: &[Range<usize>]) {
        let mut places: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for name in names {
            let written = &self.text[name.clone()];
            places.entry(written).or_default().push(self.between(name.start, name.end));
        }
        for (name, places) in places {
            self.push(errors::foreign_letters(name, &places));
        }
    }

    /// The name around a sign behind which what does not fit begins at `at`: `hot-fix`.
    pub(super) fn joined_name(&self, at: usize) -> Option<Range<usize>> {
        let is_part = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
        let (before, behind) = (&self.text.as_bytes()[..at], &self.text.as_bytes()[at..]);
        let start = at - before.iter().rev().take_while(|it| is_part(it)).count();
        let length = behind.iter().take_while(|it| is_part(it) || matches!(it, b'-' | b'.')).count();
        let is_joined = behind.first() == Some(&b'-') && behind.get(1).is_some_and(is_part);
        let is_name = self.text.as_bytes().get(start).is_some_and(u8::is_ascii_alphabetic) && start < at;
        (is_joined && is_name).then_some(start..at + length)
    }
}
