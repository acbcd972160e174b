//! The words of the language: one table of blocks, attributes, types, defaults and docs. It drives decoding,
//! "did you mean", hover, completion and the generated reference; the grammar knows none of these words.

pub mod checks;
pub mod component;
pub mod declarations;
pub mod endpoint;
pub mod environment;
pub mod include;
pub mod job;
pub mod ml;
pub mod ml_work;
pub mod overlay;
pub mod pipeline;
pub mod schedule;
pub mod service;
pub mod tasks;
pub mod test;
pub mod trigger;
pub mod types;
pub mod workload;

pub use types::{Kind, Type};

/// One kind of block.
#[derive(Debug)]
pub struct Block {
    pub word: &'static str,
    /// What stands between the word and the brace.
    pub head: Head,
    pub doc: &'static str,
    /// Groups, so that blocks can share rows.
    pub attributes: &'static [&'static [Attribute]],
    pub blocks: &'static [Child],
    /// Data keyed by free names: `tags { owner = "ml" }`.
    pub free: Option<Type>,
    /// Rows that take this one's place, by the word that is the first argument: `notify email`.
    pub variants: &'static [(&'static str, &'static Block)],
}

/// What follows a block's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Nothing: `resources { … }`.
    None,
    /// An identifier and possibly a title in quotes: `pipeline train "Train"`.
    Name,
    /// Positional arguments, by what they are: `deploy api`.
    Arguments(&'static [Argument]),
    /// `output ready: bool`: a declaration with a type.
    Typed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument {
    pub name: &'static str,
    pub ty: Type,
    pub required: bool,
}

/// A block inside another.
#[derive(Clone, Copy, Debug)]
pub struct Child {
    pub block: &'static Block,
    pub count: Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    AtMostOne,
    ExactlyOne,
    Many,
}

#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    pub name: &'static str,
    pub ty: Type,
    pub need: Need,
    pub doc: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    /// What holds where it is not written, for the reference.
    Default(&'static str),
}

impl Block {
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().flat_map(|group| group.iter()).find(|it| it.name == name)
    }

    pub fn all_attributes(&self) -> impl Iterator<Item = &'static Attribute> {
        self.attributes.iter().flat_map(|group| group.iter())
    }

    /// The row for a block whose first argument is this word.
    pub fn variant(&'static self, word: &str) -> &'static Block {
        self.variants.iter().find(|it| it.0 == word).map_or(self, |it| it.1)
    }

    pub fn child(&self, word: &str) -> Option<&'static Child> {
        self.blocks.iter().find(|it| it.block.word == word)
    }
}

pub const fn required(name: &'static str, ty: Type, doc: &'static str) -> Attribute {
    Attribute { name, ty, need: Need::Required, doc }
}

pub const fn optional(name: &'static str, ty: Type, doc: &'static str) -> Attribute {
    Attribute { name, ty, need: Need::Optional, doc }
}

pub const fn default(name: &'static str, ty: Type, value: &'static str, doc: &'static str) -> Attribute {
    Attribute { name, ty, need: Need::Default(value), doc }
}

pub const fn argument(name: &'static str, ty: Type) -> Argument {
    Argument { name, ty, required: true }
}

pub const fn optional_argument(name: &'static str, ty: Type) -> Argument {
    Argument { name, ty, required: false }
}

pub const fn one(block: &'static Block) -> Child {
    Child { block, count: Count::ExactlyOne }
}

pub const fn at_most_one(block: &'static Block) -> Child {
    Child { block, count: Count::AtMostOne }
}

pub const fn many(block: &'static Block) -> Child {
    Child { block, count: Count::Many }
}

/// A block with nothing but attributes, to be spread: `Block { word: "x", ..BLOCK }`.
pub const BLOCK: Block =
    Block { word: "", head: Head::None, doc: "", attributes: &[], blocks: &[], free: None, variants: &[] };
