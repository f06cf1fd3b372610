//! The name of one request, in its answer, its problem and the log.

use model::{Id, IdKind};

/// Marker of request ids.
#[derive(Debug)]
enum RequestKind {}
impl IdKind for RequestKind {
    const PREFIX: &'static str = "req";
}

/// `req_` and 32 hexadecimal digits; sorts by time. Always our own: one that a client sends is not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// A new one.
    #[must_use]
    pub fn mint(now_ms: i64) -> Self {
        Self(Id::<RequestKind>::mint(now_ms, rand::random()).to_string())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
