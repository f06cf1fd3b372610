//! The log explorer: what is found, counted and exported, by whom.

use http::Method;
use model::{ClientName, Event, EventId, Id, Intent, Level, Outcome, OutcomeEnd, Taken, Verdict};
use policy::{Category, Counter, Scope, Window};
use serde_json::{Value, json};

use crate::world::{Person, World};

/// Minutes before the world's time that an event was decided.
fn event(world: &World, org: &str, n: u8, minutes: i64) -> Intent {
    let verdict = if n.is_multiple_of(3) { Verdict::Deny } else { Verdict::Allow };
    let denied = verdict == Verdict::Deny;
    Intent {
        id: Id::mint(world.now_ms() - minutes * 60_000, [n; 10]),
        node: format!("node-{n}"),
        boot: 1,
        seq: u64::from(n),
        org: org.parse().unwrap(),
        team: Id::mint(1, [1; 10]),
        identity: Id::mint(1, [n % 2; 10]),
        token: Id::mint(1, [3; 10]),
        grant: Some(Id::mint(1, [n % 4; 10])),
        server: None,
        method: "tools/call".into(),
        subject: Some(if n == 5 { "=HYPERLINK(\"x\")" } else { "search" }.into()),
        verdict,
        rule: if denied { "/tools/search/limits/0" } else { "" }.into(),
        message: if denied { "Slow down, please." } else { "" }.into(),
        policy: None,
        policy_version: None,
        arguments: vec!["amount".into(), "currency".into()],
        unchecked: false,
        taken: Vec::new(),
        approval: (n == 6).then(|| Id::mint(1, [9; 10])),
        session: None,
        client: None,
        category: None,
        values: None,
    }
}

/// Twelve calls, ten minutes apart, the newest ten minutes ago: number 1 is the oldest.
async fn world_with_calls() -> (World, Person, Vec<EventId>) {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let me = world.get("/v1/me", &owner.access).await.ok();
    let org = me["memberships"][0]["org_id"].as_str().unwrap().to_owned();
    let intents: Vec<Intent> = (1..=12).map(|n| event(&world, &org, n, 10 * (13 - i64::from(n)))).collect();
    let ids = intents.iter().map(|intent| intent.id).collect();
    let end = |n: usize, end| {
        let (id, org) = (intents[n - 1].id, intents[n - 1].org);
        Event::Outcome(Outcome { id, org, status: None, latency_us: 1, end })
    };
    let mut events =
        vec![end(1, OutcomeEnd::Answered), end(2, OutcomeEnd::Broken), end(4, OutcomeEnd::NotSent)];
    events.extend(intents.into_iter().map(|intent| Event::Intent(Box::new(intent))));
    let now = jiff::Timestamp::from_millisecond(world.now_ms()).unwrap();
    world.store.insert_events(&events, now).await.unwrap();
    (world, owner, ids)
}

fn numbers(page: &Value) -> Vec<u8> {
    let events = page["events"].as_array().unwrap().iter();
    events.map(|event| event["node"].as_str().unwrap()["node-".len()..].parse().unwrap()).collect()
}

#[tokio::test]
async fn the_log_is_narrowed_by_outcome_grant_and_text() {
    let (world, owner, _) = world_with_calls().await;
    let grant: model::GrantId = Id::mint(1, [3; 10]);
    let by_grant = format!("grant={grant}");
    for (query, expected) in [
        (by_grant.as_str(), vec![11, 7, 3]),
        ("outcome=denied", vec![12, 9, 3]),
        ("outcome=parked", vec![6]),
        ("outcome=allowed", vec![11, 10, 8, 7, 5, 4, 2, 1]),
        ("outcome=broken", vec![2]),
        ("outcome=not_sent", vec![4]),
        ("outcome=broken&tool=search", vec![2]),
        ("outcome=broken&tool=other", vec![]),
        ("rule=/tools/search/limits/0", vec![12, 9, 6, 3]),
        ("text=SLOW%20down", vec![12, 9, 6, 3]),
        ("text=hyperlink", vec![5]),
        ("text=%25", vec![]),
        ("text=search&outcome=denied", vec![12, 9, 3]),
    ] {
        let page = world.get(&owner.at(&format!("/events?{query}")), &owner.access).await.ok();
        assert_eq!(numbers(&page), expected, "{query}");
        assert_eq!(page["next_cursor"], json!(null), "{query}");
    }
    for query in ["outcome=lost", "text=", "limit=0", "tool=%00", "cursor=x"] {
        let refused = world.get(&owner.at(&format!("/events?{query}")), &owner.access).await;
        assert_eq!(refused.code(), "invalid_request", "{query}");
    }
}

#[tokio::test]
async fn the_histogram_counts_what_the_list_shows() {
    let (world, owner, _) = world_with_calls().await;
    for (query, sums) in [
        // A day in hours or so, from the tally; two hours in minutes, one by one.
        ("buckets=24", [8, 3, 1]),
        ("buckets=200", [8, 3, 1]),
        ("buckets=24&outcome=denied", [0, 3, 0]),
        ("buckets=24&verdict=deny", [0, 3, 1]),
        ("buckets=200&outcome=parked", [0, 0, 1]),
        ("buckets=24&tool=search", [7, 3, 1]),
        ("buckets=24&text=hyperlink", [1, 0, 0]),
        ("buckets=24&outcome=broken", [1, 0, 0]),
        ("buckets=24&outcome=broken&text=search", [1, 0, 0]),
    ] {
        let answer = world.get(&owner.at(&format!("/events/histogram?{query}")), &owner.access).await.ok();
        let buckets = answer["buckets"].as_array().unwrap();
        let sum = |name: &str| buckets.iter().map(|bucket| bucket[name].as_u64().unwrap()).sum::<u64>();
        assert_eq!([sum("allowed"), sum("denied"), sum("parked")], sums, "{query}");
        assert!(buckets.len() >= 2 && buckets.len() <= 200, "{query}: {}", buckets.len());
        assert_eq!(answer["searched_to"], json!(null));
    }
    for query in ["buckets=1", "buckets=201", "after=2026-01-02T00:00:00Z&before=2026-01-01T00:00:00Z"] {
        let refused = world.get(&owner.at(&format!("/events/histogram?{query}")), &owner.access).await;
        assert_eq!(refused.code(), "invalid_request", "{query}");
    }
}

#[tokio::test]
async fn an_export_holds_every_event_of_the_filter_once() {
    let (world, owner, ids) = world_with_calls().await;
    let ndjson = world.get(&owner.at("/events/export"), &owner.access).await;
    assert_eq!(ndjson.headers["content-type"], "application/x-ndjson");
    let lines: Vec<Value> = ndjson.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let exported: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    let newest_first: Vec<String> = ids.iter().rev().map(ToString::to_string).collect();
    assert_eq!(exported, newest_first);

    let csv = world.get(&owner.at("/events/export?format=csv&outcome=allowed"), &owner.access).await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert!(csv.headers["content-disposition"].to_str().unwrap().contains("events.csv"));
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(lines.len(), 9, "{}", csv.text);
    assert!(lines[0].starts_with("at,id,verdict,"));
    // An agent named a tool so that a spreadsheet would run it.
    assert!(csv.text.contains(",\"'=HYPERLINK(\"\"x\"\")\","), "{}", csv.text);
}

#[tokio::test]
async fn strangers_find_count_and_export_nothing() {
    let (world, owner, _) = world_with_calls().await;
    let stranger = world.person("stranger@example.com").await;
    for path in ["/events", "/events/histogram", "/events/export"] {
        assert_eq!(world.get(&owner.at(path), &stranger.access).await.code(), "not_found");
        let theirs = world.get(&stranger.at(path), &stranger.access).await;
        assert!(!theirs.text.contains("node-"), "{}", theirs.text);
        assert!(theirs.status.is_success());
        let anonymous = world.send(Method::GET, &owner.at(path), None, None).await;
        assert_eq!(anonymous.code(), "unauthenticated");
    }
}

#[tokio::test]
async fn an_event_tells_how_full_its_counters_were_and_who_called_by_what() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let me = world.get("/v1/me", &owner.access).await.ok();
    let org = me["memberships"][0]["org_id"].as_str().unwrap();
    let mut intent = event(&world, org, 1, 10);
    let amount = |text: &str| text.parse().unwrap();
    let counter = |window, rolling| Counter {
        scope: Scope::Grant,
        scope_id: "grant".into(),
        name: "spend".into(),
        window,
        rolling,
        key: None,
    };
    let place = Window::Day.bounds(world.now_ms()).0;
    let level = Level { max: amount("50"), left: amount("1.5") };
    intent.taken = vec![
        Taken { counter: counter(Window::Day, false), amount: amount("12.5"), place, level: Some(level) },
        // As gateways of an earlier build write it.
        Taken { counter: counter(Window::Seconds(90), true), amount: amount("1"), place: 1, level: None },
    ];
    intent.client = Some(ClientName { name: "probe".into(), version: "2".into() });
    intent.category = Some(Category::Financial);
    intent.session = Some("0af7651916cd43dd8448eb211c80319c".into());
    let (id, now) = (intent.id, jiff::Timestamp::from_millisecond(world.now_ms()).unwrap());
    world.store.insert_events(&[Event::Intent(Box::new(intent))], now).await.unwrap();

    let shown = world.get(&owner.at(&format!("/events/{id}")), &owner.access).await.ok();
    assert_eq!(
        shown["taken"],
        json!([
            {"counter": "spend", "scope": "grant", "window": "day", "rolling": false,
             "amount": "12.5", "before": "36", "after": "48.5", "max": "50"},
            {"counter": "spend", "scope": "grant", "window": "90 seconds", "rolling": true,
             "amount": "1", "before": null, "after": null, "max": null},
        ])
    );
    assert_eq!(shown["client"], json!({"name": "probe", "version": "2"}));
    assert_eq!(shown["category"], "financial");
    assert_eq!(shown["session"], "0af7651916cd43dd8448eb211c80319c");

    let limits = world.get(&owner.at("/limits"), &owner.access).await.ok();
    let full = &limits["limits"][0];
    assert_eq!([&full["counter"], &full["used"], &full["max"]], ["spend", "12.5", "50"]);
    assert_eq!([&full["scope"], &full["window"]], ["grant", "day"]);
    let tools = world.get(&owner.at("/events/tools"), &owner.access).await.ok();
    assert_eq!(
        tools["tools"],
        json!([{"server": null, "tool": "search", "allowed": 1, "denied": 0, "parked": 0}])
    );
    for path in [
        "/limits?limit=0",
        "/limits?limit=101",
        "/events/tools?limit=51",
        "/events/tools?after=2020-01-01T00:00:00Z",
        "/events/tools?after=2026-01-02T00:00:00Z&before=2026-01-01T00:00:00Z",
    ] {
        assert_eq!(world.get(&owner.at(path), &owner.access).await.code(), "invalid_request", "{path}");
    }
}
