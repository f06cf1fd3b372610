//! Values as a call carries them, read no further than a rule needs.
//!
//! Arguments stay text. One object or array is opened at a time, into its members' texts, so what no rule asks for
//! is skipped over and never built. Skipping does not recurse: depth costs no stack.

pub(crate) mod alike;
pub(crate) mod decimal;
pub(crate) mod digest;
pub(crate) mod json;
pub(crate) mod literal;

use std::borrow::Cow;

/// One value of a call or its context.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    /// Not there, or JSON null.
    Missing,
    /// `true` or `false`.
    Bool(bool),
    /// A JSON number's text.
    Number(&'a str),
    /// A string, decoded.
    Text(Cow<'a, str>),
    /// A JSON array's text.
    Array(&'a str),
    /// A JSON object's text.
    Object(&'a str),
}

/// A text that is not the JSON it was said to be, such as a string with half a surrogate pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Why an object's member is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// See [`Unreadable`].
    Unreadable,
    /// A key of the object differs from the wanted one in case alone; see [`alike`].
    Alike,
}

impl From<Unreadable> for Unclear {
    fn from(_: Unreadable) -> Self {
        Self::Unreadable
    }
}

impl From<alike::LookAlike> for Unclear {
    fn from(_: alike::LookAlike) -> Self {
        Self::Alike
    }
}

impl<'a> Value<'a> {
    /// Looks at one JSON value.
    pub(crate) fn read(text: &'a str) -> Result<Self, Unreadable> {
        Ok(match (text, text.as_bytes().first()) {
            ("null", _) => Self::Missing,
            ("true", _) => Self::Bool(true),
            ("false", _) => Self::Bool(false),
            (_, Some(b'"')) => Self::Text(json::text(text).ok_or(Unreadable)?),
            (_, Some(b'[')) => Self::Array(text),
            (_, Some(b'{')) => Self::Object(text),
            (_, Some(b'-' | b'0'..=b'9')) => Self::Number(text),
            _ => return Err(Unreadable),
        })
    }

    /// Its type, with an article, for a message.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self {
            Self::Missing => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}
