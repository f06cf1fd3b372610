//! What keeps an account its owner's: passwords, mailed links, sign-ins and the address.

use api::{Pace, Paces};
use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::world::{Answer, PASSWORD, Person, World};

const NEW: &str = "another long password";

/// The newest token with this prefix that was mailed to somebody.
async fn mailed(world: &World, email: &str, prefix: &str) -> String {
    let mail = world.mail(email).await;
    let start = mail.find(&format!("{prefix}_")).unwrap_or_else(|| panic!("no {prefix} in {mail:?}"));
    mail[start..][..40].to_owned()
}

async fn ask_reset(world: &World, email: &str) -> Answer {
    world.post("/v1/password-reset", "", json!({"email": email})).await
}

async fn complete(world: &World, token: &str, password: &str) -> Answer {
    world.post("/v1/password-reset/complete", "", json!({"token": token, "password": password})).await
}

async fn login(world: &World, email: &str, password: &str) -> Answer {
    world.post("/v1/login", "", json!({"email": email, "password": password})).await
}

async fn alone(world: &World, person: &Person) {
    let sessions = world.get("/v1/me/sessions", &person.access).await.ok();
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1, "{sessions}");
    assert_eq!(sessions["sessions"][0]["current"], true);
}

#[tokio::test]
async fn sec_37_a_reset_link_works_once_and_ends_every_sign_in_and_every_other_link() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    assert_eq!(ask_reset(&world, "Alice@Example.com").await.status, 202);
    let first = mailed(&world, "alice@example.com", "plp").await;
    ask_reset(&world, "alice@example.com").await.ok();
    let second = mailed(&world, "alice@example.com", "plp").await;
    assert_ne!(first, second);

    assert_eq!(complete(&world, &first, "short").await.json()["problems"][0]["pointer"], "/password");
    assert_eq!(complete(&world, &first, NEW).await.status, 204);
    for token in [&first, &second] {
        assert_eq!(complete(&world, token, NEW).await.code(), "invalid_request");
    }
    assert_eq!(world.get("/v1/me", &alice.access).await.code(), "unauthenticated");
    assert_eq!(
        world.post("/v1/refresh", "", json!({"refresh_token": alice.refresh})).await.code(),
        "unauthenticated"
    );
    assert_eq!(login(&world, "alice@example.com", PASSWORD).await.code(), "invalid_credentials");
    login(&world, "alice@example.com", NEW).await.ok();
    assert!(world.mail("alice@example.com").await.contains("was changed"));
}

#[tokio::test]
async fn sec_37_a_reset_link_ends_after_half_an_hour_and_no_other_token_stands_in_for_it() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    ask_reset(&world, "alice@example.com").await.ok();
    let token = mailed(&world, "alice@example.com", "plp").await;
    world.pass_seconds(30 * 60);
    assert_eq!(complete(&world, &token, NEW).await.code(), "invalid_request");
    // A token for another purpose is none for this one.
    let verify = {
        world.person("bob@example.com").await;
        mailed(&world, "bob@example.com", "plv").await
    };
    assert_eq!(complete(&world, &verify, NEW).await.code(), "invalid_request");
}

#[tokio::test]
async fn sec_37_links_name_the_configured_host_whatever_the_request_says() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let request = Request::post("/v1/password-reset")
        .header("content-type", "application/json")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .body(Body::from(json!({"email": "alice@example.com"}).to_string()))
        .unwrap();
    world.raw(request).await.ok();
    let mail = world.mail("alice@example.com").await;
    assert!(mail.contains("https://gate.example/app/reset-password#token=plp_"), "{mail}");
    assert!(!mail.contains("evil"), "{mail}");
}

#[tokio::test]
async fn sec_33_asking_for_a_reset_tells_nothing_of_an_address() {
    let few = Pace { name: "test", free: 1, ceiling_ms: 60_000, memory_ms: 60_000 };
    let world = World::with_paces(Paces { letter: few, ..Paces::default() }).await;
    world.person("alice@example.com").await;
    let shape = |answer: &Answer| {
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        (answer.status, names, answer.text.replace(|c: char| c.is_ascii_hexdigit(), ""))
    };
    // The third of each is throttled, and so alike as well.
    for _ in 0..3 {
        let known = ask_reset(&world, "alice@example.com").await;
        let unknown = ask_reset(&world, "nobody@example.com").await;
        assert_eq!(shape(&known), shape(&unknown));
    }
    assert_eq!(ask_reset(&world, "nobody@example.com").await.code(), "throttled");
    assert_eq!(world.mail("nobody@example.com").await, "");
}

#[tokio::test]
async fn changing_the_password_needs_the_old_one_and_ends_the_other_sign_ins() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let other = login(&world, "alice@example.com", PASSWORD).await.ok();
    let other = other["access_token"].as_str().unwrap();
    let change = async |old: &str, new: &str| {
        let body = json!({"current_password": old, "new_password": new}).to_string();
        world.put("/v1/me/password", &alice.access, &body).await
    };
    assert_eq!(change("wrong wrong wrong", NEW).await.json()["problems"][0]["pointer"], "/current_password");
    assert_eq!(change(PASSWORD, "short").await.json()["problems"][0]["pointer"], "/new_password");
    world.get("/v1/me", other).await.ok();
    ask_reset(&world, "alice@example.com").await.ok();
    let link = mailed(&world, "alice@example.com", "plp").await;

    assert_eq!(change(PASSWORD, NEW).await.status, 204);
    assert_eq!(world.get("/v1/me", other).await.code(), "unauthenticated");
    assert_eq!(complete(&world, &link, PASSWORD).await.code(), "invalid_request");
    alone(&world, &alice).await;
    login(&world, "alice@example.com", NEW).await.ok();
}

#[tokio::test]
async fn sec_34_sign_ins_are_listed_with_their_device_and_ended_one_by_one_or_all_at_once() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let mallory = world.person("mallory@example.com").await;
    let phone = login(&world, "alice@example.com", PASSWORD).await.ok();
    let phone = phone["access_token"].as_str().unwrap();
    let request = Request::get("/v1/me")
        .header("authorization", format!("Bearer {phone}"))
        .header("user-agent", format!("Phone {}", "x".repeat(300)));
    world.raw(request.body(Body::empty()).unwrap()).await.ok();
    login(&world, "alice@example.com", PASSWORD).await.ok();

    let list = world.get("/v1/me/sessions", &alice.access).await.ok();
    let list = list["sessions"].as_array().unwrap();
    assert_eq!(list.len(), 3);
    assert_eq!(list.iter().filter(|session| session["current"] == true).count(), 1);
    let named: Vec<_> =
        list.iter().filter(|s| s["user_agent"].as_str().unwrap().starts_with("Phone")).collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0]["user_agent"].as_str().unwrap().len(), 200);

    let path = format!("/v1/me/sessions/{}", named[0]["id"].as_str().unwrap());
    assert_eq!(world.delete(&path, &mallory.access).await.code(), "not_found");
    world.get("/v1/me", phone).await.ok();
    for _ in 0..2 {
        assert_eq!(world.delete(&path, &alice.access).await.status, 204);
    }
    assert_eq!(world.get("/v1/me", phone).await.code(), "unauthenticated");
    assert_eq!(world.delete("/v1/me/sessions", &alice.access).await.status, 204);
    alone(&world, &alice).await;
}

#[tokio::test]
async fn the_confirming_mail_can_be_had_again_until_the_address_is_confirmed() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let first = mailed(&world, "alice@example.com", "plv").await;
    let resend = || world.send(http::Method::POST, "/v1/me/verification", Some(&alice.access), None);
    assert_eq!(resend().await.status, 202);
    let second = mailed(&world, "alice@example.com", "plv").await;
    assert_ne!(first, second);
    world.post("/v1/verify-email", "", json!({"token": second})).await.ok();
    assert_eq!(resend().await.code(), "conflict");
}

#[tokio::test]
async fn sec_37_the_address_changes_once_both_mailboxes_have_agreed() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let start = async |email: &str, password: &str| {
        world.post("/v1/me/email", &alice.access, json!({"email": email, "password": password})).await
    };
    let confirm = |token: String| world.post("/v1/email-change", "", json!({"token": token}));
    assert_eq!(start("new@example.com", "wrong wrong wrong").await.code(), "invalid_request");
    assert_eq!(start("alice@example.com", PASSWORD).await.code(), "invalid_request");
    assert_eq!(start("new@example.com", PASSWORD).await.status, 202);
    let old = mailed(&world, "alice@example.com", "plv").await;
    let new = mailed(&world, "new@example.com", "plv").await;
    assert_eq!(confirm(new.clone()).await.ok()["status"], "waiting");
    assert_eq!(confirm(new).await.code(), "invalid_request", "one mailbox does not stand for both");
    assert_eq!(world.get("/v1/me", &alice.access).await.ok()["user"]["email"], "alice@example.com");
    assert_eq!(confirm(old.clone()).await.ok()["status"], "changed");
    assert_eq!(confirm(old).await.code(), "invalid_request");
    let me = world.get("/v1/me", &alice.access).await.ok();
    assert_eq!(me["user"]["email"], "new@example.com");
    assert!(me["user"]["email_verified_at"].is_string());
    login(&world, "new@example.com", PASSWORD).await.ok();
    assert_eq!(login(&world, "alice@example.com", PASSWORD).await.code(), "invalid_credentials");
}

#[tokio::test]
async fn sec_33_moving_to_an_address_that_is_taken_is_answered_alike_and_leads_nowhere() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    world.person("bob@example.com").await;
    let start = async |email: &str| {
        world.post("/v1/me/email", &alice.access, json!({"email": email, "password": PASSWORD})).await
    };
    let free = start("free@example.com").await;
    let taken = start("bob@example.com").await;
    assert_eq!((free.status, &free.text), (taken.status, &taken.text));
    let mail = world.mail("bob@example.com").await;
    assert!(mail.contains("There is an account for it already") && !mail.contains("plv_"), "{mail}");
    // The first change was dropped for the second.
    let token = mailed(&world, "free@example.com", "plv").await;
    assert_eq!(world.post("/v1/email-change", "", json!({"token": token})).await.code(), "invalid_request");
}
