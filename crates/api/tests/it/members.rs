//! Members and invitations: who joins, as what, and who can never be lost.

use http::Method;
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, Person, World};

async fn invite(world: &World, owner: &Person, body: Value) -> Answer {
    world.post(&owner.at("/invitations"), &owner.access, body).await
}

/// The token of the newest invitation mailed to somebody.
async fn invited(world: &World, email: &str) -> String {
    let mail = world.mail(email).await;
    let start = mail.find("pli_").unwrap_or_else(|| panic!("no invitation in {mail:?}"));
    mail[start..][..40].to_owned()
}

async fn members(world: &World, owner: &Person) -> Vec<Value> {
    let list = world.get(&owner.at("/members"), &owner.access).await.ok();
    list["members"].as_array().unwrap().clone()
}

async fn id(world: &World, person: &Person) -> String {
    let me = world.get("/v1/me", &person.access).await.ok();
    me["user"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_with_an_account_accepts_an_invitation_and_the_audit_tells_of_it() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let bob = world.person("bob@example.com").await;
    assert_eq!(world.get(&owner.at(""), &bob.access).await.status, 404);
    let sent = invite(&world, &owner, json!({"email": "Bob@example.com", "role": "viewer"})).await;
    assert_eq!(sent.status, 201);
    assert!(!sent.text.contains("pli_"), "the token is for the mailbox only");
    let token = invited(&world, "bob@example.com").await;
    let shown = world.post("/v1/invitations/show", "", json!({"token": token})).await.ok();
    assert_eq!((&shown["org"], &shown["has_account"]), (&json!(owner.org), &json!(true)));

    let accept = |access: String| {
        let (world, token) = (&world, token.clone());
        async move { world.post("/v1/invitations/accept", &access, json!({"token": token})).await }
    };
    let mallory = world.person("mallory@example.com").await;
    assert_eq!(accept(mallory.access.clone()).await.code(), "forbidden");
    assert_eq!(accept(bob.access.clone()).await.status, 204);
    assert_eq!(accept(bob.access.clone()).await.code(), "invalid_request");
    assert_eq!(world.get(&owner.at(""), &bob.access).await.ok()["role"], "viewer");
    assert_eq!(members(&world, &owner).await.len(), 2);
    let again = invite(&world, &owner, json!({"email": "bob@example.com", "role": "admin"})).await;
    assert_eq!(again.code(), "conflict");

    let changes = world.get(&owner.at("/changes?action=invitation"), &owner.access).await.ok();
    let actions: Vec<_> =
        changes["changes"].as_array().unwrap().iter().map(|c| c["action"].clone()).collect();
    assert_eq!(actions, ["invitation.accept", "invitation.create"]);
    assert_eq!(changes["changes"][0]["actor_email"], "bob@example.com");
}

#[tokio::test]
async fn somebody_new_joins_with_a_password_and_has_no_organisation_of_their_own() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    invite(&world, &owner, json!({"email": "new@example.com", "role": "policy_manager"})).await.ok();
    let token = invited(&world, "new@example.com").await;
    let join = |password: &str| {
        world.post("/v1/invitations/join", "", json!({"token": token, "password": password}))
    };
    assert_eq!(join("short").await.json()["problems"][0]["pointer"], "/password");
    assert_eq!(join(PASSWORD).await.status, 201);
    assert_eq!(join(PASSWORD).await.code(), "invalid_request");
    let login = json!({"email": "new@example.com", "password": PASSWORD});
    let session = world.post("/v1/login", "", login).await.ok();
    let me = world.get("/v1/me", session["access_token"].as_str().unwrap()).await.ok();
    assert!(me["user"]["email_verified_at"].is_string());
    assert_eq!(me["memberships"].as_array().unwrap().len(), 1);
    assert_eq!(me["memberships"][0]["role"], "policy_manager");
}

#[tokio::test]
async fn sec_33_inviting_tells_nothing_of_who_has_an_account() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    world.person("known@example.com").await;
    let known = invite(&world, &owner, json!({"email": "known@example.com", "role": "viewer"})).await.ok();
    let unknown = invite(&world, &owner, json!({"email": "other@example.com", "role": "viewer"})).await.ok();
    let fields = |view: &Value| view.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&known), fields(&unknown));
    // An account for an invited address cannot be made twice.
    let token = invited(&world, "known@example.com").await;
    let join = world.post("/v1/invitations/join", "", json!({"token": token, "password": PASSWORD})).await;
    assert_eq!(join.code(), "conflict");
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_taking_it_back_by_declining_and_by_a_newer_one() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let show = async |token: &str| {
        let answer = world.post("/v1/invitations/show", "", json!({"token": token})).await;
        answer.status.as_u16()
    };
    let bob = json!({"email": "bob@example.com", "role": "viewer"});
    let first = invite(&world, &owner, bob.clone()).await.ok();
    let old = invited(&world, "bob@example.com").await;
    invite(&world, &owner, bob.clone()).await.ok();
    let new = invited(&world, "bob@example.com").await;
    assert_eq!((show(&old).await, show(&new).await), (400, 200));
    let list = world.get(&owner.at("/invitations"), &owner.access).await.ok();
    assert_eq!(list["invitations"].as_array().unwrap().len(), 1);
    let current = owner.at(&format!("/invitations/{}", list["invitations"][0]["id"].as_str().unwrap()));
    let ended = owner.at(&format!("/invitations/{}", first["id"].as_str().unwrap()));
    assert_eq!(world.delete(&ended, &owner.access).await.code(), "not_found");
    assert_eq!(world.delete(&current, &owner.access).await.status, 204);
    assert_eq!(show(&new).await, 400);

    invite(&world, &owner, bob.clone()).await.ok();
    let token = invited(&world, "bob@example.com").await;
    world.post("/v1/invitations/decline", "", json!({"token": token})).await.ok();
    assert_eq!(show(&token).await, 400);

    invite(&world, &owner, bob).await.ok();
    let token = invited(&world, "bob@example.com").await;
    world.pass_seconds(7 * 24 * 3600 - 60);
    assert_eq!(show(&token).await, 200);
    world.pass_seconds(60);
    assert_eq!(show(&token).await, 400);
}

#[tokio::test]
async fn the_last_admin_can_neither_leave_nor_become_less() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let bob = world.person("bob@example.com").await;
    world.join(&bob, &owner.org, "policy_manager").await;
    let own = owner.at(&format!("/members/{}", id(&world, &owner).await));
    let bobs = owner.at(&format!("/members/{}", id(&world, &bob).await));
    assert_eq!(world.patch(&own, &owner.access, json!({"role": "viewer"})).await.code(), "last_admin");
    assert_eq!(world.delete(&own, &owner.access).await.code(), "last_admin");
    // A role on a team does not look after the organisation.
    world.patch(&bobs, &owner.access, json!({"role": "admin", "team": "default"})).await.ok();
    assert_eq!(world.delete(&own, &owner.access).await.code(), "last_admin");
    world.patch(&bobs, &owner.access, json!({"role": "admin"})).await.ok();
    assert_eq!(world.delete(&own, &owner.access).await.status, 204);
    assert_eq!(world.get(&owner.at(""), &owner.access).await.code(), "not_found");
    assert_eq!(world.delete(&bobs, &bob.access).await.code(), "last_admin");
}

#[tokio::test]
async fn two_admins_who_remove_each_other_at_once_do_not_both_succeed() {
    let world = World::new().await;
    for round in 0..5 {
        let alice = world.person(&format!("alice{round}@example.com")).await;
        let bob = world.person(&format!("bob{round}@example.com")).await;
        world.join(&bob, &alice.org, "admin").await;
        let hers = alice.at(&format!("/members/{}", id(&world, &alice).await));
        let his = alice.at(&format!("/members/{}", id(&world, &bob).await));
        let (one, two) = tokio::join!(
            world.patch(&his, &alice.access, json!({"role": "viewer"})),
            world.delete(&hers, &bob.access),
        );
        let done = [&one, &two].iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(done, 1, "{one:?} {two:?}");
    }
}

#[tokio::test]
async fn members_are_changed_and_removed_and_every_change_is_told_with_before_and_after() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let bob = world.person("bob@example.com").await;
    world.join(&bob, &owner.org, "viewer").await;
    let bobs = owner.at(&format!("/members/{}", id(&world, &bob).await));
    let changed = world.patch(&bobs, &owner.access, json!({"role": "policy_manager"})).await.ok();
    assert_eq!(changed["role"], "policy_manager");
    assert_eq!(
        world.patch(&bobs, &owner.access, json!({"role": "viewer", "team": "none"})).await.code(),
        "invalid_request"
    );
    assert_eq!(world.delete(&bobs, &owner.access).await.status, 204);
    assert_eq!(world.delete(&bobs, &owner.access).await.code(), "not_found");
    assert_eq!(world.get(&owner.at(""), &bob.access).await.code(), "not_found");

    let page = world.get(&owner.at("/changes?limit=1"), &owner.access).await.ok();
    assert_eq!(page["changes"][0]["action"], "member.remove");
    assert_eq!(page["changes"][0]["before"]["role"], "policy_manager");
    assert_eq!(page["changes"][0]["after"], Value::Null);
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = world.get(&owner.at(&format!("/changes?limit=1&cursor={cursor}")), &owner.access).await.ok();
    assert_eq!(next["changes"][0]["action"], "member.update");
    assert_eq!(next["changes"][0]["before"]["role"], "viewer");
    assert_eq!(next["changes"][0]["after"]["role"], "policy_manager");
    assert_eq!(next["changes"][0]["actor_email"], "owner@example.com");
    for (query, count) in [
        ("action=member.update", 1),
        ("action=member", 2),
        ("action=mem", 0),
        ("after=2999-01-01T00:00:00Z", 0),
        ("before=2000-01-01T00:00:00Z", 0),
    ] {
        let found = world.get(&owner.at(&format!("/changes?{query}")), &owner.access).await.ok();
        assert_eq!(found["changes"].as_array().unwrap().len(), count, "{query}");
    }
    assert_eq!(world.get(&owner.at("/changes?cursor=x"), &owner.access).await.code(), "invalid_request");
}

/// An owner with two teams, an identity and a grant on the first, and somebody who is on that team only.
async fn team_member(world: &World, role: &str) -> (Person, Person) {
    let owner = world.person("owner@example.com").await;
    world.post(&owner.at("/teams"), &owner.access, json!({"name": "Other"})).await.ok();
    let server = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&owner.at("/servers"), &owner.access, server).await.ok();
    let document = r#"{"version": "1", "default": "deny"}"#;
    world.put(&owner.at("/servers/one/policies/main"), &owner.access, document).await.ok();
    let bob = world.person("bob@example.com").await;
    invite(world, &owner, json!({"email": "bob@example.com", "role": role, "team": "default"})).await.ok();
    let token = invited(world, "bob@example.com").await;
    world.post("/v1/invitations/accept", &bob.access, json!({"token": token})).await.ok();
    (owner, bob)
}

#[tokio::test]
async fn a_role_on_a_team_counts_on_that_team_and_on_no_other() {
    let world = World::new().await;
    let (owner, bob) = team_member(&world, "admin").await;
    let ask = async |method: Method, rest: &str, body: Option<Value>| {
        let body = body.map(|body| body.to_string());
        world.send(method, &owner.at(rest), Some(&bob.access), body.as_deref()).await.status.as_u16()
    };
    let identity = json!({"label": "x", "kind": "agent"});
    let grant = json!({"identity": null, "server": "one", "policy": "main"});
    assert_eq!(ask(Method::POST, "/teams/default/identities", Some(identity.clone())).await, 201);
    assert_eq!(ask(Method::POST, "/teams/default/grants", Some(grant.clone())).await, 201);
    for rest in ["", "/teams", "/servers", "/servers/one", "/servers/one/policies/main", "/events"] {
        assert_eq!(ask(Method::GET, rest, None).await, 200, "{rest}");
    }
    // Another team is not there, and what belongs to all teams is not theirs to change.
    assert_eq!(ask(Method::GET, "/teams/other/identities", None).await, 404);
    assert_eq!(ask(Method::POST, "/teams/other/grants", Some(grant)).await, 404);
    for (method, rest, body) in [
        (Method::PUT, "/servers/one/policies/main", json!({"version": "1", "default": "allow"})),
        (Method::DELETE, "/servers/one", json!({})),
        (Method::POST, "/teams", json!({"name": "Mine"})),
        (Method::POST, "/invitations", json!({"email": "eve@example.com", "role": "admin"})),
        (Method::GET, "/members", json!({})),
        (Method::GET, "/changes", json!({})),
    ] {
        assert_eq!(ask(method.clone(), rest, Some(body)).await, 403, "{method} {rest}");
    }
    let me = world.get("/v1/me", &bob.access).await.ok();
    let place = me["memberships"].as_array().unwrap().iter().find(|m| m["org"] == json!(owner.org)).unwrap();
    assert_eq!(place["role"], Value::Null);
    assert_eq!(place["teams"], json!(["default"]));
    assert_eq!(place["team_roles"], json!([{"team": "default", "role": "admin"}]));
    let teams = world.get(&owner.at("/teams"), &bob.access).await.ok();
    assert_eq!(teams["teams"].as_array().unwrap().len(), 1);
    // Off the team, the organisation is gone as well.
    let own = owner.at(&format!("/members/{}?team=default", id(&world, &bob).await));
    assert_eq!(world.delete(&own, &bob.access).await.status, 204);
    assert_eq!(ask(Method::GET, "", None).await, 404);
}

#[tokio::test]
async fn a_viewer_on_a_team_reads_it_and_changes_nothing() {
    let world = World::new().await;
    let (owner, bob) = team_member(&world, "viewer").await;
    world.get(&owner.at("/teams/default/grants"), &bob.access).await.ok();
    let identity = json!({"label": "x", "kind": "agent"});
    let refused = world.post(&owner.at("/teams/default/identities"), &bob.access, identity).await;
    assert_eq!(refused.code(), "forbidden");
}
