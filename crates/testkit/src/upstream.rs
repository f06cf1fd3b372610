//! A fixture MCP server on loopback: it replays a tool list, echoes every call, and remembers all it saw.
//!
//! It speaks both protocol eras, with JSON or SSE answers, and is as trusting as real servers are: it serves
//! JSON arrays and takes the last of two equal keys. What a gateway lets through by mistake is therefore
//! executed, and shows in [`Upstream::calls`].

mod answer;
mod builder;
mod edge;
mod legacy;
mod message;
mod modern;
mod offer;
mod record;
mod sample;
mod stream;
#[cfg(test)]
mod tests;

use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context as _;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    sync::broadcast,
    task::{JoinHandle, JoinSet},
};

pub use builder::{Builder, Eras};
pub use record::{Call, Seen};

use builder::Options;
use legacy::Sessions;
use offer::Offer;
use record::Record;

/// A running fixture server; it stops, connections included, when dropped.
pub struct Upstream {
    /// Where it listens, for example `http://127.0.0.1:40123/mcp`.
    pub url: String,
    fixture: Arc<Fixture>,
    accepting: JoinHandle<()>,
}

/// What every connection shares.
struct Fixture {
    options: Options,
    offer: RwLock<Arc<Offer>>,
    sessions: Sessions,
    record: Record,
    /// Messages for every open GET or listen stream.
    pushes: broadcast::Sender<String>,
}

impl Fixture {
    fn offer(&self) -> Arc<Offer> {
        self.offer.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Upstream {
    /// Offers other tools from now on, given as to [`Builder::tools`], all on one page.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn offer(&self, json: &str) -> anyhow::Result<()> {
        let offer = Arc::new(Offer::parse(json, None)?);
        *self.fixture.offer.write().unwrap_or_else(PoisonError::into_inner) = offer;
        Ok(())
    }

    /// A server without tools, answering JSON in both eras on a free loopback port, until told otherwise.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Binds and serves in the background of the current runtime.
    async fn start(listen: SocketAddr, fixture: Fixture) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        let url = format!("http://{}/mcp", listener.local_addr()?);
        let fixture = Arc::new(fixture);
        let accepting = tokio::spawn(accept(listener, Arc::clone(&fixture)));
        Ok(Self { url, fixture, accepting })
    }

    /// Every request seen so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        self.fixture.record.requests()
    }

    /// Every `tools/call` executed so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.fixture.record.calls()
    }

    /// How often the tool was executed.
    #[must_use]
    pub fn calls_of(&self, tool: &str) -> usize {
        self.fixture.record.calls().iter().filter(|call| call.tool == tool).count()
    }

    /// The first request that carried `text` in its target, a header or its body.
    ///
    /// Ask for a bearer to prove that it never left the gateway.
    #[must_use]
    pub fn saw(&self, text: &str) -> Option<Seen> {
        self.fixture.record.requests().into_iter().find(|seen| seen.carries(text))
    }

    /// How many requests their client gave up on before the answer.
    #[must_use]
    pub fn abandoned(&self) -> usize {
        self.fixture.record.abandoned()
    }

    /// Sends a JSON-RPC message on every open GET or listen stream; returns how many there were.
    pub fn push(&self, message: &str) -> usize {
        self.fixture.pushes.send(message.to_owned()).unwrap_or(0)
    }

    /// How many GET or listen streams are open.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.fixture.pushes.receiver_count()
    }

    /// Ends every session, as a restart of the server would.
    pub fn forget_sessions(&self) {
        self.fixture.sessions.clear();
    }

    /// Serves until the listener fails, which on loopback is for ever.
    ///
    /// # Errors
    /// When the serving task died.
    pub async fn serve(mut self) -> anyhow::Result<()> {
        (&mut self.accepting).await.context("the fixture server stopped")
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Takes connections; dropping the future drops each of them.
async fn accept(listener: TcpListener, fixture: Arc<Fixture>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_ended) = connections.join_next() => {}
            accepted = listener.accept() => {
                let Ok((socket, _peer)) = accepted else { continue };
                // Without it, small answers wait for the peer's delayed acknowledgement.
                let _best_effort = socket.set_nodelay(true);
                let fixture = Arc::clone(&fixture);
                connections.spawn(async move {
                    let service = service_fn(move |request| edge::serve(Arc::clone(&fixture), request));
                    http1::Builder::new().serve_connection(TokioIo::new(socket), service).await
                });
            }
        }
    }
}
