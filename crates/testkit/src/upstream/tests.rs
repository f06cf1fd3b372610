//! The fixture server's own behaviour, over real sockets.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};

use super::{Eras, Upstream};

const LEGACY: &[(&str, &str)] = &[];
const TOOLS: &str = r#"[{"name":"a","x-vendor":1e2,"inputSchema":{"type":"object"}},
 {"name":"b","inputSchema":{},"outputSchema":{"type":"object","properties":{"result":{"type":"boolean"}},"required":["result"]}},
 {"name":"c","inputSchema":{}}]"#;

async fn send(method: Method, url: &str, headers: &[(&str, &str)], body: &str) -> http::Response<Incoming> {
    let mut request = Request::builder().method(method).uri(url).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    client.request(request.body(Full::from(body.to_owned())).unwrap()).await.unwrap()
}

async fn text(response: http::Response<Incoming>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

async fn post(url: &str, headers: &[(&str, &str)], body: &str) -> (StatusCode, String) {
    let response = send(Method::POST, url, headers, body).await;
    (response.status(), text(response).await)
}

async fn session(url: &str) -> String {
    let body = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#;
    let response = send(Method::POST, url, LEGACY, body).await;
    let id = response.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    assert!(text(response).await.contains(r#""protocolVersion":"2025-06-18""#));
    id
}

fn modern(method: &str, mut params: Value) -> (Vec<(&str, &str)>, String) {
    params["_meta"] = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}, "nonce": 7});
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
    (vec![("mcp-protocol-version", "2026-07-28"), ("mcp-method", method)], body)
}

#[tokio::test]
async fn a_legacy_session_lists_page_by_page_and_keeps_the_tools_bytes() {
    let upstream = Upstream::builder().tools(TOOLS).page_size(2).start().await.unwrap();
    let id = session(&upstream.url).await;
    let headers = [("mcp-session-id", id.as_str())];
    let (_, first) =
        post(&upstream.url, &headers, r#"{"jsonrpc":"2.0","id":"x\u0041","method":"tools/list"}"#).await;
    assert!(first.contains(r#"{"name":"a","x-vendor":1e2,"inputSchema":{"type":"object"}}"#), "{first}");
    assert!(first.contains(r#""id":"x\u0041""#) && first.contains(r#""nextCursor":"page-1""#), "{first}");
    let next = r#"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"cursor":"page-1"}}"#;
    let (_, last) = post(&upstream.url, &headers, next).await;
    assert!(last.contains(r#""name":"c""#) && !last.contains("nextCursor"), "{last}");
}

#[tokio::test]
async fn prompts_and_resources_are_listed_and_served_too() {
    let offer = r#"{"tools":[],"prompts":[{"name":"p"}],"resources":[{"uri":"f://a","name":"a"}],"resourceTemplates":[{"uriTemplate":"f://{x}","name":"t"}]}"#;
    let upstream = Upstream::builder().tools(offer).stateless(true).start().await.unwrap();
    let ask = async |method: &str, params: Value| {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
        post(&upstream.url, LEGACY, &body).await.1
    };
    assert!(ask("prompts/list", json!({})).await.contains(r#""prompts":[{"name":"p"}]"#));
    assert!(ask("resources/list", json!({})).await.contains(r#""uri":"f://a""#));
    assert!(ask("resources/templates/list", json!({})).await.contains("resourceTemplates"));
    assert!(ask("prompts/get", json!({"name": "p"})).await.contains("prompt p"));
    assert!(ask("resources/read", json!({"uri": "f://a"})).await.contains("contents"));
    assert!(ask("resources/read", json!({"uri": "f://b"})).await.contains("-32602"));
}

#[tokio::test]
async fn a_session_ends_by_delete_and_unknown_ones_are_not_found() {
    let upstream = Upstream::builder().start().await.unwrap();
    let id = session(&upstream.url).await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let headers = [("mcp-session-id", id.as_str())];
    assert_eq!(post(&upstream.url, &headers, ping).await.0, StatusCode::OK);
    assert_eq!(send(Method::DELETE, &upstream.url, &headers, "").await.status(), StatusCode::OK);
    assert_eq!(post(&upstream.url, &headers, ping).await.0, StatusCode::NOT_FOUND);
    assert_eq!(post(&upstream.url, LEGACY, ping).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_call_is_echoed_with_its_nonce_and_recorded_as_it_came() {
    let upstream = Upstream::builder().tools(TOOLS).stateless(true).start().await.unwrap();
    let body = r#"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"b","arguments":{"z":1,"a":1e2},"_meta":{"nonce":"n"}}}"#;
    let (_, answer) = post(&upstream.url, &[("x-client", "secret")], body).await;
    assert!(answer.contains(r#"\"arguments\":{\"z\":1,\"a\":1e2}"#), "{answer}");
    assert!(answer.contains(r#""structuredContent":{"result":true}"#), "{answer}");
    assert!(answer.contains(r#""_meta":{"nonce":"n"}"#), "{answer}");
    let calls = upstream.calls();
    assert_eq!((calls[0].arguments.as_str(), calls[0].id.as_str()), (r#"{"z":1,"a":1e2}"#, "9"));
    assert_eq!(upstream.requests()[0].body, body.as_bytes());
    assert!(upstream.saw("secret").is_some() && upstream.saw("other").is_none());
}

#[tokio::test]
async fn it_trusts_its_caller_with_arrays_and_equal_keys() {
    let upstream = Upstream::builder().tools(TOOLS).stateless(true).start().await.unwrap();
    let twice = r#"[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"c"}}]"#;
    let (status, answer) = post(&upstream.url, LEGACY, twice).await;
    assert!(status == StatusCode::OK && answer.starts_with('['), "{answer}");
    assert_eq!(upstream.calls_of("c"), 1);
}

#[tokio::test]
async fn the_modern_era_demands_headers_that_agree_and_brings_its_own_members() {
    let upstream = Upstream::builder().tools(TOOLS).start().await.unwrap();
    let (headers, body) = modern("tools/list", json!({}));
    let (status, answer) = post(&upstream.url, &headers, &body).await;
    let result = serde_json::from_str::<Value>(&answer).unwrap()["result"].take();
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&result["resultType"], &result["cacheScope"]), (&json!("complete"), &json!("public")));
    assert!(result["ttlMs"].is_u64() && result["_meta"]["io.modelcontextprotocol/serverInfo"].is_object());

    let (mut headers, body) = modern("tools/call", json!({"name": "a"}));
    assert!(post(&upstream.url, &headers, &body).await.1.contains("-32020"));
    headers.push(("mcp-name", "=?base64?YQ==?="));
    assert!(post(&upstream.url, &headers, &body).await.1.contains(r#""nonce":7"#));
    headers.push(("mcp-name", "a"));
    assert_eq!(post(&upstream.url, &headers, &body).await.0, StatusCode::BAD_REQUEST);

    let (headers, body) = modern("ping", json!({}));
    assert_eq!(post(&upstream.url, &headers, &body).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send(Method::GET, &upstream.url, &headers, "").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(upstream.calls().len(), 1);
}

#[tokio::test]
async fn event_streams_carry_the_same_answer_in_any_pieces() {
    let upstream = Upstream::builder()
        .tools(TOOLS)
        .sse(true)
        .priming(true)
        .pieces(1)
        .stateless(true)
        .start()
        .await
        .unwrap();
    let body =
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{"progressToken":5}}}"#;
    let (_, answer) = post(&upstream.url, LEGACY, body).await;
    let events: Vec<&str> = answer.split("\n\n").collect();
    assert_eq!(events[0], ": fixture");
    assert!(events[1].contains("data: \n"), "{answer}");
    assert!(events[2].contains(r#""progressToken":5"#) && events[3].contains(r#""id":1"#), "{answer}");
}

#[tokio::test]
async fn a_pushed_message_reaches_every_open_stream() {
    let upstream = Upstream::builder().start().await.unwrap();
    let id = session(&upstream.url).await;
    let mut stream = send(Method::GET, &upstream.url, &[("mcp-session-id", &id)], "").await.into_body();
    assert_eq!(upstream.streams(), 1);
    upstream.push(r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#);
    let mut read = String::new();
    while !read.contains("list_changed") {
        let frame =
            tokio::time::timeout(Duration::from_secs(5), stream.frame()).await.unwrap().unwrap().unwrap();
        read.push_str(&String::from_utf8_lossy(frame.data_ref().unwrap()));
    }
}

#[tokio::test]
async fn a_missing_header_is_refused_and_one_era_can_be_turned_off() {
    let upstream = Upstream::builder().eras(Eras::Legacy).require_header("x-key", "k").start().await.unwrap();
    let (mut headers, body) = modern("server/discover", json!({}));
    assert_eq!(post(&upstream.url, &headers, &body).await.0, StatusCode::UNAUTHORIZED);
    headers.push(("x-key", "k"));
    assert_eq!(post(&upstream.url, &headers, &body).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_client_that_hangs_up_is_counted_and_calls_are_on_file_before_their_answer() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let upstream = Upstream::builder().tools(TOOLS).stateless(true).delay(Duration::from_secs(60));
    let upstream = upstream.call_log(file.path()).start().await.unwrap();
    let body =
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{"nonce":"n"}}}"#;
    let url = upstream.url.clone();
    let waiting = tokio::spawn(async move { post(&url, LEGACY, body).await });
    until(|| !upstream.calls().is_empty()).await;
    assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "{\"id\":1,\"tool\":\"a\",\"nonce\":\"n\"}\n");
    waiting.abort();
    until(|| upstream.abandoned() == 1).await;
}

async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap();
}
