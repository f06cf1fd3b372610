//! Why a server's tools could not be learnt.

use egress::{SendError, SendErrorKind};
use mcp::facts::FactsError;
use model::Code;

/// Longest text of an upstream that is repeated, in characters.
const MAX_QUOTE: usize = 300;

/// What failed. The texts are for the person who registered the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoverError {
    /// Its address is not one that may be connected to; nothing was sent.
    #[error("{0}")]
    Refused(String),
    /// No connection, or it broke, or it took too long.
    #[error("{0}")]
    Unreachable(String),
    /// It answered, but not as an MCP server does, or with more than is accepted.
    #[error("{0}")]
    Protocol(String),
}

impl DiscoverError {
    /// The code that a user sees.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Refused(_) => Code::AddressRefused,
            Self::Unreachable(_) => Code::UpstreamUnreachable,
            Self::Protocol(_) => Code::UpstreamProtocol,
        }
    }
}

impl From<SendError> for DiscoverError {
    fn from(error: SendError) -> Self {
        match error.kind {
            SendErrorKind::Blocked => Self::Refused(error.message),
            SendErrorKind::Dns
            | SendErrorKind::Refused
            | SendErrorKind::Timeout
            | SendErrorKind::Tls
            | SendErrorKind::Broken => Self::Unreachable(error.message),
        }
    }
}

impl From<FactsError> for DiscoverError {
    fn from(error: FactsError) -> Self {
        Self::Protocol(quoted(&error.to_string()))
    }
}

/// Text that came from outside, fit to be shown: cut, and without control characters.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(MAX_QUOTE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
