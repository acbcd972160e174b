//! Pictures of a system: what starts what, what waits for whom, who must agree. In: the project, its graphs, its plan. Out: nodes
//! and edges as plain data, and texts in the formats that draw them. Pure; where the nodes stand is worked out in `layout`.

mod approvals;
mod around;
mod condition;
pub mod dot;
pub mod json;
pub mod layout;
mod measure;
pub mod mermaid;
mod ml;
pub mod overview;
pub mod page;
mod paint;
pub mod picture;
mod pipeline;
mod steps;
pub mod svg;
mod system;
pub mod text;
mod triggers;
mod ways;
mod words;

pub use paint::Painter;
pub use picture::{Picture, What};
