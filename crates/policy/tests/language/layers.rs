//! Which rules match a call, and which of their actions is in force.

use policy::{Category, decide};

use super::world::{call, compile, document, of_category, permit, rule};

/// `delete_user`, of category destructive.
fn check(body: &str, expected: &str) {
    let policy = compile(&document(&format!(r#""default": "allow", {body}"#)));
    let decision = decide(Some(&policy), &call("delete_user", "{}"), &of_category(Category::Destructive));
    assert_eq!(rule(&decision), expected, "{body}");
}

#[test]
fn the_most_specific_rule_that_states_an_action_decides() {
    let deny = r#"{"action": "deny"}"#;
    let allow = r#"{"action": "allow"}"#;
    check(&format!(r#""all_tools": {deny}"#), "/all_tools/action");
    check(&format!(r#""all_tools": {deny}, "categories": {{"destructive": {allow}}}"#), "");
    check(&format!(r#""categories": {{"destructive": {deny}}}"#), "/categories/destructive/action");
    check(&format!(r#""categories": {{"read": {deny}}}"#), "");
    check(&format!(r#""categories": {{"destructive": {deny}}}, "tools": {{"delete_*": {allow}}}"#), "");
    check(&format!(r#""tools": {{"*": {allow}, "delete_*": {deny}}}"#), "/tools/delete_*/action");
    check(&format!(r#""tools": {{"delete_user": {allow}, "delete_*": {deny}, "*": {deny}}}"#), "");
    check(
        &format!(r#""tools": {{"delete_user": {deny}, "delete_*": {allow}}}"#),
        "/tools/delete_user/action",
    );
}

#[test]
fn an_empty_rule_exempts_from_nothing() {
    check(
        r#""categories": {"destructive": {"action": "deny"}}, "tools": {"delete_user": {}}"#,
        "/categories/destructive/action",
    );
    check(
        r#""all_tools": {"action": "deny"}, "categories": {"destructive": {}}, "tools": {"delete_user": {}}"#,
        "/all_tools/action",
    );
}

#[test]
fn of_globs_with_as_many_literal_characters_the_stricter_decides() {
    let globs =
        [r#""delete_*": {"action": "allow"}"#, r#""*ete_use": {}"#, r#""*te_user": {"action": "deny"}"#];
    check(&format!(r#""tools": {{{}}}"#, [globs[0], globs[2]].join(", ")), "/tools/*te_user/action");
    let equal = [r#""delete?*": {"action": "deny"}"#, r#""delete*": {"action": "allow"}"#];
    for order in [[0, 1], [1, 0]] {
        check(&format!(r#""tools": {{{}, {}}}"#, equal[order[0]], equal[order[1]]), "/tools/delete?*/action");
    }
    let asks = r#""tools": {"delete?*": {"action": "require_approval"}, "delete*": {"action": "allow"}}"#;
    check(asks, "/tools/delete?*/approval");
}

#[test]
fn conditions_and_limits_of_all_layers_apply_from_general_to_specific() {
    let limit = |counter: &str| {
        format!(r#"{{"limits": [{{"counter": "{counter}", "window": "day", "max": 9, "scope": "org"}}]}}"#)
    };
    let body = format!(
        r#""default": "deny", "tools": {{"delete_user": {}, "del*": {}, "*": {}, "delete_*": {}}},
           "categories": {{"destructive": {}, "read": {}}}, "all_tools": {}"#,
        limit("name"),
        limit("del"),
        limit("star"),
        limit("delete"),
        limit("category"),
        limit("read"),
        limit("all"),
    );
    let policy = compile(&document(&body));
    let permit = permit(&policy, &call("delete_user", "{}"), &of_category(Category::Destructive));
    let names: Vec<&str> = permit.charges().iter().map(|charge| &*charge.counter.name).collect();
    assert_eq!(names, ["all", "category", "star", "del", "delete", "name"]);
}

#[test]
fn an_allowing_name_still_bears_the_conditions_of_its_category() {
    let body = r#""categories": {"destructive": {"action": "deny", "deny_if": [{"conditions": [], "on_deny": "no"}]}},
        "tools": {"delete_user": {"action": "allow"}}"#;
    check(body, "/categories/destructive/deny_if/0");
}

#[test]
fn globs_match_whole_names_by_character() {
    let matches = |glob: &str, name: &str| {
        let policy = compile(&document(&format!(r#""default": "deny", "tools": {{"{glob}": {{}}}}"#)));
        rule(&decide(Some(&policy), &call(name, "{}"), &of_category(Category::Other))).is_empty()
    };
    for (glob, yes, no) in [
        ("*", vec!["", "a", "ä/b"], vec![]),
        ("a*", vec!["a", "ab"], vec!["", "ba", "A"]),
        ("*a", vec!["a", "ba"], vec!["ab"]),
        ("a*a", vec!["aa", "aba"], vec!["a", "ab"]),
        ("a*b*c", vec!["abc", "a-b-b-c"], vec!["acb", "ab", "bc"]),
        ("?", vec!["a", "ä", "\u{1F600}", "\n"], vec!["", "ab"]),
        ("a*b?d*?f", vec!["abcdef", "abbdxf", "ab-d-bxd-f"], vec!["abdxf", "abcdf", "abcde"]),
        ("*?", vec!["a", "ab"], vec![""]),
        ("*a?", vec!["ab", "aab", "xaä"], vec!["a", "abc"]),
        ("a?c*", vec!["abc", "axcd"], vec!["ac", "a"]),
        ("a.c*", vec!["a.c"], vec!["abc"]),
        ("[ab]*", vec!["[ab]", "[ab]c"], vec!["a", "b"]),
    ] {
        yes.iter().for_each(|name| assert!(matches(glob, name), "{glob} should match {name:?}"));
        no.iter().for_each(|name| assert!(!matches(glob, name), "{glob} should not match {name:?}"));
    }
}
