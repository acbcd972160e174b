//! The one integration binary: behaviour tests by area, data under `tests/cases/`.

mod azure_devops;
mod support;
mod syntax;
mod yaml;
