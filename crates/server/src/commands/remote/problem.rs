//! The API's error answers. Unknown fields are passed over: the API may add some.

use std::fmt;

use serde::Deserialize;

/// An error answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) detail: String,
    #[serde(default)]
    pub(crate) request_id: String,
    #[serde(default)]
    pub(crate) problems: Vec<ProblemItem>,
    /// From the `Retry-After` header.
    #[serde(skip)]
    pub(crate) retry_after_s: Option<u64>,
}

/// One fault in a body or a policy.
#[derive(Debug, Deserialize)]
pub(crate) struct ProblemItem {
    #[serde(default)]
    pub(crate) pointer: String,
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) hint: Option<String>,
    #[serde(default)]
    pub(crate) line: Option<u32>,
    #[serde(default)]
    pub(crate) column: Option<u32>,
}

impl fmt::Display for ProblemItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "{line}:{column} ")?;
        }
        if !self.pointer.is_empty() {
            write!(f, "{} ", self.pointer)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " (hint: {hint})"),
            None => Ok(()),
        }
    }
}
