//! What differs between two policies, and which way.

use policy::{Category, Change, Context, Decision, Policy, decide, diff};
use proptest::prelude::*;

use super::properties::{ARGUMENTS, NAMES, PATTERNS, Parts, RULES, compile as compile_parts, members};
use super::world::{call, compile, context, document};

/// Pointers and directions, by pointer; the reverse must be the same with the directions swapped.
fn check(old: &str, new: &str, expected: &[(&str, Change)]) {
    let (old, new) = (compile(&document(old)), compile(&document(new)));
    let found = diff(&old, &new);
    let short: Vec<(&str, Change)> =
        found.iter().map(|difference| (difference.pointer.as_str(), difference.change)).collect();
    assert_eq!(short, expected, "{found:#?}");
    assert_eq!(mirrored(&diff(&new, &old)), directions(&found), "{found:#?}");
    assert!(diff(&old, &old).is_empty() && diff(&new, &new).is_empty());
}

/// Two rules for `t`; pointers without `/tools/t`.
fn rules(old: &str, new: &str, expected: &[(&str, Change)]) {
    let body = |rule: &str| format!(r#""default": "deny", "tools": {{"t": {rule}}}"#);
    let expected: Vec<(String, Change)> =
        expected.iter().map(|(pointer, change)| (format!("/tools/t{pointer}"), *change)).collect();
    let expected: Vec<(&str, Change)> =
        expected.iter().map(|(pointer, change)| (pointer.as_str(), *change)).collect();
    check(&body(old), &body(new), &expected);
}

fn directions(found: &[policy::Difference]) -> Vec<Change> {
    let mut changes: Vec<Change> = found.iter().map(|difference| difference.change).collect();
    changes.sort();
    changes
}

fn mirrored(found: &[policy::Difference]) -> Vec<Change> {
    let mut changes: Vec<Change> = found
        .iter()
        .map(|difference| match difference.change {
            Looser => Tighter,
            Tighter => Looser,
            Changed => Changed,
        })
        .collect();
    changes.sort();
    changes
}

use Change::{Changed, Looser, Tighter};

#[test]
fn defaults_and_hidden_names_have_a_direction() {
    check(
        r#""default": "allow""#,
        r#""default": "deny""#,
        &[("/default", Tighter), ("/prompts/default", Tighter), ("/resources/default", Tighter)],
    );
    check(
        r#""default": "deny", "hide": ["a", "b*"]"#,
        r#""default": "deny", "hide": ["c", "a"]"#,
        &[("/hide/0", Tighter), ("/hide/1", Looser)],
    );
    check(
        r#""default": "deny", "prompts": {"default": "allow"}"#,
        r#""default": "deny", "prompts": {"default": "allow", "hide": ["p"], "rules": {"q": {"action": "deny"}}}"#,
        &[("/prompts/hide/0", Tighter), ("/prompts/rules/q/action", Tighter)],
    );
}

#[test]
fn a_rule_lifts_or_brings_the_default_denial() {
    let one = r#""default": "deny", "tools": {"a": {}}"#;
    check(r#""default": "deny""#, one, &[("/tools/a", Looser)]);
    check(
        r#""default": "deny""#,
        r#""default": "deny", "tools": {"a": {"action": "deny"}}"#,
        &[("/tools/a", Changed)],
    );
    check(
        r#""default": "deny""#,
        r#""default": "deny", "categories": {"read": {}}"#,
        &[("/categories/read", Looser)],
    );
    // Under another rule that names it already, a rule only adds what it says.
    check(
        r#""default": "deny", "tools": {"a*": {}}"#,
        r#""default": "deny", "tools": {"a*": {}, "ab": {"rate_limit": {"max": 1, "window": 1}}, "a?c*": {"action": "deny"}}"#,
        &[("/tools/a?c*/action", Tighter), ("/tools/ab/rate_limit", Tighter)],
    );
    check(r#""default": "allow""#, r#""default": "allow", "tools": {"a": {}}"#, &[]);
    // What only some of its names have a rule for may go either way.
    check(
        one,
        r#""default": "deny", "tools": {"a": {}, "*": {"rate_limit": {"max": 1, "window": 1}}}"#,
        &[("/tools/*", Looser), ("/tools/*/rate_limit", Tighter)],
    );
    check(
        r#""default": "deny", "categories": {"read": {}}"#,
        r#""default": "deny", "categories": {"read": {}}, "tools": {"a": {"action": "deny"}}"#,
        &[("/tools/a", Changed), ("/tools/a/action", Tighter)],
    );
}

#[test]
fn actions_are_ordered_by_strictness() {
    let action = |name: &str| format!(r#"{{"action": "{name}"}}"#);
    rules(&action("deny"), &action("allow"), &[("/action", Looser)]);
    rules(&action("deny"), &action("require_approval"), &[("/action", Looser)]);
    rules("{}", &action("require_approval"), &[("/action", Tighter)]);
    rules("{}", &action("deny"), &[("/action", Tighter)]);
    rules("{}", &action("allow"), &[]);
    let under = |all: &str, rule: &str| {
        format!(r#""default": "allow", "all_tools": {{"action": "{all}"}}, "tools": {{"t": {rule}}}"#)
    };
    check(&under("deny", "{}"), &under("deny", &action("allow")), &[("/tools/t/action", Looser)]);
    check(&under("deny", "{}"), &under("deny", &action("require_approval")), &[("/tools/t/action", Changed)]);
}

#[test]
fn groups_are_added_removed_or_changed() {
    let group = |value: u32, words: &str| {
        format!(
            r#"{{"conditions": [{{"path": "args.n", "op": "lt", "value": {value}}}], "on_deny": "{words}"}}"#
        )
    };
    let require = |groups: &[String]| format!(r#"{{"require": [{}]}}"#, groups.join(", "));
    let other = r#"{"conditions": [{"path": "args.m", "op": "exists"}, {"path": "args.k", "op": "in", "value": ["x", "y"]}], "on_deny": "o"}"#.to_owned();
    let turned = r#"{"on_deny": "o", "conditions": [{"path": "args.k", "op": "in", "value": ["y", "x"]}, {"path": "args.m", "op": "exists", "value": true}]}"#.to_owned();
    rules(&require(&[group(5, "a"), other.clone()]), &require(&[turned, group(5, "a")]), &[]);
    rules(&require(&[group(5, "a")]), &require(&[other.clone(), group(5, "a")]), &[("/require/0", Tighter)]);
    rules(&require(&[group(5, "a")]), &require(&[group(6, "a")]), &[("/require/0", Changed)]);
    rules(&require(&[group(5, "a")]), &require(&[group(5, "b")]), &[("/require/0", Changed)]);
    rules(&require(&[group(5, "a")]), &require(&[group(6, "b")]), &[("/require/0", Changed)]);
    rules(&require(&[group(5, "a")]), &require(&[other]), &[("/require/0", Looser), ("/require/0", Tighter)]);
    let deny = r#"{"deny_if": [{"conditions": [], "on_deny": "never"}]}"#;
    rules("{}", deny, &[("/deny_if/0", Tighter)]);
    rules("{}", r#"{"require": [{"conditions": [], "on_deny": "never"}]}"#, &[]);
}

#[test]
fn approvals_are_ordered_where_they_can_be() {
    let approval = |fields: &str| format!(r#"{{"approval": {{{fields}}}}}"#);
    let (exists, lacks) = (
        r#""conditions": [{"path": "args.n", "op": "exists"}]"#,
        r#""conditions": [{"path": "args.n", "op": "exists", "value": false}]"#,
    );
    rules("{}", &approval(""), &[("/approval", Tighter)]);
    rules(&approval(""), &approval(exists), &[("/approval/conditions", Looser)]);
    rules(&approval(lacks), &approval(exists), &[("/approval/conditions", Changed)]);
    rules(
        &approval(""),
        &approval(r#""quorum": 2, "approvers": "team", "expires_in": 60, "reason": "r""#),
        &[
            ("/approval/approvers", Changed),
            ("/approval/expires_in", Tighter),
            ("/approval/quorum", Tighter),
            ("/approval/reason", Changed),
        ],
    );
}

#[test]
fn limits_are_raised_lowered_added_and_removed() {
    let limit = |fields: &str| {
        let mut text = r#""counter": "c", "scope": "org", "window": "day", "max": 5"#.to_owned();
        for field in fields.split("; ").filter(|field| !field.is_empty()) {
            let key = field.split(':').next().unwrap();
            text = text.split(", ").filter(|known| !known.starts_with(key)).collect::<Vec<_>>().join(", ");
            text = format!("{text}, {field}");
        }
        format!("{{{text}}}")
    };
    let limits = |list: &[&str]| {
        format!(
            r#"{{"limits": [{}]}}"#,
            list.iter().map(|fields| limit(fields)).collect::<Vec<_>>().join(", ")
        )
    };
    let one = |old: &str, new: &str, change: Change| {
        rules(&limits(&[old]), &limits(&[new]), &[("/limits/0", change)]);
    };
    rules(&limits(&[""]), &limits(&[r#""max": 5.0"#]), &[]);
    one("", r#""max": 5.000000001"#, Looser);
    one("", r#""max": 4"#, Tighter);
    one("", r#""window": "hour""#, Changed);
    one("", r#""scope": "team""#, Changed);
    one("", r#""key": "args.to""#, Changed);
    one("", r#""rolling": true"#, Tighter);
    one("", r#""on_outage": "allow""#, Looser);
    one("", r#""increment": 2"#, Tighter);
    one("", r#""increment_from": "args.n""#, Changed);
    rules(&limits(&[]), &limits(&[""]), &[("/limits/0", Tighter)]);
    rules(
        &limits(&["", r#""counter": "d""#]),
        &limits(&[r#""counter": "e""#, ""]),
        &[("/limits/0", Tighter), ("/limits/1", Looser)],
    );
}

#[test]
fn every_difference_says_what_it_is() {
    let old = compile(&document(
        r#""default": "deny", "tools": {"t": {"limits": [{"counter": "spend", "window": "day", "max": 100, "scope": "grant", "increment_from": "args.sum"}]}}"#,
    ));
    let new = compile(&document(
        r#""default": "deny", "tools": {"t": {"reason": "r", "limits": [{"counter": "spend", "window": "day", "max": 500, "scope": "grant", "increment_from": "args.sum"}]}}"#,
    ));
    let found: Vec<String> = diff(&old, &new).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            r#"looser   /tools/t/limits/0: the limit "spend" of the tool "t" allows 500, and allowed 100"#,
            r#"changed  /tools/t/reason: the tool "t" is refused in other words"#,
        ]
    );
}

/// One step away from a document.
#[derive(Debug, Clone)]
enum Edit {
    Rule(&'static str, Option<&'static str>),
    All(Option<&'static str>),
    Category(&'static str),
    Default(&'static str),
    Hide(&'static str),
}

fn edit() -> impl Strategy<Value = Edit> {
    let rule = || prop::sample::select(RULES.to_vec());
    prop_oneof![
        4 => (prop::sample::select(PATTERNS.to_vec()), prop::option::weighted(0.7, rule()))
            .prop_map(|(pattern, rule)| Edit::Rule(pattern, rule)),
        1 => prop::option::of(rule()).prop_map(Edit::All),
        1 => rule().prop_map(Edit::Category),
        1 => prop::sample::select(vec!["allow", "deny"]).prop_map(Edit::Default),
        1 => prop::sample::select(PATTERNS.to_vec()).prop_map(Edit::Hide),
    ]
}

fn edited(parts: &Parts, edit: &Edit) -> Parts {
    let (version, mut members, mut tools) = parts.clone();
    let mut put = |key: &str, value: Option<String>| {
        members.retain(|member| !member.starts_with(&format!("{key:?}:")));
        members.extend(value.map(|value| format!("{key:?}: {value}")));
    };
    match edit {
        Edit::Rule(pattern, rule) => {
            tools.retain(|(known, _)| known != pattern);
            tools.extend(rule.map(|rule| ((*pattern).to_owned(), rule.to_owned())));
        }
        Edit::All(rule) => put("all_tools", rule.map(str::to_owned)),
        Edit::Category(rule) => put("categories", Some(format!(r#"{{"read": {rule}}}"#))),
        Edit::Default(default) => put("default", Some(format!("{default:?}"))),
        Edit::Hide(pattern) => put("hide", Some(format!("[{pattern:?}]"))),
    }
    (version, members, tools)
}

/// Whether some call passes under `one` and not under `other`.
fn passes_only(one: &Policy, other: &Policy) -> Option<String> {
    for name in NAMES {
        for arguments in ARGUMENTS {
            for category in [None, Some(Category::Read), Some(Category::Write)] {
                let context = Context { category, ..context() };
                let passes = |policy| {
                    matches!(decide(Some(policy), &call(name, arguments), &context), Decision::Permit(_))
                };
                if passes(one) && !passes(other) {
                    return Some(format!("{name} {arguments} {category:?}"));
                }
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_only_looser_denies_nothing_and_what_is_only_tighter_allows_nothing(parts in members(), edit in edit()) {
        let (old, new) = (compile_parts(&parts, false), compile_parts(&edited(&parts, &edit), true));
        let found = diff(&old, &new);
        let changes = directions(&found);
        if changes.iter().all(|change| *change == Looser) {
            prop_assert_eq!(passes_only(&old, &new), None, "{:?}", found);
        }
        if changes.iter().all(|change| *change == Tighter) {
            prop_assert_eq!(passes_only(&new, &old), None, "{:?}", found);
        }
        prop_assert_eq!(mirrored(&diff(&new, &old)), changes, "{:?}", found);
    }

    #[test]
    fn a_document_in_another_order_is_no_difference(parts in members()) {
        prop_assert_eq!(diff(&compile_parts(&parts, false), &compile_parts(&parts, true)), []);
    }
}

#[test]
fn an_action_that_only_says_what_held_anyway_makes_no_difference() {
    let body = |general: &str, rule: &str| {
        format!(r#""default": "deny", "all_tools": {general}, "tools": {{"t": {rule}}}"#)
    };
    for (general, expected) in [
        ("{}", &[][..]),
        (r#"{"action": "allow"}"#, &[]),
        (r#"{"action": "deny"}"#, &[("/tools/t/action", Looser)]),
        (r#"{"action": "require_approval"}"#, &[("/tools/t/action", Looser)]),
    ] {
        check(&body(general, "{}"), &body(general, r#"{"action": "allow"}"#), expected);
    }
}
