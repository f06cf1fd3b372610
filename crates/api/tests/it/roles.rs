//! What roles may do where one operation is open to several of them in part.

use http::Method;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_policy_manager_attaches_policies_but_does_not_lengthen_grants() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let manager = world.person("manager@example.com").await;
    world.join(&manager, &owner.org, "policy_manager").await;
    let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&owner.at("/servers"), &owner.access, body).await.ok();
    let grants = owner.at("/teams/default/grants");
    let grant = world.post(&grants, &owner.access, json!({"identity": null, "server": "one"})).await.ok();
    let path = format!("{grants}/{}", grant["id"].as_str().unwrap());
    let document = r#"{"version": "1", "default": "deny"}"#;
    world.put(&owner.at("/servers/one/policies/main"), &manager.access, document).await.ok();
    assert_eq!(world.patch(&path, &manager.access, json!({"policy": "main"})).await.ok()["policy"], "main");
    assert_eq!(world.patch(&path, &manager.access, json!({"expires_at": null})).await.code(), "forbidden");
}

#[tokio::test]
async fn how_long_gateways_go_on_alone_is_the_organisations_to_say_within_bounds() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let patch = async |seconds: u32| {
        let body = json!({"max_staleness_s": seconds}).to_string();
        world.send(Method::PATCH, &owner.at(""), Some(&owner.access), Some(&body)).await
    };
    assert_eq!(patch(60).await.ok()["max_staleness_s"], 60);
    for seconds in [0, 4, 604_801, u32::MAX] {
        assert_eq!(patch(seconds).await.code(), "invalid_request", "{seconds}");
    }
    assert_eq!(world.get(&owner.at(""), &owner.access).await.ok()["max_staleness_s"], 60);
    let changes = world.get(&owner.at("/changes"), &owner.access).await.ok();
    let change = &changes["changes"][0];
    assert_eq!(
        (&change["before"]["max_staleness_s"], &change["after"]["max_staleness_s"]),
        (&json!(86_400), &json!(60))
    );
}
