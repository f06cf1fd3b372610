//! What a difference says, and which parts of two documents are taken for the same part.

use policy::diff;

use super::world::{compile, document};

/// What a new rule for `t` changes, line by line; pointers without `/tools/t/`.
fn words(old: &str, new: &str) -> Vec<String> {
    let policy = |rule: &str| compile(&document(&format!(r#""default": "deny", "tools": {{"t": {rule}}}"#)));
    let found = diff(&policy(old), &policy(new));
    found.iter().map(|difference| difference.to_string().replace("/tools/t/", "")).collect()
}

fn action(name: &str) -> String {
    format!(r#"{{"action": "{name}"}}"#)
}

#[test]
fn actions_are_told_by_what_they_do_now_or_did_before() {
    let tool = r#"action: the tool "t""#;
    let one = |old: &str, new: &str| words(old, new).remove(0);
    assert_eq!(
        one(&action("deny"), &action("allow")),
        format!("looser   {tool} is now allowed, whatever more general rules do with it")
    );
    assert_eq!(one("{}", &action("require_approval")), format!("tighter  {tool} now needs approval"));
    assert_eq!(one("{}", &action("deny")), format!("tighter  {tool} is now denied, whatever its arguments"));
    assert_eq!(
        one(&action("require_approval"), "{}"),
        format!("looser   {tool} no longer needs approval by its action")
    );
    assert_eq!(one(&action("deny"), "{}"), format!("looser   {tool} is no longer denied by its action"));
    let policy = |rule: &str| {
        compile(&document(&format!(
            r#""default": "deny", "all_tools": {{"action": "deny"}}, "tools": {{"t": {rule}}}"#
        )))
    };
    let found = diff(&policy(&action("allow")), &policy("{}"));
    assert_eq!(found[0].what, r#"the tool "t" no longer escapes what more general rules do with it"#);
}

fn group(value: u32, words: &str) -> String {
    format!(r#"{{"conditions": [{{"path": "args.n", "op": "lt", "value": {value}}}], "on_deny": "{words}"}}"#)
}

#[test]
fn groups_are_told_with_their_conditions_and_what_they_are_for() {
    let asks = |value: u32| format!(r#"[{{"path":"args.n","op":"lt","value":{value}}}]"#);
    let (five, six) = (asks(5), asks(6));
    let rule = |field: &str, groups: &[String]| format!(r#"{{"{field}": [{}]}}"#, groups.join(", "));
    for (field, role) in [("require", "a requirement"), ("deny_if", "a reason for denial")] {
        let of = |groups: &[String]| rule(field, groups);
        let tool = format!(r#"{field}/0: the tool "t""#);
        assert_eq!(words("{}", &of(&[group(5, "a")])), [format!("tighter  {tool} has {role} more: {five}")]);
        assert_eq!(words(&of(&[group(5, "a")]), "{}"), [format!("looser   {tool} has {role} less: {five}")]);
        assert_eq!(
            words(&of(&[group(5, "a")]), &of(&[group(6, "a")])),
            [format!("changed  {tool} has {role} that was {five} and is {six}")]
        );
        // Conditions say more of which group it is than words do.
        assert_eq!(
            words(&of(&[group(5, "a"), group(6, "b")]), &of(&[group(6, "a"), group(5, "b")])),
            [
                format!("changed  {tool} is refused in other words"),
                format!(r#"changed  {field}/1: the tool "t" is refused in other words"#),
            ]
        );
    }
}

#[test]
fn approvals_are_told_by_who_gives_them_and_how() {
    let approval = |fields: &str| format!(r#"{{"approval": {{{fields}}}}}"#);
    assert_eq!(
        words(&approval(""), &approval(r#""quorum": 2, "approvers": "team", "expires_in": 60"#)),
        [
            r#"changed  approval/approvers: the tool "t" is approved by the team, and was by admins"#,
            "tighter  approval/expires_in: a request for approval stays open for 60 s, and did for 1800 s",
            r#"tighter  approval/quorum: the tool "t" takes 2 approvals, and took 1"#,
        ]
    );
    let managers = words(&approval(""), &approval(r#""approvers": "policy_manager""#));
    assert!(managers[0].ends_with("is approved by policy managers, and was by admins"), "{managers:?}");
}

fn limit(fields: &str) -> String {
    format!(r#"{{"counter": "c", "window": "day", {fields}}}"#)
}

fn limits(list: &[String]) -> String {
    format!(r#"{{"limits": [{}]}}"#, list.join(", "))
}

#[test]
fn limits_are_told_with_all_their_terms() {
    let whole = limit(
        r#""max": 100, "scope": "grant", "rolling": true, "increment_from": "args.sum", "key": "args.to""#,
    );
    let plain = limit(r#""max": 5.5, "scope": "org""#);
    assert_eq!(
        words("{}", &limits(&[whole, plain])),
        [
            r#"tighter  limits/0: the tool "t" has a limit more: "c", 100 per rolling day, args.sum a call and grant and value of args.to"#,
            r#"tighter  limits/1: the tool "t" has a limit more: "c", 5.5 per day, 1 a call and org"#,
        ]
    );
    let rate = r#"{"rate_limit": {"max": 1, "window": 60}}"#;
    assert_eq!(
        words(rate, "{}"),
        [
            r#"looser   rate_limit: the tool "t" has a limit less: "t_rate", 1 per minute, 1 a call and session"#
        ]
    );
}

#[test]
fn a_limit_is_compared_with_the_one_that_counts_for_the_same() {
    let says = |index: usize, max: u32, was: u32| {
        format!(r#"looser   limits/{index}: the limit "c" of the tool "t" allows {max}, and allowed {was}"#)
    };
    let of = |scope: &str, max: u32| limit(&format!(r#""scope": "{scope}", "max": {max}"#));
    assert_eq!(
        words(&limits(&[of("org", 5), of("team", 7)]), &limits(&[of("team", 8), of("org", 6)])),
        [says(0, 8, 7), says(1, 6, 5)]
    );
    let of = |key: &str, max: u32| limit(&format!(r#""scope": "org", "key": "args.{key}", "max": {max}"#));
    assert_eq!(
        words(&limits(&[of("a", 5), of("b", 7)]), &limits(&[of("b", 8), of("a", 6)])),
        [says(0, 8, 7), says(1, 6, 5)]
    );
}

/// Pointers of what differs between two documents with these bodies.
fn pointers(old: &str, new: &str) -> Vec<String> {
    diff(&compile(&document(old)), &compile(&document(new)))
        .into_iter()
        .map(|difference| difference.pointer)
        .collect()
}

#[test]
fn an_allowing_glob_lifts_what_more_general_globs_do_and_no_more() {
    let body = |tools: &str| format!(r#""default": "allow", "tools": {{{tools}}}"#);
    let deny = r#"{"action": "deny"}"#;
    let allow = r#"{"action": "allow"}"#;
    let lifted = pointers(
        &body(&format!(r#""a*": {deny}, "ab*": {{}}"#)),
        &body(&format!(r#""a*": {deny}, "ab*": {allow}"#)),
    );
    assert_eq!(lifted, ["/tools/ab*/action"]);
    let idle = pointers(
        &body(&format!(r#""a*": {{}}, "ab*": {deny}"#)),
        &body(&format!(r#""a*": {allow}, "ab*": {deny}"#)),
    );
    assert_eq!(idle, Vec::<String>::new());
}

#[test]
fn a_rule_for_a_category_tightens_only_tools_that_other_rules_name() {
    let body = |tools: &str, read: &str| format!(r#""default": "deny", "tools": {{{tools}}}{read}"#);
    let read = r#", "categories": {"read": {"rate_limit": {"max": 1, "window": 60}}}"#;
    for tools in [r#""a": {}"#, r#""a*": {}"#] {
        assert_eq!(
            pointers(&body(tools, ""), &body(tools, read)),
            ["/categories/read", "/categories/read/rate_limit"]
        );
    }
    assert_eq!(pointers(&body("", ""), &body("", read)), ["/categories/read"]);
}
