//! Every operation of the OpenAPI document, called by a stranger with the owner's names and ids.
//! A new operation is covered as soon as it is documented; one whose address cannot be filled in fails the test.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};
use testkit::account::Account;
use testkit::agent::denied;
use testkit::http::Answer;

use crate::world::{ALLOW_ALL, World, upstream};

/// What an owner's addresses are filled in with.
async fn belongings(owner: &Account, server_url: &str) -> BTreeMap<&'static str, String> {
    let agent = owner.ready("bank", server_url, ALLOW_ALL).await.unwrap().initialize().await.unwrap();
    agent.call("read", &json!({})).await.unwrap();
    let event = owner.events("", 1).await.unwrap()[0]["id"].as_str().unwrap().to_owned();
    let team = &owner.team;
    let first = async |path: String| {
        let list = owner.get(&path).await.unwrap().json();
        listed(&list)[0]["id"].as_str().unwrap_or_else(|| panic!("{path}: {list}")).to_owned()
    };
    let identity = first(format!("/teams/{team}/identities")).await;
    let token = first(format!("/teams/{team}/identities/{identity}/tokens")).await;
    let grant = first(format!("/teams/{team}/grants")).await;
    // A call that waits for people, of an identity of its own.
    owner.server("vault", server_url).await.unwrap();
    owner
        .policy("vault", r#"{"version": "1", "default": "allow", "all_tools": {"approval": {}}}"#)
        .await
        .unwrap();
    let asking = owner.agent("asking", "vault").await.unwrap().initialize().await.unwrap();
    asking.call("read", &json!({})).await.unwrap();
    let approval = first("/approvals".to_owned()).await;
    let members = owner.get("/members").await.unwrap().json();
    let user = members["members"][0]["user"].as_str().unwrap().to_owned();
    BTreeMap::from([
        ("org", owner.org.clone()),
        ("team", team.clone()),
        ("server", "bank".to_owned()),
        ("policy", "default".to_owned()),
        ("version", "1".to_owned()),
        ("tool", "read".to_owned()),
        ("identity", identity),
        ("token", token),
        ("grant", grant),
        ("approval", approval),
        ("user", user),
        ("invitation", format!("invitation_{}", "0".repeat(32))),
        ("key", format!("key_{}", "0".repeat(32))),
        ("event", event),
    ])
}

/// The list in an answer; empty when there is none.
fn listed(answer: &Value) -> Vec<Value> {
    let fields = answer.as_object().into_iter().flat_map(|fields| fields.values());
    fields.filter_map(Value::as_array).next().cloned().unwrap_or_default()
}

/// Operations with an organisation in their address, filled in.
fn operations(document: &Value, with: &BTreeMap<&str, String>) -> Vec<(Method, String)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if !path.contains("{org}") {
            continue;
        }
        let mut filled = path.clone();
        for (name, value) in with {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        assert!(!filled.contains('{'), "{path}: this test does not know what to fill in");
        for method in item.as_object().unwrap().keys() {
            if let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes())
                && [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&method)
            {
                found.push((method, filled.clone()));
            }
        }
    }
    found
}

/// An answer without what differs between any two answers.
fn essence(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
        fields.remove("instance");
    }
    (answer.status, body)
}

#[tokio::test]
async fn sec_25_a_stranger_gets_from_every_operation_what_an_unknown_organisation_gives() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let owner = world.account("owner@example.com").await;
    let stranger = world.account("stranger@example.org").await;
    stranger.ready("bank", &upstream.url, ALLOW_ALL).await.unwrap();
    let theirs = belongings(&owner, &upstream.url).await;
    let document = world.product.http().get("/v1/openapi.json", "").await.unwrap().json();
    let operations = operations(&document, &theirs);
    assert!(operations.len() >= 20, "only {} operations", operations.len());
    let nowhere = owner.org.chars().rev().collect::<String>() + "-none";
    for (method, path) in operations {
        let unknown = path.replacen(&owner.org, &nowhere, 1);
        // The stranger's own organisation with the owner's ids inside it.
        let mixed = path.replacen(&owner.org, &stranger.org, 1);
        let ids = path.contains(&theirs["identity"])
            || path.contains(&theirs["grant"])
            || path.contains(&theirs["token"])
            || path.contains(&theirs["approval"]);
        let http = &stranger.http;
        let body = json!({});
        let reached = http.json(method.clone(), &path, &stranger.access, &body).await.unwrap();
        let unknown = http.json(method.clone(), &unknown, &stranger.access, &body).await.unwrap();
        assert_eq!(reached.status, 404, "{method} {path}: {}", reached.text());
        assert_eq!(essence(&reached), essence(&unknown), "{method} {path}");
        let anonymous = http.json(method.clone(), &path, "", &body).await.unwrap();
        assert_eq!(anonymous.status, 401, "{method} {path}: {}", anonymous.text());
        if ids {
            let answer = http.json(method.clone(), &mixed, &stranger.access, &body).await.unwrap();
            assert!([400, 404, 422].contains(&answer.status), "{method} {mixed}: {}", answer.text());
            assert!(listed(&answer.json()).is_empty(), "{method} {mixed}: {}", answer.text());
        }
    }
    // Nothing of it had an effect.
    assert_eq!(belongings_now(&owner).await, [2, 2, 2, 1]);
}

async fn belongings_now(owner: &Account) -> [usize; 4] {
    let team = &owner.team;
    let mut counts = [0; 4];
    let identity = owner.get(&format!("/teams/{team}/identities")).await.unwrap().json();
    let identity = identity["identities"][0]["id"].as_str().unwrap().to_owned();
    let paths = [
        "/servers".to_owned(),
        format!("/teams/{team}/identities"),
        format!("/teams/{team}/grants"),
        format!("/teams/{team}/identities/{identity}/tokens"),
    ];
    for (count, path) in counts.iter_mut().zip(paths) {
        *count = listed(&owner.get(&path).await.unwrap().json()).len();
    }
    counts
}

#[tokio::test]
async fn sec_26_a_token_opens_only_its_own_organisations_gateway() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let (alice, bob) = (world.account("alice@example.com").await, world.account("bob@example.org").await);
    let hers = alice.ready("bank", &upstream.url, ALLOW_ALL).await.unwrap();
    bob.ready("bank", &upstream.url, ALLOW_ALL).await.unwrap();
    let before = upstream.requests().len();
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    let at = |org: &str, team: &str, server: &str| format!("/t/{org}/{team}/mcp/{server}");
    for path in
        [at(&bob.org, &bob.team, "bank"), at(&alice.org, &alice.team, "none"), at("none", "none", "bank")]
    {
        let answer = hers.to(&path).post(&ping, &[]).await.unwrap();
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
    assert_eq!(upstream.requests().len(), before);
    let recorded = alice.events("&verdict=deny", 3).await.unwrap();
    assert!(recorded.iter().all(|event| event["rule"] == "(no grant)"), "{recorded:?}");
}

#[tokio::test]
async fn sec_26_limits_of_two_organisations_with_equal_names_are_counted_apart() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let policy = r#"{ "version": "1", "default": "allow", "tools": { "read": {
        "limits": [{ "counter": "reads", "window": "day", "max": 2, "scope": "org" }] } } }"#;
    let mut agents = Vec::new();
    for email in ["team@example.com", "team@example.org"] {
        let account = world.account(email).await;
        agents.push(account.ready("bank", &upstream.url, policy).await.unwrap().initialize().await.unwrap());
    }
    for agent in &agents {
        for passes in [true, true, false] {
            let answer = agent.call("read", &json!({})).await.unwrap();
            assert_eq!(!denied(&answer), passes, "{answer}");
        }
    }
}
