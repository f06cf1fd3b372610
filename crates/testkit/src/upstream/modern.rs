//! The protocol of 2026-07-28: no sessions, and headers that must say what the body says.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::{
    Fixture,
    answer::{Answer, Failure},
    edge::Reply,
    message::{Body, Message, text},
};

/// The revision spoken.
pub(super) const VERSION: &str = "2026-07-28";

/// The header that carries the revision.
const VERSION_HEADER: &str = "mcp-protocol-version";

/// Prefix of the protocol's own `_meta` keys.
const PREFIX: &str = "io.modelcontextprotocol/";

const HEADER_MISMATCH: i64 = -32020;
const UNSUPPORTED_VERSION: i64 = -32022;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const INVALID_REQUEST: i64 = -32600;

/// Whether a request means to speak 2026-07-28 or later. Dates compare as text.
pub(super) fn meant(headers: &HeaderMap, body: Option<&Body>) -> bool {
    let by_header =
        headers.get(VERSION_HEADER).is_some_and(|version| version.as_bytes() >= VERSION.as_bytes());
    let by_body = matches!(body, Some(Body::One(message)) if claimed(message).is_some());
    // Real servers let a session's header win over what the body claims.
    by_header || (by_body && !headers.contains_key("mcp-session-id"))
}

/// Serves a POST.
pub(super) fn post(fixture: &Fixture, headers: &HeaderMap, body: &Body) -> Reply {
    let Body::One(message) = body else {
        return Reply::Failure(Failure::new(
            StatusCode::BAD_REQUEST,
            INVALID_REQUEST,
            "Batches are not accepted",
        ));
    };
    let Some(method) = message.method.as_deref() else {
        return Reply::Failure(Failure::new(
            StatusCode::BAD_REQUEST,
            INVALID_REQUEST,
            "Responses are not accepted",
        ));
    };
    if message.id.is_none() {
        return Reply::Accepted;
    }
    if let Err(failure) = check(headers, message, method) {
        return Reply::Failure(failure);
    }
    match method {
        "subscriptions/listen" => Reply::Subscribe(acknowledgement(message)),
        "ping" | "logging/setLevel" | "resources/subscribe" | "resources/unsubscribe" => {
            Reply::Failure(Failure::new(StatusCode::NOT_FOUND, METHOD_NOT_FOUND, "Method not found"))
        }
        _ => {
            let answer = Answer::to(fixture, message, method, None, true);
            match answer.failed_with(METHOD_NOT_FOUND) {
                Some(text) => Reply::Failure(Failure::new(StatusCode::NOT_FOUND, METHOD_NOT_FOUND, text)),
                None => Reply::answer(answer.envelope(message, Some(&fixture.offer().server_info)), None),
            }
        }
    }
}

fn claimed(message: &Message) -> Option<String> {
    text(&message.meta(), &format!("{PREFIX}protocolVersion"))
}

fn check(headers: &HeaderMap, message: &Message, method: &str) -> Result<(), Failure> {
    let refuse = |code: i64, why: String| Err(Failure::new(StatusCode::BAD_REQUEST, code, why));
    let Some(version) = claimed(message) else {
        return refuse(INVALID_PARAMS, format!("`{PREFIX}protocolVersion` is missing in params._meta"));
    };
    if !message.meta().contains_key(&format!("{PREFIX}clientCapabilities")) {
        return refuse(INVALID_PARAMS, format!("`{PREFIX}clientCapabilities` is missing in params._meta"));
    }
    if !says(headers, VERSION_HEADER, &version) {
        return refuse(HEADER_MISMATCH, "MCP-Protocol-Version differs from the body".to_owned());
    }
    if version != VERSION {
        let failure =
            Failure::new(StatusCode::BAD_REQUEST, UNSUPPORTED_VERSION, "Unsupported protocol version");
        return Err(failure.with_data(json!({"supported": [VERSION], "requested": version})));
    }
    if !says(headers, "mcp-method", method) {
        return refuse(HEADER_MISMATCH, "Mcp-Method differs from the body".to_owned());
    }
    let named = match method {
        "tools/call" | "prompts/get" => message.param("name"),
        "resources/read" => message.param("uri"),
        _ => return Ok(()),
    };
    if !says(headers, "mcp-name", &named.unwrap_or_default()) {
        return refuse(HEADER_MISMATCH, "Mcp-Name differs from the body".to_owned());
    }
    Ok(())
}

/// Whether the header is there once and, decoded, equals `expected`.
fn says(headers: &HeaderMap, name: &str, expected: &str) -> bool {
    let mut values = headers.get_all(name).iter();
    let (Some(Ok(value)), None) = (values.next().map(|value| value.to_str()), values.next()) else {
        return false;
    };
    let value = value.trim_matches([' ', '\t']);
    match value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) {
        Some(encoded) => STANDARD.decode(encoded).is_ok_and(|bytes| bytes == expected.as_bytes()),
        None => value == expected,
    }
}

fn acknowledgement(message: &Message) -> String {
    let id = message.id_text();
    let wanted = message.params.get("notifications").map_or("{}", |raw| raw.get());
    format!(
        r#"{{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{{"notifications":{wanted},"_meta":{{"{PREFIX}subscriptionId":{id}}}}}}}"#
    )
}
