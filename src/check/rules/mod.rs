//! The rules. A new one is a file and a line here.

use super::Rule;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// Each rule with its page.
        pub static ALL: &[(&Rule, &str)] = &[$((&$name::RULE, include_str!(concat!(stringify!($name), ".rs"))),)*];
    };
}

rules! {
    agent_sleeps,
    approval_form,
    asset_never_registered,
    autoscaling_without_requests,
    container_unsupported,
    disabled_is_read,
    double_trigger,
    emitted_name_collision,
    endpoint_code_missing,
    endpoint_compute_unfit,
    expiry_race,
    expression_in_script,
    files_lost_at_split,
    hosted_timeout_limit,
    invalid_branch_pattern,
    macro_in_script,
    matrix_unsupported,
    ml_after_unsupported,
    ml_cancel_as_control_flow,
    ml_component_mismatch,
    ml_compute_missing,
    ml_extra_key,
    ml_line_continuation,
    ml_missing_input,
    ml_nested_lost,
    ml_optional_not_bracketed,
    ml_port_type_mismatch,
    ml_registers_skipped,
    ml_runtime_missing,
    ml_schedule_registers_nothing,
    ml_shared_compute_deleted,
    ml_undeclared_input,
    ml_ungated_register,
    ml_unused_input,
    ml_when_unsupported,
    never_equal,
    not_on_this_target,
    nothing_inherited,
    notice_after_approval,
    overlay_in_one_workspace,
    parameter_without_default,
    paths_without_branches,
    port_missing,
    prod_without_approval,
    repeated_trigger,
    repo_trigger_batch,
    repo_trigger_unsupported,
    resource_name_invalid,
    root_not_said,
    server_job_needs_agentless_task,
    timeout_shorter_than_wait,
    unknown_time_zone,
    unused_declaration,
}
