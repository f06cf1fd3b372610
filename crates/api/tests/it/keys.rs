//! API keys: shown once, bound to one organisation, to their scopes and to what their maker may do.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_key_is_shown_once_works_and_stops_when_it_is_revoked() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let body = json!({"name": "terraform", "scopes": ["servers", "read", "read"]});
    let made = world.post(&owner.at("/keys"), &owner.access, body).await.ok();
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("plk_") && secret.len() == 40);
    assert_eq!(made["scopes"], json!(["read", "servers"]));
    assert_eq!(made["created_by_email"], owner.email);
    assert_eq!(made["last_used_at"], json!(null));

    world.get(&owner.at("/servers"), &secret).await.ok();
    let listed = world.get(&owner.at("/keys"), &owner.access).await;
    assert!(!listed.text.contains(&secret), "{listed:?}");
    let listed = listed.ok();
    assert_eq!(listed["keys"].as_array().unwrap().len(), 1);
    assert_eq!(listed["keys"][0]["last4"], secret[36..]);
    assert!(listed["keys"][0]["last_used_at"].is_string());

    let path = format!("{}/{}", owner.at("/keys"), made["id"].as_str().unwrap());
    for _ in 0..2 {
        world.delete(&path, &owner.access).await.ok();
        assert_eq!(world.get(&owner.at("/servers"), &secret).await.code(), "unauthenticated");
    }
    let listed = world.get(&owner.at("/keys"), &owner.access).await.ok();
    assert!(listed["keys"][0]["revoked_at"].is_string());
}

#[tokio::test]
async fn a_key_works_in_its_own_organisation_only_even_where_its_maker_belongs_to_two() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let other = world.person("other@example.com").await;
    world.join(&owner, &other.org, "admin").await;
    let key = world.key(&owner, &["read"]).await;
    world.get(&other.at("/servers"), &owner.access).await.ok();
    world.get(&owner.at("/servers"), &key).await.ok();
    let foreign = world.get(&other.at("/servers"), &key).await;
    let nowhere = world.get("/v1/orgs/no-such-org/servers", &key).await;
    assert_eq!(
        (foreign.code(), foreign.json()["detail"].clone()),
        (nowhere.code(), nowhere.json()["detail"].clone())
    );
    assert_eq!(foreign.status, 404);
}

#[tokio::test]
async fn a_key_does_no_more_than_its_maker_may_and_ends_with_their_membership() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let maker = world.person("maker@example.com").await;
    world.join(&maker, &owner.org, "admin").await;
    let body = json!({"name": "ci", "scopes": ["read", "teams"]});
    let made = world.post(&owner.at("/keys"), &maker.access, body).await.ok();
    let key = made["secret"].as_str().unwrap();
    let me = world.get("/v1/me", &maker.access).await.ok();
    let member = owner.at(&format!("/members/{}", me["user"]["id"].as_str().unwrap()));

    world.post(&owner.at("/teams"), key, json!({"name": "Made by a key"})).await.ok();
    world.patch(&member, &owner.access, json!({"role": "viewer"})).await.ok();
    let refused = world.post(&owner.at("/teams"), key, json!({"name": "Another"})).await;
    assert_eq!(refused.code(), "forbidden");
    assert!(refused.text.contains("role admin"), "{}", refused.text);
    world.get(&owner.at("/teams"), key).await.ok();
    world.delete(&member, &owner.access).await.ok();
    assert_eq!(world.get(&owner.at("/teams"), key).await.code(), "not_found");
}

#[tokio::test]
async fn the_audit_of_changes_names_the_key_and_no_person() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let key = world.key(&owner, &["teams", "audit"]).await;
    world.post(&owner.at("/teams"), &key, json!({"name": "Payments"})).await.ok();
    let changes = world.get(&owner.at("/changes"), &key).await.ok();
    let [team, made] = [&changes["changes"][0], &changes["changes"][1]];
    assert_eq!((&team["action"], &team["actor"]), (&json!("team.create"), &json!(null)));
    assert_eq!(team["key_name"], "ci");
    assert_eq!((&made["action"], &made["subject"]), (&json!("key.create"), &team["key"]));
    assert_eq!(made["actor_email"], owner.email);
    assert!(!changes.to_string().contains(&key));
    let by_key = owner.at(&format!("/changes?key={}", team["key"].as_str().unwrap()));
    let changes = world.get(&by_key, &owner.access).await.ok();
    assert_eq!(changes["changes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_that_is_expired_unknown_or_mistyped_proves_nobody() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let ends = jiff::Timestamp::from_millisecond(world.now_ms() + 60_000).unwrap();
    let body = json!({"name": "ci", "scopes": ["read"], "expires_at": ends});
    let made = world.post(&owner.at("/keys"), &owner.access, body.clone()).await.ok();
    let key = made["secret"].as_str().unwrap();
    world.get(&owner.at("/servers"), key).await.ok();
    let other = if key.ends_with('0') { '1' } else { '0' };
    let mistyped = world.get(&owner.at("/servers"), &format!("{}{other}", &key[..39])).await;
    assert_eq!(mistyped.code(), "unauthenticated");
    assert!(mistyped.text.contains("checksum"), "{}", mistyped.text);
    world.pass_seconds(61);
    assert_eq!(world.get(&owner.at("/servers"), key).await.code(), "unauthenticated");
    let again = world.post(&owner.at("/keys"), &world.person("x@example.com").await.access, body).await;
    assert_eq!(again.code(), "not_found");
    let fresh = secrets::token::mint(secrets::token::TokenKind::Key, &mut rand::rng());
    let unknown = world.get(&owner.at("/servers"), secrets::ExposeSecret::expose_secret(&fresh)).await;
    assert_eq!(unknown.code(), "unauthenticated");
}

#[tokio::test]
async fn what_takes_a_person_says_so_to_a_key_and_checking_a_policy_takes_none() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let key = world.key(&owner, &["read"]).await;
    assert_eq!(world.get("/v1/me", &key).await.code(), "person_required");
    let body = json!({"document": {"version": "1", "default": "deny"}});
    assert_eq!(world.post("/v1/policies/check", &key, body).await.ok()["valid"], true);
}

#[tokio::test]
async fn a_key_without_a_scope_or_with_one_that_does_not_exist_is_not_made() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    for scopes in [json!([]), json!(["everything"]), json!(["org"])] {
        let refused =
            world.post(&owner.at("/keys"), &owner.access, json!({"name": "ci", "scopes": scopes})).await;
        assert_eq!(refused.code(), "invalid_request");
        assert!(refused.text.contains("/scopes"), "{}", refused.text);
    }
}
