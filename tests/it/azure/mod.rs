//! A small model of Azure Pipelines that reads the emitted files and executes them: triggers, stages, jobs, deployment
//! and server jobs, conditions, outputs, skipping, checks, locks, artifacts and completion triggers, on a clock that only
//! counts. It is written from the documentation of Azure DevOps and knows nothing of how the files are made; what it
//! does not understand is an error.
//!
//! ```text
//! let system = System::read(&folder)?;                       // the folder with `azure-pipelines/`
//! let timeline = system.event(&Event::push("repo", "refs/heads/main", &["a.py"]), &mut world)?;
//! assert_eq!(timeline.run("train").result, Ended::Succeeded);
//! ```
//!
//! The `World` says how steps end and what people answer: by hand (`Scripted`, no scripts, thousands of runs a second),
//! or by running the scripts under bash with stand-ins (`agent::Agent`).
//!
//! Not modelled: agents that are busy, several events at a time, `batch`, retries of steps, pipelines of other projects.

// pub mod agent;
mod calls;
mod commands;
mod conditions;
mod document;
mod engine;
mod events;
mod expression;
mod gates;
mod jobs;
mod node;
mod predefined;
mod read;
mod scripted;
mod setup;
mod tasks;
#[cfg(test)]
mod tests;
mod timeline;
mod triggers;
mod variables;
mod world;

pub use engine::System;
pub use events::Event;
pub use scripted::Scripted;
pub use setup::Files;
pub use timeline::{Ended, Run, Timeline};
pub use world::{Call, Decision, Gate, Outcome, World};
