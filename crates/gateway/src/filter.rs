//! What comes back: passed on untouched, or with lists reduced to what the policy shows.

mod events;
mod sieve;

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use mcp::header::SESSION_ID;
use mcp::list::ListKind;
use model::Code;

pub use events::EventStream;

use self::sieve::Sieve;
use crate::Gateway;
use crate::body::Body;
use crate::exchange::Intake;
use crate::respond::{self, Refusal};
use crate::session::{Session, short};

/// Largest list, or answer to `initialize`, that is read whole.
const MAX_ANSWER: usize = 16 << 20;
/// Upstream headers that reach the client. Cookies, server names and challenges stay here.
static RETURNED: [HeaderName; 6] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CACHE_CONTROL,
    header::RETRY_AFTER,
    header::ALLOW,
    HeaderName::from_static("x-accel-buffering"),
];

/// The answer as it came.
pub(crate) fn untouched(upstream: Response<Incoming>) -> Response<Body> {
    let (head, body) = upstream.into_parts();
    let mut response = Response::new(Body::Upstream(body));
    *response.status_mut() = head.status;
    *response.headers_mut() = returned(&head.headers);
    response
}

/// The answer to a list request. A list that cannot be read is an error, never the unfiltered list.
pub(crate) async fn list(
    intake: &Intake<'_>,
    kind: ListKind,
    upstream: Response<Incoming>,
) -> Result<Response<Body>, Refusal> {
    if upstream.status() != StatusCode::OK {
        return Ok(untouched(upstream));
    }
    let sieve = Sieve::new(intake, Some(kind));
    if is_event_stream(upstream.headers()) {
        return Ok(with_events(upstream, |body| EventStream::new(body, sieve)));
    }
    let (head, body) = upstream.into_parts();
    let bytes = collect(body).await?;
    let filtered = sieve.pass(&bytes).map_err(|error| {
        Refusal::new(Code::UpstreamProtocol, format!("the MCP server's list cannot be read: {error}"))
    })?;
    let mut response = respond::reply(head.status, filtered.unwrap_or_else(|| bytes.into()));
    carry_over(&mut response, &head.headers);
    Ok(response)
}

/// A stream of server messages: whatever looks like a list in it is filtered.
pub(crate) fn stream(intake: &Intake<'_>, upstream: Response<Incoming>) -> Response<Body> {
    if is_event_stream(upstream.headers()) {
        let sieve = Sieve::new(intake, None);
        return with_events(upstream, |body| EventStream::new(body, sieve));
    }
    untouched(upstream)
}

/// The answer to `initialize`: its session id is sealed with the version that the answer's body agrees on.
pub(crate) async fn initialized(
    gateway: &Gateway,
    intake: &Intake<'_>,
    upstream: Response<Incoming>,
) -> Result<Response<Body>, Refusal> {
    let named = upstream.headers().get(SESSION_ID).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let Some(id) = named.filter(|_| upstream.status() == StatusCode::OK) else {
        return Ok(untouched(upstream));
    };
    let (response, version) = if is_event_stream(upstream.headers()) {
        let (head, body) = upstream.into_parts();
        let mut events = EventStream::new(body, Sieve::new(intake, None));
        let version = events.read_until_version().await;
        let response = Response::from_parts(head, events);
        (with_headers(response), version)
    } else {
        let (head, body) = upstream.into_parts();
        let bytes = collect(body).await?;
        let version = agreed_version(&bytes);
        let mut response = respond::reply(head.status, bytes.into());
        carry_over(&mut response, &head.headers);
        (response, version)
    };
    let Some(version) = version else { return Ok(response) };
    seal(gateway, intake, response, Session { upstream: id, version, ..client(intake) })
}

/// The protocol version that an answer to `initialize` agrees on.
fn agreed_version(message: &[u8]) -> Option<String> {
    mcp::facts::server(message).ok()?.versions.into_iter().next().map(Cow::into_owned)
}

/// What the client said of itself at `initialize`.
fn client(intake: &Intake<'_>) -> Session {
    let client = intake.message.and_then(mcp::Message::client);
    Session {
        upstream: String::new(),
        version: String::new(),
        client_name: client.map(|client| short(&client.name)).unwrap_or_default(),
        client_version: client.map(|client| short(&client.version)).unwrap_or_default(),
    }
}

fn seal(
    gateway: &Gateway,
    intake: &Intake<'_>,
    mut response: Response<Body>,
    session: Session,
) -> Result<Response<Body>, Refusal> {
    let exchange = &intake.exchange;
    let server = exchange.grant.entry.server.id;
    let sealed = gateway.sessions.seal(&session, (exchange.caller.token, server), &mut rand::rng());
    let value = sealed.and_then(|text| HeaderValue::from_str(&text).ok()).ok_or_else(|| {
        Refusal::new(Code::UpstreamProtocol, "the MCP server's session id is too long to be carried")
    })?;
    response.headers_mut().insert(HeaderName::from_static(SESSION_ID), value);
    Ok(response)
}

fn with_events(upstream: Response<Incoming>, wrap: impl FnOnce(Incoming) -> EventStream) -> Response<Body> {
    with_headers(upstream.map(wrap))
}

fn with_headers(upstream: Response<EventStream>) -> Response<Body> {
    let (head, events) = upstream.into_parts();
    let mut response = Response::new(Body::Events(Box::new(events)));
    *response.status_mut() = head.status;
    *response.headers_mut() = returned(&head.headers);
    // Filtering changes the length.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

fn returned(upstream: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(RETURNED.len());
    for name in &RETURNED {
        if let Some(value) = upstream.get(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    headers
}

/// Headers of an answer whose bytes are our own: all but those that describe the upstream's bytes.
fn carry_over(response: &mut Response<Body>, upstream: &HeaderMap) {
    for (name, value) in returned(upstream) {
        if let Some(name) = name.filter(|name| *name != header::CONTENT_LENGTH) {
            response.headers_mut().insert(name, value);
        }
    }
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/event-stream")
}

async fn collect(body: Incoming) -> Result<Bytes, Refusal> {
    let unread = |reason: String| Refusal::new(Code::UpstreamProtocol, reason);
    match Limited::new(body, MAX_ANSWER).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(unread(format!("the MCP server's answer is larger than {MAX_ANSWER} bytes")))
        }
        Err(_) => Err(unread("the MCP server's answer broke off".to_owned())),
    }
}
