//! The reader: a cursor over one JSON text that hands out members, elements and raw slices.

use std::borrow::Cow;

use super::fault::Fault;
use super::keys::Keys;
use super::{number, text};

/// How much a reader demands of its text beyond JSON's grammar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Look inside every value, also those skipped, for what parsers disagree on: duplicate keys, U+0000 in keys,
    /// lone surrogates, numbers that are not [`number::unambiguous`]. Without it only objects that are walked
    /// member by member are searched for duplicate keys.
    pub(crate) strict: bool,
    /// Objects and arrays inside one another.
    pub(crate) max_depth: usize,
    /// Members of all objects together (strict reading only).
    pub(crate) max_members: usize,
}

/// A value's own bytes and where they start in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Raw<'a> {
    pub(crate) text: &'a str,
    pub(crate) start: usize,
}

impl Raw<'_> {
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// A cursor over one JSON text.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    rules: Rules,
    depth: usize,
    members: usize,
    keys: Keys<'a>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, rules: Rules) -> Self {
        Self { text, at: 0, rules, depth: 0, members: 0, keys: Keys::default() }
    }

    /// The next byte that is not whitespace; `None` at the end.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Where the next value starts (after [`Reader::peek`]).
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Nothing but whitespace may follow.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Fault::syntax(self.at, "there is more after the end of the message")),
        }
    }

    /// The next value, whatever it is.
    pub(crate) fn value(&mut self) -> Result<Raw<'a>, Fault> {
        match self.peek() {
            Some(b'{') if self.rules.strict => self.object(|reader, _| reader.value().map(drop)),
            Some(b'{') => self.skip_object(),
            Some(b'[') => self.array(|reader| reader.value().map(drop)),
            Some(b'"') => {
                let start = self.at;
                self.quoted()?;
                Ok(self.raw(start))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(_) => Err(Fault::syntax(self.at, "a JSON value was expected")),
            None => Err(Fault::syntax(self.at, "the message ends where a value was expected")),
        }
    }

    /// Walks an object; `member` must consume the value of each key it is given. A second equal key is a fault.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Result<(), Fault>,
    ) -> Result<Raw<'a>, Fault> {
        let start = self.open(b'{', "an object")?;
        let mut scope = self.keys.enter();
        let mut first = true;
        while self.more(b'}', &mut first)? {
            let key = self.key()?;
            if !self.keys.insert(&mut scope, key.clone()) {
                return Err(Fault::request(self.at, format!("the key {key:?} occurs twice in one object")));
            }
            member(self, key)?;
        }
        self.keys.leave(&scope);
        Ok(self.close(start))
    }

    /// Walks an array; `element` must consume one value each time.
    pub(crate) fn array(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<Raw<'a>, Fault> {
        let start = self.open(b'[', "an array")?;
        let mut first = true;
        while self.more(b']', &mut first)? {
            element(self)?;
        }
        Ok(self.close(start))
    }

    /// A string, unescaped.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.peek();
        let start = self.at;
        let marks = self.quoted()?;
        unescape(self.raw(start), marks)
    }

    /// A string, unescaped; anything else is skipped and gives `None`, as does a string that is no Unicode text.
    pub(crate) fn string_if_any(&mut self) -> Result<Option<Cow<'a, str>>, Fault> {
        if self.peek() != Some(b'"') {
            return self.value().map(|_| None);
        }
        let start = self.at;
        let marks = self.quoted()?;
        Ok(unescape(self.raw(start), marks).ok())
    }

    fn skip_object(&mut self) -> Result<Raw<'a>, Fault> {
        let start = self.open(b'{', "an object")?;
        let mut first = true;
        while self.more(b'}', &mut first)? {
            self.quoted()?;
            self.colon()?;
            self.value()?;
        }
        Ok(self.close(start))
    }

    #[inline]
    fn open(&mut self, bracket: u8, what: &'static str) -> Result<usize, Fault> {
        if self.peek() != Some(bracket) {
            return Err(Fault::syntax(self.at, format!("{what} was expected")));
        }
        self.depth += 1;
        if self.depth > self.rules.max_depth {
            let reason = format!("values are nested more than {} deep", self.rules.max_depth);
            return Err(Fault::request(self.at, reason));
        }
        let start = self.at;
        self.at += 1;
        Ok(start)
    }

    #[inline]
    fn close(&mut self, start: usize) -> Raw<'a> {
        self.depth -= 1;
        self.raw(start)
    }

    /// Whether another member or element follows; consumes the comma before it or the closing bracket.
    #[inline]
    fn more(&mut self, bracket: u8, first: &mut bool) -> Result<bool, Fault> {
        let next = self.peek();
        if next == Some(bracket) {
            self.at += 1;
            return Ok(false);
        }
        if std::mem::take(first) {
            return Ok(true);
        }
        if next != Some(b',') {
            return Err(Fault::syntax(self.at, "a comma or the closing bracket was expected"));
        }
        self.at += 1;
        if self.peek() == Some(bracket) {
            return Err(Fault::syntax(self.at, "a comma stands before the closing bracket"));
        }
        Ok(true)
    }

    #[inline]
    fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.peek();
        let start = self.at;
        let marks = self.quoted()?;
        let raw = self.raw(start);
        if self.rules.strict {
            self.members += 1;
            if self.members > self.rules.max_members {
                let reason = format!("the message has more than {} members", self.rules.max_members);
                return Err(Fault::request(start, reason));
            }
            if marks.zero {
                return Err(Fault::request(start, "a key contains the character U+0000"));
            }
        }
        self.colon()?;
        unescape(raw, marks)
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Fault> {
        if self.peek() != Some(b':') {
            return Err(Fault::syntax(self.at, "a colon was expected after the key"));
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn quoted(&mut self) -> Result<text::Marks, Fault> {
        if self.peek() != Some(b'"') {
            return Err(Fault::syntax(self.at, "a string was expected"));
        }
        let start = self.at;
        let bytes = self.text.as_bytes().get(start + 1..).unwrap_or_default();
        let mut marks = text::Marks::default();
        let len = text::scan(bytes, start + 1, &mut marks)?;
        if self.rules.strict && marks.lone_surrogate {
            return Err(Fault::request(start, "a string contains half of a surrogate pair"));
        }
        self.at = start + len + 2;
        Ok(marks)
    }

    fn number(&mut self) -> Result<Raw<'a>, Fault> {
        let start = self.at;
        let bytes = self.text.as_bytes().get(start..).unwrap_or_default();
        self.at += number::scan(bytes)
            .map_err(|at| Fault::syntax(start + at, "a number is not written as JSON wants it"))?;
        let raw = self.raw(start);
        if self.rules.strict {
            number::unambiguous(raw.text).map_err(|reason| Fault::request(start, reason))?;
        }
        Ok(raw)
    }

    fn word(&mut self, word: &'static str) -> Result<Raw<'a>, Fault> {
        let start = self.at;
        if !self.text.get(start..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(Fault::syntax(start, "a JSON value was expected"));
        }
        self.at += word.len();
        Ok(self.raw(start))
    }

    /// From `start` to here. Both stand next to ASCII bytes, so the slice exists.
    #[inline]
    fn raw(&self, start: usize) -> Raw<'a> {
        Raw { text: self.text.get(start..self.at).unwrap_or_default(), start }
    }
}

/// The text of a string given with its quotes.
#[inline]
fn unescape(raw: Raw<'_>, marks: text::Marks) -> Result<Cow<'_, str>, Fault> {
    if !marks.escaped {
        return Ok(Cow::Borrowed(raw.text.get(1..raw.text.len() - 1).unwrap_or_default()));
    }
    serde_json::from_str(raw.text)
        .map(Cow::Owned)
        .map_err(|_| Fault::request(raw.start, "a string contains half of a surrogate pair"))
}
