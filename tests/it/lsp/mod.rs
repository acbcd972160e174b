//! The language server, spoken to as a client does: through a connection in memory, over projects in temporary folders.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod actions;
mod completion;
mod diagnostics;
mod edits;
mod flow;
mod formatting;
mod names;
mod outline;
mod protocol;
mod settings;
mod support;
mod transport;
