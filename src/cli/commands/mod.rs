//! One file a command: its arguments and what it does.

pub mod check;
pub mod compile;
pub mod completions;
pub mod config;
pub mod diff;
pub mod drift;
pub mod explain;
pub mod fmt;
pub mod graph;
pub mod init;
pub mod lsp;
pub mod man;
pub mod prove;
pub mod rules;
pub mod setup;
pub mod simulate;
pub mod test;
