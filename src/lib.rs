//! The compiler as a library: phases from text to output files, each a function from data to data and diagnostics.

pub mod allow;
pub mod base;
pub mod check;
pub mod cli;
pub mod compare;
pub mod config;
pub mod decode;
pub mod diag;
pub mod draw;
pub mod driver;
pub mod emit;
pub mod expand;
pub mod explain;
pub mod fix;
pub mod format;
pub mod graph;
pub mod lsp;
pub mod model;
mod noise;
pub mod plan;
pub mod policy;
pub mod schema;
pub mod simulate;
pub mod syntax;
pub mod target;
pub mod trace;
