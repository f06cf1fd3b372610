//! Operators on arguments: what holds, what does not, and what is no answer at all.

use policy::{Call, Decision, Subject, decide};

use super::world::{call, context, pay};

/// What a condition gives: holds, does not, or refuses whatever it is used for.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Gives {
    True,
    False,
    WrongType,
}
use Gives::{False, True, WrongType};

/// Asks a condition in `require`, in `deny_if` and under `not`, which must agree.
fn gives(condition: &str, arguments: &str) -> Gives {
    let outcome = |field: &str, condition: &str| {
        let policy =
            pay(&format!(r#"{{"{field}": [{{"conditions": [{condition}], "on_deny": "author"}}]}}"#));
        match decide(Some(&policy), &call("pay", arguments), &context()) {
            Decision::Permit(_) => None,
            Decision::Deny(denial) => {
                assert_eq!(denial.rule, format!("/tools/pay/{field}/0"));
                Some(denial.message)
            }
        }
    };
    let negated = format!(r#"{{"not": {condition}}}"#);
    let asked = [
        outcome("require", condition),
        outcome("deny_if", condition),
        outcome("require", &negated),
        outcome("deny_if", &negated),
    ];
    match asked.each_ref().map(Option::as_deref) {
        [None, Some("author"), Some("author"), None] => True,
        [Some("author"), None, None, Some("author")] => False,
        [Some(a), Some(b), Some(c), Some(d)] if a == b && b == c && c == d && a != "author" => WrongType,
        other => panic!("{condition} on {arguments} disagrees with itself: {other:?}"),
    }
}

/// `args.x` compared by an operator with a value.
fn check(operator: &str, value: &str, argument: &str, expected: Gives) {
    let condition = format!(r#"{{"path": "args.x", "op": "{operator}", "value": {value}}}"#);
    let arguments = if argument.is_empty() { "{}".to_owned() } else { format!(r#"{{"x": {argument}}}"#) };
    assert_eq!(gives(&condition, &arguments), expected, "{operator} {value} on {arguments}");
}

#[test]
fn equality_is_by_type_and_value() {
    check("eq", r#""a""#, r#""a""#, True);
    check("eq", r#""a""#, r#""A""#, False);
    check("eq", "\"\u{e9}\"", "\"e\u{301}\"", False);
    check("eq", r#""a""#, r#""\u0061""#, True);
    check("eq", "true", "true", True);
    check("eq", "true", "false", False);
    check("eq", "true", r#""true""#, False);
    check("eq", "1", "true", False);
    check("eq", "[1, 2]", "[1.0, 2e0]", True);
    check("eq", "[1, 2]", "[2, 1]", False);
    check("eq", "[1, 2]", "[1]", False);
    check("eq", r#"{"a": 1, "b": null}"#, r#"{"b": null, "a": 1}"#, True);
    check("eq", r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, False);
    check("neq", r#""a""#, r#""b""#, True);
    check("neq", r#""a""#, r#""a""#, False);
    check("in", r#"["a", "b"]"#, r#""b""#, True);
    check("in", r#"["a", "b"]"#, r#""c""#, False);
    check("not_in", r#"["a", "b"]"#, r#""c""#, True);
    check("not_in", r#"["a", "b"]"#, r#""a""#, False);
}

#[test]
fn a_missing_or_null_argument_fails_all_but_the_negative_operators() {
    for argument in ["", "null"] {
        for (operator, value) in [
            ("eq", "1"),
            ("lt", "1"),
            ("lte", "1"),
            ("gt", "1"),
            ("gte", "1"),
            ("in", "[1]"),
            ("regex", r#"".*""#),
            ("contains", r#""""#),
            ("starts_with", r#""""#),
            ("ends_with", r#""""#),
            ("exists", "true"),
            ("eq", "null"),
        ] {
            check(operator, value, argument, False);
        }
        check("neq", "1", argument, True);
        check("not_in", "[1]", argument, True);
        check("exists", "false", argument, True);
    }
    check("exists", "true", "false", True);
    check("exists", "false", "0", False);
    assert_eq!(gives(r#"{"path": "args.x", "op": "exists"}"#, r#"{"x": []}"#), True);
}

#[test]
fn numbers_compare_exactly() {
    for (operator, bound, argument, expected) in [
        ("lt", "0.3", "0.1", True),
        ("eq", "0.3", "0.30000000000000004", False),
        ("eq", "9007199254740993", "9007199254740992", False),
        ("gt", "9007199254740992", "9007199254740993", True),
        ("eq", "100", "1e2", True),
        ("eq", "100", "1000E-1", True),
        ("eq", "0", "-0.0", True),
        ("gte", "-1", "-1.0000000000000000000000001", False),
        ("lte", "5", "5.000", True),
        ("lt", "5", "1e400000000", False),
        ("gt", "5", "1e400000000", True),
        ("lt", "5", "-1e400000000", True),
        ("gt", "0", "1e-400000000", True),
        ("gt", "1e400000000", "1e400000001", True),
        ("eq", "1e400000000", "10e399999999", True),
        ("eq", "0", "0e99999999999999999999999999999999999999999999", True),
    ] {
        check(operator, bound, argument, expected);
    }
    check("lt", "5", "1e9999999999999999999999999999999999999999999", WrongType);
}

#[test]
fn a_wrong_type_refuses_wherever_it_is_asked() {
    for operator in ["lt", "lte", "gt", "gte"] {
        for argument in [r#""5""#, r#""a""#, "true", "[1]", "{}"] {
            check(operator, "5", argument, WrongType);
        }
    }
    for operator in ["regex", "contains", "starts_with", "ends_with"] {
        for argument in ["5", "true", r#"["a"]"#, "{}"] {
            check(operator, r#""a""#, argument, WrongType);
        }
    }
}

#[test]
fn quoting_a_number_does_not_slip_it_past_equality() {
    for argument in [r#""5""#, r#""5.0""#, r#"" 5 ""#, r#""+5""#, r#""05""#, r#""5e0""#, r#""\u0035""#] {
        for (operator, value) in [("eq", "5"), ("neq", "5"), ("in", "[4, 5]"), ("not_in", "[4, 5]")] {
            check(operator, value, argument, WrongType);
        }
    }
    check("eq", r#""5""#, "5", WrongType);
    check("not_in", r#"["5"]"#, "5.0", WrongType);
    check("eq", "[5]", r#"["5"]"#, WrongType);
    check("eq", "5", r#""6""#, False);
    check("eq", "5", r#""five""#, False);
    check("neq", "5", r#""""#, True);
    // Who lists both forms means both.
    check("in", r#"["5", 5]"#, "5", True);
    check("in", r#"[5, "5"]"#, r#""5""#, True);
}

#[test]
fn strings_are_searched_by_code_point() {
    check("contains", r#""b""#, r#""abc""#, True);
    check("contains", r#""B""#, r#""abc""#, False);
    check("starts_with", r#""ab""#, r#""abc""#, True);
    check("ends_with", r#""bc""#, r#""abc""#, True);
    check("ends_with", r#""ab""#, r#""abc""#, False);
    check("regex", r#""^a.c$""#, r#""abc""#, True);
    check("regex", r#""b""#, r#""abc""#, True);
    check("regex", r#""^b""#, r#""abc""#, False);
}

#[test]
fn paths_lead_through_objects_and_arrays() {
    let holds = |path: &str, arguments: &str| {
        gives(&format!(r#"{{"path": "{path}", "op": "eq", "value": 1}}"#), arguments)
    };
    assert_eq!(holds("args.a.b", r#"{"a": {"b": 1}}"#), True);
    assert_eq!(holds("args.a.b", r#"{"a": {"c": 1}}"#), False);
    assert_eq!(holds("args.a.b", r#"{"a": null}"#), False);
    assert_eq!(holds("args.a.b", r#"{"a": "x"}"#), WrongType);
    assert_eq!(holds("args.a[1]", r#"{"a": [0, 1]}"#), True);
    assert_eq!(holds("args.a[2]", r#"{"a": [0, 1]}"#), False);
    assert_eq!(holds("args.a[0]", r#"{"a": {"0": 1}}"#), WrongType);
    assert_eq!(holds("args.a[0].b[1]", r#"{"a": [{"b": [0, 1]}]}"#), True);
    assert_eq!(holds("args.a", r#"{"\u0061": 1}"#), True);
    assert_eq!(holds("args.käse", r#"{"käse": 1}"#), True);
    assert_eq!(gives(r#"{"path": "args", "op": "eq", "value": {"a": 1}}"#, r#"{"a": 1}"#), True);
}

#[test]
fn every_element_is_asked_and_any_may_answer() {
    let element = |op: &str, arguments: &str| {
        gives(&format!(r#"{{"path": "args.a[*].n", "op": "{op}", "value": 5}}"#), arguments)
    };
    assert_eq!(element("gt", r#"{"a": [{"n": 1}, {"n": 9}]}"#), True);
    assert_eq!(element("gt", r#"{"a": [{"n": 1}, {"n": 2}]}"#), False);
    assert_eq!(element("gt", r#"{"a": []}"#), False);
    assert_eq!(element("neq", r#"{"a": []}"#), False);
    assert_eq!(element("neq", r#"{"a": [{}]}"#), True);
    assert_eq!(element("neq", "{}"), True);
    assert_eq!(element("gt", r#"{"a": {"n": 9}}"#), WrongType);
    assert_eq!(element("gt", r#"{"a": 9}"#), WrongType);
    assert_eq!(element("gt", r#"{"a": null}"#), False);
    assert_eq!(element("gt", r#"{"a": [{"n": 9}, {"n": "9"}]}"#), WrongType);
    let nested = r#"{"path": "args.a[*][*]", "op": "eq", "value": 5}"#;
    assert_eq!(gives(nested, r#"{"a": [[1], [2, 5]]}"#), True);
    assert_eq!(gives(nested, r#"{"a": [[1], []]}"#), False);
}

#[test]
fn conditions_combine() {
    let (yes, no) =
        (r#"{"path": "args.x", "op": "eq", "value": 1}"#, r#"{"path": "args.x", "op": "eq", "value": 2}"#);
    let wrong = r#"{"path": "args.x", "op": "regex", "value": "a"}"#;
    let list = |kind: &str, parts: &[&str]| {
        gives(&format!(r#"{{"{kind}": [{}]}}"#, parts.join(", ")), r#"{"x": 1}"#)
    };
    assert_eq!(list("any", &[no, yes]), True);
    assert_eq!(list("any", &[no, no]), False);
    assert_eq!(list("any", &[]), False);
    assert_eq!(list("all", &[yes, yes]), True);
    assert_eq!(list("all", &[yes, no]), False);
    assert_eq!(list("all", &[]), True);
    // The order of conditions does not decide whether a wrong type is seen.
    assert_eq!(list("any", &[yes, wrong]), WrongType);
    assert_eq!(list("any", &[wrong, yes]), WrongType);
    assert_eq!(list("all", &[no, wrong]), WrongType);
    assert_eq!(list("all", &[wrong, no]), WrongType);
}

#[test]
fn no_arguments_are_the_same_as_none_of_them() {
    let policy =
        pay(r#"{"require": [{"conditions": [{"path": "args.x", "op": "exists"}], "on_deny": "no"}]}"#);
    let bare = Call { subject: Subject::Tool, name: "pay", arguments: None };
    assert!(
        matches!(decide(Some(&policy), &bare, &context()), Decision::Deny(denial) if denial.message == "no")
    );
    let all =
        pay(r#"{"require": [{"conditions": [{"path": "args", "op": "eq", "value": {}}], "on_deny": "no"}]}"#);
    assert!(matches!(decide(Some(&all), &bare, &context()), Decision::Permit(_)));
}

#[test]
fn arguments_that_cannot_be_read_refuse_the_call() {
    let policy = pay(
        r#"{"deny_if": [{"conditions": [{"path": "args.x", "op": "eq", "value": "a"}], "on_deny": "no"}]}"#,
    );
    for arguments in ["[", "[]", r#"{"x": "\ud800"}"#, r#"{"x": }"#] {
        assert!(
            matches!(decide(Some(&policy), &call("pay", arguments), &context()), Decision::Deny(_)),
            "{arguments}"
        );
    }
}

/// Whether a rule's condition on `path` refuses the call as ambiguous, in whichever field it stands.
fn ambiguous(path: &str, arguments: &str) -> bool {
    gives(&format!(r#"{{"path": "{path}", "op": "eq", "value": 5}}"#), arguments) == WrongType
}

#[test]
fn a_key_that_differs_from_the_rules_in_case_alone_refuses_the_call() {
    for arguments in [
        r#"{"Amount": 900}"#,
        r#"{"amount": 5, "AMOUNT": 900}"#,
        r#"{"AMOUNT": 900, "amount": 5}"#,
        r#"{"\u0041mount": 900}"#,
        r#"{"Amount": null}"#,
    ] {
        assert!(ambiguous("args.amount", arguments), "{arguments}");
    }
    assert!(ambiguous("args.user", "{\"u\u{17f}er\": 5}"));
    assert!(ambiguous("args.token", r#"{"to\u212aen": 5}"#));
    assert!(ambiguous("args.a.amount", r#"{"a": {"Amount": 5}}"#));
    assert!(ambiguous("args.a.amount", r#"{"A": {"amount": 5}}"#));
    assert!(ambiguous("args.a[*].amount", r#"{"a": [{"amount": 5}, {"Amount": 5}]}"#));
    assert!(ambiguous("args.a[0].amount", r#"{"a": [{"Amount": 5}]}"#));
}

#[test]
fn keys_in_any_case_pass_where_no_rule_asks_for_them() {
    for arguments in [
        r#"{"amount": 5, "Memo": 1, "memo": 2}"#,
        r#"{"amount": 5, "a": {"Amount": 900}}"#,
        r#"{"amount": 5, "amounts": 1, "amoun": 1, "a_mount": 1}"#,
    ] {
        assert!(!ambiguous("args.amount", arguments), "{arguments}");
    }
}

#[test]
fn an_ambiguous_key_is_named_with_what_to_do_in_limits_too() {
    let limit = |field: &str| {
        format!(
            r#"{{"limits": [{{"counter": "c", "window": "day", "max": 9, "scope": "org", "{field}": "args.sum.amount"}}]}}"#
        )
    };
    for field in ["increment_from", "key"] {
        let policy = pay(&limit(field));
        let Decision::Deny(denial) =
            decide(Some(&policy), &call("pay", r#"{"sum": {"amount": 1, "Amount": 900}}"#), &context())
        else {
            panic!("{field} let it pass");
        };
        assert_eq!(denial.rule, "/tools/pay/limits/0");
        for part in ["args.sum.amount", "only in upper and lower case", "leave out the other spelling"] {
            assert!(denial.message.contains(part), "{part} in {}", denial.message);
        }
    }
}
