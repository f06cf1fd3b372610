//! What a permitted call costs: which counters it raises, by how much, and up to where.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Amount, Window};

/// One counter to raise. All charges of a call are taken together, or none is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Which counter.
    pub counter: Counter,
    /// By how much: the largest, when several limits share the counter.
    pub amount: Amount,
    /// What the counter may hold at most: the smallest, when several limits share it.
    pub max: Amount,
    /// What happens when counters cannot be reached; `Deny` when any of the limits sharing the counter says so.
    pub on_outage: OnOutage,
}

/// What tells one counter from another, within an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// What it is counted for.
    pub scope: Scope,
    /// Which one of these: the id from the call's context. For a session it is led by the identity's id, so that
    /// nobody spends another's limit by naming its session.
    pub scope_id: Arc<str>,
    /// The name that the policy gives it.
    pub name: Arc<str>,
    /// The span it counts in.
    pub window: Window,
    /// Whether that span ends now (in sixty parts) instead of at a boundary.
    pub rolling: bool,
    /// For a limit with a `key`: SHA-256 of the value there, in hexadecimal.
    pub key: Option<Arc<str>>,
}

/// Parts that a rolling window is cut into.
const ROLLING_PARTS: i64 = 60;

impl Counter {
    /// The first moment, in milliseconds since 1970, at which what was counted at `place` counts no more. A place is a
    /// window's first millisecond, or for a rolling window the number of the part: sixtieths of its length, rounded up
    /// to milliseconds, of which the sixty latest and the one that is partly over count.
    #[must_use]
    pub fn counts_until(&self, place: i64) -> i64 {
        if !self.rolling {
            return self.window.bounds(place).1;
        }
        let part_ms = (self.window.length_ms() + ROLLING_PARTS - 1) / ROLLING_PARTS;
        place.saturating_add(ROLLING_PARTS + 1).saturating_mul(part_ms)
    }
}

/// Whose calls a counter adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One grant's.
    Grant,
    /// One session's of one identity.
    Session,
    /// One identity's.
    Identity,
    /// One team's.
    Team,
    /// One server's.
    Server,
    /// The organisation's.
    Org,
}

impl Scope {
    /// All scopes by name.
    pub(crate) const NAMES: [(&'static str, Self); 6] = [
        ("grant", Self::Grant),
        ("session", Self::Session),
        ("identity", Self::Identity),
        ("team", Self::Team),
        ("server", Self::Server),
        ("org", Self::Org),
    ];

    /// Its name in a document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Session => "session",
            Self::Identity => "identity",
            Self::Team => "team",
            Self::Server => "server",
            Self::Org => "org",
        }
    }
}

/// What happens to a call when its counters cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnOutage {
    /// It is refused.
    Deny,
    /// It goes through, and is recorded as unchecked.
    Allow,
}
