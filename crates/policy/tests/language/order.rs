//! The order of judgement: of two grounds to refuse, the earlier one is named.

use policy::{ApprovalTerms, Approvers, Call, Category, Context, Subject, decide};

use super::world::{call, compile, context, denial, document, pay, permit, rule};

/// A tool that every step would refuse, with the steps before `step` taken out.
fn check(body: &str, expected: &str) {
    let policy = compile(&document(body));
    let decision = decide(Some(&policy), &call("x/y~z", r#"{"n": 1}"#), &context());
    assert_eq!(rule(&decision), expected, "{body}");
}

const REQUIRE: &str = r#""require": [{"conditions": [], "on_deny": "never"}, {"conditions": [{"path": "args.n", "op": "gt", "value": 5}], "on_deny": "small"}]"#;
const DENY_IF: &str = r#""deny_if": [{"conditions": [{"path": "args.n", "op": "eq", "value": 2}], "on_deny": "two"}, {"conditions": [], "on_deny": "always"}]"#;
const REST: &str = r#""approval": {}, "limits": [{"counter": "c", "window": "day", "max": 0, "scope": "org", "key": "args.gone"}]"#;

#[test]
fn without_a_policy_every_call_is_refused_first_of_all() {
    let off = Context { enabled: false, ..context() };
    assert_eq!(rule(&decide(None, &call("x", "{}"), &off)), "(no policy)");
}

#[test]
fn what_is_switched_off_is_refused_even_when_it_is_hidden() {
    let policy = compile(&document(r#""default": "allow", "hide": ["*"]"#));
    let off = Context { enabled: false, ..context() };
    assert_eq!(rule(&decide(Some(&policy), &call("x", "{}"), &off)), "(disabled)");
}

#[test]
fn hiding_comes_before_default_and_action() {
    check(r#""default": "deny", "hide": ["x*"]"#, "(hidden)");
    check(r#""default": "deny", "hide": ["x/y~z"], "tools": {"x/y~z": {"action": "deny"}}"#, "(hidden)");
}

#[test]
fn a_changed_definition_is_refused_after_hiding_and_before_the_default_and_only_of_tools() {
    let changed = Context { definition_changed: true, ..context() };
    let refused = |body: &str, call: &Call<'_>| {
        rule(&decide(Some(&compile(&document(body))), call, &changed)).to_owned()
    };
    assert_eq!(refused(r#""default": "allow", "hide": ["x"]"#, &call("x", "{}")), "(hidden)");
    assert_eq!(refused(r#""default": "deny""#, &call("x", "{}")), "(definition changed)");
    let allowed = r#""default": "allow", "tools": {"x": {"action": "allow"}}"#;
    assert_eq!(refused(allowed, &call("x", "{}")), "(definition changed)");
    for subject in [Subject::Prompt, Subject::Resource] {
        assert_eq!(refused(r#""default": "allow""#, &Call { subject, ..call("x", "{}") }), "");
    }
}

#[test]
fn the_default_denies_what_neither_a_name_nor_a_glob_nor_a_category_names() {
    check(r#""default": "deny""#, "(default deny)");
    check(r#""default": "deny", "all_tools": {"action": "allow"}"#, "(default deny)");
    check(r#""default": "deny", "categories": {"read": {}}"#, "(default deny)");
    check(r#""default": "deny", "tools": {"x": {}, "y*": {}}"#, "(default deny)");
    check(r#""default": "deny", "tools": {"x*": {}}"#, "");
    check(r#""default": "allow""#, "");
    let policy = compile(&document(r#""default": "deny", "categories": {"read": {}}"#));
    let reads = Context { category: Some(Category::Read), ..context() };
    assert_eq!(rule(&decide(Some(&policy), &call("x", "{}"), &reads)), "");
}

#[test]
fn a_name_beyond_any_length_is_refused_whatever_the_default() {
    let policy = compile(&document(r#""default": "allow""#));
    let name = "x".repeat(4_097);
    assert_eq!(rule(&decide(Some(&policy), &call(&name, "{}"), &context())), "(default deny)");
    assert!(!policy.lists(policy::Subject::Tool, &name, None));
    assert_eq!(rule(&decide(Some(&policy), &call(&name[1..], "{}"), &context())), "");
}

#[test]
fn each_step_is_reached_only_when_those_before_let_the_call_pass() {
    let rules =
        |parts: &[&str]| format!(r#""default": "deny", "tools": {{"x/y~z": {{{}}}}}"#, parts.join(", "));
    let (require, deny_if) = (REQUIRE, DENY_IF);
    check(&rules(&[r#""action": "deny""#, require, deny_if, REST]), "/tools/x~1y~0z/action");
    check(&rules(&[require, deny_if, REST]), "/tools/x~1y~0z/require/1");
    check(&rules(&[deny_if, REST]), "/tools/x~1y~0z/deny_if/1");
    check(&rules(&[REST]), "/tools/x~1y~0z/approval");
    check(&rules(&[&REST.replace(r#""approval": {}, "#, "")]), "/tools/x~1y~0z/limits/0");
    check(&rules(&[]), "");
}

#[test]
fn a_step_looks_at_every_layer_before_the_next_step_begins() {
    let body = r#""default": "deny",
        "all_tools": {"deny_if": [{"conditions": [], "on_deny": "always"}]},
        "tools": {"x/y~z": {"require": [{"conditions": [{"path": "args.gone", "op": "exists"}], "on_deny": "needs it"}]}}"#;
    check(body, "/tools/x~1y~0z/require/0");
}

#[test]
fn a_call_that_needs_approval_is_refused_while_it_has_none() {
    check(r#""default": "allow", "tools": {"x*": {"action": "require_approval"}}"#, "/tools/x*/approval");
    let when = |value: u8| {
        format!(
            r#""default": "allow", "tools": {{"x*": {{"approval": {{"conditions": [{{"path": "args.n", "op": "eq", "value": {value}}}]}}}}}}"#
        )
    };
    check(&when(1), "/tools/x*/approval");
    check(&when(2), "");
}

#[test]
fn an_approval_opens_its_step_and_no_other() {
    let approved = Context { approved: true, ..context() };
    let judge = |rule: &str| decide(Some(&pay(rule)), &call("pay", r#"{"n": 1}"#), &approved);
    assert_eq!(rule(&judge(r#"{"action": "require_approval", "approval": {"quorum": 2}}"#)), "");
    assert_eq!(rule(&judge(r#"{"action": "deny", "approval": {}}"#)), "/tools/pay/action");
    let group = r#"[{"conditions": [], "on_deny": "no"}]"#;
    assert_eq!(rule(&judge(&format!(r#"{{"approval": {{}}, "deny_if": {group}}}"#))), "/tools/pay/deny_if/0");
    let unclear = r#"{"approval": {"conditions": [{"path": "args.n", "op": "contains", "value": "x"}]}}"#;
    assert_eq!(rule(&judge(unclear)), "/tools/pay/approval", "a condition that cannot be answered refuses");
    let limit =
        r#"{"approval": {}, "limits": [{"counter": "c", "window": "day", "max": 3, "scope": "org"}]}"#;
    assert_eq!(permit(&pay(limit), &call("pay", "{}"), &approved).charges().len(), 1);
}

#[test]
fn one_approval_of_several_layers_takes_what_the_strictest_asks() {
    let policy = compile(&document(
        r#""default": "allow",
        "all_tools": {"approval": {"approvers": "team", "expires_in": 600, "reason": "Anything needs a second pair of eyes."}},
        "tools": {
            "p*": {"approval": {"conditions": [{"path": "args.n", "op": "gt", "value": 5}], "approvers": "admin"}},
            "pay": {"approval": {"approvers": "policy_manager", "quorum": 2}}
        }"#,
    ));
    let terms = |arguments: &str| {
        let denial = denial(&policy, &call("pay", arguments), &context());
        assert_eq!(
            (&*denial.rule, &*denial.message),
            ("/all_tools/approval", "Anything needs a second pair of eyes.")
        );
        denial.approval.unwrap()
    };
    let expected = |approvers| ApprovalTerms { approvers, quorum: 2, expires_in: 600 };
    assert_eq!(terms(r#"{"n": 1}"#), expected(Approvers::PolicyManager));
    assert_eq!(terms(r#"{"n": 6}"#), expected(Approvers::Admin));
    assert_eq!(terms(r#"{"n": "6"}"#), expected(Approvers::Admin), "what cannot be answered counts as asked");
}

#[test]
fn of_globs_the_most_specific_decides_and_of_equally_specific_ones_the_strictest() {
    let acts = |first: (&str, &str), second: (&str, &str)| {
        let rule = |(glob, action): (&str, &str)| format!(r#""{glob}": {{"action": "{action}"}}"#);
        let policy = compile(&document(&format!(
            r#""default": "deny", "tools": {{{}, {}}}"#,
            rule(first),
            rule(second)
        )));
        rule_of(&policy, "pay")
    };
    assert_eq!(acts(("p*", "deny"), ("pa*", "allow")), "");
    assert_eq!(acts(("p*", "allow"), ("pa*", "deny")), "/tools/pa*/action");
    assert_eq!(acts(("p*", "require_approval"), ("pa*", "allow")), "");
    assert_eq!(acts(("pa*", "allow"), ("p*y", "deny")), "/tools/p*y/action");
    assert_eq!(acts(("pa*", "deny"), ("p*y", "allow")), "/tools/pa*/action");
    // The same of two, whichever is written first.
    assert_eq!(acts(("pa*", "deny"), ("p*y", "deny")), "/tools/p*y/action");
    assert_eq!(acts(("p*y", "deny"), ("pa*", "deny")), "/tools/p*y/action");
}

fn rule_of(policy: &policy::Policy, name: &str) -> String {
    rule(&decide(Some(policy), &call(name, "{}"), &context())).to_owned()
}
