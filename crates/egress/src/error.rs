//! What became of a request that got no answer.

use std::fmt;

use crate::Blocked;

/// A request without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError {
    /// What failed.
    pub kind: SendErrorKind,
    /// False only if it is certain that no byte of the request left this process; then, and only then, what it cost
    /// may be given back and the request may be tried again.
    pub sent: bool,
    /// For people: what, where, and what to do. Holds no header and no body.
    pub message: String,
}

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SendErrorKind {
    /// The host has an address that is not permitted.
    Blocked,
    /// The host's name could not be resolved.
    Dns,
    /// The connection was refused, or there is no route.
    Refused,
    /// No connection in time.
    Timeout,
    /// The TLS handshake failed, for example over the certificate.
    Tls,
    /// The connection broke, or what came was no HTTP/1.1 response.
    Broken,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
impl std::error::Error for SendError {}

/// A connection that was not made. Travels through the HTTP client as the cause of its error.
#[derive(Debug, Clone)]
pub(crate) struct ConnectError {
    pub(crate) kind: SendErrorKind,
    pub(crate) message: String,
}

impl ConnectError {
    pub(crate) const fn new(kind: SendErrorKind, message: String) -> Self {
        Self { kind, message }
    }
}
impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
impl std::error::Error for ConnectError {}

/// `host` is blocked, for the reason given.
pub(crate) fn blocked(host: &str, why: &Blocked) -> ConnectError {
    ConnectError::new(SendErrorKind::Blocked, format!("{host}: {why}"))
}

/// The first error of type `T` among `error` and its causes.
pub(crate) fn cause<'a, T: std::error::Error + 'static>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a T> {
    std::iter::successors(Some(error), |error| error.source()).find_map(|error| error.downcast_ref())
}

/// The innermost cause, which says the most.
pub(crate) fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
