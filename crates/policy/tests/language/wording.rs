//! What a refusal tells the agent: what, why, and what to do next.

use policy::{Context, Decision, decide};

use super::world::{call, compile, context, denial, document, pay};

#[test]
fn every_refusal_of_the_engine_says_what_to_do_next() {
    let off = Context { enabled: false, ..context() };
    let changed = Context { definition_changed: true, ..context() };
    let deny = compile(&document(
        r#""default": "deny", "tools": {"wipe": {"action": "deny"}, "ask": {"approval": {"quorum": 2, "approvers": "team"}}}"#,
    ));
    let number = pay(
        r#"{"require": [{"conditions": [{"path": "args.sum", "op": "lte", "value": 5}], "on_deny": "no"}]}"#,
    );
    let Decision::Deny(none) = decide(None, &call("x", "{}"), &context()) else { panic!("no policy") };
    for (denial, parts) in [
        (none, ["No policy", "ask an administrator"]),
        (denial(&deny, &call("x", "{}"), &off), ["switched off or has expired", "ask an administrator"]),
        (
            denial(&deny, &call("x", "{}"), &changed),
            ["\"x\" is not the one that was accepted", "ask an administrator to look"],
        ),
        (denial(&deny, &call("x", "{}"), &context()), ["\"x\" has no rule", "Use one of the tools"]),
        (denial(&deny, &call("wipe", "{}"), &context()), ["blocks the tool \"wipe\"", "will not help"]),
        (
            denial(&deny, &call("ask", "{}"), &context()),
            ["two people in the team", "make the same call again"],
        ),
        (
            denial(&number, &call("pay", r#"{"sum": "5"}"#), &context()),
            ["args.sum as a number, but this call has a string", "Send args.sum as a number and call again"],
        ),
    ] {
        for part in parts {
            assert!(denial.message.contains(part), "{part:?} in {:?}", denial.message);
        }
        assert!(!denial.hidden);
    }
}

#[test]
fn an_approval_says_whose_it_must_be() {
    let policy = pay(
        r#"{"approval": {"approvers": "policy_manager", "quorum": 2, "expires_in": 60, "reason": "Big."}}"#,
    );
    let denial = denial(&policy, &call("pay", "{}"), &context());
    assert_eq!((denial.rule.as_str(), denial.message.as_str()), ("/tools/pay/approval", "Big."));
    let terms = denial.approval.unwrap();
    assert_eq!((terms.approvers, terms.quorum, terms.expires_in), (policy::Approvers::PolicyManager, 2, 60));
}

#[test]
fn a_name_is_repeated_on_one_line_and_not_at_any_length() {
    let policy = compile(&document(r#""default": "deny""#));
    let name = format!("a\nb{}", "x".repeat(10_000));
    let message = denial(&policy, &call(&name, "{}"), &context()).message;
    assert!(message.len() < 500 && !message.contains('\n'), "{message}");
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_the_path_to_it_and_what_it_is() {
    let message = |test: &str, arguments: &str| {
        let policy = pay(&format!(r#"{{"require": [{{"conditions": [{test}], "on_deny": "no"}}]}}"#));
        denial(&policy, &call("pay", arguments), &context()).message
    };
    let deep = r#"{"path": "args.items[0].name.first", "op": "eq", "value": 5}"#;
    for (arguments, says) in [
        (r#"{"items": {}}"#, "judges args.items as an array, but this call has an object there"),
        (r#"{"items": ["x"]}"#, "judges args.items[0] as an object, but this call has a string there"),
        (
            r#"{"items": [{"name": true}]}"#,
            "judges args.items[0].name as an object, but this call has a boolean there",
        ),
        (
            r#"{"items": [{"name": {"first": "5"}}]}"#,
            "judges args.items[0].name.first as a number, but this call has a string that spells that number there",
        ),
    ] {
        let message = message(deep, arguments);
        assert!(message.contains(says), "{message}");
    }
    let message = message(r#"{"path": "args.n", "op": "eq", "value": "5"}"#, r#"{"n": 5}"#);
    assert!(message.contains("but this call has a number that the string spells there"), "{message}");
}
