//! Two organisations: to each the other does not exist.

use http::Method;
use serde_json::{Value, json};

use crate::approvals;
use crate::world::{Answer, Person, World};

/// Fills an organisation; gives the values of every parameter that an address can have.
pub(crate) async fn fill(world: &World, person: &Person) -> Vec<(&'static str, String)> {
    let access = &person.access;
    let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&person.at("/servers"), access, body).await.ok();
    let document = r#"{"version": "1", "default": "deny"}"#;
    world.put(&person.at("/servers/one/policies/main"), access, document).await.ok();
    let list = person.at("/teams/default/identities");
    let identity = world.post(&list, access, json!({"label": "a", "kind": "agent"})).await.ok();
    let identity = identity["id"].as_str().unwrap().to_owned();
    let token = world.post(&format!("{list}/{identity}/tokens"), access, json!({})).await.ok();
    let body = json!({"identity": identity, "server": "one", "policy": "main"});
    let grant = world.post(&person.at("/teams/default/grants"), access, body).await.ok();
    let bot = approvals::equip(world, person, None).await;
    let waiting = approvals::request(world, &bot, 1, approvals::ONE_ADMIN).await;
    let (approval, _) = approvals::ask(world, &waiting).await;
    let body = json!({"email": "guest@example.com", "role": "viewer"});
    let invitation = world.post(&person.at("/invitations"), access, body).await.ok();
    let key = world.post(&person.at("/keys"), access, json!({"name": "ci", "scopes": ["read"]})).await.ok();
    let me = world.get("/v1/me", access).await.ok();
    let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
    vec![
        ("org", person.org.clone()),
        ("team", "default".into()),
        ("server", "one".into()),
        ("policy", "main".into()),
        ("version", "1".into()),
        ("tool", "t".into()),
        ("token", text(&token)),
        ("invitation", text(&invitation)),
        ("key", text(&key)),
        ("user", me["user"]["id"].as_str().unwrap().to_owned()),
        ("grant", text(&grant)),
        ("approval", approval),
        ("identity", identity),
        ("event", format!("event_{}", "0".repeat(32))),
    ]
}

/// Every operation of the document below an organisation, with its address filled in.
pub(crate) fn operations(values: &[(&'static str, String)]) -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(api::openapi_json()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if !path.starts_with("/v1/orgs/{org}") {
            continue;
        }
        let path = values
            .iter()
            .fold(path.clone(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        assert!(!path.contains('{'), "no value for a parameter of {path}");
        operations.extend(
            item.as_object()
                .unwrap()
                .keys()
                .map(|method| (method.to_uppercase().parse().unwrap(), path.clone())),
        );
    }
    operations
}

/// A body that each operation would accept.
fn body(method: &Method, path: &str) -> Option<String> {
    let body = match path.rsplit('/').next().unwrap_or_default() {
        _ if *method == Method::PATCH && path.contains("/members/") => json!({"role": "viewer"}),
        _ if *method == Method::PATCH => json!({}),
        "class" if *method == Method::PUT => json!({"category": "read", "reason": "x"}),
        _ if *method == Method::PUT => json!({"version": "1", "default": "allow"}),
        _ if *method != Method::POST => return None,
        "teams" => json!({"name": "Intruders"}),
        "servers" => json!({"name": "Two", "url": "http://127.0.0.1:1/mcp", "discover": false}),
        "identities" => json!({"label": "intruder", "kind": "agent"}),
        "keys" => json!({"name": "intruder", "scopes": ["read"]}),
        "grants" => json!({"identity": null, "server": "one"}),
        _ => json!({}),
    };
    Some(body.to_string())
}

pub(crate) async fn send(world: &World, access: Option<&str>, (method, path): &(Method, String)) -> Answer {
    world.send(method.clone(), path, access, body(method, path).as_deref()).await
}

/// The answer without what differs by request.
fn shape(answer: &Answer) -> Value {
    let mut body = answer.json();
    body["request_id"] = Value::Null;
    body
}

#[tokio::test]
async fn sec_25_no_operation_tells_or_changes_anything_of_another_organisation() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mallory = world.person("mallory@example.com").await;
    let values = fill(&world, &alice).await;
    let nowhere: Vec<_> =
        values.iter().cloned().map(|(n, v)| (n, if n == "org" { "nowhere".into() } else { v })).collect();
    let before = dump(&world, &alice).await;
    for (operation, unknown) in operations(&values).iter().zip(&operations(&nowhere)) {
        let answer = send(&world, Some(&mallory.access), operation).await;
        assert_eq!(answer.code(), "not_found", "{operation:?}");
        assert_eq!(
            shape(&answer),
            shape(&send(&world, Some(&mallory.access), unknown).await),
            "{operation:?}"
        );
        assert_eq!(send(&world, None, operation).await.code(), "unauthenticated", "{operation:?}");
    }
    assert_eq!(dump(&world, &alice).await, before);
}

#[tokio::test]
async fn sec_25_ids_of_another_organisation_are_unknown_inside_ones_own() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mallory = world.person("mallory@example.com").await;
    let mut values = fill(&world, &mallory).await;
    let theirs = fill(&world, &alice).await;
    let before = dump(&world, &alice).await;
    for name in ["identity", "token", "grant", "approval", "invitation", "key", "user"] {
        for (mine, (other, value)) in values.iter_mut().zip(&theirs) {
            if *other == name {
                mine.1.clone_from(value);
            }
        }
    }
    for operation in operations(&values) {
        let named = theirs.iter().any(|(name, value)| {
            *name != "org" && value.contains('_') && operation.1.contains(value.as_str())
        });
        if named {
            let answer = send(&world, Some(&mallory.access), &operation).await;
            assert_eq!(answer.code(), "not_found", "{operation:?}");
        }
    }
    let identity = theirs.iter().find(|(name, _)| *name == "identity").unwrap().1.clone();
    let body = json!({"identity": identity, "server": "one"});
    let answer = world.post(&mallory.at("/teams/default/grants"), &mallory.access, body).await;
    assert_eq!(answer.json()["problems"][0]["pointer"], "/identity");
    assert_eq!(dump(&world, &alice).await, before);
}

/// All that an organisation's owner can read.
pub(crate) async fn dump(world: &World, person: &Person) -> Vec<String> {
    let mut all = Vec::new();
    for rest in [
        "",
        "/teams",
        "/servers",
        "/servers/one/policies",
        "/teams/default/identities",
        "/teams/default/grants",
        "/events",
        "/approvals",
        "/members",
        "/invitations",
        "/keys",
    ] {
        let answer = world.get(&person.at(rest), &person.access).await;
        assert_eq!(answer.status, 200, "{rest}");
        all.push(answer.text);
    }
    all
}
