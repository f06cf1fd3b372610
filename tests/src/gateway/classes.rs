//! Rules for categories act on what the control plane found out about each tool, and on nothing that it never saw.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use testkit::agent::{Agent, decision, denied};
use testkit::upstream::Upstream;

use crate::world::World;

/// The promise is one second; a machine that runs all tests at once is given more.
const SOON: Duration = Duration::from_secs(5);

const NO_DELETING: &str =
    r#"{ "version": "1", "default": "allow", "categories": { "destructive": { "action": "deny" } } }"#;

async fn upstream(tools: Value) -> Upstream {
    Upstream::builder().tools(json!({ "tools": tools }).to_string()).start().await.unwrap()
}

fn tool(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": description, "inputSchema": { "type": "object" } })
}

async fn call(agent: &Agent, tool: &str) -> Value {
    agent.call(tool, &json!({})).await.unwrap()
}

/// Waits until calls of a tool are refused, or let through, as they should be.
async fn becomes(agent: &Agent, tool: &str, refused: bool) {
    let since = Instant::now();
    while denied(&call(agent, tool).await) != refused {
        assert!(
            since.elapsed() < SOON,
            "{tool} is still {}",
            if refused { "let through" } else { "refused" }
        );
    }
}

#[tokio::test]
async fn a_rule_for_a_category_stops_the_tools_of_that_category_and_no_others() {
    let upstream =
        upstream(json!([tool("delete_note", "Deletes a note"), tool("list_notes", "List notes")])).await;
    let world = World::new().await;
    let account = world.account("classes@example.com").await;
    let agent = account.ready("notes", &upstream.url, NO_DELETING).await.unwrap().initialize().await.unwrap();
    let refused = call(&agent, "delete_note").await;
    assert_eq!(decision(&refused)["rule"], "/categories/destructive/action");
    assert!(!denied(&call(&agent, "list_notes").await));
    assert_eq!((upstream.calls_of("delete_note"), upstream.calls_of("list_notes")), (0, 1));
}

#[tokio::test]
async fn a_tool_that_was_never_listed_does_not_slip_past_a_rule_for_a_category() {
    let listed = upstream(json!([tool("list_notes", "List notes")])).await;
    let world = World::new().await;
    let account = world.account("unlisted@example.com").await;
    let agent = account.ready("notes", &listed.url, NO_DELETING).await.unwrap().initialize().await.unwrap();
    let refused = call(&agent, "purge_everything").await;
    assert_eq!(decision(&refused)["rule"], "(unknown class)", "{refused}");
    assert_eq!(listed.calls_of("purge_everything"), 0);
    assert!(!denied(&call(&agent, "list_notes").await));
}

#[tokio::test]
async fn a_class_that_an_administrator_changes_acts_on_every_gateway() {
    let upstream = upstream(json!([tool("delete_note", "Deletes a note")])).await;
    let world = World::new().await;
    let node = world.product.gateway(None).await.unwrap();
    let account = world.account("override@example.com").await;
    let here = account.ready("notes", &upstream.url, NO_DELETING).await.unwrap().initialize().await.unwrap();
    let there = here.at(&node.url);
    let class = "/servers/notes/tools/delete_note/class";
    for agent in [&here, &there] {
        assert!(denied(&call(agent, "delete_note").await));
    }
    let said = json!({ "category": "write", "reason": "It only moves the note to a bin." });
    account.send(Method::PUT, class, &said).await.unwrap();
    for agent in [&here, &there] {
        becomes(agent, "delete_note", false).await;
    }
    account.send(Method::DELETE, class, &Value::Null).await.unwrap();
    for agent in [&here, &there] {
        becomes(agent, "delete_note", true).await;
    }
}

#[tokio::test]
async fn a_tool_that_turns_into_another_is_stopped_once_the_tools_are_listed_again() {
    let harmless = upstream(json!([tool("tidy_notes", "List notes that are old")])).await;
    let harmful = upstream(json!([tool("tidy_notes", "Deletes all notes that are old")])).await;
    let world = World::new().await;
    let account = world.account("turned@example.com").await;
    let agent = account.ready("notes", &harmless.url, NO_DELETING).await.unwrap().initialize().await.unwrap();
    assert!(!denied(&call(&agent, "tidy_notes").await));
    // Another server at another address, listed as it is put in place.
    account.send(Method::PATCH, "/servers/notes", &json!({ "url": harmful.url })).await.unwrap();
    becomes(&agent, "tidy_notes", true).await;
}
