//! What a fixture server remembers of the requests it saw.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use bytes::Bytes;
use http::{HeaderMap, Method, request::Parts};
use serde_json::json;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// When its body was complete.
    pub at: SystemTime,
    /// The HTTP method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// Every header.
    pub headers: HeaderMap,
    /// The exact bytes of the body.
    pub body: Bytes,
}

/// An executed `tools/call`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The tool's name.
    pub tool: String,
    /// The exact text of `params.arguments`; empty when there were none.
    pub arguments: String,
    /// The exact text of the JSON-RPC id.
    pub id: String,
    /// The exact text of `params._meta.nonce`, which the answer carries too.
    pub nonce: Option<String>,
    /// The legacy session it came in.
    pub session: Option<String>,
    /// Whether it came by the rules of 2026-07-28.
    pub modern: bool,
}

/// The memory of one server, and the files it appends to.
pub(super) struct Record {
    keep: bool,
    requests: Mutex<Vec<Seen>>,
    calls: Mutex<Vec<Call>>,
    abandoned: AtomicUsize,
    log: Option<Mutex<File>>,
    call_log: Option<Mutex<File>>,
}

impl Seen {
    pub(super) fn new(parts: &Parts, body: Bytes) -> Self {
        Self {
            at: SystemTime::now(),
            method: parts.method.clone(),
            target: parts.uri.to_string(),
            headers: parts.headers.clone(),
            body,
        }
    }

    /// Whether `text` is anywhere in it.
    #[must_use]
    pub fn carries(&self, text: &str) -> bool {
        let within = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(text);
        self.target.contains(text)
            || self
                .headers
                .iter()
                .any(|(name, value)| name.as_str().contains(text) || within(value.as_bytes()))
            || within(&self.body)
    }

    /// A header's value, when it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn line(&self) -> String {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]))
            .collect();
        let at_ms = self.at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let at_ms = u64::try_from(at_ms).unwrap_or(u64::MAX);
        json!({"at_ms": at_ms, "method": self.method.as_str(), "target": self.target, "headers": headers,
               "body": String::from_utf8_lossy(&self.body)})
        .to_string()
    }
}

impl Record {
    /// Opens the files for appending; `keep` says whether to remember in memory as well.
    pub(super) fn open(keep: bool, log: Option<&Path>, call_log: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self {
            keep,
            requests: Mutex::default(),
            calls: Mutex::default(),
            abandoned: AtomicUsize::new(0),
            log: log.map(append).transpose()?,
            call_log: call_log.map(append).transpose()?,
        })
    }

    pub(super) fn request(&self, seen: Seen) {
        if let Some(file) = &self.log {
            write_line(file, &seen.line());
        }
        if self.keep {
            self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
        }
    }

    pub(super) fn call(&self, call: Call) {
        if let Some(file) = &self.call_log {
            let (id, nonce) = (&call.id, call.nonce.as_deref().unwrap_or("null"));
            let tool = super::message::quote(&call.tool);
            write_line(file, &format!(r#"{{"id":{id},"tool":{tool},"nonce":{nonce}}}"#));
        }
        if self.keep {
            self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        }
    }

    pub(super) fn requests(&self) -> Vec<Seen> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn abandoned(&self) -> usize {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// Counts the request as abandoned unless [`InFlight::answered`] is reached.
    pub(super) fn begin(&self) -> InFlight<'_> {
        InFlight(Some(&self.abandoned))
    }
}

/// A request being answered; dropped early when its client hangs up.
pub(super) struct InFlight<'a>(Option<&'a AtomicUsize>);

impl InFlight<'_> {
    pub(super) fn answered(mut self) {
        self.0 = None;
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(abandoned) = self.0 {
            abandoned.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn append(path: &Path) -> anyhow::Result<Mutex<File>> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    Ok(Mutex::new(file.with_context(|| format!("cannot append to {}", path.display()))?))
}

/// One write a line, so that a killed process leaves whole lines.
fn write_line(file: &Mutex<File>, line: &str) {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
        tracing::error!(%error, "the fixture server cannot write its log");
    }
}
