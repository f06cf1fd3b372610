//! Bundles, changes and the event sink (approvals have a place of their own) of a gateway without database access: the control plane's internal API.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, BodyStream, Full, Limited};
use model::{Authenticated, Bundle, Change, Event, IdentityId, NodeDuties, NodeReport};
use secrets::ExposeSecret;
use secrets::jwt::NodeTokens;
use secrets::token::TokenDigest;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Beat, BundleSource, SourceError};
use crate::epochs::ControlPlane;
use crate::spool::{EventSink, SinkError};

/// How long the control plane may take for a bundle or a batch of events.
const DEADLINE: Duration = Duration::from_secs(5);
/// Largest answer that is read: a bundle and its envelope.
const ANSWER_BYTES: usize = model::BUNDLE_MAX_BYTES * 2;
/// Largest answer to a report: half a million counters to restore.
const DUTIES_BYTES: usize = 128 << 20;
/// Largest event of the change feed.
const BEAT_BYTES: usize = 4 << 10;

/// Clocks that differ by less are as good as one: a date in a header has whole seconds, and is as old as its answer.
const CLOCK_SLACK_MS: i64 = 10_000;

type Answer = http::Response<hyper::body::Incoming>;

/// How to reach the control plane.
pub struct RemoteSettings {
    /// Its base address, for example `https://control.example`.
    pub control_url: String,
    /// This node's name, as it appears in the control plane's log.
    pub node: String,
    /// The key that proves this node.
    pub tokens: NodeTokens,
    /// The clock, milliseconds since 1970.
    pub now_ms: fn() -> i64,
}

/// A client of the internal API.
pub struct Remote {
    settings: RemoteSettings,
    rules: egress::Rules,
    client: egress::Client,
    /// How far the control plane's clock is ahead of ours, in milliseconds, once that mattered. What proves this node is good
    /// for a minute by that clock; a node whose own is wrong must still be heard.
    ahead_ms: AtomicI64,
}

impl Remote {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    /// When the address is no `http` or `https` URL.
    pub fn new(
        settings: RemoteSettings,
        client: egress::Client,
        rules: egress::Rules,
    ) -> Result<Arc<Self>, SourceError> {
        let remote = Self { settings, rules, client, ahead_ms: AtomicI64::new(0) };
        remote.target("")?;
        Ok(Arc::new(remote))
    }

    fn target(&self, path: &str) -> Result<egress::Target, SourceError> {
        let base = self.settings.control_url.trim_end_matches('/');
        egress::Target::parse(&format!("{base}{path}"), &self.rules)
            .map_err(|blocked| SourceError(format!("{base}{path}: {blocked}")))
    }

    /// Asks, and once more if this node was not believed because its clock differs from the control plane's.
    async fn ask(&self, method: Method, path: &str, body: Bytes) -> Result<Answer, SourceError> {
        let assumed = self.ahead_ms.load(Ordering::Relaxed);
        let response = self.ask_once(method.clone(), path, body.clone(), assumed).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && let Some(ahead) = self.learn_time(&response, assumed)
        {
            return self.ask_once(method, path, body, ahead).await;
        }
        Ok(response)
    }

    /// How far the control plane's clock is ahead by the date of this answer, if that is not what was assumed in asking. What others
    /// have learned meanwhile does not count: this question was asked without it.
    fn learn_time(&self, response: &Answer, assumed: i64) -> Option<i64> {
        let theirs = response.headers().get(header::DATE).and_then(date_ms)?;
        let ahead = theirs - (self.settings.now_ms)();
        let differs = |than: i64| (ahead - than).abs() >= CLOCK_SLACK_MS;
        if !differs(assumed) {
            return None;
        }
        if differs(self.ahead_ms.swap(ahead, Ordering::Relaxed)) {
            tracing::warn!(
                seconds = ahead / 1000,
                "the control plane's clock is ahead of this machine's by so much; set the one that is wrong"
            );
        }
        Some(ahead)
    }

    async fn ask_once(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        ahead_ms: i64,
    ) -> Result<Answer, SourceError> {
        let fail = |reason: String| SourceError(format!("{} {path}: {reason}", self.settings.control_url));
        let now_ms = (self.settings.now_ms)() + ahead_ms;
        let token = self.settings.tokens.issue(&self.settings.node, now_ms, &mut rand::rng());
        let token = token.map_err(|error| fail(error.to_string()))?;
        let target = self.target(path)?;
        let request = Request::builder()
            .method(method)
            .header(header::AUTHORIZATION, format!("Bearer {}", token.expose_secret()))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|error| fail(error.to_string()))?;
        let sent = tokio::time::timeout(DEADLINE, self.client.send(&target, request));
        let response = sent.await.map_err(|_| fail("no answer in time".into()))?;
        response.map_err(|error| fail(error.to_string()))
    }

    async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, SourceError> {
        let response = self.ask(Method::GET, path, Bytes::new()).await?;
        match response.status() {
            StatusCode::OK => decode(path, response, ANSWER_BYTES).await.map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(SourceError(format!("{path}: answered {status}"))),
        }
    }

    /// Posts JSON and reads the answer, which is JSON and not longer than `limit`.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        limit: usize,
    ) -> Result<T, SourceError> {
        let body = serde_json::to_vec(body).map_err(|error| SourceError(format!("{path}: {error}")))?;
        let response = self.ask(Method::POST, path, body.into()).await?;
        match response.status() {
            StatusCode::OK => decode(path, response, limit).await,
            status => Err(SourceError(format!("{path}: answered {status}"))),
        }
    }
}

/// The time in a `Date` header, milliseconds since 1970.
fn date_ms(value: &http::HeaderValue) -> Option<i64> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value.as_bytes()).ok()?;
    Some(date.as_millisecond())
}

/// The answer's body, which is JSON and not longer than `limit`.
async fn decode<T: DeserializeOwned>(path: &str, response: Answer, limit: usize) -> Result<T, SourceError> {
    let body = Limited::new(response.into_body(), limit).collect();
    let body = tokio::time::timeout(DEADLINE, body).await;
    let body = body.map_err(|_| SourceError(format!("{path}: answer did not end in time")))?;
    let body = body.map_err(|error| SourceError(format!("{path}: {error}")))?.aggregate();
    serde_json::from_reader(body.reader()).map_err(|error| SourceError(format!("{path}: {error}")))
}

impl BundleSource for Remote {
    fn by_token<'a>(
        &'a self,
        digest: &'a TokenDigest,
    ) -> BoxFuture<'a, Result<Option<Authenticated>, SourceError>> {
        Box::pin(async move { self.read(&format!("/internal/v1/bundles/by-token/{}", digest)).await })
    }

    fn by_identity(&self, identity: IdentityId) -> BoxFuture<'_, Result<Option<Bundle>, SourceError>> {
        Box::pin(async move { self.read(&format!("/internal/v1/bundles/by-identity/{identity}")).await })
    }

    fn changes(
        &self,
        after: Option<u64>,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Beat, SourceError>>, SourceError>> {
        Box::pin(async move {
            let query = after.map(|seq| format!("?after={seq}")).unwrap_or_default();
            let path = format!("/internal/v1/changes{query}");
            let response = self.ask(Method::GET, &path, Bytes::new()).await?;
            if response.status() != StatusCode::OK {
                return Err(SourceError(format!("{path}: answered {}", response.status())));
            }
            Ok(beats(response.into_body()).boxed())
        })
    }
}

/// The events of a feed: `data` is a change as JSON, or a bare position as heartbeat.
fn beats(body: hyper::body::Incoming) -> impl Stream<Item = Result<Beat, SourceError>> + Send {
    let mut framer = mcp::sse::Framer::new(BEAT_BYTES);
    BodyStream::new(body).flat_map(move |frame| {
        stream::iter(match frame {
            Ok(frame) => taken(&mut framer, &frame.into_data().unwrap_or_default()),
            Err(error) => vec![Err(SourceError(format!("change feed broke: {error}")))],
        })
    })
}

/// What a chunk of the feed completes.
fn taken(framer: &mut mcp::sse::Framer, chunk: &[u8]) -> Vec<Result<Beat, SourceError>> {
    framer.push(chunk);
    let mut beats = Vec::new();
    loop {
        match framer.next_frame() {
            Ok(Some(frame)) => {
                beats.extend(frame.data().filter(|data| !data.is_empty()).map(|data| beat(&data)))
            }
            Ok(None) => return beats,
            Err(error) => {
                beats.push(Err(SourceError(format!("change feed: {error}"))));
                return beats;
            }
        }
    }
}

fn beat(data: &[u8]) -> Result<Beat, SourceError> {
    let unreadable = |error: serde_json::Error| SourceError(format!("change feed: {error}"));
    if data.first().is_some_and(u8::is_ascii_digit) {
        return Ok(Beat { seq: serde_json::from_slice(data).map_err(unreadable)?, change: None });
    }
    let change: Change = serde_json::from_slice(data).map_err(unreadable)?;
    Ok(Beat { seq: change.seq, change: Some(change) })
}

impl EventSink for Remote {
    fn accept(&self, events: Vec<Event>) -> BoxFuture<'_, Result<(), SinkError>> {
        Box::pin(async move {
            let body = serde_json::to_vec(&events).map_err(|error| SinkError(error.to_string()))?;
            let response = self.ask(Method::POST, "/internal/v1/events", body.into()).await;
            match response.map_err(|error| SinkError(error.to_string()))?.status() {
                status if status.is_success() => Ok(()),
                status => Err(SinkError(format!("the control plane answered {status}"))),
            }
        })
    }
}

impl ControlPlane for Remote {
    fn report(&self, report: NodeReport) -> BoxFuture<'_, Result<NodeDuties, SourceError>> {
        Box::pin(async move { self.post("/internal/v1/report", &report, DUTIES_BYTES).await })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::Barrier;

    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        let read = |text: &'static str| date_ms(&http::HeaderValue::from_static(text));
        assert_eq!(read("Thu, 01 Jan 2026 00:00:00 GMT"), Some(1_767_225_600_000));
        assert_eq!(read("yesterday"), None);
    }

    /// Ten minutes beyond what the control plane of these tests tells.
    fn fast() -> i64 {
        1_767_225_600_000 + 600_000
    }

    /// Believes nobody until `doubted` questions are there, and then answers whatever is asked.
    async fn answer(mut stream: TcpStream, asked: &AtomicUsize, doubted: usize, all_there: &Barrier) {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).await.is_ok() {
            head.extend(byte);
        }
        let status = if asked.fetch_add(1, Ordering::SeqCst) < doubted {
            all_there.wait().await;
            "401 Unauthorized"
        } else {
            "404 Not Found"
        };
        let told = format!(
            "HTTP/1.1 {status}\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let _ = stream.write_all(told.as_bytes()).await;
    }

    #[tokio::test]
    async fn each_of_several_questions_that_a_wrong_clock_made_unbelievable_is_asked_again() {
        const TOGETHER: usize = 3;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let control_url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        tokio::spawn(async move {
            let all_there = Arc::new(Barrier::new(TOGETHER));
            while let Ok((stream, _)) = listener.accept().await {
                let (count, all_there) = (count.clone(), all_there.clone());
                tokio::spawn(async move { answer(stream, &count, TOGETHER, &all_there).await });
            }
        });
        let rules = egress::Rules { allow: vec!["127.0.0.1".parse().unwrap()], ..egress::Rules::default() };
        let client = egress::Client::new(rules.clone(), egress::Options::default()).unwrap();
        let tokens = NodeTokens::new(&secrets::Key::from_bytes([7; 32]));
        let settings = RemoteSettings { control_url, node: "node".to_owned(), tokens, now_ms: fast };
        let remote = Remote::new(settings, client, rules).unwrap();
        let digest = secrets::token::digest("plt_x");
        let answers = futures_util::future::join_all((0..TOGETHER).map(|_| remote.by_token(&digest))).await;
        for answer in answers {
            assert!(answer.unwrap().is_none());
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2 * TOGETHER);
        // What was learned holds for the next.
        assert!(remote.by_token(&digest).await.unwrap().is_none());
        assert_eq!(asked.load(Ordering::SeqCst), 2 * TOGETHER + 1);
    }
}
