//! Paths into what is known of the caller, the tool and the time.

use std::collections::BTreeMap;

use policy::{Category, Context, Decision, Identity, Policy, decide};

use super::world::{NEW_YEAR, call, context, document, pay};

fn holds(condition: &str, context: &Context<'_>) -> bool {
    let policy = pay(&format!(r#"{{"require": [{{"conditions": [{condition}], "on_deny": "no"}}]}}"#));
    match decide(Some(&policy), &call("pay", "{}"), context) {
        Decision::Permit(_) => true,
        Decision::Deny(denial) => {
            assert_eq!(denial.message, "no", "{condition}");
            false
        }
    }
}

fn check(path: &str, value: &str, context: &Context<'_>) {
    assert!(
        holds(&format!(r#"{{"path": "{path}", "op": "eq", "value": {value}}}"#), context),
        "{path} is {value}"
    );
    assert!(holds(&format!(r#"{{"path": "{path}", "op": "exists"}}"#), context), "{path} is there");
}

#[test]
fn every_path_leads_to_its_fact() {
    let labels = BTreeMap::from([("cost.center".to_owned(), "42a".to_owned())]);
    let context = Context {
        identity: Identity { email: Some("a@example.com"), labels: &labels, ..context().identity },
        category: Some(Category::Financial),
        risk: Some("critical"),
        annotations: Some(r#"{"readOnlyHint": true, "title": "Pay", "level": 3}"#),
        ..context()
    };
    for (path, value) in [
        ("identity.id", r#""idn_1""#),
        ("identity.kind", r#""agent""#),
        ("identity.label", r#""bot""#),
        ("identity.email", r#""a@example.com""#),
        ("identity.labels.cost.center", r#""42a""#),
        ("team.slug", r#""payments""#),
        ("client.name", r#""probe""#),
        ("client.version", r#""1.2""#),
        ("tool.name", r#""pay""#),
        ("tool.category", r#""financial""#),
        ("tool.risk", r#""critical""#),
        ("tool.annotations.readOnlyHint", "true"),
        ("tool.annotations.level", "3"),
        ("session.id", r#""s1""#),
        ("time.hour", "0"),
        ("time.weekday", "4"),
        ("time.weekday", r#""thursday""#),
    ] {
        check(path, value, &context);
    }
}

#[test]
fn what_is_not_known_is_missing() {
    let bare = Context { client: None, ..context() };
    for path in [
        "identity.email",
        "identity.labels.x",
        "client.name",
        "client.version",
        "tool.category",
        "tool.risk",
        "tool.annotations.x",
    ] {
        assert!(holds(&format!(r#"{{"path": "{path}", "op": "exists", "value": false}}"#), &bare), "{path}");
    }
}

#[test]
fn hours_and_weekdays_are_utc_and_monday_is_the_first() {
    const HOUR: i64 = 3_600_000;
    for (offset, hour, number, name) in [
        (0, 0, 4, "thursday"),
        (HOUR - 1, 0, 4, "thursday"),
        (13 * HOUR, 13, 4, "thursday"),
        (3 * 24 * HOUR, 0, 7, "sunday"),
        (4 * 24 * HOUR - 1, 23, 7, "sunday"),
        (4 * 24 * HOUR, 0, 1, "monday"),
        (-NEW_YEAR - 1, 23, 3, "wednesday"),
    ] {
        let context = Context { time_ms: NEW_YEAR + offset, ..context() };
        check("time.hour", &hour.to_string(), &context);
        check("time.weekday", &number.to_string(), &context);
        check("time.weekday", &format!("{name:?}"), &context);
    }
    assert!(holds(r#"{"path": "time.weekday", "op": "lt", "value": 6}"#, &context()));
    assert!(holds(r#"{"path": "time.weekday", "op": "regex", "value": "^thurs"}"#, &context()));
}

#[test]
fn only_a_policy_that_asks_for_classes_needs_them() {
    let uses = |body: &str| Policy::compile(document(body).as_bytes()).unwrap().policy.uses_classes();
    assert!(!uses(r#""default": "allow", "tools": {"a": {"rate_limit": {"max": 1, "window": 1}}}"#));
    assert!(uses(r#""default": "deny", "categories": {"read": {}}"#));
    let nested = r#"{"conditions": [{"not": {"any": [{"path": "tool.risk", "op": "eq", "value": "low"}]}}], "on_deny": "x"}"#;
    assert!(uses(&format!(r#""default": "allow", "all_tools": {{"require": [{nested}]}}"#)));
    let key =
        r#"{"counter": "c", "window": "day", "max": 1, "scope": "org", "key": "tool.annotations.group"}"#;
    assert!(uses(&format!(r#""default": "allow", "all_tools": {{"limits": [{key}]}}"#)));
}
