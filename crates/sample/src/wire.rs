//! HTTP: one address that takes POST. Requests of other sites' pages are refused, so that a page somewhere on the web
//! cannot use a name of its own for this machine's address (DNS rebinding).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri};
use mcp::server::{self, Answer, Taken};
use mcp::{Message, reply};

use crate::shops::Shops;
use crate::{SHOP_HEADER, answer};

/// Serves one POST.
pub(crate) async fn serve(
    State(shops): State<Arc<Shops>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if !is_local(&headers) {
        let text = "The sample server answers programs and pages on this machine only.";
        return json(403, reply::error(None, mcp::code::INVALID_REQUEST, text, None));
    }
    let (status, body) = match mcp::decode(&body) {
        Ok(message) => answered(&shops, &headers, &message),
        Err(reject) => server::refused(&reject),
    };
    if body.is_empty() { empty(status) } else { json(status, body) }
}

fn answered(shops: &Shops, headers: &HeaderMap, message: &Message<'_>) -> Answer {
    // A value that is not text must not match anything that the body says.
    let text = |value: &HeaderValue| value.to_str().unwrap_or("\u{fffd}").to_owned();
    let values = |name| headers.get_all(HeaderName::from_static(name)).iter().map(text).collect();
    match answer::SERVER.take(values, message) {
        Taken::Answered(answer) => answer,
        Taken::Call(call) => {
            let key = headers.get(SHOP_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
            shops.with(key, |shop| answer::to(&call, shop))
        }
    }
}

/// Whether `Host`, and `Origin` where there is one, name this machine.
fn is_local(headers: &HeaderMap) -> bool {
    let local = |authority: &str| {
        let uri: Option<Uri> = authority.parse().ok();
        let host = uri.as_ref().and_then(Uri::host);
        host.is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host))
    };
    let all = |name: &HeaderName| headers.get_all(name).iter().all(|value| value.to_str().is_ok_and(local));
    headers.contains_key(HOST) && all(&HOST) && all(&ORIGIN)
}

fn json(status: u16, body: Vec<u8>) -> Response<Body> {
    let mut response = empty(status);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = Body::from(body);
    response
}

fn empty(status: u16) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::Request;
    use http_body_util::BodyExt as _;
    use serde_json::{Value, json};
    use tower::ServiceExt as _;

    async fn post(headers: &[(&str, &str)], body: Value) -> (u16, Value) {
        let mut request = Request::post(crate::PATH).header("host", "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer =
            crate::router().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    fn modern(method: &str, version: &str, rest: Value) -> Value {
        let mut params = rest;
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
    }

    #[tokio::test]
    async fn both_eras_list_and_call_the_same_tools() {
        let call = json!({ "name": "get_customer", "arguments": { "customer": "c-102" } });
        let legacy = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": call });
        let (status, old) = post(&[], legacy).await;
        let headers = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "get_customer"),
        ];
        let (_, new) = post(&headers, modern("tools/call", "2026-07-28", call)).await;
        assert_eq!((status, &old["id"]), (200, &json!(7)));
        assert_eq!(old["result"]["content"], new["result"]["content"]);
        assert!(old["result"]["content"][0]["text"].as_str().unwrap().contains("Bruno Okafor"));
        assert_eq!(
            (&old["result"]["resultType"], &new["result"]["resultType"]),
            (&Value::Null, &json!("complete"))
        );
    }

    #[tokio::test]
    async fn what_is_not_served_is_said_in_the_words_of_the_protocol() {
        let (status, answer) =
            post(&[], json!({ "jsonrpc": "2.0", "id": 1, "method": "prompts/list" })).await;
        assert_eq!((status, &answer["error"]["code"]), (200, &json!(-32601)));
        let headers = [("mcp-protocol-version", "2027-01-01"), ("mcp-method", "tools/list")];
        let (status, answer) = post(&headers, modern("tools/list", "2027-01-01", json!({}))).await;
        assert_eq!((status, &answer["error"]["data"]["supported"]), (400, &json!(["2026-07-28"])));
        let (status, _) = post(&[], json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        assert_eq!(status, 202);
        let (status, answer) = post(&[], json!([{}])).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(-32600)));
    }

    #[tokio::test]
    async fn pages_of_other_sites_are_refused() {
        let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" });
        for (name, value) in
            [("origin", "https://evil.example"), ("origin", "null"), ("host", "evil.example:8080")]
        {
            assert_eq!(post(&[(name, value)], ping.clone()).await.0, 403, "{name}: {value}");
        }
        assert_eq!(post(&[("origin", "http://localhost:5173")], ping).await.0, 200);
    }
}
