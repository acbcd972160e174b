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
    emitted_name_collision,
    invalid_branch_pattern,
    ml_cancel_as_control_flow,
    ml_compute_missing,
    ml_port_type_mismatch,
    ml_runtime_missing,
    ml_undeclared_input,
    ml_unused_input,
    parameter_without_default,
    paths_without_branches,
    prod_without_approval,
    resource_name_invalid,
    root_not_said,
    unused_declaration,
}
