//! The compiler as a library: phases from text to output files, each a function from data to data and diagnostics.

pub mod base;
pub mod diag;
pub mod driver;
pub mod emit;
pub mod model;
pub mod plan;
pub mod schema;
pub mod syntax;
pub mod target;
