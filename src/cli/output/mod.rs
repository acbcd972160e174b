//! From output files to the disk: plan, conflicts, writing, and what a person is told about it.

pub mod accept;
pub mod conflict;
pub mod diff;
pub mod drift;
pub mod line_ends;
pub mod manifest;
pub mod meaning;
pub mod plan;
pub mod staging;
pub mod standing;
pub mod tell;
pub mod write;

pub use plan::{Accepted, Change, Plan, Wanted, Wish, plan};
pub use write::{replace, write};
