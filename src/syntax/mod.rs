//! Text to tree. In: one file's text. Out: its tree and every syntax error in it. Never fails, never panics.

pub mod ast;
