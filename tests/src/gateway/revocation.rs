//! What is taken away is gone at once, on every gateway, without anybody asking the gateways to look.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use testkit::agent::{denied, text};

use crate::world::{ALLOW_ALL, World, upstream};

/// The promise is one second; a machine that runs all tests at once is given more.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_revoked_token_and_a_stricter_policy_act_at_once_on_all_gateways() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let node = world.product.gateway(None).await.unwrap();
    let account = world.account("revoke@example.com").await;
    let here = account.ready("files", &upstream.url, ALLOW_ALL).await.unwrap().initialize().await.unwrap();
    let there = here.at(&node.url);
    for agent in [&here, &there] {
        assert!(!text(&agent.call("read", &json!({})).await.unwrap()).is_empty());
    }

    let published = account.policy("files", r#"{ "version": "1", "default": "deny" }"#).await.unwrap();
    assert_eq!(published.status, 201, "{}", published.text());
    let since = Instant::now();
    for agent in [&here, &there] {
        while !denied(&agent.call("read", &json!({})).await.unwrap()) {
            assert!(since.elapsed() < SOON, "the old policy still answers");
        }
    }

    let identities = account.get(&format!("/teams/{}/identities", account.team)).await.unwrap().json();
    let identity = identities["identities"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/teams/{}/identities/{identity}/tokens", account.team);
    let tokens = account.get(&path).await.unwrap().json();
    let token = tokens["tokens"][0]["id"].as_str().unwrap();
    account.send(Method::DELETE, &format!("{path}/{token}"), &Value::Null).await.unwrap();
    let since = Instant::now();
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    for agent in [&here, &there] {
        loop {
            let answer = agent.post(&ping, &[]).await.unwrap();
            if answer.status == 401 {
                assert!(answer.header("www-authenticate").starts_with("Bearer"));
                break;
            }
            assert!(since.elapsed() < SOON, "the revoked token still works: {}", answer.text());
        }
    }
}
