//! What is judged: one call, and what the gateway knows about who makes it, from where and when.
//! Everything is borrowed; a decision keeps nothing of it but what a denial or a charge must carry.

use std::collections::BTreeMap;

use crate::Category;

/// Which part of a server a call or a list entry belongs to; each has its own section in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Called by `tools/call`.
    Tool,
    /// Fetched by `prompts/get`.
    Prompt,
    /// Read by `resources/read`; its name is the URI.
    Resource,
}

impl Subject {
    /// The word for it in a message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Prompt => "prompt",
            Self::Resource => "resource",
        }
    }
}

/// One call as it came over the wire.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// What sort of thing is called.
    pub subject: Subject,
    /// The tool's or prompt's exact name, or the resource's URI.
    pub name: &'a str,
    /// The arguments: the text of one JSON object, already known to be well formed and free of duplicate keys
    /// ([`check_object`](crate::check_object) sees to that where nothing else has). `None` counts as `{}`.
    pub arguments: Option<&'a str>,
}

/// Everything besides the call that a policy may ask about.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When the call is judged, milliseconds since 1970, UTC.
    pub time_ms: i64,
    /// False when grant, identity, server, team or organisation is switched off or has expired.
    pub enabled: bool,
    /// True when the tool's definition is not the one that was accepted, and definitions are pinned.
    pub definition_changed: bool,
    /// The organisation's id; scope `org`.
    pub org: &'a str,
    /// The team's slug; path `team.slug`.
    pub team: &'a str,
    /// The team's id; scope `team`.
    pub team_id: &'a str,
    /// The server's id; scope `server`.
    pub server: &'a str,
    /// The grant's id; scope `grant`.
    pub grant: &'a str,
    /// The MCP session's id, or the token's where there is no session; scope `session`, path `session.id`.
    pub session: &'a str,
    /// Who calls; scope `identity`.
    pub identity: Identity<'a>,
    /// The client's own account of itself, where it gave one.
    pub client: Option<Client<'a>>,
    /// The catalogue's class of the tool.
    pub category: Option<Category>,
    /// The catalogue's risk of the tool, for example `critical`.
    pub risk: Option<&'a str>,
    /// The annotations that the server gave the tool: the text of one JSON object.
    pub annotations: Option<&'a str>,
    /// True when an unused approval that fits this very call was found.
    pub approved: bool,
}

/// Who calls.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// Its id.
    pub id: &'a str,
    /// `person`, `agent` or `service`.
    pub kind: &'a str,
    /// Its name.
    pub label: &'a str,
    /// The person's address, where there is one.
    pub email: Option<&'a str>,
    /// Its free labels.
    pub labels: &'a BTreeMap<String, String>,
}

/// What the client says it is; nothing vouches for it.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}
