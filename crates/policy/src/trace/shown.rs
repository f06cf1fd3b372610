//! Values as a trace shows them: JSON, exact, and not at any length.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::rule::written;
use crate::value::Value;

/// Longest value shown whole, in characters.
const LONGEST: usize = 200;

/// A value's JSON text. What is too long to show is a string of its beginning with `…` after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    pub(super) fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Missing => Self("null".to_owned()),
            Value::Bool(value) => Self(value.to_string()),
            Value::Text(text) => Self(match beginning(text) {
                Some(beginning) => written::quoted(&beginning),
                None => written::quoted(text),
            }),
            Value::Number(text) | Value::Array(text) | Value::Object(text) => Self::json((*text).to_owned()),
        }
    }

    pub(super) fn json(text: String) -> Self {
        Self(beginning(&text).map_or(text, |beginning| written::quoted(&beginning)))
    }
}

/// The beginning of a text that is too long.
fn beginning(text: &str) -> Option<String> {
    let (end, _) = text.char_indices().nth(LONGEST)?;
    Some(format!("{}…", text.get(..end).unwrap_or_default()))
}

/// As the value itself, so that numbers keep every digit.
impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(&self.0) {
            Ok(raw) => raw.serialize(serializer),
            Err(_) => serializer.serialize_str(&self.0),
        }
    }
}
