//! The JSON Schema of the language beside its reader: both take and refuse the same shapes.

use std::sync::LazyLock;

use jsonschema::Validator;
use policy::{Policy, Severity};
use serde_json::Value;

use super::world::document;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| jsonschema::validator_for(&Policy::schema()).unwrap());

/// Whether the schema takes a document.
pub(crate) fn fits(text: &str) -> bool {
    SCHEMA.is_valid(&serde_json::from_str::<Value>(text).unwrap())
}

fn compiles(text: &str) -> bool {
    match Policy::compile(text.as_bytes()) {
        Ok(_) => true,
        Err(problems) => !problems.iter().any(|problem| problem.severity == Severity::Error),
    }
}

/// Both take it, or both refuse it.
fn check(text: &str, taken: bool) {
    assert_eq!((compiles(text), fits(text)), (taken, taken), "reader and schema of {text}");
}

fn check_rule(rule: &str, taken: bool) {
    check(&document(&format!(r#""default": "deny", "tools": {{"pay": {rule}}}"#)), taken);
    check(&document(&format!(r#""default": "deny", "all_tools": {rule}"#)), taken);
    check(&document(&format!(r#""default": "deny", "categories": {{"write": {rule}}}"#)), taken);
}

fn check_condition(condition: &str, taken: bool) {
    check_rule(&format!(r#"{{"require": [{{"conditions": [{condition}], "on_deny": "no"}}]}}"#), taken);
    check_rule(&format!(r#"{{"approval": {{"conditions": [{condition}]}}}}"#), taken);
}

#[test]
fn it_is_a_schema_of_the_draft_that_it_names() {
    let schema = Policy::schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(jsonschema::meta::is_valid(&schema));
}

#[test]
fn published_examples_fit() {
    for text in [
        include_str!("../../../../docs/examples/everything.json"),
        include_str!("../../../../docs/examples/everything.next.json"),
        include_str!("../../../../fuzz/policies/language.json"),
        include_str!("../../../../fuzz/policies/bombs.json"),
    ] {
        let valid: Value =
            serde_json::from_str(&text.replace("1e999999999", "1e99").replace("1e400", "1e40")).unwrap();
        let errors: Vec<String> = SCHEMA.iter_errors(&valid).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn the_top_level_is_closed_and_needs_a_version_and_a_default() {
    for (body, taken) in [
        (r#""default": "deny""#, true),
        (r#""default": "allow", "$schema": "x", "description": "y", "hide": ["a", "b*"], "tools": {}"#, true),
        (r#""default": "maybe""#, false),
        (r#""description": "no default""#, false),
        (r#""default": "deny", "policy": {}"#, false),
        (r#""default": "deny", "hide": "a""#, false),
        (r#""default": "deny", "hide": [""]"#, false),
        (r#""default": "deny", "hide": [5]"#, false),
        (r#""default": "deny", "tools": []"#, false),
        (r#""default": "deny", "tools": {"": {}}"#, false),
        (r#""default": "deny", "tools": {"a\u0007": {}}"#, false),
        (r#""default": "deny", "tools": {"a": []}"#, false),
        (r#""default": "deny", "all_tools": {"all": 1}"#, false),
        (r#""default": "deny", "categories": {"other": {}}"#, true),
        (r#""default": "deny", "categories": {"others": {}}"#, false),
        (r#""default": "deny", "prompts": {}"#, false),
        (r#""default": "deny", "prompts": {"default": "deny", "hide": [], "rules": {"a*": {}}}"#, true),
        (r#""default": "deny", "resources": {"default": "deny", "tools": {}}"#, false),
        (
            r#""default": "deny", "resources": {"default": "allow", "rules": {"file:///*": {"action": "deny"}}}"#,
            true,
        ),
    ] {
        check(&document(body), taken);
    }
    check(r#"{"version": "2", "default": "deny"}"#, false);
    check(r#"{"version": 1, "default": "deny"}"#, false);
    check(r#"{"default": "deny"}"#, false);
    check("[]", false);
    let long = |length: usize| {
        document(&format!(r#""default": "deny", "tools": {{"{}": {{}}}}"#, "a".repeat(length)))
    };
    check(&long(2_048), true);
    check(&long(2_049), false);
}

#[test]
fn too_many_globs_to_hide_are_refused() {
    let hide = |count: usize| {
        let globs: Vec<String> = (0..count).map(|index| format!("\"a{index}*\"")).collect();
        document(&format!(r#""default": "deny", "hide": ["b", {}]"#, globs.join(", ")))
    };
    check(&hide(1_000), true);
    check(&hide(1_001), false);
}

#[test]
fn rules_groups_and_approvals_are_closed() {
    for (rule, taken) in [
        ("{}", true),
        (r#"{"action": "require_approval", "reason": "r"}"#, true),
        (r#"{"action": "ask"}"#, false),
        (r#"{"reason": 5}"#, false),
        (r#"{"require": {}}"#, false),
        (r#"{"require": [{"conditions": []}]}"#, false),
        (r#"{"require": [{"on_deny": "no"}]}"#, false),
        (r#"{"deny_if": [{"conditions": [], "on_deny": ""}]}"#, true),
        (r#"{"deny_if": [{"conditions": [], "on_deny": "", "x": 1}]}"#, false),
        (r#"{"approval": {}}"#, true),
        (r#"{"approval": {"quorum": 2, "approvers": "team", "expires_in": 60, "reason": "r"}}"#, true),
        (r#"{"approval": {"quorum": 3}}"#, false),
        (r#"{"approval": {"quorum": 0}}"#, false),
        (r#"{"approval": {"approvers": "nobody"}}"#, false),
        (r#"{"approval": {"expires_in": 0}}"#, false),
        (r#"{"approval": {"expires_in": 1.5}}"#, false),
        (r#"{"rate_limit": {"max": 0, "window": 60}}"#, true),
        (r#"{"rate_limit": {"max": 1.5, "window": 60}}"#, false),
        (r#"{"rate_limit": {"max": 1}}"#, false),
        (r#"{"rate_limit": {"max": 1, "window": "day", "scope": "org"}}"#, false),
        (r#"{"rate_limit": {"max": 4294967296, "window": "day"}}"#, false),
    ] {
        check_rule(rule, taken);
    }
}

#[test]
fn limits_take_what_can_be_counted() {
    let limit = |fields: &str| format!(r#"{{"limits": [{{{fields}}}]}}"#);
    let with = |field: &str| {
        limit(&format!(r#""counter": "c", "window": "day", "max": 5, "scope": "org", {field}"#))
    };
    for (fields, taken) in [
        (r#""counter": "c", "window": 1e1, "max": 9007199254740991, "scope": "grant""#, true),
        (r#""counter": "c d", "window": "month", "max": 0, "scope": "session""#, true),
        (r#""counter": " ", "window": "day", "max": 5, "scope": "org""#, false),
        (r#""counter": "", "window": "day", "max": 5, "scope": "org""#, false),
        (r#""counter": "a\u0000", "window": "day", "max": 5, "scope": "org""#, false),
        (r#""counter": "c", "window": "year", "max": 5, "scope": "org""#, false),
        (r#""counter": "c", "window": 0, "max": 5, "scope": "org""#, false),
        (r#""counter": "c", "window": 1.5, "max": 5, "scope": "org""#, false),
        (r#""counter": "c", "window": 4294967296, "max": 5, "scope": "org""#, false),
        (r#""counter": "c", "window": "day", "max": -1, "scope": "org""#, false),
        (r#""counter": "c", "window": "day", "max": 9007199254740994, "scope": "org""#, false),
        (r#""counter": "c", "window": "day", "max": "5", "scope": "org""#, false),
        (r#""counter": "c", "window": "day", "max": 5, "scope": "all""#, false),
        (r#""counter": "c", "window": "day", "max": 5"#, false),
        (r#""window": "day", "max": 5, "scope": "org""#, false),
    ] {
        check_rule(&limit(fields), taken);
    }
    for (field, taken) in [
        (r#""key": "args.a[0]""#, true),
        (r#""key": "args""#, true),
        (r#""key": "identity.label""#, true),
        (r#""key": "args.a[*]""#, false),
        (r#""key": 5"#, false),
        (r#""increment": 0.5"#, true),
        (r#""increment": -1"#, false),
        (r#""increment_from": "args.a.b""#, true),
        (r#""increment_from": "args""#, false),
        (r#""increment_from": "args.a[*]""#, false),
        (r#""increment_from": "time.hour""#, false),
        (r#""increment": 1, "increment_from": "args.a""#, false),
        (r#""rolling": true, "on_outage": "allow""#, true),
        (r#""rolling": 1"#, false),
        (r#""on_outage": "ask""#, false),
        (r#""name": "c""#, false),
    ] {
        check_rule(&with(field), taken);
    }
    let named = |length: usize| {
        limit(&format!(r#""counter": "{}", "window": "day", "max": 5, "scope": "org""#, "ä".repeat(length)))
    };
    check_rule(&named(128), true);
    check_rule(&named(129), false);
}

#[test]
fn a_condition_is_one_test_or_one_nest() {
    for (condition, taken) in [
        (r#"{"path": "args.a", "op": "exists"}"#, true),
        (r#"{"any": []}"#, true),
        (r#"{"all": [{"not": {"path": "args.a", "op": "exists", "value": false}}]}"#, true),
        ("{}", false),
        ("true", false),
        (r#"{"path": "args.a"}"#, false),
        (r#"{"op": "exists"}"#, false),
        (r#"{"any": {}}"#, false),
        (r#"{"not": []}"#, false),
        (r#"{"any": [], "all": []}"#, false),
        (r#"{"any": [], "op": "exists", "path": "args.a"}"#, false),
        (r#"{"any": [], "value": 1}"#, false),
        (r#"{"any": [], "x": 1}"#, false),
        (r#"{"any": [{}]}"#, false),
    ] {
        check_condition(condition, taken);
    }
}

#[test]
fn an_operator_takes_values_of_its_type() {
    for (op, value, taken) in [
        ("eq", "null", true),
        ("neq", r#"{"a": [1]}"#, true),
        ("lt", "-0.5", true),
        ("lt", r#""5""#, false),
        ("gte", "null", false),
        ("in", r#"[1, "1", null]"#, true),
        ("in", "5", false),
        ("not_in", r#"{"a": 1}"#, false),
        ("not_in", "[]", true),
        ("exists", "false", true),
        ("exists", "1", false),
        ("regex", r#""a+""#, true),
        ("regex", "5", false),
        ("contains", r#""a""#, true),
        ("contains", "[]", false),
        ("starts_with", "true", false),
        ("ends_with", r#""""#, true),
        ("like", r#""a""#, false),
    ] {
        check_condition(&format!(r#"{{"path": "args.a", "op": "{op}", "value": {value}}}"#), taken);
    }
    for op in [
        "eq",
        "neq",
        "lt",
        "lte",
        "gt",
        "gte",
        "in",
        "not_in",
        "regex",
        "contains",
        "starts_with",
        "ends_with",
    ] {
        check_condition(&format!(r#"{{"path": "args.a", "op": "{op}"}}"#), false);
    }
    let regex =
        |length: usize| format!(r#"{{"path": "args.a", "op": "regex", "value": "{}"}}"#, "a".repeat(length));
    check_condition(&regex(1_000), true);
    check_condition(&regex(1_001), false);
}

#[test]
fn a_value_is_of_the_type_that_its_path_leads_to() {
    for (path, op, value, taken) in [
        ("time.hour", "eq", "5", true),
        ("time.hour", "eq", r#""5""#, false),
        ("time.hour", "in", "[1, null]", true),
        ("time.hour", "in", r#"[1, "2"]"#, false),
        ("time.hour", "lt", "5", true),
        ("time.hour", "contains", r#""5""#, false),
        ("time.weekday", "eq", r#""monday""#, true),
        ("time.weekday", "eq", "7", true),
        ("time.weekday", "eq", "1.0", true),
        ("time.weekday", "neq", "8", false),
        ("time.weekday", "neq", "0", false),
        ("time.weekday", "eq", r#""Monday""#, false),
        ("time.weekday", "in", r#"["monday", null]"#, true),
        ("time.weekday", "in", "[1, 2]", true),
        ("time.weekday", "not_in", r#"["monday", 2]"#, false),
        ("time.weekday", "gte", "6", true),
        ("time.weekday", "starts_with", r#""s""#, true),
        ("tool.category", "eq", r#""read""#, true),
        ("tool.category", "neq", "null", true),
        ("tool.category", "eq", r#""reads""#, false),
        ("tool.category", "eq", "5", false),
        ("tool.category", "in", r#"["read", "write"]"#, true),
        ("tool.category", "in", r#"["reading"]"#, false),
        ("tool.category", "lt", "5", false),
        ("tool.category", "contains", r#""rea""#, true),
        ("tool.risk", "eq", r#""critical""#, true),
        ("tool.risk", "lt", "5", false),
        ("identity.id", "eq", "5", false),
        ("identity.id", "in", r#"["a", 5]"#, false),
        ("identity.labels.a.b", "eq", "true", false),
        ("identity.labels.a", "gt", "1", false),
        ("client.version", "regex", r#""^1""#, true),
        ("tool.annotations.k", "gt", "1", true),
        ("tool.annotations.k", "eq", "[1]", true),
        ("args", "eq", "{}", true),
    ] {
        check_condition(&format!(r#"{{"path": "{path}", "op": "{op}", "value": {value}}}"#), taken);
    }
}

#[test]
fn paths_lead_somewhere() {
    let exists = |path: &str| format!(r#"{{"path": "{path}", "op": "exists"}}"#);
    for (path, taken) in [
        ("args", true),
        ("args.a b.ä", true),
        ("args[0][12].x[*]", true),
        ("args[*]", true),
        ("identity.labels.a.b[c", true),
        ("tool.annotations.x y", true),
        ("session.id", true),
        ("argsx", false),
        ("args.", false),
        ("args..a", false),
        ("args.a]", false),
        ("args.a[01]", false),
        ("args.a[-1]", false),
        ("args.a[x]", false),
        ("args.a[", false),
        ("args.a[0]b", false),
        ("args[99999999999999999999]", false),
        ("args.a\\u0009", false),
        ("identity", false),
        ("identity.labels.", false),
        ("identity.labels", false),
        ("time.minute", false),
        ("", false),
    ] {
        check_condition(&exists(path), taken);
    }
    let long = |length: usize| exists(&format!("args.{}", "a".repeat(length - 5)));
    check_condition(&long(512), true);
    check_condition(&long(513), false);
}

#[test]
fn prompts_have_no_tool_and_resources_no_arguments_either() {
    let section = |section: &str, path: &str| {
        let condition = format!(r#"{{"path": "{path}", "op": "exists"}}"#);
        let rule =
            format!(r#"{{"deny_if": [{{"conditions": [{{"any": [{condition}]}}], "on_deny": "no"}}]}}"#);
        document(&format!(
            r#""default": "deny", "{section}": {{"default": "deny", "rules": {{"a": {rule}}}}}"#
        ))
    };
    for (path, prompts, resources) in [
        ("args.a", true, false),
        ("identity.id", true, true),
        ("identity.labels.a", true, true),
        ("time.hour", true, true),
        ("tool.name", false, false),
        ("tool.annotations.a", false, false),
    ] {
        check(&section("prompts", path), prompts);
        check(&section("resources", path), resources);
    }
    let limit = |field: &str| {
        format!(r#"{{"limits": [{{"counter": "c", "window": "day", "max": 1, "scope": "org", {field}}}]}}"#)
    };
    for (field, taken) in [
        (r#""key": "args.a""#, false),
        (r#""key": "team.slug""#, true),
        (r#""increment_from": "args.a""#, false),
        (r#""increment": 2, "increment_from": "args.a""#, false),
    ] {
        let body = format!(
            r#""default": "deny", "resources": {{"default": "deny", "rules": {{"a": {}}}}}"#,
            limit(field)
        );
        check(&document(&body), taken);
    }
}
