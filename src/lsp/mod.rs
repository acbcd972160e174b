//! The language server. In: messages of an editor, and what the host knows of files. Out: messages. One thread reads,
//! keeps texts with their trees and answers; another one checks whole projects, always the newest texts. Whatever is
//! asked or sent, the server goes on.

pub mod convert;
mod document;
mod edits;
mod feature;
pub mod host;
mod names;
mod notifications;
mod outline;
mod output;
mod place;
pub mod protocol;
mod publish;
mod repair;
mod requests;
mod rows;
mod send;
mod server;
mod show;
mod starts;
mod state;
pub mod transport;
mod tree;
mod uri;
mod walk;
mod worker;

pub use server::{Ended, serve};
