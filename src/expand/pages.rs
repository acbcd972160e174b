//! What expansion alone finds.

use crate::diag::{Group, Kind};

pub const KINDS: &[Kind] = &[
    Kind::error(Group::Graph, "expansion-limit", include_str!("pages/expansion-limit.md")),
    Kind::error(Group::References, "let-cycle", include_str!("pages/let-cycle.md")),
    Kind::error(Group::Types, "not-compile-time", include_str!("pages/not-compile-time.md")),
    Kind::error(Group::References, "unreadable-data", include_str!("pages/unreadable-data.md")),
];
