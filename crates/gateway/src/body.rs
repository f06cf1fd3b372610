//! The body of an answer: bytes of our own, the upstream's stream untouched, or a stream of events being filtered.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use hyper::body::Incoming;

use crate::filter::EventStream;

/// An error while an answer is streamed; the connection is cut.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The body of an answer.
pub enum Body {
    /// Bytes of our own.
    Whole(Full<Bytes>),
    /// The upstream's bytes, as they come.
    Upstream(Incoming),
    /// The upstream's events, lists among them filtered.
    Events(Box<EventStream>),
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Whole(Full::new(bytes.into()))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.get_mut() {
            Self::Whole(whole) => Pin::new(whole).poll_frame(context).map_err(|never| match never {}),
            Self::Upstream(incoming) => Pin::new(incoming).poll_frame(context).map_err(Into::into),
            Self::Events(events) => events.poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.is_end_stream(),
            Self::Upstream(incoming) => incoming.is_end_stream(),
            Self::Events(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(whole) => whole.size_hint(),
            Self::Upstream(incoming) => incoming.size_hint(),
            Self::Events(_) => SizeHint::default(),
        }
    }
}
