//! One JSON-RPC message to an upstream and, for a request, the response to it: read from a JSON body or picked
//! out of an event stream. Bounded in time and in bytes.

use bytes::Bytes;
use egress::Target;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use mcp::Envelope;
use mcp::client::Post;
use mcp::sse::Framer;

use super::{DiscoverError, Limits};

/// Names the session of the older era.
const SESSION: HeaderName = HeaderName::from_static(mcp::header::SESSION_ID);

/// The upstream under discovery.
pub(super) struct Upstream<'a> {
    client: &'a egress::Client,
    target: &'a Target,
    headers: &'a HeaderMap,
    limits: &'a Limits,
    /// The session that was opened, sent with every further message.
    session: Option<HeaderValue>,
    /// A request is known not to have left.
    unsent: bool,
    bytes_left: usize,
}

/// What came back.
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: StatusCode,
    /// The whole JSON-RPC response; `None` when the answer held none for this request.
    pub(super) message: Option<Vec<u8>>,
}

impl Answer {
    /// The response, or what was wrong with the answer.
    pub(super) fn message(&self) -> Result<&[u8], DiscoverError> {
        self.message.as_deref().ok_or_else(|| {
            DiscoverError::Protocol(format!(
                "The server answered with status {} and no JSON-RPC response. Is this the address of its MCP endpoint?",
                self.status.as_u16()
            ))
        })
    }
}

impl<'a> Upstream<'a> {
    pub(super) const fn new(
        client: &'a egress::Client,
        target: &'a Target,
        headers: &'a HeaderMap,
        limits: &'a Limits,
    ) -> Self {
        Self { client, target, headers, limits, session: None, unsent: false, bytes_left: limits.bytes }
    }

    pub(super) const fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// Sends a request and waits for the response to it. A session that the answer opens is kept.
    pub(super) async fn request(&mut self, post: Post, id: u64) -> Result<Answer, DiscoverError> {
        within(self.limits, self.exchange(post, Some(id))).await
    }

    /// Sends a notification. Its answer has nothing to say.
    pub(super) async fn notify(&mut self, post: Post) -> Result<(), DiscoverError> {
        within(self.limits, self.exchange(post, None)).await.map(drop)
    }

    /// Whether every request may have reached it.
    pub(super) const fn is_reachable(&self) -> bool {
        !self.unsent
    }

    /// Ends the session, if one was opened; whether the upstream minds is its own affair.
    pub(super) async fn end_session(&mut self) {
        if self.session.is_some() {
            let request = self.message(Method::DELETE, Post { body: Vec::new(), headers: Vec::new() });
            let _ended =
                tokio::time::timeout(self.limits.answer, self.client.send(self.target, request)).await;
            self.session = None;
        }
    }

    async fn exchange(&mut self, post: Post, id: Option<u64>) -> Result<Answer, DiscoverError> {
        let request = self.message(Method::POST, post);
        let response =
            self.client.send(self.target, request).await.inspect_err(|error| self.unsent |= !error.sent)?;
        let status = response.status();
        refuse_unusable(&response)?;
        if let Some(session) = response.headers().get(SESSION) {
            self.session = Some(session.clone());
        }
        let message = match id {
            None => None,
            Some(id) if is_event_stream(&response) => self.event_response(response, id).await?,
            Some(id) => self.json_response(response, id).await?,
        };
        Ok(Answer { status, message })
    }

    fn message(&self, method: Method, post: Post) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(Bytes::from(post.body)));
        *request.method_mut() = method;
        let headers = request.headers_mut();
        headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        for (name, value) in [
            (CONTENT_TYPE, "application/json"),
            (ACCEPT, mcp::client::ACCEPT),
            (ACCEPT_ENCODING, "identity"),
            (USER_AGENT, concat!("policylayer/", env!("CARGO_PKG_VERSION"))),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        for (name, value) in post.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(session) = &self.session {
            headers.insert(SESSION, session.clone());
        }
        request
    }

    async fn json_response(
        &mut self,
        response: Response<Incoming>,
        id: u64,
    ) -> Result<Option<Vec<u8>>, DiscoverError> {
        let mut body = response.into_body();
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut body).await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(answers(&bytes, id).then_some(bytes))
    }

    async fn event_response(
        &mut self,
        response: Response<Incoming>,
        id: u64,
    ) -> Result<Option<Vec<u8>>, DiscoverError> {
        let mut body = response.into_body();
        let mut framer = Framer::new(self.limits.bytes);
        while let Some(chunk) = self.chunk(&mut body).await? {
            framer.push(&chunk);
            while let Some(frame) = framer.next_frame().map_err(|error| too_large(&error))? {
                if let Some(data) = frame.data().filter(|data| answers(data, id)) {
                    return Ok(Some(data.into_owned()));
                }
            }
        }
        let last = framer.finish();
        Ok(last.and_then(|frame| {
            frame.data().filter(|data| answers(data, id)).map(std::borrow::Cow::into_owned)
        }))
    }

    /// The next piece of a body, within what may be read in all.
    async fn chunk(&mut self, body: &mut Incoming) -> Result<Option<Bytes>, DiscoverError> {
        loop {
            let frame = match body.frame().await {
                None => return Ok(None),
                Some(Ok(frame)) => frame,
                Some(Err(error)) => {
                    return Err(DiscoverError::Unreachable(format!("The answer broke off: {error}.")));
                }
            };
            let Ok(data) = frame.into_data() else { continue };
            self.bytes_left = self
                .bytes_left
                .checked_sub(data.len())
                .ok_or_else(|| too_large(&format!("more than {} bytes were sent", self.limits.bytes)))?;
            return Ok(Some(data));
        }
    }
}

async fn within<T>(
    limits: &Limits,
    work: impl Future<Output = Result<T, DiscoverError>>,
) -> Result<T, DiscoverError> {
    tokio::time::timeout(limits.answer, work).await.unwrap_or_else(|_| {
        Err(DiscoverError::Unreachable(format!("The server did not answer within {:?}.", limits.answer)))
    })
}

fn too_large(what: &dyn std::fmt::Display) -> DiscoverError {
    DiscoverError::Protocol(format!("The server's description of itself is too large: {what}."))
}

/// Statuses that no other way of asking would change.
fn refuse_unusable(response: &Response<Incoming>) -> Result<(), DiscoverError> {
    let status = response.status();
    let text = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "it wants other credentials. Give them as headers of the server."
        }
        _ if status.is_redirection() => {
            "a redirect, which is not followed. Register the address that it leads to."
        }
        _ => return Ok(()),
    };
    Err(DiscoverError::Protocol(format!("The server answered with status {}: {text}", status.as_u16())))
}

fn is_event_stream(response: &Response<Incoming>) -> bool {
    let value =
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.trim_start().to_ascii_lowercase().starts_with("text/event-stream")
}

/// Whether these bytes are the response to request `id`. An error without an id counts: the upstream may have
/// failed before it read ours.
fn answers(bytes: &[u8], id: u64) -> bool {
    let Ok(envelope) = Envelope::read(bytes) else { return false };
    match envelope.id {
        Some(raw) if raw != "null" => {
            raw == id.to_string() && (envelope.result().is_some() || envelope.error().is_some())
        }
        _ => envelope.error().is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::answers;

    #[test]
    fn only_a_response_to_the_request_counts() {
        assert!(answers(br#"{"jsonrpc":"2.0","id":7,"result":{}}"#, 7));
        assert!(answers(br#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000}}"#, 7));
        for other in [
            &br#"{"jsonrpc":"2.0","id":8,"result":{}}"#[..],
            br#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#,
            br#"{"jsonrpc":"2.0","method":"notifications/progress"}"#,
            b"[]",
            b"",
        ] {
            assert!(!answers(other, 7), "{}", String::from_utf8_lossy(other));
        }
    }
}
