//! Facts of the targets, as tables and small readers.

pub mod agentless;
pub mod dockerfile;
pub mod ml_command;
pub mod ml_component;
pub mod ml_keys;
pub mod naming;
pub mod source_text;
pub mod time_zone;
