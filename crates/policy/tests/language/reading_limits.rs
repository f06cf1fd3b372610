//! Limits that are refused when a document is read.

use super::reading::{check, check_rule, problems};
use super::world::document;

fn check_limit(limit: &str, expected: &[&str]) {
    let expected: Vec<String> =
        expected.iter().map(|problem| problem.replacen(' ', " /limits/0", 1)).collect();
    check_rule(
        &format!(r#"{{"limits": [{limit}]}}"#),
        &expected.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn limits_must_be_countable() {
    let with =
        |fields: &str| format!(r#"{{"counter": "c", "window": "day", "max": 5, "scope": "org", {fields}}}"#);
    check_limit("{}", &["missing_field "; 4]);
    check_limit(
        r#"{"counter": "", "window": -1, "max": 1e999, "scope": "all"}"#,
        &["empty_counter /counter", "invalid_window /window", "invalid_max /max", "unknown_value /scope"],
    );
    check_limit(
        r#"{"counter": "c", "window": 1.5, "max": "5", "scope": "org"}"#,
        &["invalid_window /window", "wrong_type /max"],
    );
    check_limit(
        r#"{"counter": "c", "window": 1e1, "max": 0.000000001, "scope": "org", "increment": 0}"#,
        &[],
    );
    check_limit(
        r#"{"counter": "c", "window": "day", "max": 0.0000000001, "scope": "org"}"#,
        &["invalid_max /max"],
    );
    check_limit(&with(r#""increment": -1"#), &["invalid_amount /increment"]);
    check_limit(&with(r#""increment": 6"#), &["never_fits "]);
    check_limit(
        &with(r#""increment": 1, "increment_from": "args.x""#),
        &["conflicting_fields /increment_from"],
    );
    check_limit(&with(r#""increment_from": "identity.id""#), &["invalid_increment /increment_from"]);
    check_limit(&with(r#""increment_from": "args""#), &["invalid_increment /increment_from"]);
    check_limit(&with(r#""increment_from": "args.a[*]""#), &["invalid_path /increment_from"]);
    check_limit(&with(r#""key": "args.a[*]""#), &["invalid_path /key"]);
    check_limit(
        &with(r#""rolling": 1, "on_outage": "fail""#),
        &["wrong_type /rolling", "unknown_value /on_outage"],
    );
}

#[test]
fn a_counter_is_cut_into_one_sort_of_window_only() {
    let limit = |window: &str, scope: &str, more: &str| {
        format!(r#"{{"counter": "c", "window": {window}, "max": 5, "scope": "{scope}"{more}}}"#)
    };
    let pair = |a: String, b: String| format!(r#"{{"limits": [{a}, {b}]}}"#);
    let day = || limit(r#""day""#, "org", "");
    check_rule(&pair(day(), limit(r#""hour""#, "org", "")), &["counter_windows /limits/1"]);
    check_rule(&pair(day(), limit("86400", "org", "")), &[]);
    check_rule(&pair(day(), limit(r#""hour""#, "team", "")), &[]);
    check_rule(
        &pair(day(), limit(r#""day""#, "org", r#", "rolling": true"#)),
        &["counter_windows /limits/1"],
    );
    check_rule(
        &pair(limit(r#""week""#, "org", ""), limit("604800", "org", "")),
        &["counter_windows /limits/1"],
    );
    let rate = r#"{"limits": [{"counter": "pay_rate", "window": "day", "max": 5, "scope": "session"}], "rate_limit": {"max": 5, "window": 60}}"#;
    check_rule(rate, &["counter_windows /rate_limit"]);
    let apart = format!(
        r#""default": "deny", "tools": {{"a": {{"limits": [{}]}}, "b": {{"limits": [{}]}}}}"#,
        day(),
        limit("7", "org", "")
    );
    check(&document(&apart), &["counter_windows /tools/b/limits/0"]);
    let message = |rule: &str| {
        let document = document(&format!(r#""default": "deny", "tools": {{"pay": {rule}}}"#));
        problems(&document).remove(0).message
    };
    let rolling = pair(day(), limit(r#""hour""#, "org", r#", "rolling": true"#));
    assert!(message(&rolling).contains("by hour, rolling here, but by day in line"), "{}", message(&rolling));
    let longer = pair(limit("90", "org", ""), limit(r#""minute""#, "org", ""));
    assert!(message(&longer).contains("by minute here, but by 90 seconds in line"), "{}", message(&longer));
}

#[test]
fn a_rate_limit_for_many_names_cuts_each_names_counter_as_every_other_limit_does() {
    let rate = |window: &str| format!(r#"{{"rate_limit": {{"max": 5, "window": {window}}}}}"#);
    let tools = |rules: &[(&str, String)]| {
        let rules: Vec<String> = rules.iter().map(|(name, rule)| format!(r#""{name}": {rule}"#)).collect();
        format!(r#""tools": {{{}}}"#, rules.join(", "))
    };
    let counter = |name: &str, scope: &str| {
        format!(r#"{{"limits": [{{"counter": "{name}", "window": "day", "max": 5, "scope": "{scope}"}}]}}"#)
    };
    let both = |one: &str, two: &str| tools(&[(one, rate("60")), (two, rate("3600"))]);
    for (body, expected) in [
        // Two globs, or a glob and a name, that a tool can match both.
        (both("a*", "ab*"), &["counter_windows /tools/ab*/rate_limit"][..]),
        (both("a*", "*b"), &["counter_windows /tools/*b/rate_limit"]),
        (both("abc", "a*"), &["counter_windows /tools/a*/rate_limit"]),
        (both("a*", "abc"), &["counter_windows /tools/a*/rate_limit"]),
        (both("a?c", "?b?"), &["counter_windows /tools/?b?/rate_limit"]),
        // None that a tool can match both, or one window in other words.
        (both("a*", "b*"), &[]),
        (both("a?", "a??"), &[]),
        (both("a*", "bcd"), &[]),
        (tools(&[("a*", rate("60")), ("ab*", rate(r#""minute""#)), ("abc", rate("60"))]), &[]),
        // A limit that names the counter, wherever it stands; only of the same scope.
        (
            tools(&[("a*", rate("60")), ("x", counter("abc_rate", "session"))]),
            &["counter_windows /tools/a*/rate_limit"],
        ),
        (tools(&[("a*", rate("60")), ("x", counter("abc_rate", "grant"))]), &[]),
        (tools(&[("a*", rate("60")), ("x", counter("bc_rate", "session"))]), &[]),
        (tools(&[("a*", rate("60")), ("x", counter("abc", "session"))]), &[]),
        // All tools and a category match whatever a name does; a tool is in one category.
        (
            format!(r#""all_tools": {}, {}"#, rate("60"), tools(&[("pay", rate("3600"))])),
            &["counter_windows /all_tools/rate_limit"],
        ),
        (
            format!(r#""all_tools": {}, "categories": {{"read": {}}}"#, rate("60"), rate("7")),
            &["counter_windows /categories/read/rate_limit"],
        ),
        (
            format!(r#""categories": {{"read": {}}}, {}"#, rate("60"), tools(&[("a*", rate("7"))])),
            &["counter_windows /tools/a*/rate_limit"],
        ),
        (format!(r#""categories": {{"read": {}, "write": {}}}"#, rate("60"), rate("7")), &[]),
        // Prompts and resources have counters of their own.
        (
            format!(
                r#""all_tools": {}, "prompts": {{"default": "deny", "rules": {{"a*": {}}}}}"#,
                rate("60"),
                rate("7")
            ),
            &[],
        ),
        (
            format!(
                r#""prompts": {{"default": "deny", "rules": {{"a*": {}, "ab": {}}}}}"#,
                rate("60"),
                rate("7")
            ),
            &["counter_windows /prompts/rules/a*/rate_limit"],
        ),
    ] {
        check(&document(&format!(r#""default": "deny", {body}"#)), expected);
    }
}

#[test]
fn no_call_may_meet_more_than_sixteen_limits() {
    let limits = |count: usize, prefix: &str| {
        let one = |i| format!(r#"{{"counter": "{prefix}{i}", "window": "day", "max": 5, "scope": "org"}}"#);
        format!(r#"{{"limits": [{}]}}"#, (0..count).map(one).collect::<Vec<_>>().join(", "))
    };
    let body = |all, read, write, glob, other, name| {
        document(&format!(
            r#""default": "deny", "all_tools": {}, "categories": {{"read": {}, "write": {}}}, "tools": {{"get_*": {}, "set_*": {}, "get_x": {}}}"#,
            limits(all, "a"),
            limits(read, "r"),
            limits(write, "w"),
            limits(glob, "g"),
            limits(other, "s"),
            limits(name, "n"),
        ))
    };
    check(&body(4, 3, 4, 4, 8, 4), &[]);
    check(&body(4, 3, 4, 4, 8, 5), &["too_many_limits /tools/get_x"]);
    check(&body(4, 3, 5, 4, 8, 4), &["too_many_limits /tools/set_*", "too_many_limits /tools/get_x"]);
    check(&body(13, 3, 0, 0, 0, 0), &[]);
    check(&body(14, 3, 0, 0, 0, 0), &["too_many_limits /all_tools"]);
    let meeting =
        format!(r#""default": "deny", "tools": {{"a*": {}, "*b": {}}}"#, limits(9, "x"), limits(8, "y"));
    check(&document(&meeting), &["too_many_limits /tools/a*", "too_many_limits /tools/*b"]);
    let full =
        format!(r#""default": "deny", "tools": {{"a*": {}, "*b": {}}}"#, limits(16, "x"), limits(1, "y"));
    check(&document(&full), &["too_many_limits /tools/a*", "too_many_limits /tools/*b"]);
    let apart = format!(
        r#""default": "deny", "tools": {{"a*": {}, "b*": {}, "?c": {}}}"#,
        limits(9, "x"),
        limits(8, "y"),
        limits(7, "z")
    );
    check(&document(&apart), &[]);
}
