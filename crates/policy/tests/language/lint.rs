//! Warnings: rules that take no effect, and what the server's tools show.

use policy::{Category, Policy, Severity, ToolFacts};

use super::world::{compile, document};

fn check(body: &str, expected: &[&str]) {
    let compiled = Policy::compile(document(body).as_bytes()).unwrap();
    let found: Vec<String> = compiled
        .warnings
        .iter()
        .inspect(|problem| assert_eq!(problem.severity, Severity::Warning))
        .map(|problem| format!("{} {}", problem.code, problem.pointer))
        .collect();
    assert_eq!(found, expected, "{body}");
}

const LIMIT: &str = r#""limits": [{"counter": "c", "window": "day", "max": 1, "scope": "org"}]"#;

#[test]
fn rules_behind_hide_are_told_of() {
    check(
        r#""default": "deny", "hide": ["a*"], "tools": {"ab": {}, "b": {}, "a?c*": {}}"#,
        &["shadowed /tools/ab", "shadowed /tools/a?c*"],
    );
    check(r#""default": "deny", "hide": ["a?"], "tools": {"a*": {}, "abc": {}}"#, &[]);
}

#[test]
fn rules_behind_an_unconditional_denial_are_told_of() {
    check(
        &format!(r#""default": "deny", "tools": {{"a": {{"action": "deny", {LIMIT}}}}}"#),
        &["shadowed /tools/a"],
    );
    check(
        &format!(r#""default": "deny", "tools": {{"a*": {{"action": "deny"}}, "ab": {{{LIMIT}}}}}"#),
        &["shadowed /tools/ab"],
    );
    check(
        &format!(
            r#""default": "deny", "tools": {{"a*": {{"action": "deny"}}, "ab": {{"action": "allow", {LIMIT}}}}}"#
        ),
        &[],
    );
    check(
        r#""default": "deny", "all_tools": {"action": "deny"}, "tools": {"a": {}, "b*": {}}"#,
        &["shadowed /tools/a", "shadowed /tools/b*"],
    );
    check(
        r#""default": "deny", "all_tools": {"action": "deny"}, "categories": {"read": {"action": "allow"}}, "tools": {"a": {}}"#,
        &[],
    );
    let always = r#""deny_if": [{"conditions": [], "on_deny": "never"}]"#;
    check(
        &format!(r#""default": "deny", "tools": {{"a": {{{always}, {LIMIT}}}}}"#),
        &["shadowed /tools/a/deny_if/0"],
    );
    check(
        &format!(r#""default": "deny", "tools": {{"a*": {{{always}}}, "ab": {{}}}}"#),
        &["shadowed /tools/ab"],
    );
    check(&format!(r#""default": "deny", "tools": {{"a": {{{always}}}}}"#), &[]);
}

#[test]
fn what_follows_an_unconditional_denial_is_told_of_whatever_it_is() {
    let always = r#"{"conditions": [], "on_deny": "never"}"#;
    let asked = r#"{"conditions": [{"path": "args.x", "op": "exists"}], "on_deny": "no"}"#;
    for (rule, expected) in [
        (format!(r#""deny_if": [{always}, {asked}]"#), &["shadowed /tools/a/deny_if/0"][..]),
        (format!(r#""deny_if": [{asked}, {always}]"#), &[]),
        (format!(r#""deny_if": [{always}], "approval": {{}}"#), &["shadowed /tools/a/deny_if/0"]),
        (format!(r#""deny_if": [{always}], {LIMIT}"#), &["shadowed /tools/a/deny_if/0"]),
    ] {
        check(&format!(r#""default": "deny", "tools": {{"a": {{{rule}}}}}"#), expected);
    }
    let idle = document(&format!(
        r#""default": "deny", "tools": {{"a": {{"action": "deny", "require": [{asked}], {LIMIT}}}}}"#
    ));
    let warnings = Policy::compile(idle.as_bytes()).unwrap().warnings;
    assert_eq!(warnings[0].message, "The rule denies every call, so its require and limits never apply.");
}

#[test]
fn an_action_that_asks_always_makes_conditions_idle() {
    let approval = r#""approval": {"conditions": [{"path": "args.x", "op": "exists"}]}"#;
    check(
        &format!(r#""default": "deny", "tools": {{"a": {{"action": "require_approval", {approval}}}}}"#),
        &["no_effect /tools/a/approval"],
    );
    check(&format!(r#""default": "deny", "tools": {{"a": {{{approval}}}}}"#), &[]);
}

fn tool<'a>(name: &'a str, category: Option<Category>, input_schema: Option<&'a str>) -> ToolFacts<'a> {
    ToolFacts { name, category, input_schema }
}

fn check_tools(body: &str, tools: &[ToolFacts<'_>], expected: &[&str]) {
    let found: Vec<String> = compile(&document(body))
        .lint(tools)
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.pointer))
        .collect();
    assert_eq!(found, expected, "{body}");
}

#[test]
fn names_that_the_server_does_not_have_are_told_of_with_the_nearest() {
    let tools = [tool("create_charge", None, None), tool("list_charges", None, None)];
    check_tools(
        r#""default": "deny", "hide": ["list_charges", "nope", "x*"], "tools": {"create_charg": {}, "create_*": {}, "delete_*": {}}"#,
        &tools,
        &[
            "unknown_tool /hide/1",
            "never_matches /hide/2",
            "unknown_tool /tools/create_charg",
            "never_matches /tools/delete_*",
        ],
    );
    let policy =
        compile("{\n\"version\": \"1\", \"default\": \"deny\",\n \"tools\": {\"create_charg\": {}}}");
    let found = policy.lint(&tools);
    assert_eq!(found[0].hint.as_deref(), Some("did you mean \"create_charge\"?"));
    assert_eq!((found[0].line, found[0].column), (3, 12));
}

#[test]
fn a_denial_that_leaving_out_an_argument_avoids_is_told_of() {
    let schema = r#"{"type": "object", "required": ["a", "o"], "properties": {"a": {"type": "number"}, "b": {"type": "number"},
        "o": {"type": "object", "required": [], "properties": {"n": {}}}}}"#;
    let tools = [tool("pay", None, Some(schema))];
    let ask = |field: &str, condition: &str| {
        format!(
            r#""default": "deny", "tools": {{"p*": {{"{field}": [{{"conditions": [{condition}], "on_deny": "no"}}]}}}}"#
        )
    };
    let more = |path: &str| format!(r#"{{"path": "{path}", "op": "gt", "value": 5}}"#);
    let warned = ["optional_argument /tools/p*/deny_if/0/conditions/0"];
    check_tools(&ask("deny_if", &more("args.a")), &tools, &[]);
    check_tools(&ask("deny_if", &more("args.b")), &tools, &warned);
    check_tools(&ask("deny_if", &more("args.unknown")), &tools, &warned);
    check_tools(&ask("deny_if", &more("args.o.n")), &tools, &warned);
    check_tools(&ask("deny_if", &format!(r#"{{"any": [{}]}}"#, more("args.b"))), &tools, &warned);
    check_tools(&ask("deny_if", &format!(r#"{{"not": {}}}"#, more("args.b"))), &tools, &[]);
    check_tools(&ask("deny_if", r#"{"path": "args.b", "op": "neq", "value": 1}"#), &tools, &[]);
    check_tools(&ask("require", &more("args.b")), &tools, &[]);
}

#[test]
fn comparing_a_string_as_a_number_is_told_of() {
    let schema = r#"{"required": ["s", "n"], "properties": {"s": {"type": "string"}, "n": {"type": ["string", "number"]}}}"#;
    let tools = [tool("pay", None, Some(schema))];
    let body = r#""default": "deny", "tools": {"pay": {
        "require": [{"conditions": [{"path": "args.n", "op": "lt", "value": 5}, {"path": "args.s", "op": "lt", "value": 5}], "on_deny": "no"}],
        "limits": [{"counter": "c", "window": "day", "max": 5, "scope": "org", "increment_from": "args.s"}]}}"#;
    check_tools(
        body,
        &tools,
        &["string_as_number /tools/pay/limits/0", "string_as_number /tools/pay/require/0/conditions/1"],
    );
}

#[test]
fn what_a_schema_says_of_elements_and_of_several_types_is_followed() {
    let numeric = |path: &str| {
        format!(
            r#""default": "deny", "tools": {{"pay": {{"require": [{{"conditions": [{{"path": "{path}", "op": "lt", "value": 5}}], "on_deny": "no"}}]}}}}"#
        )
    };
    let warned = ["string_as_number /tools/pay/require/0/conditions/0"];
    for (schema, expected) in [
        (r#"{"type": ["string", "null"]}"#, &warned[..]),
        (r#"{"type": ["null", "string"]}"#, &warned),
        (r#"{"type": ["string", "integer"]}"#, &[]),
        (r#"{"type": ["number", "string"]}"#, &[]),
        (r#"{"type": ["null", "boolean"]}"#, &[]),
        (r#"{"type": "number"}"#, &[]),
        ("{}", &[]),
    ] {
        let plain = format!(r#"{{"properties": {{"a": {schema}}}}}"#);
        check_tools(&numeric("args.a"), &[tool("pay", None, Some(&plain))], expected);
        let listed = format!(r#"{{"properties": {{"a": {{"type": "array", "items": {schema}}}}}}}"#);
        for path in ["args.a[*]", "args.a[0]"] {
            check_tools(&numeric(path), &[tool("pay", None, Some(&listed))], expected);
        }
    }
}

#[test]
fn a_dangerous_tool_that_only_the_default_allows_is_told_of() {
    let tools = [
        tool("wipe", Some(Category::Destructive), None),
        tool("pay", Some(Category::Financial), None),
        tool("read", Some(Category::Read), None),
    ];
    check_tools(r#""default": "allow""#, &tools, &["unguarded_tool /default", "unguarded_tool /default"]);
    check_tools(r#""default": "allow", "categories": {"financial": {}}, "hide": ["wipe"]"#, &tools, &[]);
    check_tools(r#""default": "allow", "tools": {"*": {}}"#, &tools, &[]);
    check_tools(r#""default": "deny""#, &tools, &[]);
    let all = |action: &str| format!(r#""default": "allow", "all_tools": {{"action": "{action}"}}"#);
    check_tools(&all("require_approval"), &tools, &[]);
    check_tools(&all("allow"), &tools, &["unguarded_tool /default", "unguarded_tool /default"]);
}
