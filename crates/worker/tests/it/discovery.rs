//! Servers of both eras, and servers that do not behave.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response};
use egress::{Client, Options, Rules, Target};
use model::Code;
use serde_json::{Value, json};
use store::{Discovery, ProtocolEra};
use testkit::upstream::{Eras, Upstream};
use worker::{DiscoverError, Limits, discover};

fn rules() -> Rules {
    let loopback: ipnet::IpNet = "127.0.0.1/32".parse().unwrap();
    Rules { allow: vec![loopback.into()], ..Rules::default() }
}

fn limits() -> Limits {
    let answer = Duration::from_millis(300);
    Limits { answer, total: Duration::from_secs(5), bytes: 20_000, pages: 5, tools: 8 }
}

async fn ask(url: &str, limits: &Limits) -> Result<Discovery, DiscoverError> {
    let client = Client::new(rules(), Options::default()).unwrap();
    let headers: HeaderMap =
        [(axum::http::header::AUTHORIZATION, HeaderValue::from_static("Bearer up"))].into_iter().collect();
    discover(&client, &Target::parse(url, &rules()).unwrap(), &headers, limits).await
}

/// A server that answers every POST by `answer`, which is given the JSON-RPC message.
async fn odd(answer: impl Fn(Value) -> Response<Body> + Clone + Send + Sync + 'static) -> String {
    let serve = move |body: Bytes| {
        let answer = answer.clone();
        async move { answer(serde_json::from_slice(&body).unwrap_or_default()) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, Router::new().fallback(serve)).into_future());
    url
}

fn json_answer(body: &Value) -> Response<Body> {
    Response::builder().header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
}

fn status(status: u16) -> Response<Body> {
    Response::builder().status(status).body(Body::empty()).unwrap()
}

/// Greets as an older server; `list` answers the tool list.
fn older(message: &Value, list: impl Fn(&Value) -> Value) -> Response<Body> {
    let result = match message["method"].as_str().unwrap_or_default() {
        "initialize" => {
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "odd", "version": "1"}})
        }
        "tools/list" => list(&message["params"]["cursor"]),
        _ => return status(400),
    };
    json_answer(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}))
}

#[tokio::test]
async fn both_eras_are_found_through_json_and_through_streams_cut_anywhere() {
    for eras in [Eras::Both, Eras::Legacy, Eras::Modern] {
        for (sse, piece) in [(false, 1000), (true, 1000), (true, 1)] {
            let upstream = Upstream::builder().tools_named(["b", "a", "c"]).page_size(2).eras(eras);
            let upstream = upstream.sse(sse).priming(sse).pieces(piece).start().await.unwrap();
            let found = ask(&upstream.url, &limits()).await.unwrap();
            let names: Vec<_> = found.tools.iter().map(|tool| tool.name.as_str()).collect();
            assert_eq!(names, ["b", "a", "c"], "{eras:?} {sse} {piece}");
            let legacy = matches!(eras, Eras::Legacy);
            assert_eq!(found.era == ProtocolEra::Legacy, legacy);
            assert_eq!(found.protocol_version, if legacy { "2025-11-25" } else { "2026-07-28" });
            let info: Value = serde_json::from_str(found.server_info.as_deref().unwrap()).unwrap();
            assert!(info["name"].is_string() && info["capabilities"].is_object(), "{info}");
            let requests = upstream.requests();
            assert!(
                requests.iter().all(|seen| seen.carries("Bearer up")),
                "credentials go with every request"
            );
            let ended = requests.iter().any(|seen| seen.method == "DELETE");
            assert_eq!(ended, legacy, "a session is ended where there was one");
        }
    }
}

#[tokio::test]
async fn a_server_that_ignores_unknown_methods_is_asked_in_the_older_way() {
    let url = odd(|message| {
        if message["method"] == "server/discover" {
            return Response::new(Body::from_stream(Silence));
        }
        older(&message, |_| json!({"tools": [{"name": "a"}]}))
    })
    .await;
    let found = ask(&url, &limits()).await.unwrap();
    assert_eq!((found.era, found.tools.len()), (ProtocolEra::Legacy, 1));
}

#[tokio::test]
async fn a_server_without_tools_is_a_server() {
    let url = odd(|message| match message["method"].as_str() {
        Some("tools/list") => {
            let error = json!({"code": -32601, "message": "Method not found"});
            json_answer(&json!({"jsonrpc": "2.0", "id": message["id"], "error": error}))
        }
        _ => older(&message, |_| Value::Null),
    })
    .await;
    assert_eq!(ask(&url, &limits()).await.unwrap().tools.len(), 0);
}

#[tokio::test]
async fn lists_without_end_or_measure_are_given_up() {
    let tool = |name: String| json!({"name": name, "description": "x"});
    let turning = odd(|message| older(&message, |_| json!({"tools": [], "nextCursor": "again"}))).await;
    let endless = odd(|message| {
        older(
            &message,
            |cursor| json!({"tools": [], "nextCursor": format!("{}x", cursor.as_str().unwrap_or_default())}),
        )
    })
    .await;
    let many = odd(move |message| {
        older(&message, |_| json!({"tools": (0..9).map(|n| tool(n.to_string())).collect::<Vec<_>>()}))
    })
    .await;
    let huge = odd(|message| {
        older(&message, |_| json!({"tools": [{"name": "a", "description": "x".repeat(30_000)}]}))
    })
    .await;
    for (url, word) in
        [(turning, "leads back"), (endless, "5 pages"), (many, "8 tools"), (huge, "20000 bytes")]
    {
        let error = ask(&url, &limits()).await.unwrap_err();
        assert_eq!(error.code(), Code::UpstreamProtocol);
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_mcp_server_is_told_from_what_cannot_be_reached() {
    let page = odd(|_| Response::new(Body::from("<html>hello</html>"))).await;
    let moved = odd(|_| {
        Response::builder().status(302).header("location", "http://127.0.0.1:1/").body(Body::empty()).unwrap()
    })
    .await;
    let locked = odd(|_| status(401)).await;
    let silent = odd(|_| Response::new(Body::from_stream(Silence))).await;
    for (url, code, word) in [
        (page, Code::UpstreamProtocol, "no JSON-RPC response"),
        (moved, Code::UpstreamProtocol, "redirect"),
        (locked, Code::UpstreamProtocol, "credentials"),
        (silent, Code::UpstreamUnreachable, "did not answer"),
        ("http://127.0.0.1:1/mcp".to_owned(), Code::UpstreamUnreachable, "refused"),
        ("http://localhost.localdomain.invalid/mcp".to_owned(), Code::UpstreamUnreachable, "invalid"),
    ] {
        let error = ask(&url, &limits()).await.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[tokio::test]
async fn an_error_of_the_server_is_told_in_its_words_without_control_characters() {
    let url = odd(|message| {
        let error = json!({"code": -32603, "message": "database\u{1b}[31m is down"});
        json_answer(&json!({"jsonrpc": "2.0", "id": message["id"], "error": error}))
    })
    .await;
    let error = ask(&url, &limits()).await.unwrap_err().to_string();
    assert!(error.contains("database") && error.contains("is down") && !error.contains('\u{1b}'), "{error}");
}

/// A body that never says anything.
struct Silence;
impl futures_util::Stream for Silence {
    type Item = Result<Bytes, std::convert::Infallible>;
    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Pending
    }
}
