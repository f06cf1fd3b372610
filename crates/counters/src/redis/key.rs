//! What counters are called in Redis. All keys of an organisation share the hash tag `{org}`, so that in a Redis Cluster
//! they are in one slot.

use std::fmt::Write;

use policy::{Counter, Window};

/// Room for most keys.
const USUAL: usize = 160;

/// The hash with an organisation's epoch and fences.
pub(super) fn meta(org: &str) -> String {
    format!("{{{org}}}:meta")
}

/// `{org}:c:<scope>:<scope id>:<name>:<window>[:<key digest>]`.
pub(super) fn counter(org: &str, counter: &Counter) -> String {
    let mut key = String::with_capacity(USUAL);
    push_counter(&mut key, org, counter);
    key
}

/// The same, at the end of `key`.
pub(super) fn push_counter(key: &mut String, org: &str, counter: &Counter) {
    key.push('{');
    key.push_str(org);
    key.push_str("}:c:");
    key.push_str(counter.scope.as_str());
    for part in [&counter.scope_id, &counter.name] {
        key.push(':');
        push_escaped(key, part);
    }
    key.push_str(if counter.rolling { ":rolling-" } else { ":" });
    match counter.window {
        Window::Second => key.push_str("second"),
        Window::Minute => key.push_str("minute"),
        Window::Hour => key.push_str("hour"),
        Window::Day => key.push_str("day"),
        Window::Week => key.push_str("week"),
        Window::Month => key.push_str("month"),
        // Writing to a string does not fail.
        Window::Seconds(seconds) => drop(write!(key, "{seconds}s")),
    }
    if let Some(digest) = &counter.key {
        key.push(':');
        key.push_str(digest);
    }
}

/// Ids and names are the customers'; without escaping `a:b` and `c` would share a key with `a` and `b:c`.
fn push_escaped(key: &mut String, part: &str) {
    if !part.contains([':', '%']) {
        key.push_str(part);
        return;
    }
    for c in part.chars() {
        match c {
            ':' => key.push_str("%3A"),
            '%' => key.push_str("%25"),
            c => key.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use policy::Scope;

    use super::*;

    fn named(scope_id: &str, name: &str) -> Counter {
        let (scope_id, name) = (Arc::from(scope_id), Arc::from(name));
        Counter { scope: Scope::Grant, scope_id, name, window: Window::Minute, rolling: false, key: None }
    }

    #[test]
    fn a_key_tells_every_part_of_a_counter_apart() {
        let plain = named("grant_1", "calls");
        assert_eq!(super::counter("org_1", &plain), "{org_1}:c:grant:grant_1:calls:minute");
        let keyed = Counter { key: Some("ab".into()), rolling: true, ..plain.clone() };
        assert_eq!(super::counter("org_1", &keyed), "{org_1}:c:grant:grant_1:calls:rolling-minute:ab");
        let seconds = Counter { window: Window::Seconds(90), ..plain };
        assert_eq!(super::counter("org_1", &seconds), "{org_1}:c:grant:grant_1:calls:90s");
        assert_ne!(super::counter("o", &named("a:b", "c")), super::counter("o", &named("a", "b:c")));
        assert_ne!(super::counter("o", &named("a%3Ab", "c")), super::counter("o", &named("a:b", "c")));
    }
}
