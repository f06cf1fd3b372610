//! What gateways ask: bundles, the change feed, and taking in events.

use std::time::Duration;

use futures_util::StreamExt;
use http::{Method, Request};
use http_body_util::BodyExt;
use model::{Event, Intent, Outcome, OutcomeEnd, Verdict};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{Person, World};

const PATHS: [&str; 8] = [
    "/internal/v1/bundles/by-token/0000000000000000000000000000000000000000000000000000000000000000",
    "/internal/v1/bundles/by-identity/identity_00000000000000000000000000000000",
    "/internal/v1/changes",
    "/internal/v1/events",
    "/internal/v1/report",
    "/internal/v1/approvals",
    "/internal/v1/approvals/claim",
    "/internal/v1/approvals/release",
];

#[tokio::test]
async fn only_gateways_are_answered() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let old = world.node();
    world.pass_seconds(120);
    for path in PATHS {
        let posted = ["events", "report"].iter().any(|end| path.ends_with(end)) || path.contains("approvals");
        let method = if posted { Method::POST } else { Method::GET };
        for bearer in [None, Some(alice.access.as_str()), Some(old.as_str()), Some("x")] {
            let answer = world.send(method.clone(), path, bearer, Some("[]")).await;
            assert_eq!(answer.code(), "unauthenticated", "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_unknown_is_not_found_whatever_its_form() {
    let world = World::new().await;
    for path in
        [PATHS[0], PATHS[1], "/internal/v1/bundles/by-token/xyz", "/internal/v1/bundles/by-identity/org_1"]
    {
        assert_eq!(world.get(path, &world.node()).await.code(), "not_found", "{path}");
    }
}

async fn intent(world: &World, person: &Person, n: u8) -> Intent {
    let me = world.get("/v1/me", &person.access).await.ok();
    Intent {
        id: model::Id::mint(world.now_ms() + i64::from(n), [n; 10]),
        node: format!("node-{n}"),
        boot: 1,
        seq: u64::from(n),
        org: me["memberships"][0]["org_id"].as_str().unwrap().parse().unwrap(),
        team: model::Id::mint(1, [1; 10]),
        identity: model::Id::mint(1, [2; 10]),
        token: model::Id::mint(1, [3; 10]),
        grant: None,
        server: None,
        method: "tools/call".into(),
        subject: Some(if n.is_multiple_of(2) { "even" } else { "odd" }.into()),
        verdict: if n.is_multiple_of(2) { Verdict::Allow } else { Verdict::Deny },
        rule: if n.is_multiple_of(2) { "" } else { "/default" }.into(),
        message: String::new(),
        policy: None,
        policy_version: None,
        arguments: vec!["amount".into()],
        unchecked: false,
        taken: Vec::new(),
        approval: None,
        session: None,
        client: None,
        category: None,
        values: None,
    }
}

#[tokio::test]
async fn events_are_taken_once_and_read_in_pages_newest_first() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mut batch = Vec::new();
    for n in 0..5 {
        batch.push(Event::Intent(Box::new(intent(&world, &alice, n).await)));
    }
    let Event::Intent(first) = &batch[0] else { unreachable!() };
    let end = OutcomeEnd::Answered;
    let outcome = Outcome { id: first.id, org: first.org, status: Some(200), latency_us: 1500, end };
    batch.push(Event::Outcome(outcome));
    let body = serde_json::to_value(&batch).unwrap();
    for _ in 0..2 {
        assert_eq!(world.post("/internal/v1/events", &world.node(), body.clone()).await.status, 204);
    }
    let read = async |query: &str| world.get(&alice.at(&format!("/events?{query}")), &alice.access).await;
    let page = read("limit=3").await.ok();
    let ids = |page: &Value| -> Vec<String> {
        page["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["node"].as_str().unwrap().into())
            .collect()
    };
    assert_eq!(ids(&page), ["node-4", "node-3", "node-2"]);
    let rest = read(&format!("limit=3&cursor={}", page["next_cursor"].as_str().unwrap())).await.ok();
    assert_eq!(ids(&rest), ["node-1", "node-0"]);
    assert_eq!(rest["next_cursor"], Value::Null);
    assert_eq!(rest["events"][1]["outcome"], json!({"status": 200, "latency_us": 1500, "end": "answered"}));
    assert_eq!(ids(&read("verdict=deny").await.ok()), ["node-3", "node-1"]);
    assert_eq!(ids(&read("tool=even&limit=1").await.ok()), ["node-4"]);
    assert_eq!(ids(&read("rule=%2Fdefault").await.ok()), ["node-3", "node-1"]);
    for query in
        ["limit=0", "limit=201", "cursor=x", "verdict=maybe", "server=nope", "surprise=1", "after=noon"]
    {
        assert_eq!(read(query).await.code(), "invalid_request", "{query}");
    }
}

/// Reads server-sent events until `enough` of their data has come.
async fn follow(world: &World, query: &str, enough: impl Fn(&[String]) -> bool) -> Vec<String> {
    let request = Request::get(format!("/internal/v1/changes{query}"))
        .header("authorization", format!("Bearer {}", world.node()))
        .body(axum::body::Body::empty())
        .unwrap();
    let response = world.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let mut text = String::new();
    let mut seen = Vec::new();
    while !enough(&seen) {
        let chunk = tokio::time::timeout(Duration::from_secs(10), body.next())
            .await
            .expect("silence")
            .unwrap()
            .unwrap();
        text.push_str(str::from_utf8(&chunk).unwrap());
        seen = text
            .lines()
            .filter_map(|line| line.strip_prefix("data: ").or(line.strip_prefix("data:")))
            .map(Into::into)
            .collect();
    }
    seen
}

#[tokio::test]
async fn the_feed_tells_every_change_after_the_position_asked_for_and_beats_in_between() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let start: u64 = follow(&world, "", |seen| !seen.is_empty()).await[0].parse().unwrap();
    for n in 0..3 {
        let body = json!({"label": format!("a{n}"), "kind": "agent"});
        let identity = world.post(&alice.at("/teams/default/identities"), &alice.access, body).await.ok();
        let path = alice.at(&format!("/teams/default/identities/{}", identity["id"].as_str().unwrap()));
        world.patch(&path, &alice.access, json!({"enabled": false})).await.ok();
    }
    let beats = |seen: &[String]| seen.iter().filter(|data| !data.starts_with('{')).count();
    let seen = follow(&world, &format!("?after={start}"), |seen| beats(seen) >= 2).await;
    let changes: Vec<model::Change> =
        seen.iter().filter_map(|data| serde_json::from_str(data).ok()).collect();
    assert_eq!(changes.len(), 3, "{seen:?}");
    assert!(changes.windows(2).all(|pair| pair[0].seq < pair[1].seq && pair[0].version < pair[1].version));
    assert!(changes.iter().all(|change| change.identity.is_some()));
    let settled: u64 = seen.last().unwrap().parse().unwrap();
    assert_eq!(settled, changes[2].seq);
    // Resuming in the middle tells the rest; a position from the future is answered with the present.
    let seen = follow(&world, &format!("?after={}", changes[1].seq), |seen| beats(seen) >= 1).await;
    assert_eq!(seen.iter().filter(|data| data.starts_with('{')).count(), 1);
    let seen = follow(&world, "?after=999999999", |seen| !seen.is_empty()).await;
    assert_eq!(seen[0].parse::<u64>().unwrap(), settled);
}

#[tokio::test]
async fn a_change_reaches_a_follower_at_once_and_closing_ends_the_stream() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mut beats = Box::pin(world.changes.follow(None).await.unwrap());
    assert!(beats.next().await.unwrap().unwrap().change.is_none());
    let body = json!({"label": "a", "kind": "agent"});
    let identity = world.post(&alice.at("/teams/default/identities"), &alice.access, body).await.ok();
    let path = alice.at(&format!("/teams/default/identities/{}", identity["id"].as_str().unwrap()));
    world.delete(&path, &alice.access).await;
    let told = tokio::time::timeout(Duration::from_secs(5), async {
        while beats.next().await.unwrap().unwrap().change.is_none() {}
    });
    told.await.expect("the change is told");
    world.changes.close();
    let ended = tokio::time::timeout(Duration::from_secs(5), async { while beats.next().await.is_some() {} });
    ended.await.expect("the stream ends");
}

#[tokio::test]
async fn a_batch_that_is_no_list_of_events_is_refused_whole() {
    let world = World::new().await;
    for body in [json!({}), json!([{"event": "surprise"}]), json!([1])] {
        assert_eq!(world.post("/internal/v1/events", &world.node(), body).await.code(), "invalid_request");
    }
    let request =
        Request::post("/internal/v1/events").header("authorization", format!("Bearer {}", world.node()));
    let response =
        world.router.clone().oneshot(request.body(axum::body::Body::from("[]")).unwrap()).await.unwrap();
    assert_eq!(response.status(), 415);
    assert!(response.into_body().collect().await.is_ok());
}
