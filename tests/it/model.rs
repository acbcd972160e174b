//! The model: every word of the table used rightly, and used wrongly in every way.

mod breaking;
mod connections;
mod corpus;
mod limits;
mod said;
mod words;

pub use corpus::{analysis, side_files};
