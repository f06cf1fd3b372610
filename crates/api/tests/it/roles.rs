//! What each role may do, tried on every operation.

use http::Method;
use serde_json::json;

use crate::world::World;

/// The least role for each operation below an organisation. Read-only roles may do what is not listed as more.
fn least(method: &Method, path: &str) -> &'static str {
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method.as_str(), path) {
        ("GET", _) if last == "tokens" => "admin",
        ("GET", _) => "viewer",
        ("PUT", _) => "policy_manager",
        ("PATCH", path) if path.contains("/grants/") => "policy_manager",
        ("POST", _) if last == "explain" => "viewer",
        _ => "admin",
    }
}

const ROLES: [&str; 3] = ["viewer", "policy_manager", "admin"];

#[tokio::test]
async fn each_operation_is_open_to_its_role_and_closed_below_it() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&owner.at("/servers"), &owner.access, body).await.ok();
    let document: serde_json::Value = serde_json::from_str(&api::openapi_json()).unwrap();
    for (rank, role) in ROLES.into_iter().enumerate() {
        let person = world.person(&format!("{role}@example.com")).await;
        world.join(&person, &owner.org, role).await;
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys().filter(|_| path.starts_with("/v1/orgs/")) {
                let method: Method = method.to_uppercase().parse().unwrap();
                let needed = ROLES.iter().position(|least_role| *least_role == least(&method, path)).unwrap();
                let address = fill(path, &owner.org);
                let body = (method != Method::GET).then_some(body_that_parses(&method, path));
                let answer =
                    world.send(method.clone(), &address, Some(&person.access), body.as_deref()).await;
                let forbidden = answer.status == 403;
                assert_eq!(forbidden, rank < needed, "{role} {method} {path}: {answer:?}");
                if forbidden {
                    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
                    assert!(detail.contains(ROLES[needed]), "{detail}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_policy_manager_attaches_policies_but_does_not_lengthen_grants() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let manager = world.person("manager@example.com").await;
    world.join(&manager, &owner.org, "policy_manager").await;
    let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&owner.at("/servers"), &owner.access, body).await.ok();
    let grants = owner.at("/teams/default/grants");
    let grant = world.post(&grants, &owner.access, json!({"identity": null, "server": "one"})).await.ok();
    let path = format!("{grants}/{}", grant["id"].as_str().unwrap());
    let document = r#"{"version": "1", "default": "deny"}"#;
    world.put(&owner.at("/servers/one/policies/main"), &manager.access, document).await.ok();
    assert_eq!(world.patch(&path, &manager.access, json!({"policy": "main"})).await.ok()["policy"], "main");
    assert_eq!(world.patch(&path, &manager.access, json!({"expires_at": null})).await.code(), "forbidden");
}

fn body_that_parses(method: &Method, path: &str) -> String {
    let body = match (method.as_str(), path.rsplit('/').next().unwrap_or_default()) {
        ("PUT", _) => json!({"version": "1", "default": "allow"}),
        ("POST", "teams") => json!({"name": "Another"}),
        ("POST", "servers") => json!({"name": "Two", "url": "http://127.0.0.1:1/mcp", "discover": false}),
        ("POST", "identities") => json!({"label": "x", "kind": "agent"}),
        ("POST", "explain") => {
            json!({"document": {"version": "1", "default": "allow"}, "call": {"tool": "t"}})
        }
        ("POST", "grants") => json!({"identity": null, "server": "one"}),
        _ => json!({}),
    };
    body.to_string()
}

/// An address with things that exist where names are used, and unknown ids elsewhere: who may not ask is told so
/// before anything is looked up.
fn fill(path: &str, org: &str) -> String {
    let nobody = "0".repeat(32);
    path.replace("{org}", org)
        .replace("{team}", "default")
        .replace("{server}", "one")
        .replace("{policy}", "main")
        .replace("{version}", "1")
        .replace("{identity}", &format!("identity_{nobody}"))
        .replace("{token}", &format!("token_{nobody}"))
        .replace("{grant}", &format!("grant_{nobody}"))
}
