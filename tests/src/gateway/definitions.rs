//! Pinned definitions: a tool that is not what people accepted is neither listed nor called, on any gateway, until they accept it.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use testkit::account::Account;
use testkit::agent::{Agent, decision, denied};
use testkit::upstream::Upstream;

use crate::world::World;

/// The promise is one second; a machine that runs all tests at once is given more.
const SOON: Duration = Duration::from_secs(5);
const ALLOW: &str = r#"{ "version": "1", "default": "allow" }"#;

fn pay(description: &str) -> Value {
    let amount = json!({ "amount": { "type": "number", "enum": [1, 2] } });
    json!({ "name": "pay", "description": description, "inputSchema": { "type": "object", "properties": amount } })
}

fn list() -> Value {
    json!({ "name": "list_notes", "description": "Lists notes", "inputSchema": { "type": "object" } })
}

async fn upstream(tools: Value) -> Upstream {
    Upstream::builder().tools(tools.to_string()).start().await.unwrap()
}

async fn refusal(agent: &Agent, tool: &str) -> Option<String> {
    let answer = agent.call(tool, &json!({ "amount": 1 })).await.unwrap();
    denied(&answer).then(|| decision(&answer)["rule"].as_str().unwrap_or_default().to_owned())
}

async fn becomes(agent: &Agent, tool: &str, rule: Option<&str>) {
    let since = Instant::now();
    loop {
        let found = refusal(agent, tool).await;
        if found.as_deref() == rule {
            return;
        }
        assert!(since.elapsed() < SOON, "{tool} is still answered by {found:?}");
    }
}

async fn tool(account: &Account, name: &str) -> Value {
    let tools = account.get("/servers/notes/tools").await.unwrap().json();
    let found = tools["tools"].as_array().unwrap().iter().find(|tool| tool["name"] == name);
    found.unwrap().clone()
}

#[tokio::test]
async fn sec_08_a_definition_that_nobody_accepted_is_neither_listed_nor_called() {
    let upstream = upstream(json!([pay("Pays a bill"), list()])).await;
    let world = World::new().await;
    let node = world.product.gateway(None).await.unwrap();
    let account = world.account("pinned@example.com").await;
    let here = account.ready("notes", &upstream.url, ALLOW).await.unwrap().initialize().await.unwrap();
    let there = here.at(&node.url);
    account.send(Method::PATCH, "/servers/notes", &json!({ "pinned": true })).await.unwrap();
    for agent in [&here, &there] {
        assert_eq!(agent.tools().await.unwrap(), ["pay", "list_notes"]);
        becomes(agent, "pay", None).await;
        // What was never listed was never accepted either.
        becomes(agent, "transfer", Some("(definition changed)")).await;
    }

    // One invisible character more, and a tool that is new.
    let new = json!({ "name": "wipe", "description": "Wipes", "inputSchema": { "type": "object" } });
    upstream.offer(&json!([pay("Pays a bill\u{200b}"), list(), new]).to_string()).unwrap();
    // What agents see is compared at once; what they call, as soon as the server has been listed again.
    assert_eq!(here.tools().await.unwrap(), ["list_notes"]);
    account.send(Method::POST, "/servers/notes/discover", &json!({})).await.unwrap();
    for agent in [&here, &there] {
        becomes(agent, "pay", Some("(definition changed)")).await;
        becomes(agent, "wipe", Some("(definition changed)")).await;
        becomes(agent, "list_notes", None).await;
        assert_eq!(agent.tools().await.unwrap(), ["list_notes"]);
    }
    let paid = upstream.calls_of("pay");
    for agent in [&here, &there] {
        assert_eq!(refusal(agent, "pay").await.as_deref(), Some("(definition changed)"));
    }
    assert_eq!((upstream.calls_of("pay"), upstream.calls_of("wipe")), (paid, 0));

    // It is shown beside what was accepted, and what was looked at is what is accepted.
    let changed = tool(&account, "pay").await;
    assert_eq!(changed["state"], "changed");
    assert_eq!(changed["accepted"]["definition"]["description"], "Pays a bill");
    assert_eq!(tool(&account, "wipe").await["state"], "new");
    let other = json!({ "tools": [{ "name": "pay", "hash": "0".repeat(64) }] });
    let refused = account.send(Method::POST, "/servers/notes/accept-definitions", &other).await;
    assert!(refused.unwrap_err().to_string().contains("409"));
    let seen = json!({ "tools": [{ "name": "pay", "hash": changed["hash"] }] });
    account.send(Method::POST, "/servers/notes/accept-definitions", &seen).await.unwrap();
    for agent in [&here, &there] {
        becomes(agent, "pay", None).await;
        assert_eq!(agent.tools().await.unwrap(), ["pay", "list_notes"]);
        assert_eq!(refusal(agent, "wipe").await.as_deref(), Some("(definition changed)"));
    }
    assert_eq!(tool(&account, "pay").await["state"], "accepted");
}

#[tokio::test]
async fn without_pinning_a_changed_definition_is_shown_and_stops_nothing() {
    let upstream = upstream(json!([pay("Pays a bill")])).await;
    let world = World::new().await;
    let account = world.account("unpinned@example.com").await;
    let agent = account.ready("notes", &upstream.url, ALLOW).await.unwrap().initialize().await.unwrap();
    upstream.offer(&json!([pay("Pays anything")]).to_string()).unwrap();
    account.send(Method::POST, "/servers/notes/discover", &json!({})).await.unwrap();
    let server = account.send(Method::PATCH, "/servers/notes", &json!({ "name": "Notes" })).await.unwrap();
    assert_eq!((&server["pinned"], &server["unaccepted"]), (&json!(false), &json!(1)));
    assert_eq!(refusal(&agent, "pay").await, None);
    assert_eq!(agent.tools().await.unwrap(), ["pay"]);
    // Switched on while a change waits, pinning holds it back at once.
    account.send(Method::PATCH, "/servers/notes", &json!({ "pinned": true })).await.unwrap();
    becomes(&agent, "pay", Some("(definition changed)")).await;
    assert!(agent.tools().await.unwrap().is_empty());
}
