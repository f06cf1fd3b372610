//! What roles may do where one operation is open to several of them in part.

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
