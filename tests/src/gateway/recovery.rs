//! Lost counters: limits are exact again, whatever was lost and whoever died, and nobody profits meanwhile.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use testkit::agent::{Agent, decision, denied, text};
use testkit::postgres::database;
use testkit::product::Product;
use testkit::redis::Redis;
use testkit::upstream::Upstream;

use crate::world::{World, upstream};

/// Long enough for a machine that runs all tests at once.
const LONG: Duration = Duration::from_secs(60);

fn per_month(max: u32) -> String {
    let limit = json!([{ "counter": "pay", "window": "month", "max": max, "scope": "org" }]);
    json!({ "version": "1", "default": "deny", "tools": { "pay": { "limits": limit } } }).to_string()
}

/// Whether a limit says that it is used up, as opposed to not known.
fn used_up(answer: &Value) -> bool {
    denied(answer) && text(answer).contains("is left and this call takes")
}

/// Calls until the limit is used up; whatever else refuses is tried again. Gives how many calls passed.
async fn spend(agents: &[Agent]) -> usize {
    let since = Instant::now();
    let mut passed = 0;
    let mut turn = agents.iter().cycle();
    loop {
        let answer = turn.next().unwrap().call("pay", &json!({})).await.unwrap();
        if used_up(&answer) {
            return passed;
        }
        passed += usize::from(!denied(&answer));
        assert!(since.elapsed() < LONG, "limits are not back: {answer}");
    }
}

/// A month's counters are lost for the month if a gateway cannot say what it took.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_gateway_whose_clock_is_wrong_says_what_it_took_all_the_same() {
    let (redis, upstream) = (Redis::start_durable().unwrap(), upstream(&["pay"]).await);
    let world = World::with(&["--redis-url", &redis.url()]).await;
    let (clock, folder) = (testkit::clock::Clock::new().unwrap(), tempfile::tempdir().unwrap());
    let node =
        world.product.gateway_by(folder.path(), Some(&redis.url()), &clock.environment()).await.unwrap();
    let account = world.account("clock@example.com").await;
    let agent = account.ready("bank", &upstream.url, &per_month(5)).await.unwrap();
    let agent = agent.at(&node.url).initialize().await.unwrap();
    for seconds in [-600, 600] {
        clock.step(seconds).unwrap();
        let answer = agent.call("pay", &json!({})).await.unwrap();
        assert!(!denied(&answer), "{answer}");
        redis.command("flushall").unwrap();
    }
    assert_eq!(spend(&[agent]).await, 3);
    assert_eq!(upstream.calls_of("pay"), 5);
}

#[tokio::test]
async fn counters_in_memory_go_on_where_they_were_after_kill_9() {
    let upstream = upstream(&["pay"]).await;
    let database = database().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut first = Product::up_over(database.url(), folder.path(), &[]).await.unwrap();
    let account = testkit::account::Account::sign_up(&first.http(), "memory@example.com").await.unwrap();
    let agent = account.ready("bank", &upstream.url, &per_month(5)).await.unwrap();
    let here = agent.at(&first.url).initialize().await.unwrap();
    for _ in 0..3 {
        let answer = here.call("pay", &json!({})).await.unwrap();
        assert!(!denied(&answer), "{answer}");
    }
    first.kill().await.unwrap();
    let mut second = Product::up_over(database.url(), folder.path(), &[]).await.unwrap();
    assert_eq!(spend(&[agent.at(&second.url).initialize().await.unwrap()]).await, 2);
    second.stop().await.unwrap();
    let third = Product::up_over(database.url(), folder.path(), &[]).await.unwrap();
    assert_eq!(spend(&[agent.at(&third.url).initialize().await.unwrap()]).await, 0);
    assert_eq!(upstream.calls_of("pay"), 5);
}

/// A control plane, two gateways that share a Redis, and an agent at each of them.
struct Pair {
    redis: Redis,
    world: World,
    upstream: Upstream,
    nodes: Vec<Product>,
    folders: Vec<tempfile::TempDir>,
    agents: Vec<Agent>,
}

impl Pair {
    async fn new(email: &str, policy: &str, tools: &[&str], extra: &[&str]) -> Self {
        let (redis, upstream) = (Redis::start().unwrap(), upstream(tools).await);
        let url = redis.url();
        let world = World::with(&[&["--redis-url", &url], extra].concat()).await;
        let account = world.account(email).await;
        let agent = account.ready("bank", &upstream.url, policy).await.unwrap();
        let (mut nodes, mut folders, mut agents) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..2 {
            let folder = tempfile::tempdir().unwrap();
            let node = world.product.gateway_in(folder.path(), Some(&url)).await.unwrap();
            agents.push(agent.at(&node.url).initialize().await.unwrap());
            nodes.push(node);
            folders.push(folder);
        }
        Self { redis, world, upstream, nodes, folders, agents }
    }

    /// Makes so many calls through the agent's gateway, all of which pass.
    async fn pass(&self, agent: usize, calls: usize) {
        for _ in 0..calls {
            let answer = self.agents[agent].call("pay", &json!({})).await.unwrap();
            assert!(!denied(&answer), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_flushed_redis_is_filled_again_and_the_limit_holds_to_the_call() {
    let pair = Pair::new("flush@example.com", &per_month(60), &["pay"], &[]).await;
    let mut passed = 0;
    for _ in 0..3 {
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..16 {
            let agent = pair.agents[number % 2].clone();
            calls.spawn(async move { agent.call("pay", &json!({})).await.unwrap() });
        }
        // In the middle of them.
        assert_eq!(pair.redis.command("flushall").unwrap(), "+OK");
        passed += calls.join_all().await.iter().filter(|answer| !denied(answer)).count();
    }
    passed += spend(&pair.agents).await;
    assert_eq!((passed, pair.upstream.calls_of("pay")), (60, 60));
}

#[tokio::test]
async fn what_a_dead_gateway_had_not_handed_over_counts_once_it_is_back() {
    let extra = ["--recovery-patience-s", "3600"];
    let mut pair = Pair::new("dead@example.com", &per_month(10), &["pay"], &extra).await;
    pair.pass(1, 1).await;
    pair.pass(0, 1).await;
    // With the control plane at a standstill nothing is handed over.
    pair.world.product.pause().unwrap();
    pair.pass(0, 4).await;
    pair.nodes[0].kill().await.unwrap();
    assert_eq!(pair.redis.command("flushall").unwrap(), "+OK");
    pair.world.product.resume().unwrap();
    let answer = pair.agents[1].call("pay", &json!({})).await.unwrap();
    assert!(denied(&answer) && text(&answer).contains("being restored"), "{answer}");
    assert_eq!(decision(&answer)["rule"], "/tools/pay/limits/0");
    assert!(decision(&answer)["retry_after_ms"].is_u64());
    let again = pair.world.product.gateway_in(pair.folders[0].path(), Some(&pair.redis.url())).await.unwrap();
    let agents = [pair.agents[0].at(&again.url), pair.agents[1].clone()];
    assert_eq!(spend(&agents).await, 4);
    assert_eq!(pair.upstream.calls_of("pay"), 10);
}

#[tokio::test]
async fn without_a_gateway_that_never_comes_back_open_windows_refuse_and_new_ones_count() {
    let limits = json!({
        "pay": { "limits": [{ "counter": "pay", "window": "month", "max": 10, "scope": "org" }] },
        "look": { "limits": [{ "counter": "look", "window": 2, "max": 1000, "scope": "org" }] },
    });
    let policy = json!({ "version": "1", "default": "deny", "tools": limits }).to_string();
    let extra = ["--recovery-patience-s", "1"];
    let mut pair = Pair::new("gone@example.com", &policy, &["pay", "look"], &extra).await;
    pair.pass(0, 2).await;
    pair.pass(1, 2).await;
    pair.nodes[0].kill().await.unwrap();
    assert_eq!(pair.redis.command("flushall").unwrap(), "+OK");
    let since = Instant::now();
    while denied(&pair.agents[1].call("look", &json!({})).await.unwrap()) {
        assert!(since.elapsed() < LONG, "a new window does not count");
    }
    let answer = pair.agents[1].call("pay", &json!({})).await.unwrap();
    assert!(denied(&answer) && text(&answer).contains("until its window begins anew"), "{answer}");
    assert_eq!(pair.upstream.calls_of("pay"), 4);
    // Back after all: everything is known again.
    let again = pair.world.product.gateway_in(pair.folders[0].path(), Some(&pair.redis.url())).await.unwrap();
    assert_eq!(spend(&[pair.agents[0].at(&again.url), pair.agents[1].clone()]).await, 6);
}

#[tokio::test]
async fn a_gateway_cut_off_from_the_control_plane_refuses_what_was_revoked() {
    let (redis, upstream) = (Redis::start().unwrap(), upstream(&["pay"]).await);
    let url = redis.url();
    let database = database().await.unwrap();
    let mut near = Product::up(database.url(), &["--redis-url", &url]).await.unwrap();
    let account = testkit::account::Account::sign_up(&near.http(), "fence@example.com").await.unwrap();
    let agent = account.ready("bank", &upstream.url, &per_month(1000)).await.unwrap();
    let other = account.agent("other", "bank").await.unwrap();
    let node = near.gateway(Some(&url)).await.unwrap();
    let keys = near.data_dir.join("keys");
    let arguments = ["--redis-url", &url, "--keys-dir", keys.to_str().unwrap()];
    let far = Product::up(database.url(), &arguments).await.unwrap();
    let [agent, other] = [agent, other].map(|agent| agent.at(&node.url));
    let (agent, other) = (agent.initialize().await.unwrap(), other.initialize().await.unwrap());
    for agent in [&agent, &other] {
        assert!(!denied(&agent.call("pay", &json!({})).await.unwrap()));
    }
    near.kill().await.unwrap();
    // Signing up again only signs in.
    let account = testkit::account::Account::sign_up(&far.http(), "fence@example.com").await.unwrap();
    let identities = format!("/teams/{}/identities", account.team);
    let listed = account.get(&identities).await.unwrap().json();
    let revoked =
        listed["identities"].as_array().unwrap().iter().find(|one| one["label"] != "other").unwrap();
    let path = format!("{identities}/{}", revoked["id"].as_str().unwrap());
    account.send(Method::DELETE, &path, &Value::Null).await.unwrap();
    let call = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "pay", "arguments": {} } });
    let since = Instant::now();
    loop {
        let answer = agent.post(&call.to_string(), &[]).await.unwrap();
        if answer.status == 503 {
            assert_eq!(answer.messages()[0]["error"]["data"]["code"], "control_plane_unavailable");
            break;
        }
        assert!(since.elapsed() < LONG, "revoked, and still served: {}", answer.text());
    }
    let after = upstream.calls_of("pay");
    assert_eq!(agent.post(&call.to_string(), &[]).await.unwrap().status, 503);
    assert_eq!(upstream.calls_of("pay"), after);
    // Others go on by what the gateway knows.
    assert!(!denied(&other.call("pay", &json!({})).await.unwrap()));
}
