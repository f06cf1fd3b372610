//! Values of fields that a body leaves out, the difference between "left out" and `null`, and times that hold everywhere.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer};

/// For switches that are on unless told otherwise.
pub(crate) const fn yes() -> bool {
    true
}

/// How long something deleted can be had back.
const GRACE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// When something deleted at `now` is really gone.
pub(crate) fn after_grace(now: Timestamp) -> Timestamp {
    now.saturating_add(GRACE).unwrap_or(now)
}

/// With `serde(default, deserialize_with)`: left out is `None`, `null` is `Some(None)`.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// With `serde(deserialize_with)`: `null` has to be written, leaving the field out is a fault.
pub(crate) fn explicit<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}
