//! A server as the API shows it: names of its headers, never their values.

use jiff::Timestamp;
use model::{ServerId, Slug};
use serde::Serialize;
use serde_json::value::RawValue;
use store::Server;
use utoipa::ToSchema;

use crate::schema;

/// A registered server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServerView {
    /// Its id.
    #[schema(value_type = String)]
    id: ServerId,
    /// Its name in addresses.
    #[schema(value_type = String, example = "binance-mcp")]
    slug: Slug,
    /// Its name for people.
    name: String,
    /// Its MCP endpoint.
    #[schema(example = "https://mcp.example.com/mcp")]
    url: String,
    /// Names of the headers that are sent with every call. Their values are never shown.
    header_names: Vec<String>,
    /// False while calls to it are refused.
    enabled: bool,
    /// True where its tools may only be called while they have the definition that was accepted.
    pinned: bool,
    /// How many of its tools have a definition that nobody accepted.
    unaccepted: u64,
    /// What was found when its tools were last listed; absent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    discovery: Option<DiscoveryView>,
    /// Why the last attempt to list its tools failed; absent when it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    discovery_error: Option<String>,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// What a server said of itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiscoveryView {
    /// Which way of speaking MCP it speaks.
    #[schema(value_type = schema::Era)]
    era: &'static str,
    /// The protocol version agreed.
    #[schema(example = "2026-07-28")]
    protocol_version: String,
    /// Its own name, version and capabilities, as it gave them.
    #[schema(value_type = Object)]
    server: Option<Box<RawValue>>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Server> for ServerView {
    fn from(server: Server) -> Self {
        let found = server.era.zip(server.protocol_version).zip(server.discovered_at);
        let discovery = found.map(|((era, protocol_version), at)| DiscoveryView {
            era: era.as_str(),
            protocol_version,
            server: server.server_info.and_then(|text| RawValue::from_string(text).ok()),
            at,
        });
        Self {
            id: server.id,
            slug: server.slug,
            name: server.name,
            url: server.url,
            header_names: server.header_names,
            enabled: server.enabled,
            pinned: server.pinned,
            unaccepted: server.unaccepted,
            discovery,
            discovery_error: server.discovery_error,
            created_at: server.created_at,
            updated_at: server.updated_at,
        }
    }
}
