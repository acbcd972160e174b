//! The words of the protocol: the only place that knows which crates they come from.

pub use gen_lsp_types::*;
pub use lsp_server::{Connection, ErrorCode, Message as Envelope, RequestId, Response};

/// What a client sends: the envelope without types.
pub mod envelope {
    pub use lsp_server::{Notification, Request};
}
