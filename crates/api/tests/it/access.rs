//! Who gets which answer: every operation of the OpenAPI document, tried by everybody. An operation without a row
//! here fails, and so does a row without an operation.
//!
//! Rows are tried in the order in which they stand, by one caller after the other, so what is taken away stands last.
//! Where a path names things by id, the id is unknown: who may not ask is told so before anything is looked up (403),
//! and who may is told that it does not exist (404).

use std::collections::BTreeSet;

use http::Method;
use model::Scope;
use serde_json::{Value, json};

use crate::world::{Answer, World};

/// Statuses for: nobody, a member of another organisation, and the organisation's viewer, policy manager and admin.
pub(crate) type Row = (&'static str, &'static str, &'static str, [u16; 5]);

/// Answered alike to everybody who is signed in.
const fn signed_in(status: u16) -> [u16; 5] {
    [401, status, status, status, status]
}

/// Open to these roles of the organisation.
const fn members(viewer: u16, policy_manager: u16, admin: u16) -> [u16; 5] {
    [401, 404, viewer, policy_manager, admin]
}

const ORG: &str = "/v1/orgs/{org}";
const SERVER: &str = "/v1/orgs/{org}/servers/{server}";
const CATALOG: &str = "/v1/catalog/servers";
const TEAM: &str = "/v1/orgs/{org}/teams/{team}";
const NO_TOKEN: &str = r#"{"token": "none"}"#;

/// Method, address (a beginning and the rest), body and statuses.
pub(crate) const MATRIX: &[(&str, Row)] = &[
    (
        "POST",
        ("", "/v1/signup", r#"{"email": "new@example.com", "password": "correct horse battery"}"#, [202; 5]),
    ),
    ("POST", ("", "/v1/login", r#"{"email": "no@example.com", "password": "correct horse"}"#, [401; 5])),
    ("POST", ("", "/v1/refresh", r#"{"refresh_token": "none"}"#, [401; 5])),
    ("POST", ("", "/v1/logout", r#"{"refresh_token": "none"}"#, [204; 5])),
    ("POST", ("", "/v1/verify-email", NO_TOKEN, [400; 5])),
    ("POST", ("", "/v1/password-reset", r#"{"email": "no@example.com"}"#, [202; 5])),
    ("POST", ("", "/v1/password-reset/complete", r#"{"token": "none", "password": "x"}"#, [400; 5])),
    ("POST", ("", "/v1/email-change", NO_TOKEN, [400; 5])),
    ("GET", ("", "/v1/installation", "", [200; 5])),
    ("GET", ("", "/v1/policy-schema", "", [200; 5])),
    ("GET", (CATALOG, "", "", [200; 5])),
    ("GET", ("", "/v1/catalog/tools", "", [200; 5])),
    ("GET", ("", "/v1/catalog/classes", "", [200; 5])),
    // The catalogue is empty.
    ("GET", (CATALOG, "/{server}", "", [404; 5])),
    ("GET", (CATALOG, "/{server}/tools", "", [404; 5])),
    ("GET", (CATALOG, "/{server}/tools/{tool}", "", [404; 5])),
    ("GET", ("", "/v1/dev/mails", "", [404; 5])),
    ("GET", ("", "/v1/dev/mails/{mail}", "", [404; 5])),
    ("GET", ("", "/v1/me", "", signed_in(200))),
    ("PUT", ("", "/v1/me/password", r#"{"current_password": "x", "new_password": "y"}"#, signed_in(400))),
    ("POST", ("", "/v1/me/verification", "", signed_in(202))),
    ("POST", ("", "/v1/me/deletion", r#"{"password": "x"}"#, signed_in(400))),
    ("POST", ("", "/v1/me/email", r#"{"email": "other@example.com", "password": "x"}"#, signed_in(400))),
    ("GET", ("", "/v1/me/sessions", "", signed_in(200))),
    ("DELETE", ("", "/v1/me/sessions/{session}", "", signed_in(404))),
    ("DELETE", ("", "/v1/me/sessions", "", signed_in(204))),
    (
        "POST",
        ("", "/v1/policies/check", r#"{"document": {"version": "1", "default": "deny"}}"#, signed_in(200)),
    ),
    ("GET", (ORG, "", "", members(200, 200, 200))),
    ("PATCH", (ORG, "", "{}", members(403, 403, 200))),
    ("GET", (ORG, "/changes", "", members(403, 403, 200))),
    ("GET", (ORG, "/keys", "", members(403, 403, 200))),
    ("POST", (ORG, "/keys", r#"{"name": "ci", "scopes": ["read"]}"#, members(403, 403, 201))),
    ("DELETE", (ORG, "/keys/{key}", "", members(403, 403, 404))),
    ("GET", (ORG, "/members", "", members(403, 403, 200))),
    ("PATCH", (ORG, "/members/{user}", r#"{"role": "viewer"}"#, members(403, 403, 404))),
    ("DELETE", (ORG, "/members/{user}", "", members(403, 403, 404))),
    ("GET", (ORG, "/invitations", "", members(403, 403, 200))),
    (
        "POST",
        (ORG, "/invitations", r#"{"email": "x@example.com", "role": "viewer"}"#, members(403, 403, 201)),
    ),
    ("DELETE", (ORG, "/invitations/{invitation}", "", members(403, 403, 404))),
    ("POST", ("", "/v1/invitations/show", NO_TOKEN, [400; 5])),
    ("POST", ("", "/v1/invitations/accept", NO_TOKEN, signed_in(400))),
    ("POST", ("", "/v1/invitations/join", r#"{"token": "none", "password": "x"}"#, [400; 5])),
    ("POST", ("", "/v1/invitations/decline", NO_TOKEN, [400; 5])),
    ("GET", (ORG, "/events", "", members(200, 200, 200))),
    ("GET", (ORG, "/events/histogram", "", members(200, 200, 200))),
    ("GET", (ORG, "/events/tools", "", members(200, 200, 200))),
    ("GET", (ORG, "/limits", "", members(200, 200, 200))),
    ("GET", (ORG, "/events/export", "", members(200, 200, 200))),
    ("GET", (ORG, "/events/{event}", "", members(404, 404, 404))),
    ("GET", (ORG, "/approvals", "", members(200, 200, 200))),
    // It is a stream, and has to be asked for as one.
    ("GET", (ORG, "/approvals/stream", "", members(400, 400, 400))),
    ("GET", (ORG, "/approvals/{approval}", "", members(404, 404, 404))),
    ("POST", (ORG, "/approvals/{approval}/approve", "{}", members(403, 404, 404))),
    ("POST", (ORG, "/approvals/{approval}/deny", "{}", members(403, 404, 404))),
    ("GET", (ORG, "/servers", "", members(200, 200, 200))),
    (
        "POST",
        (
            ORG,
            "/servers",
            r#"{"name": "Two", "url": "http://127.0.0.1:1/mcp", "discover": false}"#,
            members(403, 403, 201),
        ),
    ),
    ("POST", (ORG, "/sample-server", "", members(403, 403, 404))),
    ("GET", (SERVER, "", "", members(200, 200, 200))),
    ("PATCH", (SERVER, "", "{}", members(403, 403, 200))),
    ("POST", (SERVER, "/discover", "", members(403, 403, 502))),
    ("GET", (SERVER, "/tools", "", members(200, 200, 200))),
    (
        "POST",
        (
            SERVER,
            "/accept-definitions",
            r#"{"tools": [{"name": "x", "hash": "0000000000000000000000000000000000000000000000000000000000000000"}]}"#,
            members(403, 403, 409),
        ),
    ),
    (
        "PUT",
        (
            SERVER,
            "/tools/{tool}/class",
            r#"{"category": "read", "reason": "looked at it"}"#,
            members(403, 403, 404),
        ),
    ),
    ("DELETE", (SERVER, "/tools/{tool}/class", "", members(403, 403, 404))),
    ("GET", (SERVER, "/recommended-policy", "", members(200, 200, 200))),
    (
        "POST",
        (
            SERVER,
            "/explain",
            r#"{"document": {"version": "1", "default": "allow"}, "call": {"tool": "t"}}"#,
            members(200, 200, 200),
        ),
    ),
    (
        "POST",
        (
            SERVER,
            "/replay",
            r#"{"document": {"version": "1", "default": "allow"}, "days": 1}"#,
            members(403, 200, 200),
        ),
    ),
    ("GET", (SERVER, "/policies", "", members(200, 200, 200))),
    ("GET", (SERVER, "/policies/{policy}", "", members(200, 200, 200))),
    (
        "PUT",
        (SERVER, "/policies/{policy}", r#"{"version": "1", "default": "allow"}"#, members(403, 201, 200)),
    ),
    ("GET", (SERVER, "/policies/{policy}/versions", "", members(200, 200, 200))),
    ("GET", (SERVER, "/policies/{policy}/versions/{version}", "", members(200, 200, 200))),
    ("GET", (ORG, "/teams", "", members(200, 200, 200))),
    ("POST", (ORG, "/teams", r#"{"name": "Another"}"#, members(403, 403, 201))),
    ("PATCH", (TEAM, "", "{}", members(403, 403, 200))),
    ("GET", (TEAM, "/identities", "", members(200, 200, 200))),
    ("POST", (TEAM, "/identities", r#"{"label": "x", "kind": "agent"}"#, members(403, 403, 201))),
    ("GET", (TEAM, "/identities/{identity}", "", members(404, 404, 404))),
    ("PATCH", (TEAM, "/identities/{identity}", "{}", members(403, 403, 404))),
    ("DELETE", (TEAM, "/identities/{identity}", "", members(403, 403, 404))),
    ("GET", (TEAM, "/identities/{identity}/tokens", "", members(403, 403, 404))),
    ("POST", (TEAM, "/identities/{identity}/tokens", "{}", members(403, 403, 404))),
    ("DELETE", (TEAM, "/identities/{identity}/tokens/{token}", "", members(403, 403, 404))),
    ("GET", (TEAM, "/grants", "", members(200, 200, 200))),
    ("POST", (TEAM, "/grants", r#"{"identity": null, "server": "one"}"#, members(403, 403, 201))),
    ("GET", (TEAM, "/grants/{grant}", "", members(404, 404, 404))),
    ("PATCH", (TEAM, "/grants/{grant}", r#"{"policy": "main"}"#, members(403, 404, 404))),
    ("DELETE", (TEAM, "/grants/{grant}", "", members(403, 403, 404))),
    ("DELETE", (SERVER, "", "", members(403, 403, 204))),
    // It has an identity.
    ("DELETE", (TEAM, "", "", members(403, 403, 409))),
    ("POST", (ORG, "/restore", "", members(403, 403, 200))),
    ("DELETE", (ORG, "", "", members(403, 403, 202))),
];

#[tokio::test]
async fn every_operation_answers_everybody_as_the_matrix_says() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&owner.at("/servers"), &owner.access, body).await.ok();
    let document = r#"{"version": "1", "default": "deny"}"#;
    world.put(&owner.at("/servers/one/policies/main"), &owner.access, document).await.ok();
    let mut wrong = Vec::new();
    for (column, who) in ["nobody", "stranger", "viewer", "policy_manager", "admin"].into_iter().enumerate() {
        let person = match who {
            "nobody" => None,
            _ => Some(world.person(&format!("{who}@example.com")).await),
        };
        if let (Some(person), 2..) = (&person, column) {
            world.join(person, &owner.org, who).await;
        }
        for (method, (base, rest, body, statuses)) in MATRIX {
            let answer = ask(
                &world,
                person.as_ref().map(|person| person.access.as_str()),
                method,
                &fill(&format!("{base}{rest}"), &owner.org),
                body,
            )
            .await;
            if answer.status.as_u16() != statuses[column] {
                wrong.push(format!("{who} {method} {base}{rest}: {} {}", answer.status, answer.text));
            }
            if answer.status == 403 {
                assert_eq!(answer.code(), "forbidden");
                assert!(answer.text.contains("This needs the role"), "{}", answer.text);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The columns for API keys: what each scope opens is what the document says it does, and nothing else.
#[tokio::test]
async fn a_key_opens_what_the_document_says_of_its_scopes_and_nothing_else() {
    let world = World::new().await;
    let document: Value = serde_json::from_str(api::openapi_json()).unwrap();
    let mut wrong = Vec::new();
    let single = Scope::ALL.map(|scope| vec![scope.as_str()]);
    let all = Scope::ALL.map(Scope::as_str).to_vec();
    for (n, scopes) in single.into_iter().chain([all]).enumerate() {
        let owner = world.person(&format!("owner{n}@example.com")).await;
        let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
        world.post(&owner.at("/servers"), &owner.access, body).await.ok();
        let policy = r#"{"version": "1", "default": "deny"}"#;
        world.put(&owner.at("/servers/one/policies/main"), &owner.access, policy).await.ok();
        let key = world.key(&owner, &scopes).await;
        for (method, (base, rest, body, statuses)) in MATRIX {
            let path = format!("{base}{rest}");
            let security = &document["paths"][&path][method.to_lowercase()]["security"];
            let Some(ways) = security.as_array() else { continue };
            let answer = ask(&world, Some(key.as_str()), method, &fill(&path, &owner.org), body).await;
            let mut keys = ways.iter().filter_map(|way| way.get("key")?.as_array()).peekable();
            let fits = if keys.peek().is_none() {
                answer.status == 403 && answer.code() == "person_required"
            } else if keys.any(|needed| needed.iter().all(|name| scopes.contains(&name.as_str().unwrap()))) {
                // The policy is new for some and unchanged for others.
                statuses[3..].contains(&answer.status.as_u16()) && answer.status != 403
            } else {
                answer.status == 403 && answer.code() == "forbidden" && answer.text.contains("the scope")
            };
            if !fits {
                wrong.push(format!("{scopes:?} {method} {path}: {} {}", answer.status, answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_has_its_row_and_every_row_its_operation() {
    let document: Value = serde_json::from_str(api::openapi_json()).unwrap();
    let mut served = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        served.extend(
            item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }
    let rows: BTreeSet<String> =
        MATRIX.iter().map(|(method, (base, rest, ..))| format!("{method} {base}{rest}")).collect();
    let without_row: Vec<_> = served.difference(&rows).collect();
    assert!(without_row.is_empty(), "say in MATRIX who may do these: {without_row:#?}");
    let not_served: Vec<_> = rows.difference(&served).collect();
    assert!(not_served.is_empty(), "these rows of MATRIX stand for nothing: {not_served:#?}");
}

pub(crate) async fn ask(world: &World, bearer: Option<&str>, method: &str, path: &str, body: &str) -> Answer {
    let method: Method = method.parse().unwrap();
    let body = Some(body).filter(|body| !body.is_empty());
    world.send(method, path, bearer, body).await
}

/// An address with things that exist where names are used, and unknown ids elsewhere.
pub(crate) fn fill(path: &str, org: &str) -> String {
    let mut path = path.replace("{org}", org);
    for (name, value) in
        [("team", "default"), ("server", "one"), ("policy", "main"), ("version", "1"), ("tool", "t")]
    {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    path = path.replace("{mail}", &"0".repeat(32));
    for noun in ["identity", "token", "grant", "approval", "session", "user", "invitation", "key", "event"] {
        path = path.replace(&format!("{{{noun}}}"), &format!("{noun}_{}", "0".repeat(32)));
    }
    assert!(!path.contains('{'), "no value for a parameter of {path}");
    path
}
