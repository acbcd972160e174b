//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

#![allow(clippy::disallowed_methods, reason = "tests stand at the edge")]

mod allow;
mod azure;
mod azure_devops;
mod azure_ml;
mod charts;
mod cli;
mod compare;
mod crosscheck;
mod desired;
mod docs;
mod draw;
mod editors;
mod examples;
mod expand;
mod fixes;
mod format;
mod helm;
mod lsp;
mod model;
mod mutations;
mod noise;
mod packaging;
mod pages;
mod plan;
mod readme;
mod reference;
mod rules;
mod rules_fixes;
mod rules_scripts;
mod scenarios;
mod scripts;
mod setup;
mod simulate;
mod standins;
mod step_kinds;
mod support;
mod syntax;
mod syntax_limits;
mod syntax_tree;
mod texts;
mod threads;
mod tidy;
mod trace;
mod yaml;
