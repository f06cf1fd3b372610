//! Drafts against calls that were recorded.

use policy::{Effect, Gaps, Outcome, Policy, Recorded, Replay, Replayed};
use proptest::prelude::*;
use serde_json::json;

use crate::world::{amount, call, compile, context, document, permit, rule};

pub(crate) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A policy that denies by default and has one rule for `t`.
pub(crate) fn only(rule: &str) -> Policy {
    compile(&document(&format!(r#""default": "deny", "tools": {{"t": {rule}}}"#)))
}

/// What a draft makes of one call of `t`; with `known` its values are not recorded but only these names.
pub(crate) fn replay(draft: &str, in_force: &str, arguments: &str, known: Option<&[&str]>) -> Replayed {
    let in_force = only(in_force);
    let decision = policy::decide(Some(&in_force), &call("t", arguments), &context());
    let rule = rule(&decision).to_owned();
    let known = known.map(names);
    let recorded = Recorded {
        call: policy::Call { arguments: Some(arguments).filter(|_| known.is_none()), ..call("t", "{}") },
        context: context(),
        gaps: Gaps { arguments: known.as_deref(), ..Gaps::default() },
        outcome: if rule.is_empty() { Outcome::Allow } else { Outcome::Deny },
        rule: &rule,
        policy: Some(&in_force),
        taken: &[],
    };
    Replay::new(only(draft)).call(&recorded)
}

pub(crate) const OPEN: &str = "{}";
pub(crate) const SMALL: &str =
    r#"{"require": [{"conditions": [{"path": "args.n", "op": "lt", "value": 10}], "on_deny": "Too much."}]}"#;

#[test]
fn with_the_values_a_draft_is_simply_decided() {
    for (draft, in_force, arguments, effect) in [
        (SMALL, OPEN, r#"{"n": 3}"#, Effect::Same),
        (SMALL, OPEN, r#"{"n": 30}"#, Effect::WouldDeny),
        (OPEN, SMALL, r#"{"n": 30}"#, Effect::WouldAllow),
        (SMALL, SMALL, r#"{"n": 30}"#, Effect::Same),
        (SMALL, OPEN, r#"{"n": "3"}"#, Effect::WouldDeny),
    ] {
        let replayed = replay(draft, in_force, arguments, None);
        assert_eq!(replayed.effect, effect, "{arguments} {replayed:?}");
        assert_eq!(replayed.unknown, Vec::<String>::new());
    }
}

#[test]
fn without_the_values_what_depends_on_them_is_undecidable_and_nothing_else_is() {
    let closed = SMALL.replace("{\"require\"", "{\"action\": \"deny\", \"require\"");
    let either = r#"{"deny_if": [
        {"conditions": [{"path": "args.n", "op": "eq", "value": 1}], "on_deny": "a"},
        {"conditions": [{"path": "args.n", "op": "neq", "value": 1}], "on_deny": "b"}
    ]}"#;
    for (draft, in_force, known, effect) in [
        (SMALL, OPEN, "n", Effect::Undecidable),
        // The argument is known not to be there, and a missing one fails the test.
        (SMALL, OPEN, "m", Effect::WouldDeny),
        // A look-alike may count for it.
        (SMALL, OPEN, "N", Effect::Undecidable),
        // Whatever the value.
        (&closed, OPEN, "n", Effect::WouldDeny),
        (either, OPEN, "n", Effect::WouldDeny),
        // What the policy in force let through passes the same rule again.
        (SMALL, SMALL, "n", Effect::Same),
    ] {
        let replayed = replay(draft, in_force, r#"{"n": 3}"#, Some(&[known]));
        assert_eq!(replayed.effect, effect, "{draft} {known} {replayed:?}");
        let unknown = if effect == Effect::Undecidable { names(&["args.n"]) } else { Vec::new() };
        assert_eq!(replayed.unknown, unknown);
    }
}

#[test]
fn limits_are_counted_as_if_the_draft_had_been_in_force() {
    let mut replay = Replay::new(only(r#"{"rate_limit": {"max": 2, "window": "hour"}}"#));
    let effects = [0, 1, 2, 3_600_000].map(|time_ms| {
        let recorded = Recorded {
            call: call("t", "{}"),
            context: policy::Context { time_ms, ..context() },
            gaps: Gaps::default(),
            outcome: Outcome::Allow,
            rule: "",
            policy: None,
            taken: &[],
        };
        replay.call(&recorded).effect
    });
    assert_eq!(effects, [Effect::Same, Effect::Same, Effect::WouldDeny, Effect::Same]);
    let summary = replay.summary();
    assert_eq!((summary.calls, summary.same, summary.would_deny), (4, 3, 1));
}

/// A limit on the sum of `args.n`.
pub(crate) fn spend(max: u32) -> String {
    format!(
        r#"{{"limits": [{{"counter": "spend", "window": "day", "max": {max}, "scope": "org", "increment_from": "args.n"}}]}}"#
    )
}

/// Three calls that took 4 of 100 each, replayed without their arguments; `told` gives what was taken.
fn spending(draft: &str, told: bool) -> [Effect; 3] {
    let in_force = only(&spend(100));
    let known = names(&["n"]);
    let charged = permit(&in_force, &call("t", r#"{"n": 4}"#), &context());
    let taken = [(&charged.charges()[0].counter, amount("4"))];
    let mut replay = Replay::new(only(draft));
    let recorded = Recorded {
        call: policy::Call { arguments: None, ..call("t", "{}") },
        context: context(),
        gaps: Gaps { arguments: Some(&known), ..Gaps::default() },
        outcome: Outcome::Allow,
        rule: "",
        policy: Some(&in_force),
        taken: if told { &taken } else { &[] },
    };
    [0; 3].map(|_| replay.call(&recorded).effect)
}

#[test]
fn an_amount_is_known_from_what_was_taken_where_the_draft_counts_the_same() {
    assert_eq!(spending(&spend(10), true), [Effect::Same, Effect::Same, Effect::WouldDeny]);
    assert_eq!(spending(&spend(10), false), [Effect::Undecidable; 3]);
    let other = spend(10).replace("args.n", "args.n.m");
    assert_eq!(spending(&other, true), [Effect::Undecidable; 3]);
}

#[test]
fn calls_under_unknown_keys_may_belong_to_any_counter() {
    let keyed = |max: u32| {
        format!(
            r#"{{"limits": [{{"counter": "c", "window": "day", "max": {max}, "scope": "org", "key": "args.n"}}]}}"#
        )
    };
    let known = names(&["n"]);
    let mut replay = Replay::new(only(&keyed(3)));
    let mut next = |arguments: Option<&'static str>| {
        let recorded = Recorded {
            call: policy::Call { arguments, ..call("t", "{}") },
            context: context(),
            gaps: Gaps { arguments: arguments.is_none().then_some(&*known), ..Gaps::default() },
            outcome: Outcome::Allow,
            rule: "",
            // Every call had a value to be kept by.
            policy: None,
            taken: &[],
        };
        replay.call(&recorded).effect
    };
    assert_eq!(next(Some(r#"{"n": 1}"#)), Effect::Same);
    assert_eq!(next(None), Effect::Undecidable);
    assert_eq!(next(Some(r#"{"n": 1}"#)), Effect::Same);
    assert_eq!(next(Some(r#"{"n": 2}"#)), Effect::Same);
    assert_eq!(next(Some(r#"{"n": 2}"#)), Effect::Same);
    assert_eq!(next(Some(r#"{"n": 2}"#)), Effect::Undecidable);
}

#[test]
fn an_explanation_follows_the_record_and_marks_what_it_does_not_hold() {
    let in_force = only(SMALL);
    let known = names(&["n"]);
    let recorded = Recorded {
        call: policy::Call { arguments: None, ..call("t", "{}") },
        context: context(),
        gaps: Gaps { arguments: Some(&known), ..Gaps::default() },
        outcome: Outcome::Deny,
        rule: "/tools/t/require/0",
        policy: Some(&in_force),
        taken: &[],
    };
    let explanation = recorded.explain();
    assert!(explanation.agrees);
    let trace = serde_json::to_value(explanation.trace.unwrap()).unwrap();
    let step = trace["steps"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&step["step"], &step["passed"]), (&json!("require"), &json!(false)));
    assert_eq!(step["conditions"][0]["answer"], "undecidable");
    assert_eq!(step["conditions"][0]["found"], json!([]));
    let other = Recorded { rule: "(default deny)", ..recorded }.explain();
    assert_eq!((other.agrees, other.trace), (false, None));
}

/// What a draft makes of calls of `t` that were refused by `rule`, and of whose arguments only the name `n` is known.
fn refused(draft: &str, in_force: &str, rule: &str, times: usize) -> (Vec<Replayed>, policy::Summary) {
    let (in_force, known) = (only(in_force), names(&["n"]));
    let recorded = Recorded {
        call: policy::Call { arguments: None, ..call("t", "{}") },
        context: context(),
        gaps: Gaps { arguments: Some(&known), ..Gaps::default() },
        outcome: Outcome::Deny,
        rule,
        policy: Some(&in_force),
        taken: &[],
    };
    let mut replay = Replay::new(only(draft));
    let replayed = (0..times).map(|_| replay.call(&recorded)).collect();
    (replayed, replay.summary())
}

#[test]
fn the_rule_that_refused_tells_of_the_values() {
    let either = r#"{"deny_if": [
        {"conditions": [{"path": "args.n", "op": "eq", "value": 1}], "on_deny": "a"},
        {"conditions": [{"path": "args.n", "op": "eq", "value": 2}], "on_deny": "b"}
    ]}"#;
    let second =
        r#"{"deny_if": [{"conditions": [{"path": "args.n", "op": "eq", "value": 2}], "on_deny": "b"}]}"#;
    let effect =
        |draft: &str, in_force: &str, rule: &str| refused(draft, in_force, rule, 1).0.remove(0).effect;
    assert_eq!(effect(SMALL, SMALL, "/tools/t/require/0"), Effect::Same);
    assert_eq!(effect(second, either, "/tools/t/deny_if/1"), Effect::Same);
    // The first test held, and nothing more is known.
    assert_eq!(effect(second, either, "/tools/t/deny_if/0"), Effect::Undecidable);
    // Who was refused by a limit had passed everything before it.
    let limited = SMALL.replace("{\"require\"", "{\"rate_limit\": {\"max\": 1, \"window\": 60}, \"require\"");
    assert_eq!(effect(SMALL, &limited, "/tools/t/rate_limit"), Effect::WouldAllow);
}

#[test]
fn a_summary_counts_each_sort_of_effect() {
    let (replayed, summary) = refused(OPEN, SMALL, "/tools/t/require/0", 3);
    assert!(
        replayed.iter().all(|replayed| replayed.effect == Effect::WouldAllow && replayed.rules.is_empty())
    );
    assert_eq!((summary.calls, summary.would_allow, summary.undecidable), (3, 3, 0));
    let other = SMALL.replace("10", "5");
    let (replayed, summary) = refused(&other, OPEN, "(default deny)", 2);
    assert!(replayed.iter().all(|replayed| replayed.effect == Effect::Undecidable), "{replayed:?}");
    assert_eq!((summary.calls, summary.would_allow, summary.undecidable), (2, 0, 2));
}

#[test]
fn each_rule_that_would_refuse_is_named_once() {
    let either = r#"{"deny_if": [
        {"conditions": [{"path": "args.n", "op": "eq", "value": 1}], "on_deny": "a"},
        {"conditions": [{"path": "args.n", "op": "neq", "value": 1}], "on_deny": "b"}
    ], "require": [{"conditions": [{"path": "args.n", "op": "exists"}], "on_deny": "c"}]}"#;
    let replayed = replay(either, OPEN, r#"{"n": 3}"#, Some(&["n"]));
    assert_eq!(replayed.effect, Effect::WouldDeny);
    let mut rules = replayed.rules;
    rules.sort();
    assert_eq!(rules, ["/tools/t/deny_if/0", "/tools/t/deny_if/1", "/tools/t/require/0"]);
}

#[test]
fn what_holds_an_undecidable_condition_is_undecidable() {
    let in_force = only(
        r#"{"require": [{"conditions": [{"any": [{"path": "args.n", "op": "lt", "value": 5}, {"path": "identity.id", "op": "eq", "value": "x"}]}], "on_deny": "no"}]}"#,
    );
    let known = names(&["n"]);
    let recorded = Recorded {
        call: policy::Call { arguments: None, ..call("t", "{}") },
        context: context(),
        gaps: Gaps { arguments: Some(&known), ..Gaps::default() },
        outcome: Outcome::Deny,
        rule: "/tools/t/require/0",
        policy: Some(&in_force),
        taken: &[],
    };
    let trace = serde_json::to_value(recorded.explain().trace.unwrap()).unwrap();
    let any = &trace["steps"].as_array().unwrap().last().unwrap()["conditions"][0];
    assert_eq!((&any["kind"], &any["answer"]), (&json!("any"), &json!("undecidable")));
    assert_eq!(
        (&any["parts"][0]["answer"], &any["parts"][1]["answer"]),
        (&json!("undecidable"), &json!("fails"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_decided_without_the_values_comes_out_so_with_any_of_them(
        bounds in prop::collection::vec((0_u32..6, any::<bool>(), any::<bool>()), 1..4),
        in_force in prop::option::of(0_u32..6),
        n in prop::sample::select(vec!["0", "1", "2", "3", "4", "5", "6", "\"x\"", "null"]),
    ) {
        let groups = |denying: bool| {
            let group = |(bound, _, negated): &(u32, bool, bool)| {
                let test = format!(r#"{{"path": "args.n", "op": "lt", "value": {bound}}}"#);
                let test = if *negated { format!(r#"{{"not": {test}}}"#) } else { test };
                format!(r#"{{"conditions": [{test}], "on_deny": "no"}}"#)
            };
            let chosen = bounds.iter().filter(|(_, in_deny_if, _)| *in_deny_if == denying);
            chosen.map(group).collect::<Vec<_>>().join(",")
        };
        let draft = format!(r#"{{"require": [{}], "deny_if": [{}]}}"#, groups(false), groups(true));
        let before = in_force.map_or_else(|| OPEN.to_owned(), |bound| SMALL.replace("10", &bound.to_string()));
        let arguments = format!(r#"{{"n": {n}}}"#);
        let known = replay(&draft, &before, &arguments, None);
        let unknown = replay(&draft, &before, &arguments, Some(&["n"]));
        prop_assert!(known.effect != Effect::Undecidable);
        prop_assert!(
            unknown.effect == Effect::Undecidable || unknown.effect == known.effect,
            "{draft} {arguments}: {known:?} {unknown:?}"
        );
    }
}
