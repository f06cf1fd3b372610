//! Legacy sessions: bound to who opened them, and no id swaps between callers.

use std::sync::Arc;

use http::Method;
use serde_json::json;
use testkit::agent::text;
use testkit::upstream::Upstream;

use crate::world::{ALLOW_ALL, World, upstream};

#[tokio::test]
async fn a_session_id_is_worth_nothing_to_anybody_else() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let (alice, mallory) =
        (world.account("alice@example.com").await, world.account("mallory@example.org").await);
    let hers = alice.ready("files", &upstream.url, ALLOW_ALL).await.unwrap().initialize().await.unwrap();
    let his = mallory.ready("files", &upstream.url, ALLOW_ALL).await.unwrap().initialize().await.unwrap();
    let colleague = alice.agent("colleague", "files").await.unwrap();
    let before = upstream.requests().len();
    let unknown = Some("no-such-session".to_owned());
    for stranger in
        [his.within(hers.session.clone()), colleague.within(hers.session.clone()), hers.within(unknown)]
    {
        let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
        let answer = stranger.post(&ping, &[]).await.unwrap();
        assert_eq!(answer.status, 404, "{}", answer.text());
        assert_eq!(answer.json()["error"]["code"], -32_001);
        assert_eq!(stranger.bodiless(Method::DELETE, &[]).await.unwrap().status, 404);
    }
    assert_eq!(upstream.requests().len(), before, "a stranger's request was forwarded");
    assert!(hers.ask("ping", &json!({})).await.unwrap().get("result").is_some(), "hers still works");
}

#[tokio::test]
async fn the_upstreams_own_session_id_is_not_shown_and_does_not_work() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let account = world.account("own@example.com").await;
    let agent = account.ready("files", &upstream.url, ALLOW_ALL).await.unwrap().initialize().await.unwrap();
    agent.call("read", &json!({})).await.unwrap();
    let seen = upstream
        .requests()
        .into_iter()
        .rev()
        .find_map(|seen| Some(seen.headers.get("mcp-session-id")?.to_str().ok()?.to_owned()));
    let inner = seen.unwrap();
    assert_ne!(Some(&inner), agent.session.as_ref());
    let stolen = agent.within(Some(inner));
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    assert_eq!(stolen.post(&ping, &[]).await.unwrap().status, 404);
}

#[tokio::test]
async fn a_thousand_clients_that_all_use_one_id_each_get_their_own_answer() {
    let upstream = Upstream::builder().tools_named(["echo"]).sse(true).start().await.unwrap();
    let world = World::new().await;
    let account = world.account("ids@example.com").await;
    let agent = account.ready("files", &upstream.url, ALLOW_ALL).await.unwrap();
    let agent = Arc::new(agent.initialize().await.unwrap());
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..1_000 {
        let agent = agent.clone();
        calls.spawn(async move {
            let nonce = format!("nonce-{number}-");
            let answer = agent.call("echo", &json!({ "nonce": nonce })).await.unwrap();
            assert!(text(&answer).contains(&nonce), "{number} got {answer}");
        });
    }
    assert_eq!(calls.join_all().await.len(), 1_000);
}

#[tokio::test]
async fn a_stream_is_opened_and_a_session_ended_through_the_gateway() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let account = world.account("ends@example.com").await;
    let agent = account.ready("files", &upstream.url, ALLOW_ALL).await.unwrap().initialize().await.unwrap();
    let modern = [("mcp-protocol-version", testkit::agent::MODERN)];
    assert_eq!(agent.bodiless(Method::GET, &modern).await.unwrap().status, 405);
    assert!(agent.bodiless(Method::DELETE, &[]).await.unwrap().status < 300);
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    assert_eq!(agent.post(&ping, &[]).await.unwrap().status, 404, "the server has ended the session");
}
