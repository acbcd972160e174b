//! What every phase stands on: spans, sources, files by path, typed ids, suggestions.

pub mod arena;
pub mod files;
pub mod glob;
pub mod parallel;
pub mod sources;
pub mod span;
pub mod suggest;
