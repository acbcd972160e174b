//! The only file that knows pest's parser: texts in, pairs of the grammar's rules out.

use pest::Parser as _;
use pest::iterators::{Pair as PestPair, Pairs};

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/mlops.pest"]
struct Grammar;

pub(super) type Pair<'i> = PestPair<'i, Rule>;

/// The pair of `rule` over the whole text; `None` where the text does not fit.
pub(super) fn parse(rule: Rule, text: &str) -> Option<Pair<'_>> {
    Grammar::parse(rule, text).ok()?.next()
}

/// The pairs inside a pair, comments left out.
pub(super) struct Children<'i> {
    pairs: Pairs<'i, Rule>,
    ahead: Option<Pair<'i>>,
}

impl<'i> Children<'i> {
    pub fn of(pair: Pair<'i>) -> Self {
        let mut children = Children { pairs: pair.into_inner(), ahead: None };
        children.advance();
        children
    }

    pub fn peek(&self) -> Option<Rule> {
        self.ahead.as_ref().map(Pair::as_rule)
    }

    /// The text of the next pair if it is one of `rules`.
    pub fn peek_of(&self, rules: &[Rule]) -> Option<&'i str> {
        self.ahead.as_ref().filter(|pair| rules.contains(&pair.as_rule())).map(Pair::as_str)
    }

    /// How many pairs are left, comments counted.
    pub fn size(&self) -> usize {
        self.pairs.len() + usize::from(self.ahead.is_some())
    }

    /// The next pair if it is one of `rule`.
    pub fn opt(&mut self, rule: Rule) -> Option<Pair<'i>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }

    fn advance(&mut self) {
        self.ahead = self.pairs.find(|pair| pair.as_rule() != Rule::comment);
    }
}

impl<'i> Iterator for Children<'i> {
    type Item = Pair<'i>;

    fn next(&mut self) -> Option<Pair<'i>> {
        let pair = self.ahead.take()?;
        self.advance();
        Some(pair)
    }
}
