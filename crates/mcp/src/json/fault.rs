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

/// One refusal. Boxed, so that the way of accepted bytes carries no room for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault(Box<Detail>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Detail {
    class: Class,
    at: usize,
    reason: Cow<'static, str>,
}

impl Fault {
    #[cold]
    pub(crate) fn syntax(at: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Detail { class: Class::Syntax, at, reason: reason.into() }))
    }

    #[cold]
    pub(crate) fn request(at: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Detail { class: Class::Request, at, reason: reason.into() }))
    }

    #[cold]
    pub(crate) fn params(at: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Detail { class: Class::Params, at, reason: reason.into() }))
    }

    pub(crate) fn class(&self) -> Class {
        self.0.class
    }

    /// The same fault in a part of a larger text: the part is called `place` and starts at `start`.
    pub(crate) fn within(mut self, place: &str, start: usize) -> Self {
        self.0.at += start;
        self.0.reason = format!("{place}: {}", self.0.reason).into();
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (at byte {})", self.0.reason, self.0.at)
    }
}
