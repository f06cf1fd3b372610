//! What can be said of a policy before it is in force, and of a decision after it was made.

use http::Method;
use serde_json::{Value, json};
use testkit::account::{Account, PASSWORD};
use testkit::agent::{Agent, decision, denied};

use crate::world::{World, upstream};

const SMALL: &str = r#"{"version": "1", "default": "deny", "hide": ["secret"], "tools": {"pay": {
    "require": [{"conditions": [{"path": "args.amount", "op": "lte", "value": 100}], "on_deny": "At most 100."}]
}}}"#;
const SMALLER: &str = r#"{"version": "1", "default": "deny", "tools": {"pay": {
    "require": [{"conditions": [{"path": "args.amount", "op": "lte", "value": 10}], "on_deny": "At most 10."}]
}}}"#;

async fn setting(email: &str) -> (World, Account, Agent, testkit::upstream::Upstream) {
    let upstream = upstream(&["pay", "secret"]).await;
    let world = World::new().await;
    let account = world.account(email).await;
    let agent = account.ready("bank", &upstream.url, SMALL).await.unwrap().initialize().await.unwrap();
    (world, account, agent, upstream)
}

async fn pay(agent: &Agent, amount: u32) -> Value {
    agent.call("pay", &json!({"amount": amount})).await.unwrap()
}

/// Makes a call until a setting that was just changed shows in what comes of it.
async fn until(mut seen: impl AsyncFnMut() -> bool) {
    let since = std::time::Instant::now();
    while !seen().await {
        assert!(
            since.elapsed() < std::time::Duration::from_secs(10),
            "the setting does not reach the gateway"
        );
    }
}

/// The lines that a replay of the last day answers.
async fn replay(account: &Account, document: &str) -> Vec<Value> {
    let path = format!("/v1/orgs/{}/servers/bank/replay", account.org);
    let body = json!({"document": document, "days": 1});
    let answer = account.http.json(Method::POST, &path, &account.access, &body).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn values_are_kept_only_where_the_organisation_asks_and_a_replay_tells_what_it_knows() {
    let (_world, account, agent, _upstream) = setting("replay@example.com").await;
    assert!(!denied(&pay(&agent, 50).await));
    assert!(denied(&pay(&agent, 500).await));
    let before = account.events("", 2).await.unwrap();
    let lines = replay(&account, SMALLER).await;
    assert_eq!(lines[0], json!({"total": 2}));
    let differing: Vec<&Value> = lines.iter().filter_map(|line| line.get("call")).collect();
    assert_eq!(differing.len(), 2, "{lines:?}");
    for call in &differing {
        assert_eq!(
            (&call["effect"], &call["unknown"]),
            (&json!("undecidable"), &json!(["args.amount"])),
            "{call}"
        );
    }
    // What was in force decides every call as it did.
    assert_eq!(replay(&account, SMALL).await.last().unwrap()["summary"]["same"], 2);
    let event = account.get(&format!("/events/{}", before[0]["id"].as_str().unwrap())).await.unwrap().json();
    assert_eq!(event["explanation"]["agrees"], true, "{event}");
    let steps = event["explanation"]["trace"]["steps"].as_array().unwrap();
    assert_eq!(steps.last().unwrap()["conditions"][0]["answer"], "undecidable");

    let org = account.send(Method::PATCH, "", &json!({"capture_arguments": true})).await.unwrap();
    assert_eq!((&org["capture_arguments"], &org["explain_denials"]), (&json!(true), &json!(false)));
    let mut calls = 2;
    let mut newest = Value::Null;
    until(async || {
        pay(&agent, 51).await;
        calls += 1;
        let id = account.events("", calls).await.unwrap()[0]["id"].as_str().unwrap().to_owned();
        newest = account.get(&format!("/events/{id}?values=true")).await.unwrap().json();
        newest.get("values").is_some()
    })
    .await;
    assert_eq!(newest["values"], json!({"arguments": {"amount": 51}}));
    let steps = newest["explanation"]["trace"]["steps"].as_array().unwrap();
    let require = steps.iter().find(|step| step["step"] == "require").unwrap();
    assert_eq!(
        (&require["conditions"][0]["found"], &require["conditions"][0]["answer"]),
        (&json!([51]), &json!("holds"))
    );
    let id = newest["id"].as_str().unwrap();
    let plain = account.get(&format!("/events/{id}")).await.unwrap().json();
    assert!(plain.get("values").is_none());
    let lines = replay(&account, SMALLER).await;
    let call = lines.iter().filter_map(|line| line.get("call")).find(|call| call["event"] == id).unwrap();
    assert_eq!((&call["effect"], &call["rules"]), (&json!("would_deny"), &json!(["/tools/pay/require/0"])));
    assert_eq!(call["message"], "At most 10.");
}

/// Runs `policylayer policy replay` over the last day; what it prints on both outputs.
async fn replay_by_command(account: &Account, document: &str, extra: &[&str]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let draft = folder.path().join("draft.json");
    std::fs::write(&draft, document).unwrap();
    let api = account.http.base.as_str();
    let mut command =
        testkit::product::command(&["policy", "replay", "--server", "bank", "--days", "1"]).unwrap();
    command.args(["--api", api]).arg(&draft).args(extra).env("POLICYLAYER_PASSWORD", PASSWORD);
    let output = command.output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_command_line_names_exactly_the_recorded_calls_that_a_draft_changes() {
    let email = "command@example.com";
    let (_world, account, agent, _upstream) = setting(email).await;
    pay(&agent, 50).await;
    agent.call("secret", &json!({})).await.unwrap();
    agent.call("pay", &json!({})).await.unwrap();
    let before = account.events("", 3).await.unwrap();
    let draft = r#"{"version": "1", "default": "deny", "tools": {"secret": {}, "pay": {
        "require": [{"conditions": [{"path": "args.amount", "op": "exists"}], "on_deny": "Say how much."}],
        "deny_if": [{"conditions": [{"path": "args.amount", "op": "exists"}], "on_deny": "No more."}]}}}"#;
    let (out, log) = replay_by_command(&account, draft, &["--email", email, "--json"]).await;
    let replay: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{log}"));
    let named: Vec<_> =
        replay["calls"].as_array().unwrap().iter().map(|call| (&call["event"], &call["effect"])).collect();
    // The newest event comes first in the log, and last in a replay; the call without an amount is refused as before.
    assert_eq!(
        named,
        [(&before[2]["id"], &json!("would_deny")), (&before[1]["id"], &json!("would_allow"))],
        "{out}"
    );
    assert_eq!((&replay["summary"]["calls"], &replay["summary"]["same"]), (&json!(3), &json!(1)));
    let (out, log) = replay_by_command(&account, draft, &["--token", &account.access]).await;
    let lines: Vec<&str> = out.lines().collect();
    assert!(
        lines[1].contains("pay")
            && lines[1].contains("/tools/pay/deny_if/0")
            && lines[1].contains("No more."),
        "{out}{log}"
    );
    assert!(lines[2].contains("secret") && lines[2].contains("not (hidden)"), "{out}");
    assert!(
        lines[4].starts_with("3 calls from")
            && lines[4].contains("1 the same, 1 would be refused, 1 would pass"),
        "{out}"
    );
    assert_eq!(log, "", "no progress bar without a terminal");
    let (out, log) = replay_by_command(&account, "{}", &["--token", &account.access]).await;
    assert!(out.is_empty() && log.contains("missing_field") | log.contains("invalid_policy"), "{log}");
}

#[tokio::test]
async fn agents_are_told_how_a_denial_came_about_where_the_organisation_says_so() {
    let (_world, account, agent, _upstream) = setting("trace@example.com").await;
    let answer = pay(&agent, 500).await;
    assert!(decision(&answer).get("trace").is_none(), "{answer}");
    account.send(Method::PATCH, "", &json!({"explain_denials": true})).await.unwrap();
    let mut told = Value::Null;
    until(async || {
        told = decision(&pay(&agent, 500).await);
        told.get("trace").is_some()
    })
    .await;
    assert_eq!((&told["trace"]["rule"], &told["trace"]["message"]), (&told["rule"], &told["message"]));
    let step = told["trace"]["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(step["conditions"][0]["found"], json!([500]));
    let hidden = agent.call("secret", &json!({})).await.unwrap();
    assert!(!hidden.to_string().contains("trace"), "{hidden}");
}
