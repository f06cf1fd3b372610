//! With nothing but the product itself: mails that can be read, and a server to try policies on.

use http::Method;
use serde_json::{Value, json};
use testkit::account::Account;
use testkit::agent::{decision, denied, text};

use crate::world::World;

/// The link that proves an address, out of the mails that this installation shows.
async fn mailed_token(world: &World, to: &str) -> String {
    loop {
        let mails = world.product.http().get("/v1/dev/mails", "").await.unwrap().json();
        let theirs = mails["mails"].as_array().unwrap().iter().find(|mail| mail["to"] == to);
        if let Some(link) = theirs.and_then(|mail| mail["link"].as_str()) {
            return link.split_once("#token=").unwrap().1.to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_address_is_confirmed_with_the_mail_that_the_installation_itself_shows() {
    let world = World::new().await;
    let account = world.account("first@example.com").await;
    let offered = account.http.get("/v1/installation", "").await.unwrap().json();
    assert_eq!(offered, json!({ "sample_server": true, "dev_mails": true }));
    let token = mailed_token(&world, "first@example.com").await;
    let confirmed = account.http.json(Method::POST, "/v1/verify-email", "", &json!({ "token": token })).await;
    assert_eq!(confirmed.unwrap().status, 204);
    let one = account.http.get("/v1/dev/mails", "").await.unwrap().json()["mails"][0].clone();
    let path = format!("/v1/dev/mails/{}", one["id"].as_str().unwrap());
    assert_eq!(account.http.get(&path, "").await.unwrap().json(), one);
    for headers in [[("host", "evil.example")], [("x-forwarded-for", "192.0.2.1")]] {
        let answer = account.http.send(Method::GET, "/v1/dev/mails", &headers, "").await.unwrap();
        assert_eq!(answer.status, 404, "{headers:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_sample_server_has_a_tool_of_every_kind_and_is_governed_like_any_other() {
    let world = World::new().await;
    let account = world.account("sample@example.com").await;
    let added = account.send(Method::POST, "/sample-server", &Value::Null).await.unwrap();
    assert_eq!((&added["slug"], &added["discovery"]["era"]), (&json!("sample"), &json!("modern")));
    assert_eq!(account.send(Method::POST, "/sample-server", &Value::Null).await.unwrap()["id"], added["id"]);
    let tools = account.get("/servers/sample/tools").await.unwrap().json();
    let mut kinds: Vec<_> =
        tools["tools"].as_array().unwrap().iter().map(|tool| tool["category"].clone()).collect();
    kinds.sort_by_key(Value::to_string);
    kinds.dedup();
    assert_eq!(kinds, ["destructive", "execute", "financial", "other", "read", "write"]);

    let policy = r#"{ "version": "1", "default": "deny", "tools": {
        "search_orders": { "rate_limit": { "max": 2, "window": "minute" } },
        "delete_customer": {} } }"#;
    assert_eq!(account.policy("sample", policy).await.unwrap().status, 201);
    let agent = account.agent("reader", "sample").await.unwrap().initialize().await.unwrap();
    assert_eq!(agent.tools().await.unwrap(), ["search_orders", "delete_customer"]);
    let search = json!({ "customer": "c-101" });
    for _ in 0..2 {
        let found = agent.call("search_orders", &search).await.unwrap();
        assert!(text(&found).contains("A Field Guide to Lighthouses"), "{found}");
    }
    let third = agent.call("search_orders", &search).await.unwrap();
    assert!(denied(&third) && decision(&third)["rule"] == "/tools/search_orders/rate_limit", "{third}");

    // What one organisation does to its copy, another does not see.
    agent.call("delete_customer", &search).await.unwrap();
    let other: Account = world.account("neighbour@example.com").await;
    other.send(Method::POST, "/sample-server", &Value::Null).await.unwrap();
    other.policy("sample", crate::world::ALLOW_ALL).await.unwrap();
    let neighbour = other.agent("reader", "sample").await.unwrap().initialize().await.unwrap();
    let found = neighbour.call("search_orders", &search).await.unwrap();
    assert!(text(&found).contains("A Field Guide to Lighthouses"), "{found}");
}
