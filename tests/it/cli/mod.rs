//! The command line: run as a library against temporary folders with a compiler made for the test, and as the program.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alike;
mod bad_input;
mod commands;
mod config;
mod diff;
mod discovery;
mod drift;
mod explain;
mod explain_line;
mod faults;
mod fix;
mod fmt;
mod formats;
mod graph;
mod init;
mod integrations;
mod line_ends;
mod modes;
mod output;
mod program;
mod prove;
mod report;
mod safety;
mod setup;
mod support;
mod tools;
mod watch;
