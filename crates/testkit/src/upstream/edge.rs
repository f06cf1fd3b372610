//! From an HTTP request to an answer: record it, pick the era, shape the reply.

use std::{convert::Infallible, sync::Arc};

use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::{Fixture, answer::Failure, builder::Eras, legacy, message::Body, modern, record::Seen, stream};

/// What is sent back.
pub(super) type Response = http::Response<axum::body::Body>;

/// An answer before its form is chosen.
pub(super) enum Reply {
    /// 202 without a body.
    Accepted,
    /// A JSON-RPC response, as JSON or as events.
    Answer { body: String, before: Option<String>, header: Option<(&'static str, HeaderValue)> },
    /// An open stream that begins with this message.
    Subscribe(String),
    /// An error with its own HTTP status.
    Failure(Failure),
}

impl Reply {
    /// A response; in an event stream `before` goes ahead of it.
    pub(super) fn answer(body: String, before: Option<String>) -> Self {
        Self::Answer { body, before, header: None }
    }

    /// Adds a header to an answer.
    pub(super) fn with_header(mut self, name: &'static str, value: HeaderValue) -> Self {
        if let Self::Answer { header, .. } = &mut self {
            *header = Some((name, value));
        }
        self
    }

    fn response(self, fixture: &Fixture, id: &str, modern: bool) -> Response {
        let (body, before, header) = match self {
            Self::Accepted => return stream::empty(StatusCode::ACCEPTED),
            Self::Subscribe(first) => return stream::subscribe(fixture, stream::event(&first)),
            Self::Failure(failure) => return failure.response(id),
            Self::Answer { body, before, header } => (body, before, header),
        };
        let mut response = if fixture.options.sse {
            let priming = if fixture.options.priming && !modern {
                ": fixture\n\nid: 1\ndata: \nretry: 100\n\n"
            } else {
                ""
            };
            let before = before.map(|message| stream::event(&message)).unwrap_or_default();
            stream::events(format!("{priming}{before}{}", stream::event(&body)), fixture.options.piece)
        } else {
            stream::json(StatusCode::OK, body)
        };
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// Serves one HTTP request.
pub(super) async fn serve(fixture: Arc<Fixture>, request: Request<Incoming>) -> Result<Response, Infallible> {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Ok(stream::empty(StatusCode::BAD_REQUEST)) };
    let body = body.to_bytes();
    fixture.record.request(Seen::new(&parts, body.clone()));
    if parts.uri.path() != "/mcp" {
        return Ok(stream::empty(StatusCode::NOT_FOUND));
    }
    if let Some((name, value)) = &fixture.options.required_header
        && parts.headers.get(name) != Some(value)
    {
        let mut response = stream::empty(StatusCode::UNAUTHORIZED);
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"fixture\""));
        return Ok(response);
    }
    if parts.method == Method::POST {
        let in_flight = fixture.record.begin();
        let response = post(&fixture, &parts.headers, &body).await;
        in_flight.answered();
        return Ok(response);
    }
    let session_method = parts.method == Method::GET || parts.method == Method::DELETE;
    if !session_method || fixture.options.eras == Eras::Modern || modern::meant(&parts.headers, None) {
        return Ok(stream::not_allowed());
    }
    Ok(legacy::session_request(&fixture, &parts.method, &parts.headers))
}

async fn post(fixture: &Fixture, headers: &HeaderMap, bytes: &[u8]) -> Response {
    let Some(body) = Body::parse(bytes) else {
        return Failure::new(StatusCode::BAD_REQUEST, -32700, "Parse error").response("null");
    };
    let modern = match fixture.options.eras {
        Eras::Both => modern::meant(headers, Some(&body)),
        Eras::Legacy => false,
        Eras::Modern => true,
    };
    let (id, is_request) = match &body {
        Body::One(message) => {
            (message.id_text().to_owned(), message.id.is_some() && message.method.is_some())
        }
        Body::Batch(_) => ("null".to_owned(), true),
    };
    let reply =
        if modern { modern::post(fixture, headers, &body) } else { legacy::post(fixture, headers, body) };
    if is_request {
        tokio::time::sleep(fixture.options.delay).await;
    }
    reply.response(fixture, &id, modern)
}
