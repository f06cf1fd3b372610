//! A refusal the gateway answers by itself: HTTP status, JSON-RPC code, message, and the id it echoes.

use crate::json::{Class, Fault};
use crate::reply;

/// JSON-RPC and MCP error codes this crate uses.
pub mod code {
    /// The body is not JSON (JSON-RPC 2.0).
    pub const PARSE: i64 = -32_700;
    /// The body is JSON but no acceptable message (JSON-RPC 2.0).
    pub const INVALID_REQUEST: i64 = -32_600;
    /// The method is not served (JSON-RPC 2.0).
    pub const METHOD_NOT_FOUND: i64 = -32_601;
    /// The parameters are unusable; also an unknown tool (JSON-RPC 2.0, MCP).
    pub const INVALID_PARAMS: i64 = -32_602;
    /// Headers and body disagree (MCP 2026-07-28).
    pub const HEADER_MISMATCH: i64 = -32_020;
    /// The protocol version is not served (MCP 2026-07-28).
    pub const UNSUPPORTED_VERSION: i64 = -32_022;
}

/// Why a message is not forwarded, ready to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// HTTP status of the answer.
    pub status: u16,
    /// JSON-RPC error code, one of [`code`].
    pub code: i64,
    /// What is wrong, where, and what to do; meant for the client.
    pub message: String,
    /// The request's id in its original bytes, where it could be told.
    pub id: Option<String>,
}

impl Reject {
    /// The JSON-RPC error response to send as the body; `id` is `null` where it could not be told.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        reply::error(self.id.as_deref(), self.code, &self.message, None)
    }

    pub(crate) fn of_fault(fault: &Fault, id: Option<String>) -> Self {
        let code = match fault.class() {
            Class::Syntax => code::PARSE,
            Class::Request => code::INVALID_REQUEST,
            Class::Params => code::INVALID_PARAMS,
        };
        Self { status: 400, code, message: fault.to_string(), id }
    }

    /// Headers and body disagree, or a required header is missing or unreadable.
    pub(crate) fn mismatch(id: Option<&str>, what: &str) -> Self {
        let message = format!("Header mismatch: {what}");
        Self { status: 400, code: code::HEADER_MISMATCH, message, id: id.map(str::to_owned) }
    }
}
