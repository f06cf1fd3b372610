//! Traces: the decision itself, told step by step.

use policy::{Call, Category, Context, Decision, Outcome, Step, Subject, Trace, decide, explain};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::properties::{ARGUMENTS, NAMES, compile as compile_parts, members};
use super::world::{amount, call, compile, context, document, of_category, pay, permit};

fn trace(rule: &str, arguments: &str) -> Trace {
    explain(Some(&pay(rule)), &call("pay", arguments), &context())
}

fn steps(trace: &Trace) -> Vec<(Step, bool)> {
    trace.steps.iter().map(|step| (step.step, step.passed)).collect()
}

/// The conditions of the one `require` group, as a program reads them.
fn asked(conditions: &str, arguments: &str) -> Value {
    let trace =
        trace(&format!(r#"{{"require": [{{"conditions": [{conditions}], "on_deny": "no"}}]}}"#), arguments);
    let step = trace.steps.iter().find(|step| step.step == Step::Require).unwrap();
    serde_json::to_value(&step.conditions).unwrap()
}

#[test]
fn a_trace_ends_where_the_call_is_refused() {
    let before = [
        Step::Policy,
        Step::Enabled,
        Step::Name,
        Step::Hidden,
        Step::Definition,
        Step::Default,
        Step::Action,
    ];
    let ends = |trace: &Trace, expected: &[Step]| {
        let refused: Vec<(Step, bool)> =
            expected.iter().enumerate().map(|(index, step)| (*step, index + 1 < expected.len())).collect();
        assert_eq!((steps(trace), trace.outcome), (refused, Outcome::Deny), "{trace:#?}");
    };
    ends(&explain(None, &call("pay", "{}"), &context()), &before[..1]);
    let off = Context { enabled: false, ..context() };
    ends(&explain(Some(&pay("{}")), &call("pay", "{}"), &off), &before[..2]);
    ends(&explain(Some(&pay("{}")), &call(&"x".repeat(5000), "{}"), &context()), &before[..3]);
    let hidden = compile(&document(r#""default": "allow", "hide": ["p*"]"#));
    ends(&explain(Some(&hidden), &call("pay", "{}"), &context()), &before[..4]);
    let changed = Context { definition_changed: true, ..context() };
    ends(&explain(Some(&pay("{}")), &call("other", "{}"), &changed), &before[..5]);
    ends(&explain(Some(&pay("{}")), &call("other", "{}"), &context()), &before[..6]);
    ends(&trace(r#"{"action": "deny"}"#, "{}"), &before);
    ends(&trace(r#"{"action": "require_approval"}"#, "{}"), &[&before[..], &[Step::Approval]].concat());
    ends(
        &trace(
            r#"{"limits": [{"counter": "c", "window": "day", "max": 5, "scope": "org", "increment_from": "args.n"}]}"#,
            "{}",
        ),
        &[&before[..], &[Step::Limit]].concat(),
    );
}

#[test]
fn layers_are_told_from_general_to_specific() {
    let policy = compile(&document(
        r#""default": "deny", "all_tools": {}, "categories": {"read": {}}, "tools": {"pay": {"action": "allow"}, "p*": {}, "pa?": {}}"#,
    ));
    let trace = explain(Some(&policy), &call("pay", "{}"), &of_category(Category::Read));
    let layers: Vec<_> = trace.layers.iter().map(|layer| (layer.matched, layer.pointer.as_str())).collect();
    assert_eq!(
        layers,
        [
            ("all_tools", "/all_tools"),
            ("category", "/categories/read"),
            ("glob", "/tools/p*"),
            ("glob", "/tools/pa?"),
            ("name", "/tools/pay"),
        ]
    );
    let action = trace.steps.iter().find(|step| step.step == Step::Action).unwrap();
    assert_eq!(action.pointer, "/tools/pay/action");
}

#[test]
fn a_test_shows_path_operator_and_both_values() {
    assert_eq!(
        asked(r#"{"path": "args.n", "op": "lte", "value": 5.00}"#, r#"{"n": 7}"#),
        json!([{"path": "args.n", "op": "lte", "wanted": 5.00, "found": [7], "answer": "fails"}])
    );
    assert_eq!(
        asked(r#"{"path": "args.n", "op": "eq", "value": "a"}"#, r#"{"n": "a"}"#),
        json!([{"path": "args.n", "op": "eq", "wanted": "a", "found": ["a"], "answer": "holds"}])
    );
    assert_eq!(
        asked(r#"{"path": "args.n", "op": "in", "value": [2, 1]}"#, "{}"),
        json!([{"path": "args.n", "op": "in", "wanted": [1, 2], "found": [null], "answer": "fails"}])
    );
    assert_eq!(
        asked(r#"{"path": "args.a[*].n", "op": "gt", "value": 1}"#, r#"{"a": [{"n": 1}, {"n": 2}]}"#),
        json!([{"path": "args.a[*].n", "op": "gt", "wanted": 1, "found": [1, 2], "answer": "holds"}])
    );
    assert_eq!(
        asked(r#"{"path": "args.n", "op": "gt", "value": 1}"#, r#"{"n": "2"}"#),
        json!([{"path": "args.n", "op": "gt", "wanted": 1, "found": ["2"], "answer": "unclear"}])
    );
    assert_eq!(
        asked(r#"{"path": "args.n", "op": "gt", "value": 1}"#, r#"{"N": 2}"#),
        json!([{"path": "args.n", "op": "gt", "wanted": 1, "found": [], "answer": "unclear"}])
    );
}

#[test]
fn an_operator_on_a_list_is_told_from_one_on_a_value() {
    let told = |op: &str, value: &str| {
        asked(&format!(r#"{{"path": "args.n", "op": "{op}", "value": {value}}}"#), r#"{"n": 7}"#)[0]["op"]
            .clone()
    };
    for (op, value) in [("eq", "1"), ("in", "[1, 2]"), ("neq", "1"), ("not_in", "[1, 2]")] {
        assert_eq!(told(op, value), op);
    }
}

#[test]
fn nested_conditions_are_told_with_their_parts() {
    let test = |value: u32| format!(r#"{{"path": "args.n", "op": "eq", "value": {value}}}"#);
    let told = |value: u32, answer: &str| json!({"path": "args.n", "op": "eq", "wanted": value, "found": [1], "answer": answer});
    assert_eq!(
        asked(&format!(r#"{{"any": [{}, {{"not": {}}}]}}, {}"#, test(2), test(3), test(1)), r#"{"n": 1}"#),
        json!([
            {"kind": "any", "answer": "holds", "parts": [
                told(2, "fails"),
                {"kind": "not", "answer": "holds", "parts": [told(3, "fails")]}]},
            told(1, "holds"),
        ])
    );
}

#[test]
fn numbers_are_shown_with_every_digit_and_long_values_cut() {
    let shown = |arguments: &str| {
        let trace = trace(
            r#"{"deny_if": [{"conditions": [{"path": "args.n", "op": "eq", "value": 1.000000000000000000001}], "on_deny": "no"}]}"#,
            arguments,
        );
        serde_json::to_string(&trace).unwrap()
    };
    let text = shown(r#"{"n": 0.100000000000000000000000000001}"#);
    assert!(text.contains(r#""found":[0.100000000000000000000000000001]"#), "{text}");
    assert!(text.contains(r#""wanted":1.000000000000000000001"#), "{text}");
    for long in [format!("{:?}", "ä".repeat(5000)), format!("[{}1]", "1, ".repeat(5000))] {
        let text = shown(&format!(r#"{{"n": {long}}}"#));
        assert!(text.len() < 2000 && text.contains('…'), "{} bytes", text.len());
    }
    let many = asked(
        r#"{"path": "args.n[*]", "op": "eq", "value": 0}"#,
        &format!(r#"{{"n": [{}0]}}"#, "1, ".repeat(99)),
    );
    assert_eq!((many[0]["found"].as_array().unwrap().len(), &many[0]["more"]), (20, &json!(80)));
}

#[test]
fn limits_are_told_with_what_they_take_and_a_full_one_refuses() {
    let rule = r#"{"limits": [{"counter": "spend", "window": "day", "max": 9, "scope": "org", "increment_from": "args.n"}]}"#;
    let mut trace = trace(rule, r#"{"n": 2.50}"#);
    assert_eq!(trace.outcome, Outcome::Allow);
    let last = serde_json::to_value(trace.steps.last().unwrap()).unwrap();
    assert_eq!(
        last,
        json!({"step": "limit", "pointer": "/tools/pay/limits/0", "passed": true, "charge": {"counter": "spend", "amount": "2.5", "max": "9"}})
    );
    let policy = pay(rule);
    let denial = permit(&policy, &call("pay", r#"{"n": 2.50}"#), &context()).over(0, amount("8"), 1_000);
    trace.refuse(&denial.rule, &denial.message);
    assert_eq!((trace.outcome, trace.rule.as_str()), (Outcome::Deny, "/tools/pay/limits/0"));
    assert!(!trace.steps.last().unwrap().passed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_trace_tells_of_the_decision_that_was_made(
        parts in members(),
        subject in prop::sample::select(vec![Subject::Tool, Subject::Tool, Subject::Prompt, Subject::Resource]),
        name in prop::sample::select(NAMES.to_vec()),
        arguments in prop::sample::select(ARGUMENTS.to_vec()),
        category in prop::option::of(prop::sample::select(vec![Category::Read, Category::Write, Category::Other])),
        enabled in prop::bool::weighted(0.9),
        published in prop::bool::weighted(0.95),
        definition_changed in prop::bool::weighted(0.1),
    ) {
        let policy = compile_parts(&parts, false);
        let policy = published.then_some(&policy);
        let call = Call { subject, ..call(name, arguments) };
        let context = Context { category, enabled, definition_changed, ..context() };
        let trace = explain(policy, &call, &context);
        let (outcome, rule, message) = match decide(policy, &call, &context) {
            Decision::Permit(_) => (Outcome::Allow, String::new(), String::new()),
            Decision::Deny(denial) => (Outcome::Deny, denial.rule, denial.message),
        };
        prop_assert_eq!((trace.outcome, &trace.rule, &trace.message), (outcome, &rule, &message));
        let refused = trace.steps.iter().filter(|step| !step.passed).count();
        prop_assert_eq!(refused, usize::from(outcome == Outcome::Deny));
        let ordered = trace.steps.windows(2).all(|pair| pair[0].step <= pair[1].step);
        prop_assert!(ordered, "{:?}", trace.steps);
        if rule.starts_with('/') {
            prop_assert_eq!(&trace.steps.last().unwrap().pointer, &rule);
        }
    }
}
