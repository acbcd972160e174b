//! The names things get outside, made from identifiers where nothing else is written.

use crate::schema::Kind;

/// The name outside of a declaration without `name = "…"`. Azure's own alphabets decide between `_` and `-`.
pub fn outside(kind: Kind, ident: &str) -> String {
    match kind {
        Kind::Compute | Kind::Service | Kind::Workspace | Kind::Endpoint => ident.replace('_', "-"),
        Kind::ContainerRegistry => ident.replace('_', ""),
        _ => ident.to_owned(),
    }
}
