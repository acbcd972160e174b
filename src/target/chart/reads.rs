//! Which values a chart's templates may read. A may-set: where a template hands values on in a way that is not followed,
//! all of them count as read, so that a value outside of the set is read by nobody.

use super::actions::{Start, Word, actions};
use std::collections::{BTreeMap, BTreeSet};

/// Values by key.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// This value and all below.
    pub whole: bool,
    pub inner: BTreeMap<String, Reads>,
}

impl Reads {
    /// Where a value stands among those read; `None` if none reads it.
    pub fn get(&self, key: &str) -> Option<&Reads> {
        self.inner.get(key)
    }

    fn enter(&mut self, path: &[impl AsRef<str>]) -> &mut Reads {
        path.iter().fold(self, |at, key| at.inner.entry(key.as_ref().to_owned()).or_default())
    }

    fn add(&mut self, other: Reads) {
        self.whole |= other.whole;
        for (key, inner) in other.inner {
            self.inner.entry(key).or_default().add(inner);
        }
    }

    /// What was only entered (`with`) and then not looked into was looked at as a whole.
    fn settle(&mut self) {
        self.whole |= self.inner.is_empty();
        self.inner.values_mut().for_each(Reads::settle);
    }
}

/// What `.` or a variable is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Dot {
    Root,
    Values(Vec<String>),
    Unknown,
}

#[derive(Debug, Default)]
pub struct Found {
    reads: Reads,
    defined: BTreeSet<String>,
    included: BTreeSet<String>,
    /// Of the charts inside: a template of theirs that is included here reads here.
    lent: Vec<(BTreeSet<String>, Reads)>,
}

impl Found {
    pub fn read(&mut self, path: &[&str]) {
        self.reads.enter(path).whole = true;
    }

    pub fn template(&mut self, text: &str) {
        let mut cx =
            Scope { found: self, dots: vec![Dot::Root], ends: Vec::new(), variables: BTreeMap::new() };
        for words in actions(text) {
            cx.action(&words);
        }
    }

    /// A chart inside, whose values stand below the key.
    pub fn graft(&mut self, key: &str, inner: Found) {
        self.lent.push((inner.defined.clone(), inner.reads.clone()));
        self.lent.extend(inner.lent.iter().cloned());
        self.included.extend(inner.included.difference(&inner.defined).cloned());
        self.reads.enter(&[key]).add(inner.finish_inner());
    }

    fn finish_inner(mut self) -> Reads {
        self.reads.settle();
        self.reads
    }

    pub fn finish(mut self) -> Reads {
        for name in &self.included {
            if self.defined.contains(name) {
                continue;
            }
            let lender = self.lent.iter().find(|it| it.0.contains(name));
            match lender {
                Some((_, reads)) => self.reads.add(reads.clone()),
                None => self.reads.whole = true,
            }
        }
        let whole = self.reads.whole;
        self.reads.settle();
        self.reads.whole = whole;
        self.reads
    }
}

struct Scope<'a> {
    found: &'a mut Found,
    /// The last is what `.` is now.
    dots: Vec<Dot>,
    /// For each open block: whether it has a dot of its own.
    ends: Vec<bool>,
    variables: BTreeMap<String, Vec<Dot>>,
}

impl Scope<'_> {
    fn action(&mut self, words: &[Word]) {
        let Some(Word::Name(keyword)) = words.first() else { return self.pipeline(words) };
        let rest = &words[1..];
        match keyword.as_str() {
            "if" => {
                self.ends.push(false);
                self.pipeline(rest);
            }
            "with" => {
                let dot = self.bound(rest);
                self.open(dot);
            }
            "range" => {
                // What a loop runs over is read as a whole, whatever its elements are used for.
                self.pipeline(rest);
                self.open(Dot::Unknown);
            }
            "define" | "block" => {
                if let Some(Word::Text(name)) = rest.first() {
                    self.found.defined.insert(name.clone());
                }
                self.pipeline(rest);
                self.open(if keyword == "define" { Dot::Unknown } else { Dot::Root });
            }
            "else" => {
                // In `else`, `.` is what it was outside.
                if self.ends.last() == Some(&true) {
                    self.dots.pop();
                    let outside = self.dots.last().cloned().unwrap_or(Dot::Unknown);
                    self.dots.push(outside);
                }
                self.pipeline(rest.strip_prefix(&[Word::Name("if".into())]).unwrap_or(rest));
            }
            "end" => {
                if self.ends.pop() == Some(true) {
                    self.dots.pop();
                }
            }
            _ => self.pipeline(words),
        }
    }

    fn open(&mut self, dot: Dot) {
        self.ends.push(true);
        self.dots.push(dot);
    }

    /// `$x := PIPELINE` or a pipeline: what it is, entered but not read where it is one value.
    fn bound(&mut self, words: &[Word]) -> Dot {
        let assigned = match words {
            [Word::Chain(Start::Variable(name), fields), Word::Mark(":=" | "="), rest @ ..]
                if fields.is_empty() =>
            {
                Some((name.clone(), rest))
            }
            _ => None,
        };
        let pipeline = assigned.as_ref().map_or(words, |it| it.1);
        let dot = match pipeline {
            [Word::Chain(start, fields)] => {
                self.resolve(start, fields).into_iter().next().unwrap_or(Dot::Unknown)
            }
            _ => {
                self.expression(pipeline);
                Dot::Unknown
            }
        };
        if let Dot::Values(path) = &dot {
            self.found.reads.enter(path);
        }
        if let Some((name, _)) = assigned {
            self.variables.entry(name).or_default().push(dot.clone());
        }
        dot
    }

    fn pipeline(&mut self, words: &[Word]) {
        let assigns = matches!(words, [Word::Chain(Start::Variable(_), _), Word::Mark(":=" | "="), ..]);
        if assigns {
            self.bound(words);
        } else {
            self.expression(words);
        }
    }

    fn expression(&mut self, words: &[Word]) {
        for (at, word) in words.iter().enumerate() {
            let Word::Chain(start, fields) = word else {
                if let (Word::Name(name), Some(Word::Text(template))) = (word, words.get(at + 1))
                    && matches!(name.as_str(), "include" | "template")
                {
                    self.found.included.insert(template.clone());
                }
                continue;
            };
            let looks_up = matches!(words[..at].last(), Some(Word::Name(it)) if matches!(it.as_str(), "index" | "get" | "hasKey"));
            let keys = words[at + 1..].iter().map_while(|it| match it {
                Word::Text(key) if looks_up => Some(key.clone()),
                _ => None,
            });
            let keys: Vec<String> = keys.collect();
            for dot in self.resolve(start, fields) {
                if let Dot::Values(path) = dot {
                    let path: Vec<String> = path.into_iter().chain(keys.iter().cloned()).collect();
                    self.found.reads.enter(&path).whole = true;
                }
            }
        }
    }

    /// What a chain may be.
    fn resolve(&self, start: &Start, fields: &[String]) -> Vec<Dot> {
        // `.Values.x`, `$.Values.x`, and `.root.Values.x` of a template that was handed the root.
        if let Some(at) = fields.iter().position(|it| it == "Values") {
            return vec![Dot::Values(fields[at + 1..].to_vec())];
        }
        let starts = match start {
            Start::Dot => vec![self.dots.last().cloned().unwrap_or(Dot::Unknown)],
            Start::Variable(name) if name.is_empty() => vec![Dot::Root],
            Start::Variable(name) => self.variables.get(name).cloned().unwrap_or_default(),
            Start::Group => Vec::new(),
        };
        let below = |dot: Dot| match dot {
            Dot::Values(path) => Dot::Values(path.into_iter().chain(fields.iter().cloned()).collect()),
            Dot::Root if fields.is_empty() => Dot::Root,
            Dot::Root | Dot::Unknown => Dot::Unknown,
        };
        starts.into_iter().map(below).collect()
    }
}
