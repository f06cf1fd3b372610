//! Event streams, cut into events without changing a byte.
//!
//! A [`Framer`] takes chunks however they arrive and gives back [`Frame`]s whose raw bytes, one after another, are
//! the input. A frame that need not change is sent on as its raw bytes; one that must is written anew by
//! [`Frame::with_data`], its other lines as they were. Keep-alive comments between events are frames of their own,
//! so they are never held back.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use memchr::memchr2;
use thiserror::Error;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A stream that cannot be followed further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SseError {
    /// One event is larger than allowed.
    #[error("an event is larger than {limit} bytes")]
    TooLarge {
        /// The largest size accepted, in bytes.
        limit: usize,
    },
}

/// How a line ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Lf,
    Cr,
    CrLf,
}

/// Cuts a stream into frames.
pub struct Framer {
    buffer: BytesMut,
    limit: usize,
    /// Bytes of the frame before its first line, once known: a byte order mark, or the LF of a CR LF whose CR
    /// already ended the frame before.
    prefix: Option<usize>,
    /// Where the line being looked for starts, and how far it was searched for its end.
    line: usize,
    searched: usize,
    /// The event has a line that is no comment.
    fields: bool,
    /// How the last line ended; `None` before the first.
    last: Option<Ending>,
}

impl Framer {
    /// A framer that refuses events larger than `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let buffer = BytesMut::new();
        Self { buffer, limit, prefix: None, line: 0, searched: 0, fields: false, last: None }
    }

    /// Takes the next chunk of the stream. Ask [`Framer::next_frame`] until it has no more.
    pub fn push(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
    }

    /// The next whole frame; `None` until more arrives.
    ///
    /// # Errors
    /// When the event is larger than the limit; the stream is then of no further use.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, SseError> {
        let end = self.frame_end();
        if end.unwrap_or(self.buffer.len()) > self.limit {
            return Err(SseError::TooLarge { limit: self.limit });
        }
        Ok(end.map(|end| self.cut(end)))
    }

    /// What is left when the stream ended: an event without its blank line. It is to be judged like any other,
    /// since some clients read it.
    #[must_use]
    pub fn finish(mut self) -> Option<Frame> {
        if self.buffer.is_empty() { None } else { Some(self.cut(self.buffer.len())) }
    }

    /// Where the frame ends, if its end has arrived.
    fn frame_end(&mut self) -> Option<usize> {
        if self.prefix.is_none() {
            self.prefix = Some(self.begin()?);
        }
        loop {
            let rest = self.buffer.get(self.searched..).unwrap_or_default();
            let Some(stop) = memchr2(b'\r', b'\n', rest) else {
                self.searched = self.buffer.len();
                return None;
            };
            let end = self.searched + stop;
            self.searched = end;
            let content = self.buffer.get(self.line..end).unwrap_or_default();
            let comment = content.first() == Some(&b':');
            let last_line = content.is_empty() || (comment && !self.fields);
            let ending = self.ending(end, last_line)?;
            self.last = Some(ending);
            self.line = end + if ending == Ending::CrLf { 2 } else { 1 };
            self.searched = self.line;
            if last_line {
                return Some(self.line);
            }
            self.fields = true;
        }
    }

    /// How the line whose terminator is at `end` ends; `None` while that depends on a byte still to come.
    ///
    /// A CR that ends a frame ends it at once, unless lines of this stream end in CR LF: then the LF is waited for.
    fn ending(&self, end: usize, last_line: bool) -> Option<Ending> {
        if self.buffer.get(end) == Some(&b'\n') {
            return Some(Ending::Lf);
        }
        if last_line && self.last != Some(Ending::CrLf) {
            return Some(Ending::Cr);
        }
        Some(if *self.buffer.get(end + 1)? == b'\n' { Ending::CrLf } else { Ending::Cr })
    }

    /// Length of the prefix; `None` while that depends on a byte still to come.
    fn begin(&mut self) -> Option<usize> {
        let prefix = match self.last {
            None if self.buffer.starts_with(BOM) => BOM.len(),
            None if BOM.starts_with(&self.buffer) => return None,
            Some(Ending::Cr) if *self.buffer.first()? == b'\n' => {
                self.last = Some(Ending::CrLf);
                1
            }
            _ => 0,
        };
        self.line = prefix;
        self.searched = prefix;
        Some(prefix)
    }

    fn cut(&mut self, end: usize) -> Frame {
        let raw = self.buffer.split_to(end).freeze();
        let start = self.prefix.take().unwrap_or_default();
        (self.line, self.searched, self.fields) = (0, 0, false);
        Frame { raw, start }
    }
}

/// One event, comment or blank line of a stream.
#[derive(Clone, Debug)]
pub struct Frame {
    raw: Bytes,
    /// Where its first line starts.
    start: usize,
}

impl Frame {
    /// Its bytes as received, the blank line included.
    #[must_use]
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// Its data: the values of all `data` lines joined by line feeds; `None` without any. Empty data is data: such
    /// an event carries an id to resume from.
    #[must_use]
    pub fn data(&self) -> Option<Cow<'_, [u8]>> {
        let mut values = self.values(b"data");
        let first = values.next()?;
        let Some(second) = values.next() else { return Some(Cow::Borrowed(first)) };
        let mut joined = [first, second].join(&b'\n');
        for value in values {
            joined.push(b'\n');
            joined.extend_from_slice(value);
        }
        Some(Cow::Owned(joined))
    }

    /// The event's `id`, if it sets one.
    #[must_use]
    pub fn id(&self) -> Option<&[u8]> {
        self.values(b"id").last()
    }

    /// The event's type, if it is not the default (`message`).
    #[must_use]
    pub fn event(&self) -> Option<&[u8]> {
        self.values(b"event").last()
    }

    /// The same event with other data: every line that is no `data` line stays as it was, in its place.
    #[must_use]
    pub fn with_data(&self, data: &[u8]) -> Vec<u8> {
        let mut out = self.raw.get(..self.start).unwrap_or_default().to_vec();
        let ending = self.lines().next().map_or(&b"\n"[..], |line| line.ending);
        let ending = if ending.is_empty() { b"\n" } else { ending };
        let mut new = Some(data);
        for line in self.lines() {
            let whole = !line.ending.is_empty();
            let blank = line.content.is_empty() && whole;
            let replaced = value(line.content, b"data").is_some();
            if let Some(data) = new.take_if(|_| replaced || blank) {
                write_data(&mut out, data, ending);
            }
            if !replaced {
                out.extend_from_slice(line.content);
                out.extend_from_slice(if whole { line.ending } else { ending });
            }
            if blank {
                return out;
            }
        }
        if let Some(data) = new {
            write_data(&mut out, data, ending);
        }
        out.extend_from_slice(ending);
        out
    }

    fn lines(&self) -> Lines<'_> {
        Lines { rest: self.raw.get(self.start..).unwrap_or_default() }
    }

    fn values<'a>(&'a self, field: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.lines().filter_map(move |line| value(line.content, field))
    }
}

fn write_data(out: &mut Vec<u8>, data: &[u8], ending: &[u8]) {
    let mut lines = Lines { rest: data }.peekable();
    if lines.peek().is_none() {
        out.extend_from_slice(b"data:");
        out.extend_from_slice(ending);
    }
    for line in lines {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line.content);
        out.extend_from_slice(ending);
    }
}

/// The value of a line of the given field: what follows the colon, less one space.
fn value<'a>(line: &'a [u8], field: &[u8]) -> Option<&'a [u8]> {
    match line.strip_prefix(field)? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

/// A line and what ended it; the ending is empty where the text ends first.
struct Line<'a> {
    content: &'a [u8],
    ending: &'a [u8],
}

struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr2(b'\r', b'\n', self.rest).unwrap_or(self.rest.len());
        let (content, rest) = self.rest.split_at_checked(end)?;
        let width = if rest.starts_with(b"\r\n") { 2 } else { rest.len().min(1) };
        let (ending, rest) = rest.split_at_checked(width)?;
        self.rest = rest;
        Some(Line { content, ending })
    }
}

#[cfg(test)]
mod tests;
