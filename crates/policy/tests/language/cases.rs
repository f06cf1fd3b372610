//! Cases: what a file of them may say, and how they run.

use policy::{CaseReport, Cases, Problem};

use super::world::{compile, document};

const SPEND: &str = r#""default": "deny", "categories": {"read": {}}, "tools": {"pay": {
    "require": [{"conditions": [{"path": "identity.labels.env", "op": "eq", "value": "prod"}], "on_deny": "Not here."}],
    "limits": [{"counter": "spend", "window": "hour", "max": 100, "scope": "identity", "increment_from": "args.sum"}]}}"#;
const WHO: &str = r#""identity": {"id": "idn_1", "labels": {"env": "prod"}}"#;

fn run(policy: &str, cases: &str) -> Vec<CaseReport> {
    Cases::read(cases.as_bytes()).unwrap().run(&compile(&document(policy)))
}

/// The one case with this call, context and expectation.
fn check(call: &str, context: &str, expect: &str) -> CaseReport {
    let case = format!(
        r#"[{{"name": "n", "call": {call}, "context": {{{context}}}, "expect": {{"outcome": {expect}}}}}]"#
    );
    run(SPEND, &case).remove(0)
}

fn problems(cases: &str) -> Vec<Problem> {
    Cases::read(cases.as_bytes()).unwrap_err()
}

const PAY: &str = r#"{"tool": "pay", "arguments": {"sum": 40.5}}"#;

#[test]
fn a_case_passes_when_outcome_rule_and_message_are_as_expected() {
    let denied = r#""deny", "rule": "/tools/pay/require/0", "message": "Not here.""#;
    assert!(check(PAY, "", denied).passed);
    assert!(check(PAY, "", r#""deny""#).passed);
    assert!(check(PAY, WHO, r#""allow""#).passed);
    assert!(check(PAY, WHO, r#""allow", "rule": """#).passed);
    for wrong in
        [r#""allow""#, r#""deny", "rule": "/tools/pay/limits/0""#, r#""deny", "message": "not here.""#]
    {
        let report = check(PAY, "", wrong);
        assert!(!report.passed, "{wrong}");
        let why = report.difference().unwrap();
        assert!(why.contains("got deny by /tools/pay/require/0") && why.contains("Not here."), "{why}");
    }
}

#[test]
fn a_red_case_says_in_a_line_what_was_expected_and_what_came() {
    assert_eq!(check(PAY, WHO, r#""allow""#).line(), "ok    \"n\"");
    assert_eq!(
        check(PAY, "", r#""deny", "message": "Not there.""#).line(),
        "FAIL  \"n\": expected deny, got deny by /tools/pay/require/0, with the message \"Not there.\" expected: Not here."
    );
    assert_eq!(
        check(PAY, "", r#""deny", "rule": "/x", "message": "Not here.""#).line(),
        "FAIL  \"n\": expected deny by /x, got deny by /tools/pay/require/0: Not here."
    );
    assert_eq!(check(PAY, WHO, r#""deny""#).line(), "FAIL  \"n\": expected deny, got allow");
}

#[test]
fn prior_calls_take_from_the_limits_what_calls_take() {
    let prior = |sum: &str, time: &str| {
        format!(
            r#"{WHO}, "time": "2026-01-05T09:59:59.999Z", "prior": [{{"tool": "pay", "arguments": {{"sum": {sum}}}, "time": {time}}}]"#
        )
    };
    let over = r#""deny", "rule": "/tools/pay/limits/0""#;
    assert!(check(PAY, &prior("59.5", r#""2026-01-05T09:00:00Z""#), r#""allow""#).passed);
    assert!(check(PAY, &prior("59.500000001", r#""2026-01-05T09:00:00Z""#), over).passed);
    assert!(check(PAY, &prior("59.500000001", r#""2026-01-05T08:59:59.999Z""#), r#""allow""#).passed);
    assert!(check(PAY, &prior("99", "1767607199999"), over).passed);
}

#[test]
fn a_prior_call_can_be_repeated() {
    let policy = r#""default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": "day", "max": 60, "scope": "org", "rolling": true}]}}"#;
    let case = |repeat: u32, outcome: &str| {
        format!(
            r#"[{{"name": "n", "call": {{"tool": "t"}}, "context": {{"prior": [{{"tool": "t", "repeat": {repeat}}}]}}, "expect": {{"outcome": "{outcome}"}}}}]"#
        )
    };
    assert!(run(policy, &case(59, "allow"))[0].passed);
    assert!(run(policy, &case(60, "deny"))[0].passed);
}

#[test]
fn a_prior_call_that_is_denied_takes_nothing_and_a_red_case_says_so() {
    let context = r#""prior": [{"tool": "u"}, {"tool": "pay", "arguments": {"sum": 99}}]"#;
    let report = check(PAY, context, r#""deny", "rule": "/tools/pay/limits/0""#);
    let denied: Vec<_> = report.prior_denied.iter().map(|prior| (prior.index, prior.rule.as_str())).collect();
    assert_eq!(denied, [(0, "(default deny)"), (1, "/tools/pay/require/0")]);
    assert!(report.difference().unwrap().contains("prior call 1 was itself denied by /tools/pay/require/0"));
}

#[test]
fn the_context_reaches_the_policy() {
    assert!(check(r#"{"tool": "any"}"#, r#""category": "read""#, r#""allow""#).passed);
    assert!(check(r#"{"tool": "any"}"#, "", r#""deny", "rule": "(default deny)""#).passed);
    let policy = r#""default": "deny", "tools": {"t": {"require": [{"conditions": [
        {"path": "identity.id", "op": "eq", "value": "i"}, {"path": "identity.kind", "op": "eq", "value": "person"},
        {"path": "identity.label", "op": "eq", "value": "l"}, {"path": "identity.email", "op": "eq", "value": "e@x"},
        {"path": "team.slug", "op": "eq", "value": "tm"}, {"path": "client.name", "op": "eq", "value": "c"},
        {"path": "client.version", "op": "eq", "value": "2"}, {"path": "session.id", "op": "eq", "value": "s"},
        {"path": "tool.risk", "op": "eq", "value": "high"}, {"path": "tool.annotations.a", "op": "eq", "value": 1},
        {"path": "time.weekday", "op": "eq", "value": "monday"}, {"path": "time.hour", "op": "eq", "value": 8}], "on_deny": "no"}]}}"#;
    let case = r#"[{"name": "n", "call": {"tool": "t"}, "expect": {"outcome": "allow"}, "context": {
        "identity": {"id": "i", "kind": "person", "label": "l", "email": "e@x"}, "team": "tm", "session": "s",
        "client": {"name": "c", "version": "2"}, "risk": "high", "annotations": {"a": 1.0}, "time": "2026-01-05T09:30:00+01:00"}}]"#;
    let report = run(policy, case).remove(0);
    assert!(report.passed, "{:?}", report.difference());
}

#[test]
fn cases_do_not_see_each_others_calls() {
    let policy = r#""default": "deny", "tools": {"t": {"rate_limit": {"max": 1, "window": 60}}}"#;
    let case = |name: &str| {
        format!(r#"{{"name": "{name}", "call": {{"tool": "t"}}, "expect": {{"outcome": "allow"}}}}"#)
    };
    let reports = run(policy, &format!("[{}, {}]", case("a"), case("b")));
    assert!(reports.iter().all(|report| report.passed), "{reports:?}");
}

#[test]
fn a_file_is_an_array_or_an_object_with_cases() {
    let case = r#"{"name": "n", "call": {"tool": "t"}, "expect": {"outcome": "deny"}}"#;
    let pointer = |text: String| run(r#""default": "deny""#, &text).remove(0).pointer;
    assert_eq!(pointer(format!("[{case}]")), "/0");
    assert_eq!(pointer(format!(r#"{{"$schema": "x", "cases": [{case}]}}"#)), "/cases/0");
    let none = Cases::read(b"[]").unwrap();
    assert_eq!((none.len(), none.is_empty()), (0, true));
    let one = Cases::read(format!("[{case}]").as_bytes()).unwrap();
    assert_eq!((one.len(), one.is_empty()), (1, false));
}

#[test]
fn what_is_wrong_in_a_file_is_told_all_at_once_and_where() {
    let text = r#"{"cases": [
        {"nam": "a", "call": {"tool": "t", "arguments": []}, "expect": {"outcome": "denied"}},
        {"name": "", "call": {"arguments": {"a": 1, "a": 2}}, "expect": {"outcome": "allow", "rule": "/x"}},
        {"name": "b", "call": {"tool": 1}, "context": {"tim": 1, "time": "monday", "category": "raed"}},
        5]}"#;
    let found: Vec<String> = problems(text)
        .iter()
        .map(|problem| format!("{}:{} {}", problem.line, problem.code, problem.pointer))
        .collect();
    for expected in [
        "2:unknown_field /cases/0/nam",
        "2:missing_field /cases/0",
        "2:wrong_type /cases/0/call/arguments",
        "2:unknown_value /cases/0/expect/outcome",
        "3:empty_name /cases/1/name",
        "3:missing_field /cases/1/call",
        "3:duplicate_key /cases/1/call/arguments/a",
        "3:never_matches /cases/1/expect",
        "4:wrong_type /cases/2/call/tool",
        "4:unknown_field /cases/2/context/tim",
        "4:invalid_time /cases/2/context/time",
        "4:unknown_value /cases/2/context/category",
        "4:missing_field /cases/2",
        "5:wrong_type /cases/3",
    ] {
        assert!(found.iter().any(|found| found == expected), "{expected} in {found:#?}");
    }
    assert_eq!(found.len(), 14, "{found:#?}");
}

#[test]
fn prior_calls_are_in_order_of_time_and_bounded() {
    let code = |prior: &str| {
        let text = format!(
            r#"[{{"name": "n", "call": {{"tool": "t"}}, "context": {{"time": 10, "prior": [{prior}]}}, "expect": {{"outcome": "deny"}}}}]"#
        );
        Cases::read(text.as_bytes()).map_err(|problems| problems[0].code).map(drop)
    };
    assert_eq!(code(r#"{"tool": "t", "time": 1}, {"tool": "t", "time": 1}, {"tool": "t"}"#), Ok(()));
    assert_eq!(code(r#"{"tool": "t", "time": 11}"#), Err("invalid_time"));
    assert_eq!(code(r#"{"tool": "t", "time": 5}, {"tool": "t", "time": 4}"#), Err("invalid_time"));
    assert_eq!(code(r#"{"tool": "t"}, {"tool": "t", "time": 4}"#), Err("invalid_time"));
    assert_eq!(code(r#"{"tool": "t", "repeat": 0}"#), Err("invalid_repeat"));
    assert_eq!(code(r#"{"tool": "t", "repeat": 10000}"#), Ok(()));
    assert_eq!(code(r#"{"tool": "t", "repeat": 10000}, {"tool": "t"}"#), Err("too_many_calls"));
}

#[test]
fn two_cases_of_one_name_are_refused() {
    let case = r#"{"name": "n", "call": {"tool": "t"}, "expect": {"outcome": "deny"}}"#;
    let problems = problems(&format!("[{case},\n{case}]"));
    assert_eq!((problems[0].code, problems[0].line), ("duplicate_case", 2));
    assert!(problems[0].message.contains("line 1"), "{}", problems[0].message);
}

#[test]
fn the_example_keeps_its_promises() {
    let policy =
        policy::Policy::compile(include_bytes!("../../../../docs/examples/everything.json")).unwrap().policy;
    let cases = Cases::read(include_bytes!("../../../../docs/examples/everything.cases.json")).unwrap();
    let red: Vec<_> = cases.run(&policy).iter().filter_map(CaseReport::difference).collect();
    assert_eq!((cases.len(), red), (6, Vec::<String>::new()));
}
