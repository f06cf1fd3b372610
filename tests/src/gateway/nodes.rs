//! Several gateways: one count, whatever the node; and what they do without the control plane.

use serde_json::json;
use testkit::agent::{decision, denied};
use testkit::redis::Redis;

use crate::world::{World, upstream};

const TWENTY_A_DAY: &str = r#"{ "version": "1", "default": "deny", "tools": { "pay": {
    "limits": [{ "counter": "pay", "window": "day", "max": 20, "scope": "grant" }] } } }"#;

#[tokio::test]
async fn two_gateways_over_one_redis_let_through_exactly_what_the_limit_says() {
    let redis = Redis::start().unwrap();
    let upstream = upstream(&["pay"]).await;
    let world = World::with(&["--redis-url", &redis.url()]).await;
    let nodes = [
        world.product.gateway(Some(&redis.url())).await.unwrap(),
        world.product.gateway(Some(&redis.url())).await.unwrap(),
    ];
    let account = world.account("nodes@example.com").await;
    let agent = account.ready("bank", &upstream.url, TWENTY_A_DAY).await.unwrap().initialize().await.unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..60 {
        let agent = agent.at(&nodes[number % 2].url);
        calls.spawn(async move { agent.call("pay", &json!({})).await.unwrap() });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.iter().filter(|answer| !denied(answer)).count(), 20);
    assert_eq!(upstream.calls_of("pay"), 20);
    let over = answers.iter().find(|answer| denied(answer)).unwrap();
    assert_eq!(decision(over)["rule"], "/tools/pay/limits/0");
    assert!(decision(over)["retry_after_ms"].is_u64());
}

#[tokio::test]
async fn without_its_counters_a_gateway_refuses() {
    let redis = Redis::start().unwrap();
    let upstream = upstream(&["pay"]).await;
    let world = World::with(&["--redis-url", &redis.url()]).await;
    let account = world.account("outage@example.com").await;
    let agent = account.ready("bank", &upstream.url, TWENTY_A_DAY).await.unwrap().initialize().await.unwrap();
    assert!(!denied(&agent.call("pay", &json!({})).await.unwrap()));
    drop(redis);
    let answer = agent.call("pay", &json!({})).await.unwrap();
    assert!(denied(&answer), "{answer}");
    assert_eq!(upstream.calls_of("pay"), 1);
}

#[tokio::test]
async fn a_gateway_goes_on_with_what_it_knows_when_the_control_plane_is_gone() {
    let upstream = upstream(&["pay"]).await;
    let mut world = World::new().await;
    let node = world.product.gateway(None).await.unwrap();
    let account = world.account("alone@example.com").await;
    let agent = account.ready("bank", &upstream.url, TWENTY_A_DAY).await.unwrap();
    let known = agent.at(&node.url).initialize().await.unwrap();
    assert!(!denied(&known.call("pay", &json!({})).await.unwrap()));
    world.product.kill().await.unwrap();
    assert!(!denied(&known.call("pay", &json!({})).await.unwrap()));
    let stranger = testkit::agent::Agent::new(&format!("{}/t/a/b/mcp/c", node.url), "plt_nonsense");
    assert_eq!(stranger.post("{}", &[]).await.unwrap().status, 401);
}
