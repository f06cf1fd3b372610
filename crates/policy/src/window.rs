//! Spans of time that limits count in, aligned to UTC: every gateway cuts time at the same places.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// 1970-01-05, the first Monday.
const FIRST_MONDAY: i64 = 4 * DAY;
/// The longest month, so that a rolling month never holds more than a month's worth.
const LONGEST_MONTH: i64 = 31 * DAY;

/// How long a limit's window is, and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day, from midnight UTC.
    Day,
    /// A week, from Monday's midnight UTC.
    Week,
    /// A month of the calendar, from its first midnight UTC.
    Month,
    /// This many seconds, counted from 1970; never zero, and never one of the lengths that have a name.
    Seconds(u32),
}

impl Window {
    /// The units by name.
    pub(crate) const UNITS: [(&'static str, Self); 6] = [
        ("second", Self::Second),
        ("minute", Self::Minute),
        ("hour", Self::Hour),
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
    ];

    /// The window of so many seconds; `None` for zero. A length that cuts time where a unit does is that unit,
    /// so 60 and `minute` are one window. (604800 is not `week`: 1970 began on a Thursday.)
    #[must_use]
    pub const fn of_seconds(seconds: u32) -> Option<Self> {
        match seconds {
            0 => None,
            1 => Some(Self::Second),
            60 => Some(Self::Minute),
            3_600 => Some(Self::Hour),
            86_400 => Some(Self::Day),
            other => Some(Self::Seconds(other)),
        }
    }

    /// The window that holds a moment: first millisecond, and first millisecond after it.
    #[must_use]
    pub fn bounds(self, time_ms: i64) -> (i64, i64) {
        match self {
            Self::Second => aligned(time_ms, SECOND, 0),
            Self::Minute => aligned(time_ms, MINUTE, 0),
            Self::Hour => aligned(time_ms, HOUR, 0),
            Self::Day => aligned(time_ms, DAY, 0),
            Self::Week => aligned(time_ms, WEEK, FIRST_MONDAY),
            Self::Month => month(time_ms),
            Self::Seconds(seconds) => aligned(time_ms, i64::from(seconds).max(1) * SECOND, 0),
        }
    }

    /// How long it lasts, in milliseconds, for counting in a rolling window; a month counts as 31 days.
    #[must_use]
    pub const fn length_ms(self) -> i64 {
        match self {
            Self::Second => SECOND,
            Self::Minute => MINUTE,
            Self::Hour => HOUR,
            Self::Day => DAY,
            Self::Week => WEEK,
            Self::Month => LONGEST_MONTH,
            Self::Seconds(seconds) => seconds as i64 * SECOND,
        }
    }

    /// As it reads after "per": `minute`, `90 seconds`.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Seconds(seconds) => format!("{seconds} seconds"),
            unit => {
                Self::UNITS.iter().find(|(_, known)| *known == unit).map_or("", |(name, _)| name).to_owned()
            }
        }
    }
}

fn aligned(time_ms: i64, length: i64, origin: i64) -> (i64, i64) {
    let start = time_ms.saturating_sub(time_ms.saturating_sub(origin).rem_euclid(length));
    (start, start.saturating_add(length))
}

/// Times outside the years that the calendar covers count as its first or last month.
fn month(time_ms: i64) -> (i64, i64) {
    let time_ms = time_ms.clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
    let date = Timestamp::from_millisecond(time_ms).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let start = date.first_of_month();
    (midnight(start), midnight(start) + i64::from(date.days_in_month()) * DAY)
}

/// Milliseconds from 1970 to a date's midnight, UTC.
fn midnight(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC).map_or(i64::MIN / 2, |zoned| zoned.timestamp().as_millisecond())
}
