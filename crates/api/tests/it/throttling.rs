//! Guessing is slowed, honest people are not.

use api::{Pace, Paces, Quota};
use serde_json::json;

use crate::world::{Answer, PASSWORD, World};

fn fields<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    answer.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

async fn login(world: &World, email: &str, password: &str) -> Answer {
    world.post("/v1/login", "", json!({"email": email, "password": password})).await
}

#[tokio::test]
async fn sec_32_wrong_passwords_are_slowed_with_growing_waits_and_a_right_one_starts_anew() {
    let world = World::with_paces(Paces::default()).await;
    world.person("alice@example.com").await;
    for _ in 0..6 {
        assert_eq!(
            login(&world, "alice@example.com", "wrong wrong wrong").await.code(),
            "invalid_credentials"
        );
    }
    let held = login(&world, "alice@example.com", PASSWORD).await;
    assert_eq!(held.code(), "throttled");
    assert_eq!(held.headers["retry-after"], "1");
    assert_eq!(
        fields(&held, "ratelimit-policy"),
        ["\"sign-in-here\";q=5;w=3600", "\"requests\";q=100000;w=60"]
    );
    assert_eq!(fields(&held, "ratelimit")[0], "\"sign-in-here\";r=0;t=1");
    world.pass_seconds(1);
    assert_eq!(login(&world, "alice@example.com", "wrong wrong wrong").await.code(), "invalid_credentials");
    let held = login(&world, "alice@example.com", PASSWORD).await;
    assert_eq!(held.headers["retry-after"], "2");
    world.pass_seconds(2);
    login(&world, "alice@example.com", PASSWORD).await.ok();
    login(&world, "alice@example.com", PASSWORD).await.ok();
}

#[tokio::test]
async fn sec_32_one_source_cannot_try_many_accounts() {
    let slow = Pace { name: "test", free: 3, ceiling_ms: 60_000, memory_ms: 60_000 };
    let world = World::with_paces(Paces { source: slow, ..Paces::default() }).await;
    for n in 0..4 {
        let answer = login(&world, &format!("user{n}@example.com"), PASSWORD).await;
        assert_eq!(answer.code(), "invalid_credentials");
    }
    assert_eq!(login(&world, "user5@example.com", PASSWORD).await.code(), "throttled");
}

#[tokio::test]
async fn sec_32_sign_ups_from_one_source_are_slowed_whether_or_not_the_address_is_known() {
    let few = Pace { name: "test", free: 1, ceiling_ms: 60_000, memory_ms: 60_000 };
    let world = World::with_paces(Paces { signup: few, ..Paces::default() }).await;
    let signup = |email: &str| world.post("/v1/signup", "", json!({"email": email, "password": PASSWORD}));
    assert_eq!(signup("alice@example.com").await.status, 202);
    assert_eq!(signup("alice@example.com").await.status, 202);
    assert_eq!(signup("alice@example.com").await.code(), "throttled");
    assert_eq!(signup("bob@example.com").await.code(), "throttled");
}

#[tokio::test]
async fn every_caller_has_a_quota_of_requests_and_is_told_what_is_left_of_it() {
    let quota = Quota { requests: 20, window_ms: 60_000 };
    let world = World::with_limits(quota, Paces::default()).await;
    let alice = world.person("alice@example.com").await;
    let bob = world.person("bob@example.com").await;
    let key = world.key(&alice, &["read"]).await;
    let answer = world.get("/v1/me", &alice.access).await;
    assert_eq!(fields(&answer, "ratelimit-policy"), ["\"requests\";q=20;w=60"]);
    assert_eq!(fields(&answer, "ratelimit"), ["\"requests\";r=17;t=60"]);
    world.pass_seconds(20);
    for _ in 0..17 {
        world.get("/v1/me", &alice.access).await.ok();
    }
    let refused = world.get("/v1/me", &alice.access).await;
    assert_eq!(refused.code(), "throttled");
    assert_eq!(fields(&refused, "ratelimit"), ["\"requests\";r=0;t=40"]);
    assert_eq!(refused.headers["retry-after"], "40");
    // Neither another person, nor a key of the first one, nor whoever signs in from there is held up.
    world.get("/v1/me", &bob.access).await.ok();
    world.get(&alice.at("/servers"), &key).await.ok();
    login(&world, "bob@example.com", PASSWORD).await.ok();
    world.pass_seconds(40);
    world.get("/v1/me", &alice.access).await.ok();
}
