//! JSON-RPC ids: which are accepted, and when two spellings are one id.

use std::borrow::Cow;

use crate::json::{Fault, Reader, quote};

/// The one spelling of a raw JSON id. A server echoes `"\u0061"` as `"a"`; both give `"a"`.
#[must_use]
pub fn key(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    match serde_json::from_str::<String>(raw) {
        Ok(text) => Cow::Owned(quote(&text)),
        Err(_) => Cow::Borrowed(raw),
    }
}

/// Reads an id: a string, or an integer within ±2^53 written without fraction or exponent.
pub(crate) fn read<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Fault> {
    let first = reader.peek();
    let at = reader.at();
    match first {
        Some(b'"') => reader.value().map(|raw| raw.text),
        Some(b'-' | b'0'..=b'9') => {
            let raw = reader.value()?.text;
            if raw.contains(['.', 'e', 'E']) || raw == "-0" {
                return Err(Fault::request(at, "id is not an integer; use a string or an integer"));
            }
            Ok(raw)
        }
        _ => Err(Fault::request(at, "id must be a string or an integer")),
    }
}
