//! The server's own hints about a tool. Nothing vouches for them, so they only ever make a class worse.

use serde::Deserialize;
use serde_json::Value;

/// What a server hints. What is no boolean was not hinted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// `readOnlyHint`.
    pub(crate) read_only: Option<bool>,
    /// `destructiveHint`.
    pub(crate) destructive: Option<bool>,
}

#[derive(Default, Deserialize)]
struct Read {
    #[serde(default, rename = "readOnlyHint")]
    read_only: Value,
    #[serde(default, rename = "destructiveHint")]
    destructive: Value,
}

impl Hints {
    pub(crate) fn read(annotations: Option<&str>) -> Self {
        let read: Read = annotations.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Self { read_only: read.read_only.as_bool(), destructive: read.destructive.as_bool() }
    }
}
