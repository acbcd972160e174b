//! What this phase finds.

use crate::diag::{Group, Kind};

pub const KINDS: &[Kind] = &[
    Kind::error(Group::Graph, "dependency-cycle", include_str!("pages/dependency-cycle.md")),
    Kind::error(Group::Graph, "trigger-cycle", include_str!("pages/trigger-cycle.md")),
];
