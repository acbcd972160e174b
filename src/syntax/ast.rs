//! The tree of one file, as written. Owned, with spans; nothing is looked up in it.

use crate::base::span::{Span, Spanned};
use std::borrow::Cow;

/// An identifier as written.
pub type Ident = Spanned<String>;

#[derive(Debug, Default)]
pub struct File {
    pub statements: Vec<Statement>,
    /// Every `//` comment in order of place, `///` included.
    pub comments: Vec<Comment>,
    /// Holds something that is worked out before names are looked up: `let`, `for`, `if` around statements, `template`,
    /// `use`, `option`, an index, arithmetic, a file that is read.
    pub reuses: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// From the first slash to the last character of the line, without the line break.
    pub span: Span,
    /// `///`, first on its line.
    pub doc: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Attribute(Attribute),
    // Boxed is what is rare and large: a statement has the size of the largest kind.
    Declaration(Box<Declaration>),
    Block(Block),
    For(Box<For>),
    If(Box<If>),
    Let(Let),
    Template(Box<Template>),
    Use(Box<Use>),
    /// What no rule fits; the diagnostic is already made.
    Broken(Span),
}

/// `key = value`
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub span: Span,
    pub key: Ident,
    /// The key was written in quotes.
    pub quoted: bool,
    pub value: Expr,
}

/// `word name: type = value { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The whole statement with its body.
    pub span: Span,
    /// The text of the `///` lines before it, without the slashes, joined by newlines.
    pub doc: Option<String>,
    pub word: Ident,
    pub name: Name,
    pub ty: Type,
    pub default: Option<Expr>,
    pub body: Option<Body>,
}

/// `word arguments as name { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The whole statement with its body.
    pub span: Span,
    /// From the word to the last argument or alias: what a message underlines.
    pub head: Span,
    pub doc: Option<String>,
    /// The word, or the text of a string in its place.
    pub word: Ident,
    /// The word was written in quotes.
    pub quoted: bool,
    pub arguments: Vec<Expr>,
    pub alias: Option<Box<Name>>,
    /// `None` where no braces were written.
    pub body: Option<Body>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// From brace to brace.
    pub span: Span,
    pub statements: Vec<Statement>,
    /// Something in it did not parse: stay silent about what it lacks.
    pub broken: bool,
}

/// `for item, index in list { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    pub span: Span,
    pub item: Ident,
    pub index: Option<Ident>,
    pub list: Expr,
    pub body: Body,
}

/// `if condition { … } else { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    pub span: Span,
    pub condition: Expr,
    pub then: Body,
    /// `else if` is a body that holds one `if`.
    pub otherwise: Option<Body>,
}

/// `let name = value`
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    pub span: Span,
    pub name: Ident,
    pub value: Expr,
}

/// `template name(a: type = value) { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub span: Span,
    pub doc: Option<String>,
    pub name: Ident,
    pub parameters: Vec<Parameter>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: Ident,
    pub ty: Type,
    pub default: Option<Expr>,
}

/// `use template as name { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    pub span: Span,
    pub template: Ident,
    pub alias: Option<Name>,
    pub body: Option<Body>,
}

/// A declared name: `release` or `release[e, k]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub ident: Ident,
    pub indices: Vec<Expr>,
    /// With the brackets.
    pub span: Span,
}

/// `string` or `[string]`
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub name: Ident,
    pub list: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Bool(bool),
    String(Text),
    Number(Number),
    /// `a.b["c"].d[*]`
    Path(Path),
    /// `f(a, b)`; the name may be a path.
    Call(Path, Vec<Expr>),
    List(Vec<Expr>),
    /// `{ k = v }` as a value.
    Record(Vec<Attribute>),
    Not(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Did not parse; the diagnostic is already made.
    Broken,
}

/// A string literal. What a splice in it means is decided by the type of the attribute it is given to.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Between the quotes, as written: no escape worked out; of a `"""` block the lines between the fences.
    pub raw: Span,
    /// The text as a value without splices: escapes worked out, the margin of a `"""` block taken off. `\$` becomes
    /// `$` only in `parts`.
    pub value: String,
    pub block: bool,
    /// The same text cut at `${…}`: literals (with `\$` worked out) and expressions in turn.
    /// Empty where that is the value as it stands. `${{…}}` and `$[[…]]` are literal text.
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Literal(String),
    /// A splice that was worked out at compile time: its value, and what was written between the braces.
    Known {
        value: String,
        written: Ident,
    },
    Splice(Expr),
    /// A `${…}` that holds no expression, as in a shell's `${1}` or `${NAME:-x}`: escapes worked out, dollar and braces
    /// included. An error where the attribute takes splices, plain text where it does not.
    Opaque(Spanned<String>),
}

/// A number with its unit as written: `42`, `1e-4`, `20m`, `2Gi`, `70%`.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Digits, sign, fraction and exponent as written.
    pub digits: String,
    /// Empty for a plain number.
    pub unit: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub segments: Vec<Segment>,
    /// `a.b.`: still being typed.
    pub open: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub name: Ident,
    pub indices: Vec<Index>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Index {
    /// `[*]`
    All(Span),
    At(Expr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Multiply,
    Add,
    Subtract,
    Range,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    And,
    Or,
}

impl Statement {
    pub fn span(&self) -> Span {
        match self {
            Statement::Attribute(it) => it.span,
            Statement::Declaration(it) => it.span,
            Statement::Block(it) => it.span,
            Statement::For(it) => it.span,
            Statement::If(it) => it.span,
            Statement::Let(it) => it.span,
            Statement::Template(it) => it.span,
            Statement::Use(it) => it.span,
            Statement::Broken(span) => *span,
        }
    }

    /// What stands between its braces; an `if` may have two bodies.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        let bodies = match self {
            Statement::Attribute(_) | Statement::Let(_) | Statement::Broken(_) => [None, None],
            Statement::Declaration(it) => [it.body.as_ref(), None],
            Statement::Block(it) => [it.body.as_ref(), None],
            Statement::For(it) => [Some(&it.body), None],
            Statement::If(it) => [Some(&it.then), it.otherwise.as_ref()],
            Statement::Template(it) => [Some(&it.body), None],
            Statement::Use(it) => [it.body.as_ref(), None],
        };
        bodies.into_iter().flatten()
    }
}

impl Text {
    /// The text if nothing in it is known later only. A text without splices keeps its `\$`.
    pub fn constant(&self) -> Option<Cow<'_, str>> {
        if self.parts.iter().any(|it| matches!(it, Part::Splice(_))) {
            return None;
        }
        if self.known().next().is_none() {
            return Some(Cow::Borrowed(&self.value));
        }
        let pieces = self.parts.iter().map(|it| match it {
            Part::Literal(text) | Part::Known { value: text, .. } => text,
            Part::Opaque(written) => &written.value,
            Part::Splice(_) => "",
        });
        Some(Cow::Owned(pieces.collect()))
    }

    /// What is written in splices that were worked out at compile time.
    pub fn known(&self) -> impl Iterator<Item = &Ident> {
        self.parts.iter().filter_map(|it| match it {
            Part::Known { written, .. } => Some(written),
            Part::Literal(_) | Part::Splice(_) | Part::Opaque(_) => None,
        })
    }
}

impl Path {
    /// The path's name if it is one plain identifier.
    pub fn as_ident(&self) -> Option<&Ident> {
        match self.segments.as_slice() {
            [only] if only.indices.is_empty() && !self.open => Some(&only.name),
            _ => None,
        }
    }
}
