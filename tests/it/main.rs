//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

mod helm;
mod support;
mod syntax;
