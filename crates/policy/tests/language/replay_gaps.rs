//! Replays of calls of which only parts are recorded: what is still certain, and what is not.

use policy::{Effect, Gaps, Outcome, Policy, Recorded, Replay, explain};

use super::replay::{OPEN, SMALL, names, only, replay, spend};
use super::world::{amount, call, compile, context, document, permit};

/// A call of `t` that passed, with these arguments or with none but the name `n` known.
fn passed<'a>(policy: Option<&'a Policy>, arguments: Option<&'a str>, known: &'a [String]) -> Recorded<'a> {
    Recorded {
        call: policy::Call { arguments, ..call("t", "{}") },
        context: context(),
        gaps: Gaps { arguments: arguments.is_none().then_some(known), ..Gaps::default() },
        outcome: Outcome::Allow,
        rule: "",
        policy,
        taken: &[],
    }
}

fn keyed(max: u32) -> String {
    format!(
        r#"{{"limits": [{{"counter": "c", "window": "day", "max": {max}, "scope": "org", "key": "args.n"}}]}}"#
    )
}

#[test]
fn all_arguments_together_are_known_only_where_there_are_none() {
    let draft =
        r#"{"require": [{"conditions": [{"path": "args", "op": "eq", "value": {}}], "on_deny": "no"}]}"#;
    assert_eq!(replay(draft, OPEN, "{}", Some(&[])).effect, Effect::Same);
    assert_eq!(replay(draft, OPEN, r#"{"n": 1}"#, Some(&["n"])).effect, Effect::Undecidable);
}

#[test]
fn an_amount_from_an_argument_that_was_not_there_refuses() {
    let draft = spend(9).replace("args.n", "args.m");
    assert_eq!(replay(&draft, OPEN, r#"{"n": 1}"#, Some(&["n"])).effect, Effect::WouldDeny);
}

#[test]
fn what_one_value_is_not_says_nothing_of_another_element() {
    let refuse = |path: &str, op: &str, value: &str| {
        format!(
            r#"{{"deny_if": [{{"conditions": [{{"path": "{path}", "op": "{op}", "value": {value}}}], "on_deny": "no"}}]}}"#
        )
    };
    let effect = |path: &str, in_force: (&str, &str), draft: (&str, &str)| {
        let in_force = refuse(path, in_force.0, in_force.1);
        replay(&refuse(path, draft.0, draft.1), &in_force, r#"{"n": {}, "m": []}"#, Some(&["n", "m"])).effect
    };
    assert_eq!(effect("args.n", ("eq", "1"), ("neq", "1")), Effect::WouldDeny);
    assert_eq!(effect("args.n", ("in", "[1, 2]"), ("not_in", "[1, 2]")), Effect::WouldDeny);
    assert_eq!(effect("args.m[*]", ("eq", "1"), ("neq", "1")), Effect::Undecidable);
    assert_eq!(effect("args.n.x", ("exists", "true"), ("exists", "false")), Effect::WouldDeny);
    assert_eq!(effect("args.m[*]", ("exists", "true"), ("exists", "false")), Effect::Undecidable);
}

#[test]
fn ways_to_answer_are_all_tried_up_to_a_bound() {
    let draft = |questions: u32| {
        let tests: Vec<String> =
            (0..questions).map(|n| format!(r#"{{"path": "args.n", "op": "eq", "value": {n}}}"#)).collect();
        let all = tests.join(", ");
        format!(
            r#"{{"deny_if": [{{"conditions": [{all}], "on_deny": "no"}}, {{"conditions": [{{"not": {{"all": [{all}]}}}}], "on_deny": "no"}}]}}"#
        )
    };
    // Each has three answers: yes, no, and that the value has another type, which ends the call.
    assert_eq!(replay(&draft(6), OPEN, r#"{"n": 9}"#, Some(&["n"])).effect, Effect::WouldDeny);
    assert_eq!(replay(&draft(7), OPEN, r#"{"n": 9}"#, Some(&["n"])).effect, Effect::Undecidable);
}

#[test]
fn what_two_limits_took_together_is_not_known_of_either() {
    let limit = |path: &str, max: u32| {
        format!(
            r#"{{"counter": "spend", "window": "day", "max": {max}, "scope": "org", "increment_from": "{path}"}}"#
        )
    };
    let in_force = only(&format!(r#"{{"limits": [{}, {}]}}"#, limit("args.n", 100), limit("args.m", 100)));
    let charged = permit(&in_force, &call("t", r#"{"n": 4, "m": 2}"#), &context());
    let taken = [(&charged.charges()[0].counter, amount("4"))];
    let known = names(&["n", "m"]);
    let mut replay = Replay::new(only(&format!(r#"{{"limits": [{}]}}"#, limit("args.n", 10))));
    let recorded = Recorded { taken: &taken, ..passed(Some(&in_force), None, &known) };
    assert_eq!([0; 3].map(|_| replay.call(&recorded).effect), [Effect::Undecidable; 3]);
}

#[test]
fn an_unknown_key_may_be_another_than_the_one_that_is_full() {
    let known = names(&["n"]);
    let in_force = only(&keyed(9));
    let mut replay = Replay::new(only(&keyed(1)));
    let mut next = |arguments| replay.call(&passed(Some(&in_force), arguments, &known)).effect;
    assert_eq!(next(Some(r#"{"n": 1}"#)), Effect::Same);
    assert_eq!(next(None), Effect::Undecidable);
    // And what it took may have been this one's.
    let mut replay = Replay::new(only(&keyed(1)));
    let mut next = |arguments| replay.call(&passed(Some(&in_force), arguments, &known)).effect;
    assert_eq!(next(None), Effect::Same);
    assert_eq!(next(Some(r#"{"n": 1}"#)), Effect::Undecidable);
}

#[test]
fn what_a_call_takes_that_may_not_pass_is_taken_perhaps() {
    let known = names(&["n"]);
    let draft = SMALL.replace("{\"require\"", "{\"rate_limit\": {\"max\": 1, \"window\": 60}, \"require\"");
    let mut replay = Replay::new(only(&draft));
    assert_eq!(replay.call(&passed(None, None, &known)).effect, Effect::Undecidable);
    assert_eq!(replay.call(&passed(None, Some(r#"{"n": 3}"#), &known)).effect, Effect::Undecidable);
    // A call that perhaps fits one limit perhaps counts for another.
    let shared = r#"{"counter": "calls", "window": "day", "max": 1, "scope": "org"}"#;
    let spending =
        r#"{"counter": "spend", "window": "day", "max": 5, "scope": "org", "increment_from": "args.n"}"#;
    let draft = compile(&document(&format!(
        r#""default": "deny", "tools": {{"t": {{"limits": [{spending}, {shared}]}}, "u": {{"limits": [{shared}]}}}}"#
    )));
    let in_force = only(&spend(100));
    let mut replay = Replay::new(draft);
    assert_eq!(replay.call(&passed(Some(&in_force), None, &known)).effect, Effect::Undecidable);
    let other = Recorded { call: call("u", "{}"), ..passed(None, Some("{}"), &known) };
    assert_eq!(replay.call(&other).effect, Effect::Undecidable);
}

#[test]
fn an_explanation_of_what_is_fully_recorded_is_the_trace_of_the_decision() {
    let policy = only(
        r#"{"require": [{"conditions": [{"any": [{"path": "args.n", "op": "lt", "value": 5}, {"not": {"path": "args.n", "op": "eq", "value": 3}}]}], "on_deny": "no"}],
            "limits": [{"counter": "spend", "window": "day", "max": 5, "scope": "org", "increment_from": "args.n"}]}"#,
    );
    let recorded = passed(Some(&policy), Some(r#"{"n": 3}"#), &[]);
    let explanation = recorded.explain();
    assert!(explanation.agrees);
    assert_eq!(explanation.trace, Some(explain(Some(&policy), &recorded.call, &recorded.context)));
    let limited = Recorded { outcome: Outcome::Deny, rule: "/tools/t/limits/0", ..recorded }.explain();
    let trace = limited.trace.unwrap();
    assert_eq!(
        (limited.agrees, trace.outcome, trace.rule.as_str()),
        (true, Outcome::Deny, "/tools/t/limits/0")
    );
    // What contradicts the record is told as it comes out now.
    let other = Recorded { outcome: Outcome::Deny, rule: "/tools/t/require/0", ..recorded }.explain();
    assert_eq!((other.agrees, other.trace.map(|trace| trace.outcome)), (false, Some(Outcome::Allow)));
}
