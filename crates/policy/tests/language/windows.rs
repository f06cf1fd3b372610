//! Where windows begin and end: dates that anybody can look up.

use jiff::Timestamp;
use policy::{Counter, Scope, Window};

fn ms(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

/// The window that holds a moment is from `start` to before `end`, and so it is for its first and last millisecond.
fn check(window: Window, moment: &str, start: &str, end: &str) {
    let expected = (ms(start), ms(end));
    for time in [ms(moment), expected.0, expected.1 - 1] {
        assert_eq!(window.bounds(time), expected, "{window:?} around {moment}");
    }
    assert_eq!(window.bounds(expected.1).0, expected.1, "{window:?}: one ends where the next begins");
    assert_eq!(window.bounds(expected.0 - 1).1, expected.0, "{window:?}: one begins where the last ended");
}

#[test]
fn months_end_when_the_calendar_says() {
    for (moment, start, end) in [
        ("2026-01-31T23:59:59.999Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("2026-04-30T12:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"),
        ("2025-12-31T23:59:59.999Z", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        // February, in years with a leap day and without.
        ("2024-02-29T23:59:59.999Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
        ("2023-02-28T23:59:59.999Z", "2023-02-01T00:00:00Z", "2023-03-01T00:00:00Z"),
        ("2000-02-29T00:00:00Z", "2000-02-01T00:00:00Z", "2000-03-01T00:00:00Z"),
        ("2100-02-28T23:59:59.999Z", "2100-02-01T00:00:00Z", "2100-03-01T00:00:00Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"),
    ] {
        check(Window::Month, moment, start, end);
    }
}

#[test]
fn a_leap_day_is_a_day_like_any_other() {
    check(Window::Day, "2024-02-29T15:00:00Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z");
    check(Window::Day, "2023-02-28T15:00:00Z", "2023-02-28T00:00:00Z", "2023-03-01T00:00:00Z");
    check(Window::Week, "2024-02-29T15:00:00Z", "2024-02-26T00:00:00Z", "2024-03-04T00:00:00Z");
    check(Window::Hour, "2024-02-29T23:59:59.999Z", "2024-02-29T23:00:00Z", "2024-03-01T00:00:00Z");
}

#[test]
fn weeks_begin_on_monday_across_the_ends_of_years() {
    check(Window::Week, "2025-12-31T00:00:00Z", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z");
    check(Window::Week, "2026-01-04T23:59:59.999Z", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z");
    check(Window::Week, "1970-01-01T00:00:00Z", "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z");
}

#[test]
fn seconds_are_counted_from_1970_whatever_the_calendar_says() {
    let window = |seconds| Window::of_seconds(seconds).unwrap();
    check(window(90), "1970-01-01T00:03:00Z", "1970-01-01T00:03:00Z", "1970-01-01T00:04:30Z");
    check(window(604_800), "1970-01-05T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-08T00:00:00Z");
    check(window(7), "1969-12-31T23:59:59Z", "1969-12-31T23:59:53Z", "1970-01-01T00:00:00Z");
    assert_eq!(
        [1, 60, 3_600, 86_400].map(window),
        [Window::Second, Window::Minute, Window::Hour, Window::Day]
    );
    assert_eq!(Window::of_seconds(0), None);
}

#[test]
fn what_was_counted_is_forgotten_at_the_windows_end_or_after_sixty_whole_parts() {
    let counter = |window, rolling| Counter {
        scope: Scope::Org,
        scope_id: "o".into(),
        name: "c".into(),
        window,
        rolling,
        key: None,
    };
    let leap = ms("2024-02-01T00:00:00Z");
    assert_eq!(counter(Window::Month, false).counts_until(leap), ms("2024-03-01T00:00:00Z"));
    // Parts of a minute are seconds: what was counted in second 5 is gone when second 66 begins.
    assert_eq!(counter(Window::Minute, true).counts_until(5), 66_000);
    // Seven seconds have parts of 117 ms, rounded up.
    assert_eq!(counter(Window::Seconds(7), true).counts_until(0), 61 * 117);
    // A rolling month is as long as the longest.
    assert_eq!(counter(Window::Month, true).counts_until(0), 61 * 31 * 86_400_000 / 60);
}
