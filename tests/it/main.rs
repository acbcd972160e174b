#![allow(clippy::disallowed_methods, reason = "tests stand at the edge")]

mod cli;
