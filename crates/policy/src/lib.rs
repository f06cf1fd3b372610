//! The policy language, version "1": read, lint, compile and decide. Pure: no input or output, no clock, no randomness.

use serde::{Deserialize, Serialize};

/// The catalogue's class of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Retrieves data.
    Read,
    /// Creates or changes data.
    Write,
    /// Runs code, commands, or queries that act; sends messages.
    Execute,
    /// Deletes, or cannot be undone.
    Destructive,
    /// Moves or commits money or assets.
    Financial,
    /// Housekeeping.
    Other,
}
