//! Existing templates of Azure Pipelines.

use super::Repository;
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::model::data::Data;
use crate::model::expr::Expr;
use crate::target::template::Holds;

#[derive(Clone, Debug)]
pub struct Include {
    pub head: Span,
    /// Relative to the project's root, or to that of the other repository; normalized.
    pub path: String,
    pub from: Option<Spanned<Id<Repository>>>,
    pub holds: Holds,
    /// In the order written.
    pub parameters: Vec<(String, Argument)>,
    /// The stages it brings, where they can be told.
    pub stages: Option<Vec<String>>,
}

/// What a template is given.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A constant, or one nested in lists and records.
    Data(Data),
    /// A text with a value of the run in it.
    Value(Expr),
}

/// Stages of a template between the stages of a pipeline.
#[derive(Clone, Debug)]
pub struct StageInclude {
    /// The index of the stage that is written behind it.
    pub before: usize,
    pub include: Include,
}
