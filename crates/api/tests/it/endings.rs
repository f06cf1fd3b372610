//! Renaming, leaving and deleting: organisations, teams and accounts, with a time to have them back.

use serde_json::{Value, json};

use crate::world::{PASSWORD, Person, World};

const DAY: i64 = 24 * 60 * 60;

async fn actions(world: &World, person: &Person) -> Vec<String> {
    let changes = world.get(&person.at("/changes"), &person.access).await.ok();
    let action = |change: &Value| change["action"].as_str().unwrap().to_owned();
    changes["changes"].as_array().unwrap().iter().map(action).collect()
}

async fn login(world: &World, email: &str) -> String {
    let body = json!({"email": email, "password": PASSWORD});
    world.post("/v1/login", "", body).await.ok()["access_token"].as_str().unwrap().to_owned()
}

/// The token of an agent that may call.
async fn agent(world: &World, person: &Person) -> String {
    let team = person.at("/teams/default");
    let identity = json!({"label": "agent", "kind": "agent"});
    let identity = world.post(&format!("{team}/identities"), &person.access, identity).await.ok();
    let tokens = format!("{team}/identities/{}/tokens", identity["id"].as_str().unwrap());
    world.post(&tokens, &person.access, json!({})).await.ok()["token"].as_str().unwrap().to_owned()
}

/// Whether gateways are told that the organisation of this token works.
async fn works(world: &World, token: &str) -> bool {
    bundle(world, token).await["org"]["enabled"].as_bool().unwrap()
}

async fn bundle(world: &World, token: &str) -> Value {
    let digest = secrets::token::check(token).unwrap().digest;
    let path = format!("/internal/v1/bundles/by-token/{digest}");
    world.get(&path, &world.node()).await.ok()["bundle"].clone()
}

#[tokio::test]
async fn an_organisation_takes_another_name_unless_somebody_has_it() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let bob = world.person("bob@example.com").await;
    let taken = world.patch(&alice.at(""), &alice.access, json!({"slug": bob.org})).await;
    assert_eq!(taken.code(), "conflict");
    let renamed = json!({"name": "Acme", "slug": "acme"});
    let acme = world.patch(&alice.at(""), &alice.access, renamed).await.ok();
    assert_eq!((&acme["name"], &acme["slug"]), (&json!("Acme"), &json!("acme")));
    assert_eq!(world.get(&alice.at(""), &alice.access).await.code(), "not_found");
    let teams = world.get("/v1/orgs/acme/teams", &alice.access).await.ok();
    assert!(teams["teams"][0]["gateway_url"].as_str().unwrap().contains("/t/acme/"), "{teams}");
    let changes = world.get("/v1/orgs/acme/changes?action=org.update", &alice.access).await.ok();
    let change = &changes["changes"][0];
    assert_eq!((&change["before"]["slug"], &change["after"]["slug"]), (&json!(alice.org), &json!("acme")));
}

#[tokio::test]
async fn a_deleted_organisation_refuses_at_once_can_be_had_back_and_is_then_erased() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let token = agent(&world, &alice).await;
    world.database.execute("update user_account set email_verified_at = now()".to_owned()).await.unwrap();
    assert!(works(&world, &token).await);
    let deleted = world.delete(&alice.at(""), &alice.access).await;
    assert_eq!(deleted.status, 202);
    assert!(deleted.json()["delete_at"].is_string());
    assert!(world.mail(&alice.email).await.contains("will be deleted with everything in it"));
    assert!(!works(&world, &token).await, "gateways refuse from now on");
    let refused = world.post(&alice.at("/teams"), &alice.access, json!({"name": "More"})).await;
    assert_eq!(refused.code(), "org_ending");
    assert_eq!(world.get(&alice.at("/teams"), &alice.access).await.status, 200, "it can still be looked at");
    assert!(world.get("/v1/me", &alice.access).await.ok()["memberships"][0]["delete_at"].is_string());

    world.pass_seconds(13 * DAY);
    world.clear_up().await;
    let access = login(&world, &alice.email).await;
    let restored = world.post(&alice.at("/restore"), &access, Value::Null).await.ok();
    assert_eq!(restored["delete_at"], Value::Null);
    assert!(works(&world, &token).await);
    let alice = Person { access, ..alice };
    assert_eq!(actions(&world, &alice).await[..2], ["org.restore", "org.delete"]);

    world.delete(&alice.at(""), &alice.access).await.ok();
    world.pass_seconds(14 * DAY);
    world.clear_up().await;
    let access = login(&world, &alice.email).await;
    assert_eq!(world.get("/v1/me", &access).await.ok()["memberships"], json!([]));
    assert_eq!(world.get(&alice.at(""), &access).await.code(), "not_found");
}

#[tokio::test]
async fn only_an_admin_deletes_and_restores() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let manager = world.person("manager@example.com").await;
    world.join(&manager, &alice.org, "policy_manager").await;
    assert_eq!(world.delete(&alice.at(""), &manager.access).await.code(), "forbidden");
    world.delete(&alice.at(""), &alice.access).await.ok();
    let restore = alice.at("/restore");
    assert_eq!(world.post(&restore, &manager.access, Value::Null).await.code(), "forbidden");
}

#[tokio::test]
async fn a_team_is_renamed_switched_off_and_removed_once_nobody_calls_through_it() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let token = agent(&world, &alice).await;
    let off = json!({"name": "Main", "slug": "main", "enabled": false});
    let team = world.patch(&alice.at("/teams/default"), &alice.access, off).await.ok();
    assert_eq!((&team["slug"], &team["enabled"]), (&json!("main"), &json!(false)));
    assert_eq!(bundle(&world, &token).await["team"]["enabled"], false);
    assert_eq!(world.get(&alice.at("/teams/default/grants"), &alice.access).await.code(), "not_found");

    let main = alice.at("/teams/main");
    assert!(world.delete(&main, &alice.access).await.text.contains("still has identities or grants"));
    let identities = world.get(&format!("{main}/identities"), &alice.access).await.ok();
    let identity = format!("{main}/identities/{}", identities["identities"][0]["id"].as_str().unwrap());
    world.delete(&identity, &alice.access).await.ok();
    assert!(world.delete(&main, &alice.access).await.text.contains("organisation needs a team"));
    world.post(&alice.at("/teams"), &alice.access, json!({"name": "Next"})).await.ok();
    let guest = world.person("guest@example.com").await;
    let role = json!({"email": guest.email, "role": "viewer", "team": "main"});
    world.post(&alice.at("/invitations"), &alice.access, role).await.ok();
    world.delete(&main, &alice.access).await.ok();
    assert_eq!(world.get(&format!("{main}/identities"), &alice.access).await.code(), "not_found");
    assert_eq!(world.get(&alice.at("/invitations"), &alice.access).await.ok()["invitations"], json!([]));
    let teams = world.get(&alice.at("/teams"), &alice.access).await.ok();
    assert_eq!(teams["teams"].as_array().unwrap().len(), 1);
    world.post(&alice.at("/teams"), &alice.access, json!({"name": "Main"})).await.ok();
    assert_eq!(actions(&world, &alice).await[1], "team.remove");
}

#[tokio::test]
async fn an_admin_of_one_team_alone_neither_renames_nor_removes_it() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let guest = world.person("guest@example.com").await;
    world.join(&guest, &alice.org, "viewer").await;
    let sql = format!(
        "update membership set role = 'admin', team_id = (select id from team where org_id = membership.org_id)
         where user_id = (select id from user_account where email = '{}')
           and org_id = (select id from org where slug = '{}')",
        guest.email, alice.org
    );
    world.database.execute(sql).await.unwrap();
    let team = alice.at("/teams/default");
    let identity = json!({"label": "x", "kind": "agent"});
    world.post(&format!("{team}/identities"), &guest.access, identity).await.ok();
    assert_eq!(world.patch(&team, &guest.access, json!({"name": "Mine"})).await.code(), "forbidden");
    assert_eq!(world.delete(&team, &guest.access).await.code(), "forbidden");
}

#[tokio::test]
async fn the_last_admin_of_others_cannot_delete_the_account_and_signing_in_takes_it_back() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let bob = world.person("bob@example.com").await;
    world.join(&bob, &alice.org, "viewer").await;
    let wrong = world.post("/v1/me/deletion", &alice.access, json!({"password": "wrong"})).await;
    assert_eq!(wrong.code(), "invalid_request");
    let word = json!({"password": PASSWORD});
    let refused = world.post("/v1/me/deletion", &alice.access, word.clone()).await;
    assert_eq!(refused.code(), "last_admin");
    assert!(refused.text.contains(&alice.org), "{refused:?}");

    // Bob is alone in an organisation of his own, which goes with him.
    let token = agent(&world, &bob).await;
    let ending = world.post("/v1/me/deletion", &bob.access, word.clone()).await;
    assert_eq!(ending.status, 202);
    assert_eq!(ending.json()["orgs"], json!([bob.org]));
    assert_eq!(world.get("/v1/me", &bob.access).await.code(), "unauthenticated", "all sign-ins end");
    assert!(!works(&world, &token).await);
    assert!(world.mail(&bob.email).await.contains("sign in before that day"));
    world.pass_seconds(13 * DAY);
    world.clear_up().await;
    let bob = Person { access: login(&world, &bob.email).await, ..bob };
    assert!(works(&world, &token).await);
    assert_eq!(actions(&world, &bob).await[..2], ["org.restore", "org.delete"]);

    world.post("/v1/me/deletion", &bob.access, word).await.ok();
    world.pass_seconds(14 * DAY);
    world.clear_up().await;
    let body = json!({"email": bob.email, "password": PASSWORD});
    assert_eq!(world.post("/v1/login", "", body).await.code(), "invalid_credentials");
    let alice = Person { access: login(&world, &alice.email).await, ..alice };
    assert_eq!(actions(&world, &alice).await[0], "member.leave");
    let members = world.get(&alice.at("/members"), &alice.access).await.ok();
    assert_eq!(members["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_admin_who_is_leaving_does_not_count_as_one() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let bob = world.person("bob@example.com").await;
    world.join(&bob, &alice.org, "admin").await;
    world.post("/v1/me/deletion", &bob.access, json!({"password": PASSWORD})).await.ok();
    let me = world.get("/v1/me", &alice.access).await.ok();
    let herself = alice.at(&format!("/members/{}", me["user"]["id"].as_str().unwrap()));
    assert_eq!(world.delete(&herself, &alice.access).await.code(), "last_admin");
}
