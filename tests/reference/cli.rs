//! `policylayer policy decide` beside the plain reading: a few cases, line by line.

use std::fs::File;
use std::process::{Command, Stdio};

use super::broken::accepted;
use super::compare::{Case, case};
use super::json::Json;
use super::judge::judge;
use super::limit::Spent;
use super::situation::{Kind, Situation};

/// Documents; a process for each.
const DOCUMENTS: usize = 40;

/// The line that says what a situation is.
fn line(call: &Situation) -> String {
    let quoted = |text: &str| Json::Text(text.to_owned()).to_string();
    let labels = call.labels.iter().map(|(key, label)| (key.clone(), Json::Text(label.clone()))).collect();
    let mut context = vec![
        ("time_ms", call.time.to_string()),
        ("grant", quoted(call.grant)),
        ("session", quoted(call.session)),
        ("team", quoted(call.team)),
        ("server", quoted(call.server)),
        ("org", quoted(call.org)),
    ];
    let mut identity = format!(
        r#"{{"id": "{}", "kind": "{}", "label": "{}", "labels": {}"#,
        call.identity,
        call.identity_kind,
        call.label,
        Json::Object(labels)
    );
    if let Some(email) = call.email {
        identity += &format!(r#", "email": "{email}""#);
    }
    context.push(("identity", identity + "}"));
    let client =
        call.client.map(|(name, version)| format!(r#"{{"name": "{name}", "version": "{version}"}}"#));
    context.extend(client.map(|client| ("client", client)));
    context.extend(call.category.map(|category| ("category", quoted(category))));
    context.extend(call.risk.map(|risk| ("risk", quoted(risk))));
    context.extend(call.annotations.map(|annotations| ("annotations", annotations.to_owned())));
    let context: Vec<String> = context.iter().map(|(key, value)| format!(r#""{key}": {value}"#)).collect();
    let arguments = call.arguments.as_deref().map(|text| format!(r#""arguments": {text}, "#));
    let (tool, arguments) = (quoted(&call.name), arguments.unwrap_or_default());
    format!(r#"{{"tool": {tool}, {arguments}"context": {{{}}}}}"#, context.join(", "))
}

/// What a line can say: a tool's call under a policy, with a team's one name and a risk where there is a class.
fn sayable(call: Situation) -> Option<Situation> {
    let risk = call.risk.or(call.category.map(|_| "low"));
    let said = call.kind == Kind::Tool && call.has_policy && call.enabled && !call.definition_changed;
    said.then_some(Situation { team_id: call.team, risk, ..call })
}

/// What the command prints for the calls of a case.
fn printed(case: &Case) -> Vec<Json> {
    let folder = tempfile::tempdir().unwrap();
    let (policy, input) = (folder.path().join("policy.json"), folder.path().join("calls.jsonl"));
    let lines: Vec<String> = case.calls.iter().map(line).collect();
    std::fs::write(&policy, case.document.to_string()).unwrap();
    std::fs::write(&input, lines.join("\n")).unwrap();
    let mut command = Command::new(testkit::product::binary().unwrap());
    command.args(["policy", "decide", "--policy"]).arg(&policy);
    let output = command.stdin(File::open(&input).unwrap()).stderr(Stdio::null()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.lines().map(|line| Json::parse(line).unwrap()).collect()
}

#[test]
fn the_command_line_decides_as_a_plain_reading_does() {
    let cases = (0..).filter_map(case).filter(|case| accepted(&case.document.to_string()));
    for mut case in cases.take(DOCUMENTS) {
        case.calls = case.calls.into_iter().filter_map(sayable).collect();
        let printed = printed(&case);
        assert_eq!(printed.len(), case.calls.len(), "lines out for lines in\n{case}");
        let mut history = Vec::new();
        for (call, decision) in case.calls.iter().zip(&printed) {
            let expected = judge(&case.document, call, &history);
            assert_eq!(
                decision.text("rule"),
                Some(expected.rule.as_str()),
                "{decision} for {call:?}\n{case}"
            );
            let outcome = if expected.rule.is_empty() { "allow" } else { "deny" };
            assert_eq!(decision.text("outcome"), Some(outcome), "{decision} for {call:?}\n{case}");
            if let Some(message) = &expected.message {
                assert_eq!(decision.text("message"), Some(message.as_str()), "{call:?}\n{case}");
            }
            history.extend(expected.charges.into_iter().map(|charge| Spent { time: call.time, charge }));
        }
    }
}
