//! No change without a record: every operation that changes an organisation is carried out by its admin, and the audit of
//! changes has to tell of it. An operation without a step here fails, unless it is listed as one that changes nothing.

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;
use testkit::upstream::Upstream;

use crate::approvals;
use crate::world::{Person, World};

/// Method, address below the organisation, body (`{upstream}` and parameters are filled in), and the action recorded.
/// Parameters not known from the start are the id in the answer of the step that makes the thing.
const STEPS: &[(&str, &str, &str, &str)] = &[
    ("PATCH", "", r#"{"name": "Acme"}"#, "org.update"),
    ("POST", "/servers", r#"{"name": "One", "url": "{upstream}"}"#, "server.create"),
    ("POST", "/sample-server", "", "server.create"),
    ("PATCH", "/servers/{server}", r#"{"name": "First"}"#, "server.update"),
    ("POST", "/servers/{server}/discover", "", "server.discover"),
    (
        "POST",
        "/servers/{server}/accept-definitions",
        r#"{"tools": [{"name": "{tool}", "hash": "{hash}"}]}"#,
        "server.accept_definitions",
    ),
    (
        "PUT",
        "/servers/{server}/tools/{tool}/class",
        r#"{"category": "read", "reason": "seen"}"#,
        "tool.classify",
    ),
    ("DELETE", "/servers/{server}/tools/{tool}/class", "", "tool.classify"),
    (
        "PUT",
        "/servers/{server}/policies/{policy}",
        r#"{"version": "1", "default": "deny"}"#,
        "policy.publish",
    ),
    ("POST", "/teams", r#"{"name": "Second"}"#, "team.create"),
    ("PATCH", "/teams/{team}", r#"{"name": "First"}"#, "team.update"),
    ("POST", "/teams/{team}/identities", r#"{"label": "a", "kind": "agent"}"#, "identity.create"),
    ("PATCH", "/teams/{team}/identities/{identity}", r#"{"label": "b"}"#, "identity.update"),
    ("POST", "/teams/{team}/identities/{identity}/tokens", "{}", "token.create"),
    ("DELETE", "/teams/{team}/identities/{identity}/tokens/{token}", "", "token.revoke"),
    ("POST", "/teams/{team}/grants", r#"{"identity": "{identity}", "server": "{server}"}"#, "grant.create"),
    ("PATCH", "/teams/{team}/grants/{grant}", r#"{"policy": "main"}"#, "grant.update"),
    ("DELETE", "/teams/{team}/grants/{grant}", "", "grant.revoke"),
    ("DELETE", "/teams/{team}/identities/{identity}", "", "identity.remove"),
    ("POST", "/approvals/{approval}/deny", "{}", "approval.deny"),
    ("POST", "/approvals/{approval}/approve", "{}", "approval.approve"),
    ("POST", "/invitations", r#"{"email": "x@example.com", "role": "viewer"}"#, "invitation.create"),
    ("DELETE", "/invitations/{invitation}", "", "invitation.revoke"),
    ("PATCH", "/members/{user}", r#"{"role": "admin"}"#, "member.update"),
    ("DELETE", "/members/{user}", "", "member.remove"),
    ("POST", "/keys", r#"{"name": "ci", "scopes": ["read"]}"#, "key.create"),
    ("DELETE", "/keys/{key}", "", "key.revoke"),
    ("DELETE", "/servers/{server}", "", "server.remove"),
    ("DELETE", "/teams/second", "", "team.remove"),
    ("DELETE", "", "", "org.delete"),
    ("POST", "/restore", "", "org.restore"),
];

/// Operations that look like changes and are none.
const CHANGE_NOTHING: &[&str] = &["POST /servers/{server}/explain", "POST /servers/{server}/replay"];

/// The parameters that a step's answer gives the value of, by the last noun of its address.
const MADE: &[(&str, &str)] = &[
    ("/identities", "identity"),
    ("/tokens", "token"),
    ("/grants", "grant"),
    ("/invitations", "invitation"),
    ("/keys", "key"),
];

async fn newest(world: &World, person: &Person) -> String {
    let changes = world.get(&person.at("/changes?limit=1"), &person.access).await.ok();
    changes["changes"][0]["action"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn sec_29_every_operation_that_changes_an_organisation_is_recorded() {
    let upstream = Upstream::builder().tools_named(["t"]).start().await.unwrap();
    let sample = api::Sample { url: upstream.url.parse().unwrap(), header: "x-copy" };
    let folder = tempfile::tempdir().unwrap();
    let world = World::local(sample, worker::MailFiles::within(folder.path())).await;
    let alice = world.person("alice@example.com").await;
    let guest = world.person("guest@example.com").await;
    world.join(&guest, &alice.org, "viewer").await;
    let user = world.get("/v1/me", &guest.access).await.ok()["user"]["id"].as_str().unwrap().to_owned();
    let mut values: Vec<(String, String)> =
        [("server", "one"), ("policy", "main"), ("tool", "t"), ("team", "default")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    values.extend([("user".to_owned(), user), ("upstream".to_owned(), upstream.url.clone())]);
    let (mut wrong, mut bot) = (Vec::new(), String::new());
    for (method, path, body, action) in STEPS {
        if path.contains("{approval}") {
            if bot.is_empty() {
                bot = approvals::equip(&world, &alice, None).await;
            }
            let number = u8::try_from(path.len()).unwrap();
            let request = approvals::request(&world, &bot, number, approvals::ONE_ADMIN).await;
            values.retain(|(name, _)| name != "approval");
            values.push(("approval".to_owned(), approvals::ask(&world, &request).await.0));
        }
        if path.ends_with("/accept-definitions") {
            let tools = world.get(&alice.at("/servers/one/tools"), &alice.access).await.ok();
            let hash = tools["tools"][0]["hash"].as_str().unwrap().to_owned();
            values.push(("hash".to_owned(), hash));
        }
        let fill = |text: &str| {
            values
                .iter()
                .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
        };
        let (url, body) = (alice.at(&fill(path)), Some(fill(body)).filter(|body| !body.is_empty()));
        let method: Method = method.parse().unwrap();
        let answer = world.send(method.clone(), &url, Some(&alice.access), body.as_deref()).await;
        assert!(answer.status.is_success(), "{method} {url}: {answer:?}");
        let told = newest(&world, &alice).await;
        if told != *action {
            wrong.push(format!("{method} {path} recorded {told:?}"));
        }
        if let (Method::POST, Some((_, name))) = (method, MADE.iter().find(|(end, _)| path.ends_with(end))) {
            let made: Value = answer.json();
            values.push(((*name).to_owned(), made["id"].as_str().unwrap().to_owned()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sec_29_every_changing_operation_has_a_step() {
    let document: Value = serde_json::from_str(api::openapi_json()).unwrap();
    let mut served = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(rest) = path.strip_prefix("/v1/orgs/{org}") else { continue };
        let methods = item.as_object().unwrap().keys().filter(|method| *method != "get");
        served.extend(methods.map(|method| format!("{} {rest}", method.to_uppercase())));
    }
    let mut known: BTreeSet<String> =
        STEPS.iter().map(|(method, path, ..)| format!("{method} {path}")).collect();
    known.remove("DELETE /teams/second");
    known.insert("DELETE /teams/{team}".to_owned());
    known.extend(CHANGE_NOTHING.iter().map(|operation| (*operation).to_owned()));
    let missing: Vec<_> = served.difference(&known).collect();
    assert!(missing.is_empty(), "say in STEPS what these record: {missing:#?}");
    let stale: Vec<_> = known.difference(&served).collect();
    assert!(stale.is_empty(), "these stand for nothing: {stale:#?}");
}
