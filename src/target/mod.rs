//! Facts of the targets, as tables and small readers.

pub mod agentless;
pub mod arm;
pub mod chart;
pub mod conda;
pub mod dockerfile;
pub mod glob;
pub mod hosted_image;
pub mod image;
pub mod json_schema;
pub mod ml_command;
pub mod ml_component;
pub mod ml_keys;
pub mod naming;
pub mod pipeline_keys;
pub mod run_variable;
pub mod secrets;
pub mod shell;
pub mod source_text;
pub mod template;
pub mod time_zone;
pub mod vm_size;
pub mod workload;
