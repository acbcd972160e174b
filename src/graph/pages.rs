//! What this phase finds.

use crate::diag::{Group, Kind, Safety};

pub const KINDS: &[Kind] = &[
    Kind::error(Group::Graph, "dependency-cycle", include_str!("pages/dependency-cycle.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Graph, "trigger-cycle", include_str!("pages/trigger-cycle.md")),
];
