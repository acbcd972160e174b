//! What this phase finds in scenarios.

use crate::diag::{Group, Kind};

pub const KINDS: &[Kind] = &[
    Kind::error(Group::References, "unknown-in-test", include_str!("pages/unknown-in-test.md")),
    Kind::error(Group::Types, "contradictory-test", include_str!("pages/contradictory-test.md")),
    Kind::error(Group::Types, "impossible-event", include_str!("pages/impossible-event.md")),
];
