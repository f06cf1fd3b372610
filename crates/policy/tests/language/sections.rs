//! Prompts and resources, and what lists show.

use policy::{Call, Category, Context, Subject, decide};

use super::world::{compile, context, document, rule};

fn check(body: &str, subject: Subject, name: &str, expected: &str) {
    let policy = compile(&document(body));
    let call = Call { subject, name, arguments: None };
    assert_eq!(rule(&decide(Some(&policy), &call, &context())), expected, "{subject:?} {name} under {body}");
}

#[test]
fn a_section_that_is_not_written_takes_the_documents_default() {
    for subject in [Subject::Prompt, Subject::Resource] {
        check(r#""default": "allow""#, subject, "x", "");
        check(r#""default": "deny""#, subject, "x", "(default deny)");
        check(r#""default": "deny", "tools": {"*": {}}, "all_tools": {}"#, subject, "x", "(default deny)");
        check(r#""default": "allow", "hide": ["*"], "all_tools": {"action": "deny"}"#, subject, "x", "");
    }
}

#[test]
fn a_section_has_its_own_default_rules_and_hidden_names() {
    let body = r#""default": "allow",
        "prompts": {"default": "deny", "hide": ["secret*"], "rules": {"greet": {}, "secret_x": {}, "bye": {"action": "deny"}}},
        "resources": {"default": "deny", "rules": {"file:///srv/*": {}, "file:///srv/key": {"action": "deny"}}}"#;
    check(body, Subject::Tool, "anything", "");
    check(body, Subject::Prompt, "greet", "");
    check(body, Subject::Prompt, "other", "(default deny)");
    check(body, Subject::Prompt, "secret_x", "(hidden)");
    check(body, Subject::Prompt, "bye", "/prompts/rules/bye/action");
    check(body, Subject::Resource, "file:///srv/a", "");
    check(body, Subject::Resource, "file:///etc/passwd", "(default deny)");
    check(body, Subject::Resource, "file:///srv/key", "/resources/rules/file:~1~1~1srv~1key/action");
}

#[test]
fn arguments_of_prompts_are_judged() {
    let policy = compile(&document(
        r#""default": "deny", "prompts": {"default": "deny", "rules": {"greet":
            {"require": [{"conditions": [{"path": "args.who", "op": "eq", "value": "you"}], "on_deny": "no"}]}}}"#,
    ));
    let ask = |arguments| {
        let call = Call { subject: Subject::Prompt, name: "greet", arguments: Some(arguments) };
        rule(&decide(Some(&policy), &call, &context())).to_owned()
    };
    assert_eq!(ask(r#"{"who": "you"}"#), "");
    assert_eq!(ask(r#"{"who": "me"}"#), "/prompts/rules/greet/require/0");
}

#[test]
fn a_list_shows_what_is_neither_hidden_nor_denied_by_default() {
    let policy = compile(&document(
        r#""default": "deny", "hide": ["*_secret"], "categories": {"read": {}},
           "tools": {"wipe": {"action": "deny"}, "get_*": {}, "a_secret": {}}"#,
    ));
    let lists = |name: &str, category| policy.lists(Subject::Tool, name, category);
    assert!(lists("wipe", None), "an explicit denial stays visible, so that the agent can be told why");
    assert!(lists("get_x", None));
    assert!(lists("other", Some(Category::Read)));
    assert!(!lists("other", Some(Category::Write)));
    assert!(!lists("other", None));
    assert!(!lists("a_secret", Some(Category::Read)));
    assert!(!lists("get_secret", None));
    assert!(!policy.lists(Subject::Prompt, "get_x", None));
}

#[test]
fn a_hidden_tool_is_told_of_as_if_it_did_not_exist() {
    let policy = compile(&document(r#""default": "allow", "hide": ["x"]"#));
    let call = Call { subject: Subject::Tool, name: "x", arguments: None };
    let policy::Decision::Deny(denial) = decide(Some(&policy), &call, &Context { ..context() }) else {
        panic!("hidden")
    };
    assert!(denial.hidden);
    assert_eq!(denial.message, "Unknown tool: x");
}
