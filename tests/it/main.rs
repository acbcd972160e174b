//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

mod scripts;
mod support;
mod syntax;
