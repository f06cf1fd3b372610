//! Documents of a length, a depth and a number of limits that are just good enough, and of just too much.

use super::broken::accepted;

/// The most bytes that a document may have.
const LONGEST: usize = 256 * 1024;

/// A document of so many bytes.
fn of_length(extra: usize) -> String {
    let document = r#"{"version": "1", "default": "deny"}"#;
    format!("{document}{}", " ".repeat(LONGEST + extra - document.len()))
}

/// A document with so many conditions one within the other.
fn of_depth(depth: usize) -> String {
    let (before, after) = (r#"{"not": "#.repeat(depth), "}".repeat(depth));
    format!(
        r#"{{"version": "1", "default": "deny", "tools": {{"a": {{"require": [{{"on_deny": "no", "conditions":
            [{before}{{"path": "args.a", "op": "exists"}}{after}]}}]}}}}}}"#
    )
}

/// A document with so many limits on one call, spread over a name, a glob and all tools; counters by the name.
fn of_limits(count: usize, counter: impl Fn(usize) -> String, window: impl Fn(usize) -> usize) -> String {
    let rule = |part: usize| {
        let limits: Vec<String> = (0..count)
            .filter(|index| index % 3 == part)
            .map(|index| {
                let (counter, window) = (counter(index), window(index));
                format!(r#"{{"counter": "{counter}", "window": {window}, "max": 1, "scope": "org"}}"#)
            })
            .collect();
        format!(r#"{{"limits": [{}]}}"#, limits.join(", "))
    };
    let (all, name, glob) = (rule(0), rule(1), rule(2));
    format!(
        r#"{{"version": "1", "default": "deny", "all_tools": {all}, "tools": {{"pay": {name}, "p*": {glob}}}}}"#
    )
}

#[test]
fn what_is_too_long_too_deep_or_too_much_is_refused_and_no_less() {
    let apart = |index: usize| format!("c{index}");
    let one = |_: usize| "c".to_owned();
    for (good, bad) in [
        (of_length(0), of_length(1)),
        (of_depth(20), of_depth(30)),
        (of_limits(16, apart, |_| 5), of_limits(17, apart, |_| 5)),
        (of_limits(3, one, |_| 5), of_limits(3, one, |index| index + 5)),
    ] {
        assert!(accepted(&good), "not accepted: {good}");
        assert!(!accepted(&bad), "accepted: {bad}");
    }
}
