//! A bundle: everything a gateway needs to know about one identity, and nothing else.
//! Versioned and immutable; a newer version replaces it whole and an older one never does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{GrantId, IdentityId, OrgId, PolicyId, ServerId, Slug, TeamId, TokenId};

/// The bundle format that this build writes and reads; any other is refused.
pub const BUNDLE_SCHEMA: u16 = 1;
/// Largest serialised bundle, checked by producer and consumer alike: sixteen policies of the largest size.
pub const BUNDLE_MAX_BYTES: usize = 4 << 20;

/// Everything about one identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// Always [`BUNDLE_SCHEMA`].
    pub schema: u16,
    /// The organisation's version when the bundle was made; only ever rises.
    pub version: u64,
    /// The tenant.
    pub org: OrgEntry,
    /// The identity's team.
    pub team: TeamEntry,
    /// Who it is.
    pub identity: IdentityEntry,
    /// Tokens that prove the identity at this version; one that is missing is revoked.
    pub tokens: Vec<TokenEntry>,
    /// What it may reach; at most one for each server.
    pub grants: Vec<GrantEntry>,
}

/// The tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgEntry {
    /// Its id.
    pub id: OrgId,
    /// Its name in addresses.
    pub slug: Slug,
    /// False once it is suspended.
    pub enabled: bool,
    /// How long a gateway may go on with this bundle without word from the control plane, in seconds.
    pub max_staleness_s: u32,
    /// Whether gateways record argument values, sealed.
    #[serde(default)]
    pub capture_arguments: bool,
    /// Whether agents are told how a denial came about.
    #[serde(default)]
    pub explain_denials: bool,
}

/// The identity's team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamEntry {
    /// Its id.
    pub id: TeamId,
    /// Its name in addresses.
    pub slug: Slug,
    /// False once it is switched off.
    pub enabled: bool,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityEntry {
    /// Its id.
    pub id: IdentityId,
    /// What sort of caller it is.
    pub kind: IdentityKind,
    /// Its name, for example `alice-laptop`.
    pub label: String,
    /// The person's address, where there is one.
    pub email: Option<String>,
    /// Free labels that policies may ask for.
    pub labels: BTreeMap<String, String>,
    /// False once it is switched off.
    pub enabled: bool,
}

/// What sort of caller an identity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// A human's own client.
    Person,
    /// An autonomous agent.
    Agent,
    /// A job or service.
    Service,
}

impl IdentityKind {
    /// The name on the wire, in policies and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agent => "agent",
            Self::Service => "service",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Person, Self::Agent, Self::Service].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A live token of the identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenEntry {
    /// Its id.
    pub id: TokenId,
    /// When it ends, milliseconds since 1970.
    pub expires_at_ms: Option<i64>,
}

/// One server under one policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantEntry {
    /// Its id.
    pub id: GrantId,
    /// When it ends, milliseconds since 1970.
    pub expires_at_ms: Option<i64>,
    /// The server that it reaches.
    pub server: ServerEntry,
    /// The policy in force; without one every call is refused.
    pub policy: Option<PolicyEntry>,
    /// Classes of the server's tools, present when the policy asks for categories or risk.
    pub tools: Vec<ToolClass>,
    /// The tools whose definition is the one that was accepted, where the server's definitions are pinned: only these may be
    /// called. Absent where they are not pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Vec<AcceptedTool>>,
}

/// Where calls go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerEntry {
    /// Its id.
    pub id: ServerId,
    /// Its name in addresses.
    pub slug: Slug,
    /// The upstream's MCP endpoint.
    pub url: String,
    /// Headers sent upstream, sealed; opened only in the gateway's memory.
    pub headers: Option<SealedHeaders>,
    /// False once it is switched off.
    pub enabled: bool,
}

/// A sealed JSON object of header names and values: base64url of key id, nonce and ciphertext.
/// Bound to the organisation and server by [`SealedHeaders::context`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedHeaders(pub String);

impl SealedHeaders {
    /// The associated data that sealing and opening must agree on, so that a sealed value
    /// moved to another organisation or server does not open.
    #[must_use]
    pub fn context(org: OrgId, server: ServerId) -> String {
        format!("upstream-headers|{org}|{server}")
    }
}

/// A compiled document's source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyEntry {
    /// Its id.
    pub id: PolicyId,
    /// Which version of it.
    pub version: u32,
    /// The JSON document, as published.
    pub document: String,
}

/// The class of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolClass {
    /// The tool's exact name.
    pub name: String,
    /// `read`, `write`, `execute`, `destructive`, `financial` or `other`.
    pub category: policy::Category,
    /// Annotations the server gave, as a JSON object.
    pub annotations: Option<String>,
}

/// A tool whose definition was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedTool {
    /// The tool's exact name.
    pub name: String,
    /// SHA-256 of the accepted definition in canonical form, hexadecimal.
    pub hash: String,
}

/// What a token proved: which token, and the bundle of its identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authenticated {
    /// The token presented.
    pub token: TokenId,
    /// The identity's bundle.
    pub bundle: Bundle,
}

/// Word that bundles of an organisation have changed, or that its counters begin a new epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Position in the one ordered stream.
    pub seq: u64,
    /// The organisation.
    pub org: OrgId,
    /// The only identity it touches; `None` when it may touch all of them.
    pub identity: Option<IdentityId>,
    /// The organisation's version from now on.
    pub version: u64,
    /// The epoch that its counters begin; no bundle has changed then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
}
