//! Words of the language that this version reads but does not compile, so that a message can say so instead of
//! calling them unknown.

pub const DECLARATIONS: &[&str] = &["test"];
