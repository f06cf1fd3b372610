//! A request that is sent again with its key is carried out once and answered twice.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, World};

pub(crate) async fn post(world: &World, path: &str, bearer: &str, key: &str, body: &Value) -> Answer {
    let mut request = Request::builder().method(Method::POST).uri(path).header("idempotency-key", key);
    if !bearer.is_empty() {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    world
        .raw(request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap())
        .await
}

fn replayed(answer: &Answer) -> bool {
    answer.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
}

#[tokio::test]
async fn a_repeat_is_given_the_first_answer_and_changes_nothing() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let (path, body) = (owner.at("/teams"), json!({"name": "Payments"}));
    let first = post(&world, &path, &owner.access, "\"one\"", &body).await;
    assert_eq!((first.status.as_u16(), replayed(&first)), (201, false));
    for _ in 0..2 {
        let again = post(&world, &path, &owner.access, "one", &body).await;
        assert_eq!((again.status, &again.text, replayed(&again)), (first.status, &first.text, true));
        assert_eq!(again.headers["content-type"], first.headers["content-type"]);
        assert_ne!(again.headers["x-request-id"], first.headers["x-request-id"]);
    }
    assert_eq!(post(&world, &path, &owner.access, "two", &body).await.code(), "conflict");
    let other = json!({"name": "Refunds"});
    assert_eq!(post(&world, &path, &owner.access, "one", &other).await.code(), "key_reused");
    world.pass_seconds(24 * 60 * 60);
    world.post("/v1/login", "", json!({"email": owner.email, "password": PASSWORD})).await.ok();
    let fresh = world.post("/v1/login", "", json!({"email": owner.email, "password": PASSWORD})).await.ok();
    let fresh = fresh["access_token"].as_str().unwrap();
    // A day later it is a new request: the team is there already.
    assert_eq!(post(&world, &path, fresh, "one", &body).await.code(), "conflict");
}

#[tokio::test]
async fn requests_at_once_with_one_key_are_carried_out_once() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let (path, body) = (owner.at("/keys"), json!({"name": "ci", "scopes": ["read"]}));
    let answers =
        futures_util::future::join_all((0..8).map(|_| post(&world, &path, &owner.access, "one", &body)))
            .await;
    assert!(answers.iter().any(|answer| answer.status == 201));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(answer.code(), "request_under_way");
        assert_eq!(answer.headers["retry-after"], "1");
    }
    let keys = world.get(&path, &owner.access).await.ok();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_secret_is_given_again_and_is_not_kept_in_clear() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let (path, body) = (owner.at("/keys"), json!({"name": "ci", "scopes": ["read"]}));
    let first = post(&world, &path, &owner.access, "one", &body).await.ok();
    assert_eq!(post(&world, &path, &owner.access, "one", &body).await.ok(), first);
    world
        .database
        .execute(
            "do $$ begin
               if not exists (select from kept_answer where length(sealed_answer) > 100)
                  or exists (select from kept_answer where position('plk_'::bytea in decode(
                    rpad(translate(sealed_answer, '-_', '+/'), (length(sealed_answer) + 3) / 4 * 4, '='), 'base64'
                  )) > 0) then
                 raise exception 'an answer is kept in clear, or not at all';
               end if;
             end $$",
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn an_answer_that_signs_somebody_in_is_not_given_again() {
    let world = World::new().await;
    world.person("alice@example.com").await;
    let body = json!({"email": "alice@example.com", "password": PASSWORD});
    post(&world, "/v1/login", "", "one", &body).await.ok();
    assert_eq!(post(&world, "/v1/login", "", "one", &body).await.code(), "answer_not_kept");
    // Strangers who hit upon the same key do not meet.
    let other = json!({"email": "bob@example.com", "password": PASSWORD});
    assert_eq!(post(&world, "/v1/login", "", "one", &other).await.code(), "invalid_credentials");
    let signup = json!({"email": "bob@example.com", "password": PASSWORD});
    for repeat in [false, true] {
        let answer = post(&world, "/v1/signup", "", "one", &signup).await;
        assert_eq!((answer.status.as_u16(), replayed(&answer)), (202, repeat));
    }
}

#[tokio::test]
async fn a_refusal_is_judged_anew() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let member = world.person("member@example.com").await;
    world.join(&member, &owner.org, "viewer").await;
    let (path, body) = (owner.at("/teams"), json!({"name": "Payments"}));
    assert_eq!(post(&world, &path, &member.access, "one", &body).await.code(), "forbidden");
    let sql = format!(
        "update membership set role = 'admin' from user_account
         where user_account.id = membership.user_id and email = '{}'",
        member.email
    );
    world.database.execute(sql).await.unwrap();
    assert_eq!(post(&world, &path, &member.access, "one", &body).await.status, 201);
}

#[tokio::test]
async fn everybody_has_keys_of_their_own() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let other = world.person("other@example.com").await;
    world.join(&other, &owner.org, "viewer").await;
    let body = json!({"name": "Payments"});
    post(&world, &owner.at("/teams"), &owner.access, "one", &body).await.ok();
    // Not the owner's answer, which they may not see.
    assert_eq!(post(&world, &owner.at("/teams"), &other.access, "one", &body).await.code(), "forbidden");
    let theirs = post(&world, &other.at("/teams"), &other.access, "one", &body).await;
    assert_eq!((theirs.status.as_u16(), replayed(&theirs)), (201, false));
    assert_eq!(post(&world, &owner.at("/teams"), "", "one", &body).await.code(), "unauthenticated");
}

#[tokio::test]
async fn a_key_that_is_no_key_is_refused_and_what_streams_is_made_anew() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    for key in ["", "\"\"", "a b", &"x".repeat(256)] {
        let refused = post(&world, &owner.at("/teams"), &owner.access, key, &json!({"name": "x"})).await;
        assert_eq!(refused.code(), "invalid_request", "{key}");
        assert!(refused.text.contains("Idempotency-Key"));
    }
    let server = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&owner.at("/servers"), &owner.access, server).await.ok();
    let body = json!({"document": {"version": "1", "default": "allow"}, "days": 1});
    for _ in 0..2 {
        let answer = post(&world, &owner.at("/servers/one/replay"), &owner.access, "one", &body).await;
        assert_eq!((answer.status.as_u16(), replayed(&answer)), (200, false));
    }
}
