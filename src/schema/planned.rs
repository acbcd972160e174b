//! Words of the language that this version reads but does not compile, so that a message can say so instead of
//! calling them unknown.

pub const DECLARATIONS: &[&str] = &["ml_registry", "component", "test"];

pub const TRIGGERS: &[&str] = &["pull_request", "schedule", "image", "webhook"];

pub const STEPS: &[&str] = &["set_traffic", "smoke_test", "rollback", "deploy_infra", "queue", "call"];
