//! The catalogue's classes of tools.

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

impl Category {
    /// All categories by name.
    pub(crate) const NAMES: [(&'static str, Self); 6] = [
        ("read", Self::Read),
        ("write", Self::Write),
        ("execute", Self::Execute),
        ("destructive", Self::Destructive),
        ("financial", Self::Financial),
        ("other", Self::Other),
    ];

    /// All categories.
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Write, Self::Execute, Self::Destructive, Self::Financial, Self::Other];

    /// How bad a careless call is, as the catalogue puts it: `low`, `medium`, `high` or `critical`.
    #[must_use]
    pub const fn risk(self) -> &'static str {
        match self {
            Self::Read | Self::Other => "low",
            Self::Write => "medium",
            Self::Execute => "high",
            Self::Destructive | Self::Financial => "critical",
        }
    }

    /// Its name in documents and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Execute => "execute",
            Self::Destructive => "destructive",
            Self::Financial => "financial",
            Self::Other => "other",
        }
    }

    /// The category of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, category)| *category)
    }
}
