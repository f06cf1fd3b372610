//! HTTP answers: JSON bodies, event streams, and streams that stay open.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{StatusCode, header};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{Fixture, edge::Response};

/// A JSON body.
pub(super) fn json(status: StatusCode, body: String) -> Response {
    with_type(status, "application/json", Body::from(body))
}

/// No body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// 405.
pub(super) fn not_allowed() -> Response {
    let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    response
}

/// One message as one event.
pub(super) fn event(message: &str) -> String {
    format!("event: message\ndata: {message}\n\n")
}

/// A complete event stream, written in pieces of `piece` bytes when asked.
pub(super) fn events(text: String, piece: Option<usize>) -> Response {
    let whole = Bytes::from(text);
    let Some(piece) = piece else { return with_type(StatusCode::OK, "text/event-stream", Body::from(whole)) };
    let pieces = stream::unfold(whole, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        // Lets the connection write the piece before the next is offered.
        tokio::task::yield_now().await;
        let head = rest.split_to(piece.min(rest.len()));
        Some((Ok::<_, Infallible>(head), rest))
    });
    with_type(StatusCode::OK, "text/event-stream", Body::from_stream(pieces))
}

/// A stream that opens with `first` and then carries every pushed message.
pub(super) fn subscribe(fixture: &Fixture, first: String) -> Response {
    let receiver = fixture.pushes.subscribe();
    let pushed = stream::unfold((Some(first), receiver), |(first, mut receiver)| async move {
        let next = match first {
            Some(first) => first,
            None => event(&pushed(&mut receiver).await?),
        };
        Some((Ok::<_, Infallible>(next), (None, receiver)))
    });
    with_type(StatusCode::OK, "text/event-stream", Body::from_stream(pushed))
}

async fn pushed(receiver: &mut Receiver<String>) -> Option<String> {
    loop {
        match receiver.recv().await {
            Ok(message) => return Some(message),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

fn with_type(status: StatusCode, kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}
