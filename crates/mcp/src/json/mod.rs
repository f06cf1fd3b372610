//! JSON text read in place: one pass, borrowed, every value's own bytes at hand.
//!
//! A policy gateway forwards the bytes it judged, so it needs three things a value tree does not give: the slice
//! each value occupies, the exact digits of every number, and a refusal wherever two parsers could read the same
//! bytes differently. The reader walks the structure; unescaping is left to `serde_json`. What the members mean is
//! left to the modules that call it.

mod fault;
mod keys;
pub(crate) mod number;
mod reader;
mod text;

pub(crate) use fault::{Class, Fault};
pub(crate) use reader::{Raw, Reader, Rules};

/// `text` as a JSON string, quotes included.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The bytes as text, or why they cannot be JSON.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Fault::syntax(0, "a byte order mark comes before the message; send plain UTF-8"));
    }
    str::from_utf8(bytes).map_err(|error| Fault::syntax(error.valid_up_to(), "the message is not UTF-8"))
}
