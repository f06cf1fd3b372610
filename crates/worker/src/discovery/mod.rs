//! Learning what an MCP server is and which tools it has, in either protocol era.
//!
//! The newer era is tried first, with `server/discover`. Whatever is not a proper answer to that leads to
//! `initialize`, as older servers answer the unknown method in many ways. What would be the same in both eras
//! (no connection, refused credentials) ends the attempt at once.

mod error;
mod exchange;
mod pages;

use std::time::Duration;

use egress::Target;
use http::HeaderMap;
use mcp::client::{NEWEST_MODERN, Post};
use mcp::facts::ServerFacts;
use mcp::{Client, Era, facts};
use store::{Discovery, ProtocolEra};

pub use error::DiscoverError;

use exchange::{Answer, Upstream};

/// How much a server may cost before it is given up.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Longest that one answer may take, from sending to its end.
    pub answer: Duration,
    /// Longest that a whole discovery may take.
    pub total: Duration,
    /// Most bytes read in all answers together.
    pub bytes: usize,
    /// Most pages of the tool list.
    pub pages: u64,
    /// Most tools.
    pub tools: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(10),
            total: Duration::from_secs(30),
            bytes: 16 * 1024 * 1024,
            pages: 200,
            tools: 10_000,
        }
    }
}

/// Id of the first request.
const FIRST_ID: u64 = 1;

/// Asks the server behind `target` what it is, sending `headers` with every request.
///
/// # Errors
/// See [`DiscoverError`].
pub async fn discover(
    client: &egress::Client,
    target: &Target,
    headers: &HeaderMap,
    limits: &Limits,
) -> Result<Discovery, DiscoverError> {
    let upstream = Upstream::new(client, target, headers, limits);
    tokio::time::timeout(limits.total, attempt(upstream)).await.unwrap_or_else(|_| {
        Err(DiscoverError::Unreachable(format!(
            "The server did not list its tools within {:?}.",
            limits.total
        )))
    })
}

async fn attempt(mut upstream: Upstream<'_>) -> Result<Discovery, DiscoverError> {
    if let Some(greeting) = greet_modern(&mut upstream).await? {
        return with_tools(&mut upstream, greeting).await;
    }
    let greeting = greet_legacy(&mut upstream).await;
    let found = match greeting {
        Ok(greeting) => with_tools(&mut upstream, greeting).await,
        Err(error) => Err(error),
    };
    upstream.end_session().await;
    found
}

/// What the server said of itself, and how to go on.
struct Greeting {
    era: Era,
    version: String,
    info: String,
    /// The server's name, in its own words.
    name: Option<String>,
}

impl Greeting {
    fn new(era: Era, version: String, facts: &ServerFacts<'_>) -> Self {
        let mut info = serde_json::Map::new();
        if let Some(server) = &facts.server {
            info.insert("name".to_owned(), error::quoted(&server.name).into());
            info.insert("version".to_owned(), error::quoted(&server.version).into());
        }
        let capabilities = facts.capabilities.and_then(|raw| serde_json::from_str(raw).ok());
        info.insert("capabilities".to_owned(), capabilities.unwrap_or_default());
        let name = facts.server.as_ref().map(|server| server.name.clone().into_owned());
        Self { era, version, info: serde_json::Value::from(info).to_string(), name }
    }
}

fn me() -> Client<'static> {
    Client::new("policylayer", env!("CARGO_PKG_VERSION"))
}

/// `None` when the server does not speak the newer era.
async fn greet_modern(upstream: &mut Upstream<'_>) -> Result<Option<Greeting>, DiscoverError> {
    let post = mcp::client::discover(FIRST_ID, NEWEST_MODERN, &me());
    let answer = match upstream.request(post, FIRST_ID).await {
        Ok(answer) => answer,
        // A server of the older era may hold the connection without a word, or drop it.
        Err(DiscoverError::Unreachable(reason)) if upstream.is_reachable() => {
            tracing::debug!(reason, "no answer to server/discover");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let facts = answer.message.as_deref().and_then(|message| facts::server(message).ok());
    let facts = facts.filter(|facts| facts.versions.iter().any(|version| version == NEWEST_MODERN));
    Ok(facts.map(|facts| Greeting::new(Era::Modern, NEWEST_MODERN.to_owned(), &facts)))
}

async fn greet_legacy(upstream: &mut Upstream<'_>) -> Result<Greeting, DiscoverError> {
    let id = FIRST_ID + 1;
    let answer: Answer = upstream.request(mcp::client::initialize(id, &me()), id).await?;
    let facts = facts::server(answer.message()?)?;
    let version = facts.versions.first().map(|version| version.clone().into_owned()).unwrap_or_default();
    let greeting = Greeting::new(Era::Legacy, version, &facts);
    let confirmed: Post = mcp::client::initialized(&greeting.version);
    upstream.notify(confirmed).await?;
    Ok(greeting)
}

async fn with_tools(upstream: &mut Upstream<'_>, greeting: Greeting) -> Result<Discovery, DiscoverError> {
    let tools = pages::all_tools(upstream, &greeting).await?;
    let era = match greeting.era {
        Era::Legacy => ProtocolEra::Legacy,
        Era::Modern => ProtocolEra::Modern,
    };
    Ok(Discovery { era, protocol_version: greeting.version, server_info: Some(greeting.info), tools })
}
