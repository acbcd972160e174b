//! The declarations of the language, block by block.

mod checks;
pub mod component;
pub mod declarations;
pub mod endpoint;
pub mod environment;
pub mod extra;
pub mod include;
pub mod job;
pub mod ml;
mod ml_sweep;
pub mod pipeline;
pub mod resources;
pub mod service;
pub mod test;
mod variables;
mod workload;
