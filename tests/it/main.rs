//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

#![allow(clippy::disallowed_methods, reason = "tests stand at the edge")]

mod cli;
mod model;
mod pages;
mod support;
mod syntax;
mod texts;
