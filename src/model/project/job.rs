//! What jobs run in, and copies of a job with other values.

use super::{Connection, ContainerRegistry, Pool};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::model::expr::{Expr, Ty};
use indexmap::IndexMap;

/// A container that steps run in.
#[derive(Clone, Debug)]
pub struct Container {
    pub span: Span,
    pub image: String,
    /// Its address stands before the image, and its connection pulls where nothing else is said.
    pub registry: Option<Spanned<Id<ContainerRegistry>>>,
    pub connection: Option<Spanned<Id<Connection>>>,
    pub options: Option<String>,
    pub ports: Vec<String>,
    pub volumes: Vec<String>,
    pub env: IndexMap<String, String>,
}

/// What remains on a self-hosted agent from earlier runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clean {
    Outputs,
    Resources,
    All,
}

/// Copies of a job.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// What differs, with its type. `pool` is not among them.
    pub variables: IndexMap<String, Ty>,
    /// Where each of them stands first.
    pub places: IndexMap<String, Span>,
    /// At least one in a project without errors.
    pub legs: Vec<Leg>,
    pub max_parallel: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct Leg {
    /// `[A-Za-z][A-Za-z0-9_]{0,99}`
    pub name: String,
    pub span: Span,
    /// Constants.
    pub values: IndexMap<String, Expr>,
    pub pool: Option<Id<Pool>>,
}

impl Matrix {
    /// The variable of Azure Pipelines that holds a value in each copy: no environment variable of a system begins so.
    pub fn variable(name: &str) -> String {
        format!("matrix_{name}")
    }
}
