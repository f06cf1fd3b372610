//! Lines of `policy decide`: calls that come in, decisions that go out.

use std::collections::BTreeMap;

use policy::{Category, check_object};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Deepest line: arguments of 64 levels, as the gateway takes them, in a line's object.
const DEPTH: usize = 65;

/// A call, with what is known about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallLine<'a> {
    pub(super) tool: String,
    #[serde(borrow, default)]
    pub(super) arguments: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) context: ContextLine<'a>,
}

/// What is known; all that is missing has a fixed value.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ContextLine<'a> {
    pub(super) time_ms: Option<i64>,
    pub(super) identity: IdentityLine,
    pub(super) grant: Option<String>,
    pub(super) session: Option<String>,
    pub(super) team: Option<String>,
    pub(super) server: Option<String>,
    pub(super) org: Option<String>,
    pub(super) client: Option<ClientLine>,
    pub(super) category: Option<Category>,
    pub(super) risk: Option<String>,
    #[serde(borrow)]
    pub(super) annotations: Option<&'a RawValue>,
}

/// Who calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct IdentityLine {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) email: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
}

impl Default for IdentityLine {
    fn default() -> Self {
        Self {
            id: "identity".to_owned(),
            kind: "agent".to_owned(),
            label: "identity".to_owned(),
            email: None,
            labels: BTreeMap::new(),
        }
    }
}

/// What the client says it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientLine {
    pub(super) name: String,
    #[serde(default)]
    pub(super) version: String,
}

/// A line that is no call.
#[derive(Debug, Serialize)]
pub(super) struct ErrorLine {
    pub(super) error: Fault,
}

/// Why it is none.
#[derive(Debug, Serialize)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// Reads a call from a line, as strictly as the gateway reads one from the wire.
pub(super) fn parse(line: &[u8]) -> Result<CallLine<'_>, Fault> {
    let invalid = |message: String| Fault { code: "invalid_call", message };
    let text = std::str::from_utf8(line)
        .map_err(|_| Fault { code: "invalid_json", message: "the line is not UTF-8".to_owned() })?;
    check_object(text, DEPTH).map_err(|message| Fault { code: "invalid_json", message })?;
    let call: CallLine<'_> = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
    for (name, value) in [("arguments", call.arguments), ("context.annotations", call.context.annotations)] {
        if value.is_some_and(|value| !value.get().starts_with('{')) {
            return Err(invalid(format!("{name} is not an object")));
        }
    }
    Ok(call)
}
