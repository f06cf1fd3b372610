//! A document as a tree that knows where each part is written.
//!
//! `serde_json` checks the whole text first, without recursion. Then a level at a time is cut into slices of the source,
//! so a slice's address is its place, number texts survive, and keys that are there twice are seen twice. Only the
//! levels a document may have are opened, so depth cannot exhaust the stack.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::value::json;

use super::report::Report;

/// Most levels of arrays and objects in a document, the document itself included.
pub(super) const DEPTH: usize = 32;

/// A value and where it is.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// Where it starts, in bytes.
    pub(super) start: usize,
    /// Where what follows starts.
    pub(super) end: usize,
    pub(super) kind: Kind<'a>,
}

#[derive(Debug)]
pub(super) enum Kind<'a> {
    Null,
    Bool(bool),
    /// A number's text.
    Number(&'a str),
    Text(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Vec<Member<'a>>),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) key: Cow<'a, str>,
    /// Where the key starts, in bytes.
    pub(super) start: usize,
    pub(super) value: Node<'a>,
}

impl Node<'_> {
    pub(super) const fn is_empty_array(&self) -> bool {
        matches!(&self.kind, Kind::Array(elements) if elements.is_empty())
    }
}

impl Kind<'_> {
    /// Its type, with an article.
    pub(super) const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads a document. `None` when it is no JSON at all; other problems leave a tree to go on with.
pub(super) fn parse<'a>(source: &'a str, report: &mut Report<'a>) -> Option<Node<'a>> {
    match serde_json::from_str::<&RawValue>(source) {
        Ok(raw) => Some(Parser { source, report }.node(raw.get(), 1)),
        Err(error) => {
            let at = report.lines.offset(error.line(), error.column());
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or(&text);
            report.error("syntax", at, format!("This is not JSON: {message}."), None);
            None
        }
    }
}

struct Parser<'r, 'a> {
    source: &'a str,
    report: &'r mut Report<'a>,
}

impl<'a> Parser<'_, 'a> {
    fn node(&mut self, text: &'a str, level: usize) -> Node<'a> {
        let start = self.offset(text);
        let kind = match text.as_bytes().first() {
            Some(b'{' | b'[') if level > DEPTH => {
                let message = format!("The document is nested deeper than {DEPTH} levels.");
                self.report.error(
                    "too_deep",
                    start,
                    message,
                    Some("use fewer levels of any, all and not".to_owned()),
                );
                Kind::Null
            }
            Some(b'{') => Kind::Object(self.members(text, level)),
            Some(b'[') => {
                let elements = json::elements(text).unwrap_or_default();
                Kind::Array(elements.into_iter().map(|element| self.node(element, level + 1)).collect())
            }
            Some(b'"') => Kind::Text(self.text(text)),
            Some(b't') => Kind::Bool(true),
            Some(b'f') => Kind::Bool(false),
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number(text),
        };
        Node { start, end: start + text.len(), kind }
    }

    fn members(&mut self, object: &'a str, level: usize) -> Vec<Member<'a>> {
        let mut seen: HashMap<Cow<'a, str>, usize> = HashMap::new();
        let mut members = Vec::new();
        json::each_member(object, |key, value| {
            let start = self.offset(key);
            let key = self.text(key);
            if let Some(first) = seen.get(&key) {
                let line = self.report.lines.place(*first).line;
                let message = format!(
                    "The key {} is there twice; the first is in line {line}.",
                    crate::wording::quoted(&key)
                );
                self.report.error("duplicate_key", start, message, Some("keep one of them".to_owned()));
            } else {
                seen.insert(key.clone(), start);
            }
            members.push(Member { key, start, value: self.node(value, level + 1) });
            Some(())
        });
        members
    }

    fn text(&mut self, quoted: &'a str) -> Cow<'a, str> {
        json::text(quoted).unwrap_or_else(|| {
            let at = self.offset(quoted);
            let hint = "write a surrogate pair whole, or the character itself".to_owned();
            self.report.error(
                "syntax",
                at,
                "This string holds an escape that stands for no character.",
                Some(hint),
            );
            Cow::Borrowed("?")
        })
    }

    /// Where a slice of the source begins.
    fn offset(&self, slice: &str) -> usize {
        slice.as_ptr().addr().saturating_sub(self.source.as_ptr().addr())
    }
}
