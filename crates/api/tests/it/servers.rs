//! Registering servers: real discovery in both eras, sealed headers, and what is refused.

use model::SealedHeaders;
use serde_json::{Value, json};
use testkit::upstream::{Eras, Upstream};

use crate::world::{Person, World};

async fn upstream(eras: Eras) -> Upstream {
    Upstream::builder()
        .tools_named(["b_tool", "a_tool", "c_tool"])
        .page_size(2)
        .eras(eras)
        .start()
        .await
        .unwrap()
}

async fn register(world: &World, person: &Person, body: Value) -> crate::world::Answer {
    world.post(&person.at("/servers"), &person.access, body).await
}

#[tokio::test]
async fn registering_lists_the_tools_in_whichever_era_the_server_speaks() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    for (slug, eras, era, sse) in [
        ("both", Eras::Both, "modern", false),
        ("modern", Eras::Modern, "modern", true),
        ("legacy", Eras::Legacy, "legacy", false),
        ("legacy-sse", Eras::Legacy, "legacy", true),
    ] {
        let upstream = Upstream::builder().tools_named(["b_tool", "a_tool", "c_tool"]).page_size(2);
        let upstream = upstream.eras(eras).sse(sse).start().await.unwrap();
        let server = register(&world, &alice, json!({"name": slug, "url": upstream.url})).await.ok();
        assert_eq!(server["slug"], slug);
        assert_eq!(server["discovery"]["era"], era, "{server}");
        let tools = world.get(&alice.at(&format!("/servers/{slug}/tools")), &alice.access).await.ok();
        let names: Vec<_> = tools["tools"].as_array().unwrap().iter().map(|tool| &tool["name"]).collect();
        assert_eq!(names, ["a_tool", "b_tool", "c_tool"], "{slug}");
        assert_eq!(tools["tools"][0]["hash"].as_str().unwrap().len(), 64);
        assert_eq!(tools["tools"][0]["definition"]["name"], "a_tool");
    }
}

#[tokio::test]
async fn tools_come_in_pages_by_name() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let upstream = Upstream::builder().tools_named(["b", "a", "d", "c", "\u{e9}"]).start().await.unwrap();
    register(&world, &alice, json!({"name": "many", "url": upstream.url})).await.ok();
    let (mut names, mut next, mut asked) = (Vec::new(), String::new(), 0);
    loop {
        let path = alice.at(&format!("/servers/many/tools?limit=2{next}"));
        let page = world.get(&path, &alice.access).await.ok();
        let tools = page["tools"].as_array().unwrap().iter();
        names.extend(tools.map(|tool| tool["name"].as_str().unwrap().to_owned()));
        asked += 1;
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!((names.join(" "), asked), ("a b c d \u{e9}".to_owned(), 3));
    let wrong = world.get(&alice.at("/servers/many/tools?cursor=nonsense"), &alice.access).await;
    assert_eq!(wrong.code(), "invalid_request");
}

#[tokio::test]
async fn header_values_reach_the_upstream_and_never_come_back() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let upstream = Upstream::builder().tools_named(["a"]).require_header("x-api-key", "s3cr3t-value");
    let upstream = upstream.start().await.unwrap();
    let body = json!({"name": "Keyed", "url": upstream.url, "headers": {"X-Api-Key": "s3cr3t-value"}});
    let refused = register(&world, &alice, json!({"name": "Keyed", "url": upstream.url})).await;
    assert_eq!(refused.code(), "upstream_protocol");
    let made = register(&world, &alice, body).await;
    assert_eq!(made.status, 201);
    let server = made.json();
    assert_eq!(server["header_names"], json!(["x-api-key"]));
    let path = alice.at("/servers/keyed");
    for answer in [
        made,
        world.get(&path, &alice.access).await,
        world.get(&alice.at("/servers"), &alice.access).await,
        world.post(&format!("{path}/discover"), &alice.access, json!({})).await,
    ] {
        assert!(answer.status.is_success() && !answer.text.contains("s3cr3t"), "{answer:?}");
    }
    // The gateway can open what was sealed, bound to this organisation and server.
    let org = world.get(&alice.at(""), &alice.access).await.ok()["id"].as_str().unwrap().parse().unwrap();
    let mut tx = world.store.begin(org).await.unwrap();
    let kept = tx.server(&"keyed".parse().unwrap()).await.unwrap();
    let context = SealedHeaders::context(org, kept.id);
    let plain = world.sealer.open(&kept.headers.unwrap().0, context.as_bytes()).unwrap();
    assert_eq!(&plain[..], br#"{"x-api-key":"s3cr3t-value"}"#);
    let events =
        tx.admin_events(&store::AdminEventFilter { limit: 100, ..Default::default() }).await.unwrap();
    assert!(!format!("{events:?}").contains("s3cr3t"));
    assert!(events.iter().any(|event| event.event.action == "server.create"));
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_or_is_none_is_not_registered() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    for (url, code) in [
        ("http://10.0.0.1/mcp", "address_refused"),
        ("http://169.254.169.254/latest/meta-data", "address_refused"),
        ("http://[::1]:9/mcp", "address_refused"),
        ("ftp://mcp.example.com/", "address_refused"),
        ("not a url", "address_refused"),
        ("https://user:pass@mcp.example.com/mcp", "address_refused"),
        ("http://127.0.0.1:1/mcp", "upstream_unreachable"),
    ] {
        let answer = register(&world, &alice, json!({"name": "X", "url": url})).await;
        assert_eq!(answer.code(), code, "{url}");
        assert_eq!(answer.json()["problems"][0]["pointer"], "/url", "{url}");
    }
    let upstream = upstream(Eras::Both).await;
    let elsewhere = upstream.url.replace("/mcp", "/nothing-here");
    assert_eq!(
        register(&world, &alice, json!({"name": "X", "url": elsewhere})).await.code(),
        "upstream_protocol"
    );
    let list = world.get(&alice.at("/servers"), &alice.access).await.ok();
    assert_eq!(list["servers"], json!([]));
    let unseen = json!({"name": "X", "url": "http://127.0.0.1:1/mcp", "discover": false});
    let server = register(&world, &alice, unseen).await.ok();
    assert!(server.get("discovery").is_none());
}

#[tokio::test]
async fn a_taken_name_is_a_conflict_before_anything_is_sent() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let upstream = upstream(Eras::Both).await;
    let body = json!({"name": "One", "url": upstream.url});
    register(&world, &alice, body.clone()).await.ok();
    let before = upstream.requests().len();
    let again = register(&world, &alice, body).await;
    assert_eq!(again.code(), "conflict");
    assert!(again.json()["detail"].as_str().unwrap().contains("PATCH"));
    assert_eq!(upstream.requests().len(), before);
}

#[tokio::test]
async fn reserved_headers_and_odd_names_are_refused_with_their_place() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let body = json!({"name": "X", "url": "http://127.0.0.1:1/mcp", "discover": false,
        "headers": {"Host": "evil", "Mcp-Session-Id": "1", "Good": "yes", "bad name": "x", "X-Nl": "a\nb"}});
    let answer = register(&world, &alice, body).await;
    assert_eq!(answer.code(), "invalid_request");
    let problems = answer.json()["problems"].clone();
    let pointers: Vec<_> =
        problems.as_array().unwrap().iter().map(|item| item["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/headers/Host", "/headers/Mcp-Session-Id", "/headers/X-Nl", "/headers/bad name"]);
    for slug in ["UPPER", "a--b", "a__b", ""] {
        let body = json!({"name": "X", "slug": slug, "url": "http://127.0.0.1:1/", "discover": false});
        let answer = register(&world, &alice, body).await;
        assert_eq!(answer.json()["problems"][0]["pointer"], "/slug", "{slug}");
    }
}

#[tokio::test]
async fn headers_are_not_carried_to_another_host_by_changing_the_address() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let home = upstream(Eras::Both).await;
    let thief = upstream(Eras::Both).await;
    let headers = json!({"authorization": "Bearer upstream-secret"});
    register(&world, &alice, json!({"name": "One", "url": home.url, "headers": headers})).await.ok();
    let path = alice.at("/servers/one");
    let moved = world.patch(&path, &alice.access, json!({"url": thief.url})).await;
    assert_eq!(moved.code(), "invalid_request");
    assert_eq!(moved.json()["problems"][0]["pointer"], "/headers");
    assert_eq!(thief.requests().len(), 0);
    let moved = world.patch(&path, &alice.access, json!({"url": thief.url, "headers": {}})).await.ok();
    assert_eq!(moved["header_names"], json!([]));
    assert!(thief.saw("upstream-secret").is_none());
}

#[tokio::test]
async fn a_server_is_changed_rediscovered_and_removed() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let upstream = upstream(Eras::Both).await;
    register(&world, &alice, json!({"name": "One", "url": upstream.url})).await.ok();
    let path = alice.at("/servers/one");
    let server = world.patch(&path, &alice.access, json!({"enabled": false, "name": "Two"})).await.ok();
    assert_eq!((&server["enabled"], &server["name"]), (&json!(false), &json!("Two")));
    let found = world.post(&format!("{path}/discover"), &alice.access, json!({})).await.ok();
    assert_eq!((&found["added"], &found["changed"], &found["gone"]), (&json!(0), &json!(0), &json!(0)));
    drop(upstream);
    let lost = world.post(&format!("{path}/discover"), &alice.access, json!({})).await;
    assert_eq!(lost.code(), "upstream_unreachable");
    let server = world.get(&path, &alice.access).await.ok();
    assert!(server["discovery_error"].is_string() && server["discovery"].is_object(), "{server}");
    assert_eq!(world.delete(&path, &alice.access).await.status, 204);
    assert_eq!(world.get(&path, &alice.access).await.code(), "not_found");
    assert_eq!(world.delete(&path, &alice.access).await.code(), "not_found");
}

#[tokio::test]
async fn servers_are_listed_again_by_themselves_when_they_are_due_and_what_cannot_be_is_in_nobodys_way() {
    let world = World::new().await;
    let (alice, bob) = (world.person("alice@example.com").await, world.person("bob@example.com").await);
    let pinned = Upstream::builder().tools_named(["a"]).start().await.unwrap();
    let other = Upstream::builder().tools_named(["a"]).start().await.unwrap();
    for (name, upstream) in [("pinned", &pinned), ("other", &other)] {
        register(&world, &alice, json!({"name": name, "url": upstream.url})).await.ok();
    }
    world.patch(&alice.at("/servers/pinned"), &alice.access, json!({"pinned": true})).await.ok();
    // More than are asked in one round, of an organisation that is to be deleted.
    for n in 0..40 {
        register(&world, &bob, json!({"name": format!("s{n}"), "url": other.url})).await.ok();
    }
    world.delete(&bob.at(""), &bob.access).await.ok();
    for upstream in [&pinned, &other] {
        upstream.offer(r#"[{"name": "a", "description": "another"}, {"name": "b"}]"#).unwrap();
    }
    // A sign-in would end in the time that passes.
    let key = world.key(&alice, &["read", "audit"]).await;
    let unaccepted = async |name: &str| {
        let server = world.get(&alice.at(&format!("/servers/{name}")), &key).await.ok();
        server["unaccepted"].as_u64().unwrap()
    };
    let relist = async || {
        for _ in 0..3 {
            api::relist(&world.api).await.unwrap();
        }
    };
    relist().await;
    assert_eq!((unaccepted("pinned").await, unaccepted("other").await), (0, 0));
    world.pass_seconds(61);
    relist().await;
    assert_eq!((unaccepted("pinned").await, unaccepted("other").await), (2, 0));
    let asked = pinned.requests().len();
    relist().await;
    assert_eq!(pinned.requests().len(), asked, "asked again although it is not due");
    world.pass_seconds(15 * 60);
    relist().await;
    assert_eq!((unaccepted("pinned").await, unaccepted("other").await), (2, 2));
    let tools = world.get(&alice.at("/servers/other/tools"), &key).await.ok();
    let seen = tools["tools"][0]["last_seen_at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!(seen.as_millisecond(), world.now_ms());
    let changes = world.get(&alice.at("/changes?action=server.discover"), &key).await.ok();
    assert_eq!(changes["changes"][0]["after"], json!({"added": 1, "changed": 1, "gone": 0}));
    assert_eq!(changes["changes"][0]["actor"], Value::Null);
}
