//! Why a piece of JSON was refused, and where.

use std::borrow::Cow;
use std::fmt;

/// Which JSON-RPC error a fault belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Not JSON: -32700.
    Syntax,
    /// JSON, but no acceptable JSON-RPC message: -32600.
    Request,
    /// A message whose `params` are unusable: -32602.
    Params,
}

/// One refusal: its class, the byte it was found at and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) class: Class,
    pub(crate) at: usize,
    pub(crate) reason: Cow<'static, str>,
}

impl Fault {
    #[cold]
    pub(crate) fn syntax(at: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { class: Class::Syntax, at, reason: reason.into() }
    }

    #[cold]
    pub(crate) fn request(at: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { class: Class::Request, at, reason: reason.into() }
    }

    #[cold]
    pub(crate) fn params(at: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { class: Class::Params, at, reason: reason.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (at byte {})", self.reason, self.at)
    }
}
