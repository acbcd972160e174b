//! The pages of the codes that this phase reports.

pub const PAGES: &[(&str, &str)] = &[
    ("dependency-cycle", include_str!("pages/dependency-cycle.md")),
    ("trigger-cycle", include_str!("pages/trigger-cycle.md")),
];
