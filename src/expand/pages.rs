//! The pages of the codes that expansion alone reports.

pub const PAGES: &[(&str, &str)] = &[
    ("expansion-limit", include_str!("pages/expansion-limit.md")),
    ("let-cycle", include_str!("pages/let-cycle.md")),
    ("not-compile-time", include_str!("pages/not-compile-time.md")),
    ("unreadable-data", include_str!("pages/unreadable-data.md")),
];
