//! Documents that are refused, and the places and words given for it.

use policy::{Policy, Problem, Severity};

use super::world::document;

pub(crate) fn problems(document: &str) -> Vec<Problem> {
    match Policy::compile(document.as_bytes()) {
        Ok(compiled) => compiled.warnings,
        Err(problems) => {
            assert!(problems.iter().any(|problem| problem.severity == Severity::Error));
            problems
        }
    }
}

/// Each problem as `code pointer`.
pub(crate) fn check(document: &str, expected: &[&str]) {
    let found: Vec<String> =
        problems(document).iter().map(|problem| format!("{} {}", problem.code, problem.pointer)).collect();
    assert_eq!(found, expected, "{document}");
}

/// The problems of one rule for `pay`, without the beginning of their pointers.
pub(crate) fn check_rule(rule: &str, expected: &[&str]) {
    let document = document(&format!(r#""default": "deny", "tools": {{"pay": {rule}}}"#));
    let found: Vec<String> = problems(&document)
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.pointer.strip_prefix("/tools/pay").unwrap()))
        .collect();
    assert_eq!(found, expected, "{document}");
}

fn check_condition(condition: &str, expected: &[&str]) {
    let rule = format!(r#"{{"deny_if": [{{"conditions": [{condition}], "on_deny": "no"}}]}}"#);
    let expected: Vec<String> =
        expected.iter().map(|problem| problem.replacen(' ', " /deny_if/0/conditions/0", 1)).collect();
    check_rule(&rule, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn text_that_is_no_json_is_refused_where_it_goes_wrong() {
    for text in [
        "",
        "{",
        "[1,]",
        "{} {}",
        "nul",
        r#"{"a": 01}"#,
        r#"{"a": NaN}"#,
        "{'a': 1}",
        "\u{feff}{}",
        "// x\n{}",
    ] {
        let found = problems(text);
        assert_eq!((found.len(), found[0].code), (1, "syntax"), "{text}");
    }
    let found = problems("{\n  \"version\": \"1\",\n  \"default\" \"deny\"\n}");
    assert_eq!((found[0].line, found[0].column), (3, 13));
    let broken = Policy::compile(b"{\"version\": \"\xff\"}").unwrap_err();
    assert_eq!(broken[0].code, "invalid_utf8");
    check(r#"{"version": "1", "default": "deny", "description": "\ud800"}"#, &["syntax /description"]);
}

#[test]
fn size_and_depth_are_bounded() {
    let sized = |bytes: usize| {
        let start = r#"{"version": "1", "default": "deny", "description": ""#;
        format!("{start}{}\"}}", "x".repeat(bytes - start.len() - 2))
    };
    assert!(problems(&sized(256 * 1024)).is_empty());
    check(&sized(256 * 1024 + 1), &["too_large "]);
    // Document, tools, rule, deny_if, group, conditions and the condition are 7 levels; each `not` is one more.
    let nested = |depth: usize| {
        let condition = r#"{"path": "args.x", "op": "exists"}"#;
        format!("{}{condition}{}", r#"{"not": "#.repeat(depth - 7), "}".repeat(depth - 7))
    };
    check_condition(&nested(32), &[]);
    let found = problems(&document(&format!(
        r#""default": "deny", "all_tools": {{"deny_if": [{{"conditions": [{}], "on_deny": "x"}}]}}"#,
        nested(34)
    )));
    assert_eq!(found[0].code, "too_deep");
    let bottomless = "[".repeat(120_000) + &"]".repeat(120_000);
    assert!(problems(&bottomless).iter().any(|problem| problem.code == "too_deep"));
}

#[test]
fn a_key_that_is_there_twice_is_refused_at_any_depth() {
    check(r#"{"version": "1", "default": "deny", "default": "allow"}"#, &["duplicate_key /default"]);
    check(
        r#"{"version": "1", "default": "deny", "tools": {"a": {}, "\u0061": {}}}"#,
        &["duplicate_key /tools/a"],
    );
    check_condition(
        r#"{"path": "args.x", "op": "eq", "value": {"a": {"b": 1, "b": 2}}}"#,
        &["duplicate_key /value/a/b"],
    );
}

#[test]
fn all_problems_are_told_at_once_in_document_order() {
    let text = r#"{
  "version": "2",
  "defualt": "deny",
  "hide": [""],
  "tools": {
    "a": {"action": "block", "limits": [{"counter": " ", "window": "fortnight", "max": -1, "scope": "team"}]},
    "b": {"require": [{"conditions": [{"path": "arg.x", "op": "equals", "value": 1}]}]}
  },
  "prompts": {}
}"#;
    check(
        text,
        &[
            "missing_field ",
            "unknown_value /version",
            "unknown_field /defualt",
            "invalid_pattern /hide/0",
            "unknown_value /tools/a/action",
            "empty_counter /tools/a/limits/0/counter",
            "unknown_value /tools/a/limits/0/window",
            "invalid_max /tools/a/limits/0/max",
            "missing_field /tools/b/require/0",
            "invalid_path /tools/b/require/0/conditions/0/path",
            "unknown_operator /tools/b/require/0/conditions/0/op",
            "missing_field /prompts",
        ],
    );
    let found = problems(text);
    assert_eq!((found[2].line, found[2].column), (3, 3));
    assert_eq!((found[7].line, found[7].column), (6, 88));
    assert_eq!(
        found[7].to_string(),
        "6:88: error[invalid_max] Max is negative. (write a number from 0 with at most 9 decimal digits)"
    );
}

#[test]
fn columns_count_characters() {
    let found =
        problems("{\"version\": \"1\", \"default\": \"deny\", \"description\": \"äöü\u{1F600}\", \"x\": 1}");
    assert_eq!((found[0].code, found[0].column), ("unknown_field", 60));
}

#[test]
fn what_is_not_known_is_refused_with_the_nearest_known_name() {
    for (text, hint) in [
        (r#"{"version": "1", "default": "deny", "tols": {}}"#, "\"tools\""),
        (r#"{"version": "1", "default": "alow"}"#, "\"allow\""),
        (r#"{"version": "1", "default": "deny", "categories": {"writes": {}}}"#, "\"write\""),
        (r#"{"version": "1", "default": "deny", "all_tools": {"limit": []}}"#, "\"limits\""),
        (r#"{"version": "1", "default": "deny", "all_tools": {"action": "denied"}}"#, "\"deny\""),
        (
            r#"{"version": "1", "default": "deny", "all_tools": {"approval": {"approvers": "admins"}}}"#,
            "\"admin\"",
        ),
        (r#"{"version": "1", "default": "deny", "all_tools": {"zzz": 1}}"#, "known: action, reason"),
    ] {
        let found = problems(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].hint.as_ref().unwrap().contains(hint), "{:?}", found[0]);
    }
}

#[test]
fn shapes_and_types_are_strict() {
    check("[]", &["wrong_type "]);
    check("{}", &["missing_field ", "missing_field "]);
    check(r#"{"version": 1, "default": true}"#, &["wrong_type /version", "wrong_type /default"]);
    check(&document(r#""default": "deny", "tools": []"#), &["wrong_type /tools"]);
    check(&document(r#""default": "deny", "hide": "x""#), &["wrong_type /hide"]);
    check(&document(r#""default": "deny", "hide": [1]"#), &["wrong_type /hide/0"]);
    check(
        &document(r#""default": "deny", "$schema": 1, "description": null"#),
        &["wrong_type /$schema", "wrong_type /description"],
    );
    check_rule("null", &["wrong_type "]);
    check_rule(
        r#"{"require": {}, "limits": {}, "approval": []}"#,
        &["wrong_type /require", "wrong_type /limits", "wrong_type /approval"],
    );
    check_rule(
        r#"{"reason": 1, "rate_limit": {"max": 1.5, "window": 0}}"#,
        &["wrong_type /reason", "invalid_max /rate_limit/max", "invalid_window /rate_limit/window"],
    );
    check_rule(
        r#"{"approval": {"quorum": 3, "expires_in": 0}}"#,
        &["invalid_quorum /approval/quorum", "invalid_duration /approval/expires_in"],
    );
    check_rule(r#"{"deny_if": [{}]}"#, &["missing_field /deny_if/0", "missing_field /deny_if/0"]);
    check_rule(
        r#"{"require": [{"conditions": [], "on_deny": ""}]}"#,
        &["no_effect /require/0", "empty_message /require/0/on_deny"],
    );
}

#[test]
fn patterns_must_be_able_to_match() {
    check(&document(r#""default": "deny", "tools": {"": {}}"#), &["invalid_pattern /tools/"]);
    check(&document(r#""default": "deny", "tools": {"a\n*": {}}"#), &["invalid_pattern /tools/a\n*"]);
    check(&document(r#""default": "deny", "tools": {" a": {}}"#), &["never_matches /tools/ a"]);
}

#[test]
fn conditions_must_be_able_to_answer() {
    let test = |rest: &str| format!(r#"{{"path": "args.x", {rest}}}"#);
    check_condition(&test(r#""op": "eq""#), &["missing_field "]);
    check_condition(&test(r#""op": "in", "value": 1"#), &["wrong_type /value"]);
    check_condition(&test(r#""op": "in", "value": []"#), &["never_matches /value"]);
    check_condition(&test(r#""op": "eq", "value": null"#), &["never_matches /value"]);
    check_condition(&test(r#""op": "lt", "value": "5""#), &["wrong_type /value"]);
    check_condition(
        &test(r#""op": "lt", "value": 1e99999999999999999999999999999999999999999"#),
        &["invalid_number /value"],
    );
    check_condition(&test(r#""op": "contains", "value": 5"#), &["wrong_type /value"]);
    check_condition(&test(r#""op": "exists", "value": 1"#), &["wrong_type /value"]);
    check_condition(&test(r#""op": "regex", "value": "(""#), &["invalid_regex /value"]);
    check_condition(&test(r#""op": "regex", "value": "(?=a)""#), &["invalid_regex /value"]);
    check_condition(&test(r#""op": "regex", "value": "((\\w{500}){500}){500}""#), &["invalid_regex /value"]);
    check_condition(&test(r#""op": "eq", "value": 1, "any": []"#), &["mixed_condition "]);
    check_condition(r#"{"any": [], "all": []}"#, &["mixed_condition "]);
    check_condition(r#"{"any": []}"#, &["never_matches /any"]);
    check_condition(r#"{"not": []}"#, &["wrong_type /not"]);
    check_condition("{}", &["missing_field ", "missing_field "]);
}

#[test]
fn what_a_path_leads_to_must_fit_the_value() {
    for (path, op, value, code) in [
        ("identity.label", "lt", "5", "wrong_type"),
        ("identity.labels.x", "eq", "5", "wrong_type"),
        ("time.hour", "eq", r#""5""#, "wrong_type"),
        ("time.hour", "regex", r#""5""#, "wrong_type"),
        ("time.weekday", "eq", "0", "unknown_value"),
        ("time.weekday", "eq", r#""Monday""#, "unknown_value"),
        ("time.weekday", "in", r#"[1, "monday"]"#, "wrong_type"),
        ("tool.category", "eq", r#""finance""#, "unknown_value"),
    ] {
        let document = document(&format!(
            r#""default": "deny", "all_tools": {{"require": [{{"conditions": [{{"path": "{path}", "op": "{op}", "value": {value}}}], "on_deny": "x"}}]}}"#
        ));
        let found = problems(&document);
        assert_eq!((found.len(), found[0].code), (1, code), "{path} {op} {value}");
    }
}

#[test]
fn paths_are_those_of_the_language() {
    for path in [
        "args",
        "args.a",
        "args.a-b.c_d",
        "args[0]",
        "args.a[*][10].b",
        "identity.labels.a.b",
        "tool.annotations.x",
    ] {
        check_condition(&format!(r#"{{"path": "{path}", "op": "exists"}}"#), &[]);
    }
    for path in [
        "",
        "arg",
        "argsx",
        "args.",
        "args..a",
        "args.a.",
        "args[]",
        "args[-1]",
        "args[01]",
        "args[1",
        "args.a]",
        "args[0]a",
        "args[a]",
        "args.a\\n",
        "identity",
        "identity.labels",
        "identity.labels.",
        "time",
        "time.minute",
        "Args.a",
        "tool.annotations",
    ] {
        check_condition(&format!(r#"{{"path": "{path}", "op": "exists"}}"#), &["invalid_path /path"]);
    }
    let long = format!("args.{}", "a".repeat(600));
    check_condition(&format!(r#"{{"path": "{long}", "op": "exists"}}"#), &["invalid_path /path"]);
    let tool = r#"{"require": [{"conditions": [{"path": "tool.name", "op": "exists"}], "on_deny": "x"}]}"#;
    check(
        &document(&format!(
            r#""default": "deny", "prompts": {{"default": "deny", "rules": {{"p": {tool}}}}}"#
        )),
        &["invalid_path /prompts/rules/p/require/0/conditions/0/path"],
    );
}

#[test]
fn a_hostile_document_gets_a_report_of_bounded_size() {
    let many = (0..20_000).map(|i| format!("\"{i}\":1")).collect::<Vec<_>>().join(",");
    let found = problems(&format!(r#"{{"version": "1", {many}, "default": "deny"}}"#));
    assert_eq!(found.len(), 1_000);
    let key = "k".repeat(100_000);
    let wrong = vec!["{}"; 40_000].join(",");
    let found = problems(&format!(
        r#"{{"version": "1", "default": "deny", "tools": {{"{key}": {{"limits": [{wrong}]}}}}}}"#
    ));
    assert!(found.iter().map(|problem| problem.pointer.len()).sum::<usize>() < 5_000_000);
}
