//! The only file that knows pest's parser: texts in, pairs of the grammar's rules out.

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::{Pair as PestPair, Pairs};

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/mlops.pest"]
struct Grammar;

pub(super) type Pair<'i> = PestPair<'i, Rule>;

/// Where a text stopped fitting.
pub(super) struct Failure {
    /// A byte offset.
    pub at: usize,
    /// What could have stood there, in words.
    pub expected: Vec<&'static str>,
}

/// The pair of `rule` over the whole text.
pub(super) fn parse(rule: Rule, text: &str) -> Result<Pair<'_>, Failure> {
    let mut pairs = Grammar::parse(rule, text).map_err(|error| failure(&error))?;
    Ok(pairs.next().expect("a rule that fits is a pair"))
}

fn failure(error: &Error<Rule>) -> Failure {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rules: &[Rule] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let mut expected: Vec<&str> = rules.iter().map(|rule| label(*rule)).filter(|it| !it.is_empty()).collect();
    expected.sort_unstable();
    expected.dedup();
    Failure { at, expected }
}

/// What a rule is called in "expected …"; empty for what nobody awaits.
pub(super) fn label(rule: Rule) -> &'static str {
    match rule {
        Rule::file | Rule::loose_file | Rule::EOI => "the end of the file",
        Rule::entry | Rule::loose_entry | Rule::broken => "a statement",
        Rule::condition | Rule::loose_condition => "`if`",
        Rule::repetition | Rule::loose_repetition => "`for`",
        Rule::template | Rule::loose_template => "`template`",
        Rule::parameters | Rule::loose_parameters | Rule::missing_parameters => "a list of parameters",
        Rule::parameter | Rule::loose_parameter => "a parameter",
        Rule::alias | Rule::loose_alias => "`as`",
        Rule::ty | Rule::missing_type => "a type",
        Rule::body | Rule::loose_body | Rule::next_line_body | Rule::missing_body => "a body",
        Rule::value | Rule::plain | Rule::splice | Rule::loose_value | Rule::loose_plain => "a value",
        Rule::missing_value | Rule::bad_value => "a value",
        Rule::operator | Rule::logical => "an operator",
        Rule::not => "`!`",
        Rule::index | Rule::loose_index => "an index",
        Rule::all => "`*`",
        Rule::call | Rule::loose_call => "arguments",
        Rule::group | Rule::loose_group => "a parenthesis",
        Rule::list | Rule::loose_list => "a list",
        Rule::ident | Rule::dotted | Rule::missing_name => "a name",
        Rule::member => "a dot",
        Rule::number => "a number",
        Rule::string | Rule::open_text => "a text",
        Rule::missing_in => "`in`",
        Rule::missing_then => "`then`",
        Rule::missing_else => "`else`",
        Rule::missing_brace | Rule::stray_brace => "`}`",
        Rule::missing_bracket => "`]`",
        Rule::missing_paren => "`)`",
        Rule::stray_comma | Rule::join => "`,`",
        // Rules without pairs are never awaited by name.
        Rule::comment
        | Rule::leftover
        | Rule::bad_item
        | Rule::junk
        | Rule::junk_inside
        | Rule::junk_parentheses
        | Rule::statements
        | Rule::end
        | Rule::statement
        | Rule::keyword
        | Rule::items
        | Rule::argument
        | Rule::typed
        | Rule::assigned
        | Rule::otherwise
        | Rule::conditional
        | Rule::if_plain
        | Rule::then_plain
        | Rule::else_word
        | Rule::expression
        | Rule::infix
        | Rule::broken_line
        | Rule::operand
        | Rule::path
        | Rule::next_item
        | Rule::next_argument
        | Rule::name
        | Rule::gap
        | Rule::blanks
        | Rule::blank
        | Rule::space
        | Rule::inner_space
        | Rule::name_start
        | Rule::loose_statement
        | Rule::tail
        | Rule::loose_items
        | Rule::loose_argument
        | Rule::loose_typed
        | Rule::loose_assigned
        | Rule::some_value
        | Rule::extra
        | Rule::loose_otherwise
        | Rule::some_plain
        | Rule::needed_body
        | Rule::some_name
        | Rule::loose_conditional
        | Rule::loose_if
        | Rule::loose_then
        | Rule::loose_else
        | Rule::any_plain
        | Rule::loose_expression
        | Rule::loose_operand
        | Rule::loose_primary
        | Rule::loose_path
        | Rule::any_value
        | Rule::loose_item
        | Rule::item_tail
        | Rule::value_start
        | Rule::list_space
        | Rule::loose_gap
        | Rule::stop_line
        | Rule::junk_piece
        | Rule::line_tail => "",
    }
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
