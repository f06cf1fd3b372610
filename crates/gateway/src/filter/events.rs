//! A stream of server-sent events on its way to the client: each event is passed on as soon as it is whole, byte for
//! byte, unless it holds a list that must be reduced.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use mcp::sse::Framer;

use super::sieve::Sieve;
use crate::body::BodyError;

/// Largest single event.
const MAX_EVENT: usize = 16 << 20;

/// Events of an upstream, lists among them reduced.
pub struct EventStream {
    upstream: Incoming,
    framer: Framer,
    sieve: Sieve,
    ready: VecDeque<Bytes>,
    ended: bool,
}

impl EventStream {
    pub(super) fn new(upstream: Incoming, sieve: Sieve) -> Self {
        Self { upstream, framer: Framer::new(MAX_EVENT), sieve, ready: VecDeque::new(), ended: false }
    }

    pub(crate) fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        loop {
            if let Some(bytes) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            match ready!(Pin::new(&mut self.upstream).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data()
                        && let Err(error) = self.take(&chunk, |_| {})
                    {
                        self.ended = true;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                Some(Err(error)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error.into())));
                }
                None => self.ended = true,
            }
        }
    }

    /// Reads up to the answer to `initialize` and returns the version it agrees on. What was read stays to be sent.
    pub(super) async fn read_until_version(&mut self) -> Option<String> {
        loop {
            let chunk = self.upstream.frame().await?.ok()?.into_data().unwrap_or_default();
            let mut version = None;
            self.take(&chunk, |data| version = version.take().or_else(|| super::agreed_version(data)))
                .ok()?;
            if version.is_some() {
                return version;
            }
        }
    }

    /// Splits a chunk into events, shows each to `look`, and queues what the client gets of them.
    fn take(&mut self, chunk: &[u8], mut look: impl FnMut(&[u8])) -> Result<(), BodyError> {
        self.framer.push(chunk);
        while let Some(frame) = self.framer.next_frame()? {
            let data = frame.data();
            if let Some(data) = &data {
                look(data);
            }
            // An event without data primes a stream that is polled: it is passed on, and holds no list.
            let passed = match &data {
                Some(data) if !data.is_empty() => self.sieve.pass(data),
                _ => Ok(None),
            };
            self.ready.push_back(match passed {
                Ok(None) => frame.raw().clone(),
                Ok(Some(reduced)) => frame.with_data(&reduced).into(),
                Err(error) => frame.with_data(&self.sieve.unreadable(&error)).into(),
            });
        }
        Ok(())
    }
}
