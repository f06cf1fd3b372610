//! Values that a policy names, and when a call's value equals one.

use super::decimal::Decimal;
use super::json::Members;
use super::{Unreadable, Value, json};

/// A value from a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    /// A number's text.
    Number(Box<str>),
    Text(Box<str>),
    Array(Box<[Literal]>),
    /// Members sorted by key.
    Object(Box<[(Box<str>, Literal)]>),
}

/// How a call's value relates to a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    Same,
    Different,
    /// They would be the same if one of them were not quoted: a number on one side, a string spelling it on the other.
    Quoted,
}

impl Literal {
    /// Its type, with an article, for a message.
    pub(crate) const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Compares with a value of the call. Numbers compare exactly, strings by code point, arrays in order,
    /// objects whatever the order of their keys.
    pub(crate) fn likeness(&self, value: &Value<'_>) -> Result<Likeness, Unreadable> {
        Ok(match (self, value) {
            (Self::Bool(mine), Value::Bool(theirs)) => same(mine == theirs),
            (Self::Text(mine), Value::Text(theirs)) => same(**mine == **theirs),
            (Self::Number(mine), Value::Number(theirs)) => {
                let theirs = Decimal::parse(theirs).ok_or(Unreadable)?;
                same(Decimal::parse(mine) == Some(theirs))
            }
            (Self::Number(number), Value::Text(text)) => quoted(number, text),
            (Self::Text(text), Value::Number(number)) => quoted(number, text),
            (Self::Array(mine), Value::Array(theirs)) => arrays(mine, theirs)?,
            (Self::Object(mine), Value::Object(theirs)) => objects(mine, theirs)?,
            (Self::Null, Value::Missing) => Likeness::Same,
            _ => Likeness::Different,
        })
    }
}

fn same(equal: bool) -> Likeness {
    if equal { Likeness::Same } else { Likeness::Different }
}

fn quoted(number: &str, text: &str) -> Likeness {
    match Decimal::parse(number).zip(Decimal::spelled(text)) {
        Some((number, spelled)) if number == spelled => Likeness::Quoted,
        _ => Likeness::Different,
    }
}

fn arrays(mine: &[Literal], theirs: &str) -> Result<Likeness, Unreadable> {
    let theirs = json::elements(theirs).ok_or(Unreadable)?;
    if mine.len() != theirs.len() {
        return Ok(Likeness::Different);
    }
    all(mine.iter().zip(theirs).map(|(mine, theirs)| mine.likeness(&Value::read(theirs)?)))
}

fn objects(mine: &[(Box<str>, Literal)], theirs: &str) -> Result<Likeness, Unreadable> {
    let theirs = Members::of(theirs).map(Members::sorted).ok_or(Unreadable)?;
    if mine.len() != theirs.len()
        || mine.iter().zip(&theirs).any(|((mine, _), (theirs, _))| **mine != **theirs)
    {
        return Ok(Likeness::Different);
    }
    all(mine.iter().zip(theirs).map(|((_, mine), (_, theirs))| mine.likeness(&Value::read(theirs)?)))
}

fn all(parts: impl Iterator<Item = Result<Likeness, Unreadable>>) -> Result<Likeness, Unreadable> {
    let mut whole = Likeness::Same;
    for part in parts {
        match part? {
            Likeness::Different => return Ok(Likeness::Different),
            Likeness::Quoted => whole = Likeness::Quoted,
            Likeness::Same => {}
        }
    }
    Ok(whole)
}
