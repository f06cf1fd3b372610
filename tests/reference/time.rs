//! Windows of time, found by walking the calendar.

/// A limit's window: so many seconds since 1970 over and over, or a stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    Seconds(i64),
    Week,
    Month,
}

const DAY: i64 = 86_400_000;
/// Sub-buckets of a rolling window.
const PARTS: i64 = 60;

impl Window {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "second" => Self::Seconds(1),
            "minute" => Self::Seconds(60),
            "hour" => Self::Seconds(3600),
            "day" => Self::Seconds(86_400),
            "week" => Self::Week,
            "month" => Self::Month,
            _ => return None,
        })
    }

    /// First millisecond of the window around a moment, and first one after it. Moments are not before 1970.
    pub(crate) fn around(self, time: i64) -> (i64, i64) {
        match self {
            Self::Seconds(seconds) => {
                let start = time - time % (seconds * 1000);
                (start, start + seconds * 1000)
            }
            Self::Week => {
                let mut monday = time / DAY;
                while weekday(monday) != 1 {
                    monday -= 1;
                }
                (monday * DAY, (monday + 7) * DAY)
            }
            Self::Month => {
                let (mut year, mut month, mut start) = (1970, 0, 0);
                loop {
                    let end = start + days(year, month) * DAY;
                    if time < end {
                        return (start, end);
                    }
                    start = end;
                    month += 1;
                    if month == 12 {
                        (year, month) = (year + 1, 0);
                    }
                }
            }
        }
    }

    /// The sub-bucket of a moment, and the milliseconds of one. The longest month counts as the length of all.
    pub(crate) fn part(self, time: i64) -> (i64, i64) {
        let length = match self {
            Self::Seconds(seconds) => seconds * 1000,
            Self::Week => 7 * DAY,
            Self::Month => 31 * DAY,
        };
        let part = if length % PARTS == 0 { length / PARTS } else { length / PARTS + 1 };
        (time / part, part)
    }

    /// Whether what was spent at `then` still counts at `now`.
    pub(crate) fn counts(self, rolling: bool, then: i64, now: i64) -> bool {
        if rolling {
            self.part(then).0 >= self.part(now).0 - PARTS
        } else {
            self.around(then) == self.around(now)
        }
    }

    /// The first moment at which what was spent at `then` no longer counts.
    pub(crate) fn forgets(self, rolling: bool, then: i64) -> i64 {
        if rolling { (self.part(then).0 + PARTS + 1) * self.part(then).1 } else { self.around(then).1 }
    }
}

/// Monday 1 to Sunday 7, of a day counted from 1970-01-01, which was a Thursday.
fn weekday(day: i64) -> i64 {
    (day + 3) % 7 + 1
}

fn days(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 if leap => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

pub(crate) fn hour(time: i64) -> i64 {
    time % DAY / 3_600_000
}

/// Monday 1 to Sunday 7, and the day's name.
pub(crate) fn day_of_week(time: i64) -> (i64, &'static str) {
    let number = weekday(time / DAY);
    let name = match number {
        1 => "monday",
        2 => "tuesday",
        3 => "wednesday",
        4 => "thursday",
        5 => "friday",
        6 => "saturday",
        _ => "sunday",
    };
    (number, name)
}
