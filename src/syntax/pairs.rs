//! The only file that knows pest's parser: texts in, nodes of the grammar's rules out.

use pest::error::{Error, ErrorVariant, InputLocation};
use pest::{Parser as _, Token};
use std::ops::Range;

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/mlops.pest"]
struct Grammar;

/// Where a text stopped fitting.
pub(super) struct Failure {
    /// A byte offset.
    pub at: usize,
    /// What could have stood there, in words.
    pub expected: Vec<&'static str>,
}

/// The pairs of a parse in order of place, each with all that it holds behind it: a tree in one allocation.
pub(super) struct Tree<'t> {
    text: &'t str,
    pairs: Vec<Pair>,
}

struct Pair {
    rule: Rule,
    start: u32,
    /// Without the blanks at its end.
    end: u32,
    /// The index behind the last pair inside.
    next: u32,
}

/// The tree of `rule` over the whole text.
pub(super) fn parse(rule: Rule, text: &str) -> Result<Tree<'_>, Failure> {
    let pairs = Grammar::parse(rule, text).map_err(|error| failure(&error))?;
    let tokens = pairs.tokens();
    let mut tree = Tree { text, pairs: Vec::with_capacity(tokens.len() / 2) };
    let mut open: Vec<usize> = Vec::new();
    for token in tokens {
        match token {
            Token::Start { rule, pos } => {
                open.push(tree.pairs.len());
                let start = narrow(pos.pos());
                tree.pairs.push(Pair { rule, start, end: start, next: 0 });
            }
            Token::End { pos, .. } => tree.close(open.pop().expect("every end has its start"), pos.pos()),
        }
    }
    Ok(tree)
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).expect("sources above 4 GiB are refused when read")
}

impl Tree<'_> {
    fn close(&mut self, at: usize, end: usize) {
        let next = narrow(self.pairs.len());
        let pair = &mut self.pairs[at];
        let bytes = &self.text.as_bytes()[pair.start as usize..end];
        let blanks = bytes.iter().rev().take_while(|it| matches!(it, b' ' | b'\n')).count();
        pair.end = narrow(end - blanks);
        pair.next = next;
    }

    pub fn root(&self) -> Node<'_> {
        Node { tree: self, at: 0 }
    }
}

/// One pair of a tree.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    tree: &'t Tree<'t>,
    at: usize,
}

impl<'t> Node<'t> {
    pub fn rule(self) -> Rule {
        self.pair().rule
    }

    pub fn start(self) -> usize {
        self.pair().start as usize
    }

    pub fn range(self) -> Range<usize> {
        self.pair().start as usize..self.pair().end as usize
    }

    /// What stands there, as the scan left it.
    pub fn as_str(self) -> &'t str {
        &self.tree.text[self.range()]
    }

    pub fn children(self) -> Children<'t> {
        Children { tree: self.tree, at: self.at + 1, end: self.pair().next as usize }
    }

    fn pair(self) -> &'t Pair {
        &self.tree.pairs[self.at]
    }
}

/// The nodes directly inside a node.
#[derive(Clone)]
pub(super) struct Children<'t> {
    tree: &'t Tree<'t>,
    at: usize,
    end: usize,
}

impl<'t> Children<'t> {
    pub fn peek(&self) -> Option<Node<'t>> {
        (self.at < self.end).then_some(Node { tree: self.tree, at: self.at })
    }

    pub fn peek_rule(&self) -> Option<Rule> {
        self.peek().map(Node::rule)
    }

    /// The next node if it is one of `rule`.
    pub fn opt(&mut self, rule: Rule) -> Option<Node<'t>> {
        if self.peek_rule() == Some(rule) { self.next() } else { None }
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let node = self.peek()?;
        self.at = node.pair().next as usize;
        Some(node)
    }
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
        Rule::ty | Rule::missing_type => "a type",
        Rule::body | Rule::loose_body | Rule::next_line_body | Rule::missing_body => "a body",
        Rule::value
        | Rule::plain
        | Rule::splice
        | Rule::atom
        | Rule::text
        | Rule::open_text
        | Rule::loose_value
        | Rule::loose_plain
        | Rule::missing_value
        | Rule::bad_value => "a value",
        Rule::operator => "an operator",
        Rule::not => "`!`",
        Rule::all => "`*`",
        Rule::list | Rule::loose_list => "a list",
        Rule::parentheses | Rule::loose_parentheses => "parentheses",
        Rule::ident | Rule::quoted | Rule::missing_name => "a name",
        Rule::member => "a dot",
        Rule::missing_in => "`in`",
        Rule::missing_then => "`then`",
        Rule::missing_else => "`else`",
        Rule::missing_brace | Rule::stray_brace => "`}`",
        Rule::missing_bracket => "`]`",
        Rule::missing_paren => "`)`",
        Rule::stray_comma | Rule::join | Rule::item_join => "`,`",
        // Rules without pairs, and what nobody awaits.
        Rule::head_end
        | Rule::statement_end
        | Rule::blank
        | Rule::statement
        | Rule::end
        | Rule::keyword
        | Rule::else_if
        | Rule::conditional
        | Rule::if_then
        | Rule::else_value
        | Rule::value_end
        | Rule::operand
        | Rule::suffix
        | Rule::next_argument
        | Rule::name_start
        | Rule::name_part
        | Rule::loose_statement
        | Rule::tail
        | Rule::inner_blank
        | Rule::loose_assigned
        | Rule::some_value
        | Rule::extra
        | Rule::loose_else
        | Rule::some_plain
        | Rule::needed_body
        | Rule::some_name
        | Rule::loose_conditional
        | Rule::loose_if
        | Rule::loose_then
        | Rule::loose_else_value
        | Rule::any_plain
        | Rule::loose_operand
        | Rule::loose_primary
        | Rule::loose_suffix
        | Rule::loose_item
        | Rule::item_tail
        | Rule::list_blank
        | Rule::stop_line
        | Rule::leftover
        | Rule::junk
        | Rule::junk_piece
        | Rule::junk_inside
        | Rule::junk_parentheses
        | Rule::bad_item
        | Rule::bad_piece => "",
    }
}
