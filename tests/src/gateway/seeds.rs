//! The policies of the three public pages that the product began with, byte for byte, each on its real tool list.

use serde_json::{Value, json};
use testkit::agent::{decision, denied, text};
use testkit::redis::Redis;
use testkit::upstream::Upstream;

use crate::world::{World, shared};

/// The policy that a page recommends: the JSON document after the line `policy.json`.
fn policy(page: &str) -> Option<String> {
    let page = std::fs::read_to_string(shared(page)?).unwrap();
    let document = page.split_once("policy.json\n").unwrap().1;
    let mut documents = serde_json::Deserializer::from_str(document).into_iter::<Value>();
    documents.next().unwrap().unwrap();
    Some(document[..documents.byte_offset()].to_owned())
}

/// A page: its text, the real list of its server's tools, its tool, and how often that passes in a minute (always,
/// when there is no limit).
struct Page {
    text: &'static str,
    list: &'static str,
    tool: &'static str,
    max: Option<usize>,
}

const DELIVERY: Page = Page {
    text: "seeds/000_e3a8f6b79c96f755.txt",
    list: "data/tools-list/sperax__sperax-crypto-mcp.all-modules.json",
    tool: "BinanceDeliveryCloseListenKey",
    max: Some(60),
};
const FUTURES: Page = Page {
    text: "seeds/001_d3d74ee713d1187f.txt",
    list: "data/tools-list/nirholas__binance-mcp.all-modules.json",
    tool: "BinanceFuturesCloseListenKey",
    max: Some(30),
};
const CLEANUP: Page = Page {
    text: "seeds/002_ed9b6521e64cd325.txt",
    list: "data/tools-list/tienan92it__binance-mcp.json",
    tool: "cleanup_all_streams",
    max: None,
};

/// Enforces a page's policy in one process that counts in memory.
async fn alone(page: Page) {
    let world = World::new().await;
    enforce(page, &world, std::slice::from_ref(&world.product.url)).await;
}

/// Enforces it in two gateways that count in one Redis; calls go to them in turn.
async fn in_turn(page: Page) {
    let redis = Redis::start().unwrap();
    let world = World::with(&["--redis-url", &redis.url()]).await;
    let one = world.product.gateway(Some(&redis.url())).await.unwrap();
    let other = world.product.gateway(Some(&redis.url())).await.unwrap();
    enforce(page, &world, &[one.url.clone(), other.url.clone()]).await;
}

async fn enforce(Page { text: page, list, tool, max }: Page, world: &World, nodes: &[String]) {
    let (Some(policy), Some(list)) = (policy(page), shared(list)) else { return };
    let upstream = Upstream::builder().tools_file(&list).start().await.unwrap();
    let account = world.account("seeds@example.com").await;
    let agent = account.ready("exchange", &upstream.url, &policy).await.unwrap();
    let mut agents = Vec::new();
    for node in nodes {
        agents.push(agent.at(node).initialize().await.unwrap());
    }
    let turn = |call: usize| &agents[call % agents.len()];
    let agent = turn(0);
    assert_eq!(agent.tools().await.unwrap(), [tool], "only the tool of the page is shown");

    wait_for_a_whole_minute().await;
    for call in 1..=max.unwrap_or(70) {
        let answer = turn(call).call(tool, &json!({ "n": call })).await.unwrap();
        assert!(!denied(&answer) && !text(&answer).is_empty(), "call {call}: {answer}");
    }
    assert_eq!(upstream.calls_of(tool), max.unwrap_or(70));
    if let Some(max) = max {
        let answer = turn(1).call(tool, &json!({ "n": 0 })).await.unwrap();
        assert!(denied(&answer), "{answer}");
        let decision = decision(&answer);
        assert_eq!(decision["rule"], format!("/tools/{tool}/limits/0"));
        let retry = decision["retry_after_ms"].as_u64().unwrap();
        assert!((1..=60_000).contains(&retry), "{decision}");
        assert_eq!(upstream.calls_of(tool), max);
    }
    everything_else_is_denied(agent, &list, tool, &upstream).await;
}

async fn everything_else_is_denied(
    agent: &testkit::agent::Agent,
    list: &std::path::Path,
    tool: &str,
    upstream: &Upstream,
) {
    let list: Value = serde_json::from_slice(&std::fs::read(list).unwrap()).unwrap();
    let tools = list.get("tools").or(Some(&list)).and_then(Value::as_array).unwrap();
    let before = upstream.calls().len();
    for other in tools.iter().filter_map(|tool| tool["name"].as_str()).filter(|name| *name != tool) {
        let answer = agent.call(other, &json!({})).await.unwrap();
        assert!(denied(&answer), "{other}: {answer}");
        assert_eq!(decision(&answer)["rule"], "(default deny)", "{other}");
    }
    assert_eq!(upstream.calls().len(), before, "a denied call reached the server");
}

/// A limit per minute is counted from the minute's start: begin with enough of it left.
async fn wait_for_a_whole_minute() {
    let into_minute = || std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() % 60_000;
    while into_minute() > 45_000 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn sixty_calls_a_minute_of_the_delivery_key_pass_and_the_next_is_denied() {
    alone(DELIVERY).await;
}

#[tokio::test]
async fn thirty_calls_a_minute_of_the_futures_key_pass_and_the_next_is_denied() {
    alone(FUTURES).await;
}

#[tokio::test]
async fn cleaning_up_streams_is_unlimited() {
    alone(CLEANUP).await;
}

#[tokio::test]
async fn two_gateways_over_one_redis_let_sixty_calls_of_the_delivery_key_pass() {
    in_turn(DELIVERY).await;
}

#[tokio::test]
async fn two_gateways_over_one_redis_let_thirty_calls_of_the_futures_key_pass() {
    in_turn(FUTURES).await;
}

#[tokio::test]
async fn two_gateways_over_one_redis_do_not_limit_cleaning_up() {
    in_turn(CLEANUP).await;
}
