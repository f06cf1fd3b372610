//! What every answer has in common, and what no request gets past.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn every_answer_names_its_request_and_tells_browsers_to_be_careful() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    for answer in [
        world.get("/v1/me", &alice.access).await,
        world.get("/v1/me", "").await,
        world.get("/nowhere", "").await,
        world.get("/v1/openapi.json", "").await,
    ] {
        let id = answer.headers["x-request-id"].to_str().unwrap();
        assert!(id.starts_with("req_") && id.len() == 36, "{id}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_answered_with_problems() {
    let world = World::new().await;
    assert_eq!(world.get("/v1/nothing", "").await.code(), "not_found");
    let answer = world.send(Method::DELETE, "/v1/me", None, None).await;
    assert_eq!(answer.code(), "method_not_allowed");
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers["allow"], "GET,HEAD");
}

#[tokio::test]
async fn sec_34_a_page_of_another_site_cannot_change_anything() {
    let world = World::new().await;
    let send = |origin: &'static str, method: Method, path: &'static str| {
        let body = json!({"email": "a@example.com", "password": PASSWORD}).to_string();
        let request = Request::builder().method(method).uri(path).header("origin", origin);
        world.raw(request.header("content-type", "application/json").body(Body::from(body)).unwrap())
    };
    assert_eq!(send("https://evil.example", Method::POST, "/v1/signup").await.code(), "forbidden_origin");
    assert_eq!(send("null", Method::POST, "/v1/signup").await.code(), "forbidden_origin");
    assert_eq!(send("https://gate.example", Method::POST, "/v1/signup").await.status, 202);
    assert_eq!(send("https://evil.example", Method::GET, "/v1/openapi.json").await.status, 200);
}

#[tokio::test]
async fn bodies_must_be_json_of_known_fields_and_bearable_size() {
    let world = World::new().await;
    let send = |content_type: &'static str, body: String| {
        let request = Request::post("/v1/login").header("content-type", content_type);
        world.raw(request.body(Body::from(body)).unwrap())
    };
    let good = json!({"email": "a@example.com", "password": PASSWORD});
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/json-patch+json", ""]
    {
        assert_eq!(
            send(content_type, good.to_string()).await.code(),
            "unsupported_media_type",
            "{content_type}"
        );
    }
    let unknown =
        send("application/json; charset=utf-8", r#"{"email":"a@example.com","pasword":"x"}"#.into()).await;
    assert_eq!(unknown.code(), "invalid_request");
    assert!(unknown.json()["problems"][0]["message"].as_str().unwrap().contains("unknown field `pasword`"));
    let wrong = send("application/json", "{\n\"email\": 5}".into()).await;
    assert_eq!(wrong.json()["problems"][0]["pointer"], "/email");
    assert_eq!(wrong.json()["problems"][0]["line"], 2);
    assert_eq!(send("application/json", "{".into()).await.code(), "invalid_request");
    assert_eq!(send("application/json", "[]".into()).await.code(), "invalid_request");
    let twice = r#"{"email":"a@example.com","email":"b@example.com","password":"x"}"#;
    assert_eq!(send("application/json", twice.into()).await.code(), "invalid_request");
    let huge = send("application/json", " ".repeat(1024 * 1024 + 1)).await;
    assert_eq!(huge.code(), "too_large");
    assert_eq!(huge.status, 413);
}

#[tokio::test]
async fn two_authorization_headers_are_not_chosen_between() {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let bearer = format!("Bearer {}", alice.access);
    let request = Request::get("/v1/me").header("authorization", &bearer).header("authorization", "Bearer x");
    assert_eq!(world.raw(request.body(Body::empty()).unwrap()).await.code(), "unauthenticated");
}
