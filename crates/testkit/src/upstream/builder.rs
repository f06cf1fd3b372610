//! What a fixture server is asked to be.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::Duration,
};

use anyhow::Context as _;
use http::{HeaderName, HeaderValue};
use tokio::sync::broadcast;

use super::{Fixture, Upstream, legacy::Sessions, offer::Offer, record::Record};

/// Messages a slow stream may lag behind before it loses some.
const PUSH_BACKLOG: usize = 1024;

/// Which protocol eras a fixture server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Eras {
    /// Sessions for those who initialize, 2026-07-28 for the others.
    #[default]
    Both,
    /// Up to 2025-11-25 only.
    Legacy,
    /// 2026-07-28 only.
    Modern,
}

/// How the server behaves; what it offers is in [`Offer`].
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    pub(super) eras: Eras,
    pub(super) sse: bool,
    pub(super) priming: bool,
    pub(super) piece: Option<usize>,
    pub(super) stateless: bool,
    pub(super) delay: Duration,
    pub(super) required_header: Option<(HeaderName, HeaderValue)>,
}

/// Describes a fixture server; see [`Upstream::builder`].
#[derive(Debug, Default)]
pub struct Builder {
    options: Options,
    listen: Option<SocketAddr>,
    tools_file: Option<PathBuf>,
    tools_json: Option<String>,
    page_size: Option<usize>,
    forget: bool,
    log: Option<PathBuf>,
    call_log: Option<PathBuf>,
    bad_header: Option<String>,
}

impl Builder {
    /// Replays the `tools` of a JSON file, byte for byte and in order; its `serverInfo` and `capabilities` too.
    #[must_use]
    pub fn tools_file(mut self, path: impl AsRef<Path>) -> Self {
        self.tools_file = Some(path.as_ref().to_owned());
        self
    }

    /// Offers the tools of a JSON array, or of an object shaped like a tools file, which may have `prompts`,
    /// `resources` and `resourceTemplates` as well; wins over a file.
    #[must_use]
    pub fn tools(mut self, json: impl Into<String>) -> Self {
        self.tools_json = Some(json.into());
        self
    }

    /// Offers tools of these names, each taking any object.
    #[must_use]
    pub fn tools_named<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let tools: Vec<_> = names
            .into_iter()
            .map(|name| serde_json::json!({"name": name, "description": format!("Echoes as {name}."), "inputSchema": {"type": "object"}}))
            .collect();
        self.tools(serde_json::Value::from(tools).to_string())
    }

    /// Answers requests with an event stream instead of JSON.
    #[must_use]
    pub fn sse(mut self, yes: bool) -> Self {
        self.options.sse = yes;
        self
    }

    /// Opens legacy event streams with a comment and an event that has an id and no data.
    #[must_use]
    pub fn priming(mut self, yes: bool) -> Self {
        self.options.priming = yes;
        self
    }

    /// Writes event streams in pieces of so many bytes, splitting lines and characters.
    #[must_use]
    pub fn pieces(mut self, bytes: usize) -> Self {
        self.options.piece = Some(bytes.max(1));
        self
    }

    /// Lists so many items a page.
    #[must_use]
    pub fn page_size(mut self, tools: usize) -> Self {
        self.page_size = Some(tools.max(1));
        self
    }

    /// Mints no session ids in the legacy era, and refuses GET and DELETE.
    #[must_use]
    pub fn stateless(mut self, yes: bool) -> Self {
        self.options.stateless = yes;
        self
    }

    /// Speaks only some protocol eras.
    #[must_use]
    pub fn eras(mut self, eras: Eras) -> Self {
        self.options.eras = eras;
        self
    }

    /// Waits before each answer to a request.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.options.delay = delay;
        self
    }

    /// Answers 401 to requests without this header.
    #[must_use]
    pub fn require_header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => self.options.required_header = Some((name, value)),
            _ => self.bad_header = Some(name.to_owned()),
        }
        self
    }

    /// Remembers nothing, for long loads.
    #[must_use]
    pub fn forget(mut self, yes: bool) -> Self {
        self.forget = yes;
        self
    }

    /// Appends every request to a file, as a line of JSON.
    #[must_use]
    pub fn log(mut self, path: impl AsRef<Path>) -> Self {
        self.log = Some(path.as_ref().to_owned());
        self
    }

    /// Appends every executed call to a file before it is answered, as a line of JSON: `id`, `tool`, `nonce`.
    #[must_use]
    pub fn call_log(mut self, path: impl AsRef<Path>) -> Self {
        self.call_log = Some(path.as_ref().to_owned());
        self
    }

    /// Listens there instead of on a free loopback port.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = Some(address);
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    /// When the tools cannot be read, a file cannot be opened, a header is none, or the port is taken.
    pub async fn start(self) -> anyhow::Result<Upstream> {
        if let Some(name) = self.bad_header {
            anyhow::bail!("`{name}` and its value are not a header");
        }
        let json = match (self.tools_json, self.tools_file) {
            (Some(json), _) => json,
            (None, Some(path)) => std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read tools from {}", path.display()))?,
            (None, None) => "[]".to_owned(),
        };
        let fixture = Fixture {
            options: self.options,
            offer: RwLock::new(Arc::new(Offer::parse(&json, self.page_size)?)),
            sessions: Sessions::default(),
            record: Record::open(!self.forget, self.log.as_deref(), self.call_log.as_deref())?,
            pushes: broadcast::channel(PUSH_BACKLOG).0,
        };
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Upstream::start(self.listen.unwrap_or(anywhere), fixture).await
    }
}
