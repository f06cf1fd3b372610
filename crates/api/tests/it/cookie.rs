//! The refresh token as a cookie, for browsers.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use crate::world::{Answer, PASSWORD, PUBLIC_URL, World};

/// A request as a page at `origin` sends it.
async fn page(world: &World, path: &str, origin: Option<&str>, cookie: &str, body: Value) -> Answer {
    let mut request = Request::post(path).header("content-type", "application/json");
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    world.raw(request.body(Body::from(body.to_string())).unwrap()).await
}

fn credentials() -> Value {
    json!({"email": "alice@example.com", "password": PASSWORD, "cookie": true})
}

/// The pair that a browser would send back.
fn pair(answer: &Answer) -> String {
    let header = answer.headers["set-cookie"].to_str().unwrap();
    header.split(';').next().unwrap().to_owned()
}

async fn signed_in(world: &World) -> Answer {
    world.person("alice@example.com").await;
    page(world, "/v1/login", Some(PUBLIC_URL), "", credentials()).await
}

#[tokio::test]
async fn sec_34_a_browser_keeps_its_refresh_token_where_no_script_reads_it() {
    let world = World::new().await;
    let answer = signed_in(&world).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-policylayer_refresh=plr_"), "{cookie}");
    for part in ["; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict", "; Max-Age=2592000"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!answer.text.contains("plr_"), "{}", answer.text);
    let access = answer.json()["access_token"].as_str().unwrap().to_owned();
    world.get("/v1/me", &access).await.ok();
}

#[tokio::test]
async fn sec_35_the_cookie_is_exchanged_once_and_its_return_ends_the_sign_in() {
    let world = World::new().await;
    let first = pair(&signed_in(&world).await);
    let refresh = |cookie: String| {
        let world = &world;
        async move { page(world, "/v1/refresh", Some(PUBLIC_URL), &cookie, json!({"cookie": true})).await }
    };
    let next = refresh(format!("theme=dark; {first}")).await;
    let second = pair(&next);
    assert_ne!(first, second);
    assert!(!next.text.contains("plr_"));
    assert_eq!(refresh(first).await.code(), "refresh_reused");
    assert_eq!(refresh(second).await.code(), "unauthenticated");
}

#[tokio::test]
async fn sec_34_only_a_page_of_ours_can_use_the_cookie() {
    let world = World::new().await;
    let cookie = pair(&signed_in(&world).await);
    for origin in [None, Some("https://evil.example"), Some("null")] {
        for path in ["/v1/refresh", "/v1/logout"] {
            let answer = page(&world, path, origin, &cookie, json!({"cookie": true})).await;
            assert_eq!(answer.code(), "forbidden_origin", "{path} {origin:?}");
        }
        let answer = page(&world, "/v1/login", origin, "", credentials()).await;
        assert_eq!(answer.code(), "forbidden_origin", "{origin:?}");
    }
    // Nothing was used up by them.
    let answer = page(&world, "/v1/refresh", Some(PUBLIC_URL), &cookie, json!({"cookie": true})).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn sec_34_a_cookie_counts_only_when_asked_for_and_only_alone() {
    let world = World::new().await;
    let cookie = pair(&signed_in(&world).await);
    let origin = Some(PUBLIC_URL);
    for body in [json!({}), json!({"cookie": true, "refresh_token": "plr_x"})] {
        assert_eq!(page(&world, "/v1/refresh", origin, &cookie, body).await.code(), "invalid_request");
    }
    for cookies in [String::new(), format!("{cookie}; {cookie}"), "__Host-policylayer_refresh=x".to_owned()] {
        let answer = page(&world, "/v1/refresh", origin, &cookies, json!({"cookie": true})).await;
        assert_eq!(answer.code(), "unauthenticated", "{cookies}");
    }
}

#[tokio::test]
async fn sec_34_signing_out_takes_the_cookie_away_and_ends_access() {
    let world = World::new().await;
    let answer = signed_in(&world).await;
    let access = answer.json()["access_token"].as_str().unwrap().to_owned();
    let body = json!({"cookie": true});
    let out = page(&world, "/v1/logout", Some(PUBLIC_URL), &pair(&answer), body).await;
    assert_eq!(out.status, 204);
    assert!(out.headers["set-cookie"].to_str().unwrap().contains("; Max-Age=0"));
    assert_eq!(world.get("/v1/me", &access).await.code(), "unauthenticated");
}
