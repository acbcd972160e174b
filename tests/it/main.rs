//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

mod support;
mod syntax;
mod syntax_limits;
mod syntax_tree;
