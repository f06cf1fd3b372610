//! Sends a request upstream: the exact bytes that were judged, and headers from a short list.

use std::time::Duration;

use bytes::Bytes;
use egress::SendErrorKind;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use mcp::Era;
use mcp::header::{LAST_EVENT_ID, METHOD, NAME, PARAM_PREFIX, PROTOCOL_VERSION, SESSION_ID};
use model::Code;

use crate::Gateway;
use crate::exchange::Intake;
use crate::respond::Refusal;

/// Client headers that go upstream in both eras. Everything else stays here: credentials, cookies, hop-by-hop and
/// forwarding headers above all.
static FORWARDED: [HeaderName; 6] = [
    header::ACCEPT,
    header::CONTENT_TYPE,
    HeaderName::from_static(PROTOCOL_VERSION),
    HeaderName::from_static(LAST_EVENT_ID),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
];
/// Client headers that go upstream in modern traffic only; legacy servers must not see headers that nobody checked.
static FORWARDED_MODERN: [HeaderName; 2] = [HeaderName::from_static(METHOD), HeaderName::from_static(NAME)];
/// How long an upstream may take to begin its answer.
const HEAD_DEADLINE: Duration = Duration::from_secs(300);

/// Why nothing came back.
pub(crate) struct Failure {
    /// Whether any byte may have reached the upstream.
    pub(crate) sent: bool,
    pub(crate) refusal: Refusal,
}

/// Sends what needs no decision.
pub(crate) async fn relay(gateway: &Gateway, intake: &Intake<'_>) -> Result<Response<Incoming>, Refusal> {
    send(gateway, intake).await.map_err(|failure| failure.refusal)
}

/// Sends the request and returns the head of the answer.
pub(crate) async fn send(gateway: &Gateway, intake: &Intake<'_>) -> Result<Response<Incoming>, Failure> {
    let grant = intake.exchange.grant;
    let not_sent = |code, message: String| Failure { sent: false, refusal: Refusal::new(code, message) };
    let target = grant.target.as_ref().map_err(|reason| not_sent(Code::AddressRefused, reason.clone()))?;
    let mut request = Request::new(Full::<Bytes>::new(intake.bytes.clone()));
    *request.method_mut() = intake.exchange.head.method.clone();
    *request.headers_mut() = headers(intake);
    let answer = match tokio::time::timeout(HEAD_DEADLINE, gateway.client.send(target, request)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            let code = if error.kind == SendErrorKind::Blocked {
                Code::AddressRefused
            } else {
                Code::UpstreamUnreachable
            };
            let message = format!("the MCP server could not be reached: {error}");
            return Err(Failure { sent: error.sent, refusal: Refusal::new(code, message) });
        }
        Err(_) => {
            let message =
                format!("the MCP server did not begin an answer within {} s", HEAD_DEADLINE.as_secs());
            return Err(Failure { sent: true, refusal: Refusal::new(Code::UpstreamUnreachable, message) });
        }
    };
    check(answer)
}

/// Answers that must not reach the client: they would send it to log in at, or move to, the upstream.
fn check(answer: Response<Incoming>) -> Result<Response<Incoming>, Failure> {
    let status = answer.status();
    let wrong =
        |message: &str| Err(Failure { sent: true, refusal: Refusal::new(Code::UpstreamProtocol, message) });
    if status == StatusCode::UNAUTHORIZED {
        return wrong(
            "the MCP server refused the credentials that are registered for it; an admin must renew them",
        );
    }
    if status.is_redirection() || status == StatusCode::SWITCHING_PROTOCOLS {
        return wrong("the MCP server redirects elsewhere; register the address that it redirects to");
    }
    Ok(answer)
}

fn headers(intake: &Intake<'_>) -> HeaderMap {
    let sent = &intake.exchange.head.headers;
    let mut headers = HeaderMap::with_capacity(12);
    let mut copy = |name: &HeaderName| {
        for value in sent.get_all(name) {
            headers.append(name.clone(), value.clone());
        }
    };
    FORWARDED.iter().for_each(&mut copy);
    // Headers that mirror a tool's arguments are the server's to check.
    if intake.era == Era::Modern {
        FORWARDED_MODERN.iter().for_each(&mut copy);
        sent.keys().filter(|name| name.as_str().starts_with(PARAM_PREFIX)).for_each(&mut copy);
    }
    // Lists are filtered inside the answer, so it must come as it is.
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(
        header::USER_AGENT,
        HeaderValue::from_static(concat!("policylayer/", env!("CARGO_PKG_VERSION"))),
    );
    if let Some(value) = intake.session().and_then(|session| HeaderValue::from_str(&session.upstream).ok()) {
        headers.insert(HeaderName::from_static(SESSION_ID), value);
    }
    for (name, value) in &intake.exchange.grant.headers {
        headers.insert(name.clone(), value.clone());
    }
    headers
}
