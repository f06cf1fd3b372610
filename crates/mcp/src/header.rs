//! MCP's HTTP headers: their names, how a value is written and read back.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Protocol version of the session or the request.
pub const PROTOCOL_VERSION: &str = "mcp-protocol-version";
/// The request's method, mirrored (modern).
pub const METHOD: &str = "mcp-method";
/// The request's `params.name` or `params.uri`, mirrored (modern).
pub const NAME: &str = "mcp-name";
/// Session id, minted by the server (legacy).
pub const SESSION_ID: &str = "mcp-session-id";
/// Last event seen on a stream to resume (legacy).
pub const LAST_EVENT_ID: &str = "last-event-id";
/// Start of the names of headers that mirror tool arguments (modern).
pub const PARAM_PREFIX: &str = "mcp-param-";

/// The values of the headers that must agree with the body, all of each, as received. A value that is not text is
/// to be given with its odd bytes replaced (lossily): it then matches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestHeaders<'a> {
    /// Values of [`PROTOCOL_VERSION`].
    pub protocol_version: &'a [&'a str],
    /// Values of [`METHOD`].
    pub method: &'a [&'a str],
    /// Values of [`NAME`].
    pub name: &'a [&'a str],
}

/// Why a header gives no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    Repeated,
    Characters,
    Base64,
}

impl Unusable {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Repeated => "is sent more than once",
            Self::Characters => "contains characters a header cannot carry; use =?base64?...?=",
            Self::Base64 => "is not valid Base64 of UTF-8 text between =?base64? and ?=",
        }
    }
}

/// The one value, without the whitespace around it; an absent header is `None`.
pub(crate) fn single<'a>(values: &[&'a str]) -> Result<Option<&'a str>, Unusable> {
    match values {
        [] => Ok(None),
        [value] => {
            let value = value.trim_matches([' ', '\t']);
            let plain = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
            if plain { Ok(Some(value)) } else { Err(Unusable::Characters) }
        }
        _ => Err(Unusable::Repeated),
    }
}

/// Undoes [`encode`]. The markers are exact: anything else is the value itself.
pub(crate) fn decode(value: &str) -> Result<Cow<'_, str>, Unusable> {
    let Some(inner) = value.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)) else {
        return Ok(Cow::Borrowed(value));
    };
    let bytes = STANDARD.decode(inner).map_err(|_| Unusable::Base64)?;
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Unusable::Base64)
}

const OPEN: &str = "=?base64?";
const CLOSE: &str = "?=";

/// `value` as MCP puts it in a header: itself where that is safe, Base64 between markers otherwise.
#[must_use]
pub fn encode(value: &str) -> Cow<'_, str> {
    let safe = !value.is_empty()
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && value.trim_matches(' ').len() == value.len()
        && !(value.starts_with(OPEN) && value.ends_with(CLOSE));
    if safe { Cow::Borrowed(value) } else { Cow::Owned(format!("{OPEN}{}{CLOSE}", STANDARD.encode(value))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for (value, plain) in [
            ("get_weather", true),
            ("file:///a b", true),
            ("Hello, 世界", false),
            (" padded ", false),
            ("line1\nline2", false),
            ("=?base64?literal?=", false),
            ("", false),
        ] {
            let encoded = encode(value);
            assert_eq!(encoded == value, plain, "{value:?}");
            assert_eq!(single(&[&encoded]).and_then(|value| decode(value.unwrap())).unwrap(), value);
        }
    }

    #[test]
    fn half_a_sentinel_is_a_literal_and_bad_base64_is_refused() {
        for literal in ["SGVsbG8=", "=?base64?SGVsbG8=", "SGVsbG8=?=", "=?BASE64?SGVsbG8=?=", "=?base64?="] {
            assert_eq!(decode(literal).unwrap(), literal);
        }
        for bad in ["=?base64?SGVsbG8?=", "=?base64?SGVs!!!bG8=?=", "=?base64?/w==?=", "=?base64?SGVsbG9=?="]
        {
            assert_eq!(decode(bad), Err(Unusable::Base64), "{bad}");
        }
    }

    #[test]
    fn a_header_is_trimmed_and_must_be_single_and_visible() {
        assert_eq!(single(&["  a\t"]), Ok(Some("a")));
        assert_eq!(single(&[]), Ok(None));
        assert_eq!(single(&["a", "a"]), Err(Unusable::Repeated));
        assert_eq!(single(&["é"]), Err(Unusable::Characters));
        assert_eq!(single(&["a\nb"]), Err(Unusable::Characters));
    }
}
