//! Signing up, in and out.

use serde_json::json;

use crate::idempotency::post;
use crate::world::{PASSWORD, World};

#[tokio::test]
async fn signing_up_makes_an_organisation_with_a_team_and_an_admin() {
    let world = World::new().await;
    let alice = world.person("Alice.Smith+x@Example.com").await;
    assert_eq!(alice.org, "alice-smith-x");
    let me = world.get("/v1/me", &alice.access).await.ok();
    assert_eq!(me["user"]["email"], "alice.smith+x@example.com");
    assert_eq!(me["memberships"][0]["role"], "admin");
    assert_eq!(me["memberships"][0]["teams"], json!(["default"]));
    let org = world.get(&alice.at(""), &alice.access).await.ok();
    assert_eq!(org["role"], "admin");
    let teams = world.get(&alice.at("/teams"), &alice.access).await.ok();
    assert_eq!(teams["teams"][0]["gateway_url"], "https://gate.example/t/alice-smith-x/default/mcp");
}

#[tokio::test]
async fn sec_33_a_known_address_is_answered_like_a_new_one_and_only_its_owner_is_told() {
    let world = World::new().await;
    let body = |email: &str, password: &str| json!({"email": email, "password": password});
    let first = world.post("/v1/signup", "", body("alice@example.com", PASSWORD)).await;
    let again = world.post("/v1/signup", "", body("ALICE@example.com ", "another long password")).await;
    assert_eq!(first.status, 202);
    assert_eq!(again.status, first.status);
    assert_eq!(again.text, first.text);
    let names = |headers: &http::HeaderMap| headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&again.headers), names(&first.headers));
    assert!(world.mail("alice@example.com").await.contains("There is an account for it already"));
    // The password of the second sign-up opens nothing.
    let login = world.post("/v1/login", "", body("alice@example.com", "another long password")).await;
    assert_eq!(login.code(), "invalid_credentials");
    assert_eq!(login.status, 401);
}

#[tokio::test]
async fn sec_33_a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let login = |email: &str| json!({"email": email, "password": "wrong wrong wrong"});
    let wrong = world.post("/v1/login", "", login("alice@example.com")).await;
    let unknown = world.post("/v1/login", "", login("nobody@example.com")).await;
    assert_eq!(wrong.code(), unknown.code());
    assert_eq!(wrong.json()["detail"], unknown.json()["detail"]);
}

#[tokio::test]
async fn weak_passwords_and_broken_addresses_are_refused_with_their_place() {
    let world = World::new().await;
    for (email, password, pointer) in [
        ("alice@example.com", "short", "/password"),
        ("alice@example.com", "alice@example.com", "/password"),
        ("alice@example.com", &"x".repeat(129), "/password"),
        ("alice", PASSWORD, "/email"),
        ("", PASSWORD, "/email"),
    ] {
        let answer = world.post("/v1/signup", "", json!({"email": email, "password": password})).await;
        assert_eq!(answer.code(), "invalid_request", "{email} {password}");
        assert_eq!(answer.json()["problems"][0]["pointer"], pointer);
        assert!(password.len() < 6 || !answer.text.contains(password), "the password came back");
    }
}

#[tokio::test]
async fn sec_37_a_mailed_link_confirms_the_address_once_and_not_for_ever() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mail = world.mail("alice@example.com").await;
    assert!(mail.contains("https://gate.example/app/verify-email#token=plv_"), "{mail}");
    let token = &mail[mail.find("plv_").unwrap()..][..40];
    let verify = || world.post("/v1/verify-email", "", json!({"token": token}));
    assert_eq!(verify().await.status, 204);
    assert_eq!(verify().await.code(), "invalid_request");
    let me = world.get("/v1/me", &alice.access).await.ok();
    assert!(me["user"]["email_verified_at"].is_string());

    world.person("bob@example.com").await;
    let mail = world.mail("bob@example.com").await;
    let token = &mail[mail.find("plv_").unwrap()..][..40];
    world.pass_seconds(31 * 60);
    assert_eq!(world.post("/v1/verify-email", "", json!({"token": token})).await.code(), "invalid_request");
}

#[tokio::test]
async fn sec_35_a_refresh_token_works_once_and_its_return_ends_the_whole_sign_in() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let refresh = |token: String| world.post("/v1/refresh", "", json!({"refresh_token": token}));
    let next = refresh(alice.refresh.clone()).await.ok();
    let newest = next["refresh_token"].as_str().unwrap().to_owned();
    let access = next["access_token"].as_str().unwrap().to_owned();
    assert_ne!(newest, alice.refresh);
    world.get("/v1/me", &access).await.ok();

    let reused = refresh(alice.refresh.clone()).await;
    assert_eq!(reused.code(), "refresh_reused");
    assert_eq!(refresh(newest).await.code(), "unauthenticated");
    for token in [&access, &alice.access] {
        assert_eq!(world.get("/v1/me", token).await.code(), "unauthenticated");
    }
}

#[tokio::test]
async fn sec_35_a_lost_answer_is_given_again_for_ten_seconds_to_whoever_has_its_key() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let body = json!({"refresh_token": alice.refresh});
    let first = post(&world, "/v1/refresh", "", "lost", &body).await.ok();
    world.pass_seconds(9);
    assert_eq!(post(&world, "/v1/refresh", "", "lost", &body).await.ok(), first);
    world.get("/v1/me", first["access_token"].as_str().unwrap()).await.ok();

    world.pass_seconds(2);
    assert_eq!(post(&world, "/v1/refresh", "", "lost", &body).await.code(), "answer_not_kept");
    world.get("/v1/me", first["access_token"].as_str().unwrap()).await.ok();
    // The token alone, or with another key, is a copy like any other.
    assert_eq!(post(&world, "/v1/refresh", "", "other", &body).await.code(), "refresh_reused");
    assert_eq!(world.get("/v1/me", first["access_token"].as_str().unwrap()).await.code(), "unauthenticated");
}

#[tokio::test]
async fn signing_out_ends_access_at_once_and_can_be_repeated() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    for _ in 0..2 {
        let answer = world.post("/v1/logout", "", json!({"refresh_token": alice.refresh})).await;
        assert_eq!(answer.status, 204);
    }
    assert_eq!(world.get("/v1/me", &alice.access).await.code(), "unauthenticated");
    assert_eq!(
        world.post("/v1/refresh", "", json!({"refresh_token": alice.refresh})).await.code(),
        "unauthenticated"
    );
    assert_eq!(world.post("/v1/logout", "", json!({"refresh_token": "no token"})).await.status, 204);
}

#[tokio::test]
async fn an_access_token_ends_after_ten_minutes() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    world.pass_seconds(590);
    world.get("/v1/me", &alice.access).await.ok();
    world.pass_seconds(20);
    let answer = world.get("/v1/me", &alice.access).await;
    assert_eq!(answer.code(), "unauthenticated");
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn sec_36_tokens_of_other_kinds_prove_nobody() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    for token in [&alice.refresh, &world.node(), "", "x.y.z", &format!("{}x", alice.access)] {
        assert_eq!(world.get("/v1/me", token).await.code(), "unauthenticated", "{token}");
    }
    let refresh = world.post("/v1/refresh", "", json!({"refresh_token": alice.access})).await;
    assert_eq!(refresh.code(), "unauthenticated");
}
