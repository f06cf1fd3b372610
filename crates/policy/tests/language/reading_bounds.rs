//! How much a document may hold, to the byte, and the words for what is wrong in it.

use policy::{Policy, Problem, check_object};

use super::reading::{check, check_rule};
use super::world::document;

fn problems(document: &str) -> Vec<Problem> {
    match Policy::compile(document.as_bytes()) {
        Ok(compiled) => compiled.warnings,
        Err(problems) => problems,
    }
}

/// The one problem of a document with this body.
fn problem(body: &str) -> Problem {
    let mut found = problems(&document(body));
    assert_eq!(found.len(), 1, "{body}: {found:#?}");
    found.remove(0)
}

/// The one problem of a rule for all tools with this test as a requirement.
fn of_test(test: &str) -> Problem {
    problem(&format!(
        r#""default": "deny", "all_tools": {{"require": [{{"conditions": [{test}], "on_deny": "no"}}]}}"#
    ))
}

#[test]
fn regular_expressions_are_bounded_in_length_and_number() {
    let rule = |lengths: &[usize]| {
        let tests = lengths.iter().map(|length| {
            format!(r#"{{"path": "args.x", "op": "regex", "value": "{}"}}"#, "a".repeat(*length))
        });
        let tests = tests.collect::<Vec<_>>().join(", ");
        format!(r#"{{"require": [{{"conditions": [{tests}], "on_deny": "no"}}]}}"#)
    };
    check_rule(&rule(&[1_000]), &[]);
    check_rule(&rule(&[1_001]), &["invalid_regex /require/0/conditions/0/value"]);
    check_rule(&rule(&[1; 128]), &[]);
    check_rule(&rule(&[1; 129]), &["invalid_regex /require/0/conditions/128/value"]);
}

#[test]
fn a_regular_expression_that_is_none_is_told_why() {
    let message =
        |regex: &str| of_test(&format!(r#"{{"path": "args.x", "op": "regex", "value": "{regex}"}}"#)).message;
    assert_eq!(message("(a"), "This is not a regular expression: unclosed group.");
    assert_eq!(message(r"(\\w{500}){500}"), "The regular expression compiles to more than 1048576 bytes.");
}

#[test]
fn patterns_and_globs_are_bounded() {
    let named = |length: usize| {
        document(&format!(r#""default": "deny", "tools": {{"{}": {{}}}}"#, "a".repeat(length)))
    };
    check(&named(2_048), &[]);
    assert_eq!(problems(&named(2_049))[0].code, "invalid_pattern");
    let globs = |count: usize| (0..count).map(|index| format!("\"x{index}*\"")).collect::<Vec<_>>();
    let hidden = |count| document(&format!(r#""default": "deny", "hide": [{}]"#, globs(count).join(",")));
    check(&hidden(1_000), &[]);
    check(&hidden(1_001), &["too_many_globs /hide"]);
    let rules = |count| {
        let rules: Vec<String> = globs(count).iter().map(|glob| format!("{glob}: {{}}")).collect();
        document(&format!(r#""default": "deny", "tools": {{{}}}"#, rules.join(",")))
    };
    check(&rules(1_000), &[]);
    check(&rules(1_001), &["too_many_globs /tools"]);
}

#[test]
fn names_of_counters_and_paths_are_bounded() {
    let limit = |counter: &str| {
        format!(r#"{{"limits": [{{"counter": "{counter}", "window": "day", "max": 1, "scope": "org"}}]}}"#)
    };
    check_rule(&limit(&"ä".repeat(128)), &[]);
    check_rule(&limit(&"a".repeat(129)), &["invalid_counter /limits/0/counter"]);
    check_rule(&limit(r"a\tb"), &["invalid_counter /limits/0/counter"]);
    let path = |length: usize| {
        let path = format!("args.{}", "a".repeat(length - 5));
        format!(
            r#"{{"require": [{{"conditions": [{{"path": "{path}", "op": "exists"}}], "on_deny": "no"}}]}}"#
        )
    };
    check_rule(&path(512), &[]);
    check_rule(&path(513), &["invalid_path /require/0/conditions/0/path"]);
    assert_eq!(of_test(r#"{"path": "tool.annotations.", "op": "exists"}"#).code, "invalid_path");
}

#[test]
fn reading_a_resource_has_no_arguments_to_ask_for() {
    let body = r#""default": "deny", "resources": {"default": "deny", "rules": {"r": {"require": [{"conditions": [
        {"path": "args.x", "op": "exists"}], "on_deny": "no"}]}}}"#;
    let found = problem(body);
    assert_eq!((found.code, found.line), ("invalid_path", 2));
    assert!(found.message.contains("reading a resource takes no arguments"), "{}", found.message);
}

#[test]
fn a_wrong_type_is_told_with_what_was_wanted_and_what_is_there() {
    for (body, message) in [
        (
            r#""default": "deny", "prompts": []"#,
            "The section prompts must be an object, and this is an array.",
        ),
        (
            r#""default": "deny", "resources": 5"#,
            "The section resources must be an object, and this is a number.",
        ),
        (r#""default": "deny", "hide": {}"#, "Hide must be an array, and this is an object."),
        (r#""default": "deny", "hide": null"#, "Hide must be an array, and this is null."),
        (r#""default": "deny", "hide": true"#, "Hide must be an array, and this is a boolean."),
        (r#""default": "deny", "hide": "x""#, "Hide must be an array, and this is a string."),
    ] {
        assert_eq!(problem(body).message, message);
    }
    for (test, message) in [
        (
            r#"{"path": "time.hour", "op": "eq", "value": "5"}"#,
            "time.hour is a number, and this is a string.",
        ),
        (r#"{"path": "team.slug", "op": "eq", "value": 5}"#, "team.slug is a string, and this is a number."),
        (
            r#"{"path": "team.slug", "op": "eq", "value": true}"#,
            "team.slug is a string, and this is a boolean.",
        ),
        (
            r#"{"path": "team.slug", "op": "eq", "value": [1]}"#,
            "team.slug is a string, and this is an array.",
        ),
        (
            r#"{"path": "team.slug", "op": "eq", "value": {}}"#,
            "team.slug is a string, and this is an object.",
        ),
        (
            r#"{"path": "tool.category", "op": "eq", "value": 1}"#,
            "tool.category is a string, and this is a number.",
        ),
    ] {
        assert_eq!(of_test(test).message, message);
    }
}

#[test]
fn one_value_that_fits_does_not_make_up_for_one_that_does_not() {
    for values in ["[0, 1]", "[1, 0]", r#"["monday", "noday"]"#, r#"["noday", "monday"]"#] {
        let found = of_test(&format!(r#"{{"path": "time.weekday", "op": "in", "value": {values}}}"#));
        assert_eq!(found.code, "unknown_value", "{values}");
    }
}

#[test]
fn places_count_lines_and_characters_however_much_comes_before() {
    let limit = |index| format!(r#"{{"counter": "c{index}", "window": "day", "max": 1, "scope": "org"}}"#);
    let limits = (0..17).map(limit).collect::<Vec<_>>().join(",");
    let found = problems(&format!(
        "{{\"version\": \"1\", \"default\": \"deny\", \"description\": \"äöü\",\n \"$schema\": \"ä\", \"all_tools\": {{\"limits\": [{limits}]}}}}"
    ));
    let places: Vec<_> = found.iter().map(|problem| (problem.code, problem.line, problem.column)).collect();
    assert_eq!(places, [("too_many_limits", 2, 18)]);
}

#[test]
fn an_error_behind_more_warnings_than_are_told_still_refuses_the_document() {
    let blank: Vec<String> = (0..1_500).map(|index| format!("\" x{index}\"")).collect();
    let body = |pattern: &str| {
        document(&format!(
            r#""default": "deny", "hide": [{}], "tools": {{"{pattern}": {{}}}}"#,
            blank.join(",")
        ))
    };
    assert_eq!(Policy::compile(body("a").as_bytes()).unwrap().warnings.len(), 1_000);
    let problems = Policy::compile(body("").as_bytes()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.code == "invalid_pattern"));
}

#[test]
fn long_names_do_not_shorten_a_report() {
    let unknown: Vec<String> = (0..700).map(|index| format!(r#""{index}{}": 1"#, "k".repeat(300))).collect();
    let found = problems(&format!(r#"{{"version": "1", "default": "deny", {}}}"#, unknown.join(",")));
    assert_eq!(found.len(), 700);
}

#[test]
fn an_object_that_readers_might_take_differently_is_refused() {
    for (text, depth) in [
        ("{}", 1),
        (r#"{"a": {"b": 1}}"#, 2),
        (r#"{"a": {"b": {}}}"#, 3),
        (r#"{"a": [[1, "\n", true]], "b": "x"}"#, 3),
    ] {
        assert_eq!(check_object(text, depth), Ok(()), "{text}");
    }
    for (text, depth, why) in [
        ("{", 4, "not JSON"),
        ("[]", 4, "not a JSON object"),
        ("{}", 0, "nested deeper than 0 levels"),
        (r#"{"a": {"b": {}}}"#, 2, "nested deeper than 2 levels"),
        (r#"{"a": [[]]}"#, 2, "nested deeper than 2 levels"),
        (r#"{"a": 1, "a": 2}"#, 4, r#"the key "a" is there twice"#),
        (r#"{"b": [{"a": 1, "\u0061": 2}]}"#, 4, r#"the key "a" is there twice"#),
        (r#"{"a": ["\ud800"]}"#, 4, "a string holds a broken escape"),
        (r#"{"a": {"\ud800": 1}}"#, 4, "a key holds a broken escape"),
    ] {
        let error = check_object(text, depth).unwrap_err();
        assert!(error.contains(why), "{text}: {error}");
    }
}
