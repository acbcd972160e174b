//! Facts of the targets, as tables and small readers.

pub mod agentless;
pub mod dockerfile;
pub mod ml_command;
pub mod naming;
pub mod pipeline_keys;
pub mod source_text;
pub mod template;
pub mod time_zone;
