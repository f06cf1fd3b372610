//! Classes of tools: found when a server's tools are listed, changed by administrators, used for recommendations.

use serde_json::{Value, json};
use testkit::upstream::Upstream;

use crate::world::{Person, World};

const TOOLS: &str = r#"{"tools": [
    {"name": "delete_note", "description": "Deletes a note", "inputSchema": {"type": "object"}},
    {"name": "list_notes", "description": "List notes", "inputSchema": {"type": "object"}},
    {"name": "pay_bill", "description": "Pay a bill", "inputSchema": {"type": "object"}}
]}"#;

async fn registered(world: &World, person: &Person) -> Upstream {
    let upstream = Upstream::builder().tools(TOOLS).start().await.unwrap();
    let body = json!({"name": "notes", "url": upstream.url});
    world.post(&person.at("/servers"), &person.access, body).await.ok();
    upstream
}

/// The tool of this name, as the list shows it.
async fn tool(world: &World, person: &Person, name: &str) -> Value {
    let tools = world.get(&person.at("/servers/notes/tools"), &person.access).await.ok();
    let tools = tools["tools"].as_array().unwrap().clone();
    tools.into_iter().find(|tool| tool["name"] == name).expect("the tool")
}

#[tokio::test]
async fn listed_tools_have_a_class_with_the_words_that_say_so() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let _upstream = registered(&world, &alice).await;
    let tool = tool(&world, &alice, "delete_note").await;
    assert_eq!((&tool["category"], &tool["risk"]), (&json!("destructive"), &json!("critical")));
    assert!(tool["confidence"].as_f64().unwrap() > 0.9, "{tool}");
    assert_eq!(tool["evidence"][0], json!({"field": "name", "quote": "delete", "signal": "destroys"}));
    assert!(tool.get("override").is_none());
}

#[tokio::test]
async fn an_administrator_says_what_a_tool_does_and_takes_it_back() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let _upstream = registered(&world, &alice).await;
    let path = alice.at("/servers/notes/tools/delete_note/class");
    let said = json!({"category": "write", "reason": "Moves the note to a bin."});
    let answer = world.put(&path, &alice.access, &said.to_string()).await.ok();
    assert_eq!((&answer["category"], &answer["risk"]), (&json!("write"), &json!("medium")));
    let kept = tool(&world, &alice, "delete_note").await;
    assert_eq!(kept["override"]["reason"], "Moves the note to a bin.");
    assert_eq!(kept["override"]["outdated"], false);
    assert_eq!(kept["evidence"][0]["signal"], "destroys", "what was found is still told");

    let bad = world.put(&path, &alice.access, r#"{"category": "write", "reason": " "}"#).await;
    assert_eq!(bad.json()["problems"][0]["pointer"], "/reason");
    let unknown = alice.at("/servers/notes/tools/none/class");
    assert_eq!(world.put(&unknown, &alice.access, &said.to_string()).await.code(), "not_found");

    let answer = world.delete(&path, &alice.access).await.ok();
    assert_eq!(answer["category"], "destructive");
    world.delete(&path, &alice.access).await.ok();
    let org = world.get(&alice.at(""), &alice.access).await.ok()["id"].as_str().unwrap().parse().unwrap();
    let all = store::AdminEventFilter { limit: 100, ..Default::default() };
    let events = world.store.begin(org).await.unwrap().admin_events(&all).await.unwrap();
    let told: Vec<_> = events.iter().filter(|event| event.event.action == "tool.classify").collect();
    assert_eq!(told.len(), 2, "{told:?}");
}

#[tokio::test]
async fn a_servers_recommended_policy_can_be_published_as_it_is() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let _upstream = registered(&world, &alice).await;
    let view = world.get(&alice.at("/servers/notes/recommended-policy"), &alice.access).await.ok();
    let effects: Vec<_> =
        view["reasons"].as_array().unwrap().iter().map(|reason| &reason["effect"]).collect();
    assert_eq!(effects, ["hidden", "allowed", "asks a person each time"]);
    let document = view["document"].as_str().unwrap();
    let path = alice.at("/servers/notes/policies/main");
    let published = world.put(&path, &alice.access, document).await.ok();
    assert_eq!(published["warnings"], json!([]));

    let said = json!({"category": "read", "reason": "x"}).to_string();
    world.put(&alice.at("/servers/notes/tools/delete_note/class"), &alice.access, &said).await.ok();
    let view = world.get(&alice.at("/servers/notes/recommended-policy"), &alice.access).await.ok();
    assert_eq!(view["reasons"][0]["effect"], "allowed");
}

#[tokio::test]
async fn an_allowing_policy_is_warned_of_the_dangerous_tools_that_it_leaves_open() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let _upstream = registered(&world, &alice).await;
    let path = alice.at("/servers/notes/policies/main");
    let published = world.put(&path, &alice.access, r#"{"version": "1", "default": "allow"}"#).await.ok();
    let warnings = published["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 2, "{published}");
    assert!(warnings.iter().all(|warning| warning["code"] == "unguarded_tool"));
}

#[tokio::test]
async fn a_call_of_a_tool_of_unknown_class_is_explained_as_the_gateway_decides_it() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let _upstream = registered(&world, &alice).await;
    let path = alice.at("/servers/notes/explain");
    let document =
        json!({"version": "1", "default": "allow", "categories": {"destructive": {"action": "deny"}}});
    for (tool, rule) in [
        ("unlisted", "(unknown class)"),
        ("delete_note", "/categories/destructive/action"),
        ("list_notes", ""),
    ] {
        let body = json!({"document": document, "call": {"tool": tool}});
        let told = world.post(&path, &alice.access, body).await.ok();
        assert_eq!(told["rule"], rule, "{told}");
        assert_eq!(told["trace"]["rule"], rule, "{told}");
    }
}
