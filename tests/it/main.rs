//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

mod azure_ml;
mod support;
mod syntax;
