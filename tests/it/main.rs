//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

#![allow(clippy::disallowed_methods, reason = "tests stand at the edge")]

mod allow;
mod azure_devops;
mod azure_ml;
mod charts;
mod cli;
mod created;
mod desired;
mod docs;
mod examples;
mod expand;
mod fixes;
mod format;
mod helm;
mod model;
mod mutations;
mod noise;
mod pages;
mod plan;
mod readme;
mod reference;
mod registry;
mod rules;
mod rules_fixes;
mod rules_scripts;
mod scenarios;
mod scripts;
mod scripts_endpoints;
mod scripts_facts;
mod scripts_ground;
mod scripts_quality;
mod setup;
mod simulate;
mod step_kinds;
mod support;
mod syntax;
mod syntax_limits;
mod syntax_tree;
mod texts;
mod tidy;
mod trace;
mod yaml;
