//! Audit events of the data plane: what was decided (intent), and what became of it (outcome).

use policy::{Amount, Category, Counter};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{ApprovalId, EventId, GrantId, IdentityId, OrgId, PolicyId, ServerId, TeamId, TokenId};

/// A record of the spool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A decision, durable before the call is forwarded.
    Intent(Box<Intent>),
    /// What became of a forwarded call.
    Outcome(Outcome),
}

/// A decision. Holds names of arguments; their values only sealed, and only where the organisation keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// Its id, which a denied agent is given as `request_id`; the time in it is when the decision was made.
    pub id: EventId,
    /// The gateway process that decided.
    pub node: String,
    /// Distinguishes the process's starts.
    pub boot: u64,
    /// Counts the process's intents without a gap.
    pub seq: u64,
    /// The tenant.
    pub org: OrgId,
    /// The identity's team.
    pub team: TeamId,
    /// Who called.
    pub identity: IdentityId,
    /// With which token.
    pub token: TokenId,
    /// Under which grant; `None` when no grant reached the server.
    pub grant: Option<GrantId>,
    /// Which server; `None` when it is not one of the identity's.
    pub server: Option<ServerId>,
    /// The JSON-RPC method, for example `tools/call`.
    pub method: String,
    /// The tool, prompt or resource named.
    pub subject: Option<String>,
    /// What was decided.
    pub verdict: Verdict,
    /// The rule that decided, as a JSON pointer or a literal such as `(default deny)`; empty when allowed.
    pub rule: String,
    /// What the agent was told; empty when allowed.
    pub message: String,
    /// The policy in force.
    pub policy: Option<PolicyId>,
    /// Its version.
    pub policy_version: Option<u32>,
    /// Top-level argument names, sorted.
    pub arguments: Vec<String>,
    /// True when a limit marked `on_outage: allow` could not be checked.
    pub unchecked: bool,
    /// What was taken from counters before the call was forwarded: what they are rebuilt from when they are lost.
    pub taken: Vec<Taken>,
    /// The approval that the call used, or, where it was refused, waits for.
    pub approval: Option<ApprovalId>,
    /// Tells the caller's MCP session from others: the first 16 bytes of the SHA-256 of its id, in hexadecimal.
    pub session: Option<String>,
    /// What the client called itself.
    pub client: Option<ClientName>,
    /// The class by which the tool was judged.
    pub category: Option<Category>,
    /// The arguments' values, where the organisation keeps them.
    pub values: Option<SealedArguments>,
}

/// A charge that was taken from a counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// Which counter.
    pub counter: Counter,
    /// How much.
    pub amount: Amount,
    /// Where it was counted, by the counter store's clock: the window's first millisecond, or for a rolling window
    /// the number of the part.
    pub place: i64,
    /// How the counter stood then; `None` where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

/// How a counter stood after a charge was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The most that it may hold.
    pub max: Amount,
    /// What is left of that.
    pub left: Amount,
}

/// What a client calls itself; nothing vouches for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientName {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The sealed text of [`Captured`] arguments, bound to organisation and event by [`SealedArguments::context`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedArguments(pub String);

impl SealedArguments {
    /// The associated data that sealing and opening must agree on.
    #[must_use]
    pub fn context(org: OrgId, event: EventId) -> String {
        format!("arguments|{org}|{event}")
    }
}

/// Longest arguments that are captured whole, in bytes.
pub const CAPTURE_MAX_BYTES: usize = 32 * 1024;

/// What is kept of a call's arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Captured {
    /// The JSON text itself, every digit as it was sent.
    Arguments(Box<RawValue>),
    /// They were longer than [`CAPTURE_MAX_BYTES`]: how long.
    OmittedBytes(usize),
}

impl Captured {
    /// What is kept of arguments, the text of one JSON object. `None` when it is no JSON.
    #[must_use]
    pub fn of(arguments: &str) -> Option<Self> {
        if arguments.len() > CAPTURE_MAX_BYTES {
            return Some(Self::OmittedBytes(arguments.len()));
        }
        RawValue::from_string(arguments.to_owned()).ok().map(Self::Arguments)
    }

    /// As it is sealed.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it was sealed; `None` when it is none.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Forwarded.
    Allow,
    /// Refused.
    Deny,
}

impl Verdict {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }

    /// The verdict of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Allow, Self::Deny].into_iter().find(|verdict| verdict.as_str() == name)
    }
}

/// What became of a forwarded call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The intent's id.
    pub id: EventId,
    /// The tenant.
    pub org: OrgId,
    /// HTTP status of the upstream's answer, when there was one.
    pub status: Option<u16>,
    /// From the first byte sent upstream to its response head, microseconds.
    pub latency_us: u64,
    /// How it ended.
    pub end: OutcomeEnd,
}

/// How a forwarded call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeEnd {
    /// The upstream answered.
    Answered,
    /// Nothing left the gateway (refused connection, blocked address).
    NotSent,
    /// The connection broke, or the answer could not be read, after the call may have been sent.
    Broken,
}

impl OutcomeEnd {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NotSent => "not_sent",
            Self::Broken => "broken",
        }
    }

    /// The end of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Answered, Self::NotSent, Self::Broken].into_iter().find(|end| end.as_str() == name)
    }
}

/// How a call came out, in one word: what the log is searched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// It was forwarded.
    Allowed,
    /// It was refused.
    Denied,
    /// It was refused until people approve it.
    Parked,
    /// It was to be forwarded, and nothing left the gateway.
    NotSent,
    /// It was forwarded, and its connection broke.
    Broken,
}

impl CallOutcome {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Parked => "parked",
            Self::NotSent => "not_sent",
            Self::Broken => "broken",
        }
    }

    /// The decision that it stands for; `None` for what became of a call.
    #[must_use]
    pub const fn verdict(self) -> Option<Verdict> {
        match self {
            Self::Allowed => Some(Verdict::Allow),
            Self::Denied | Self::Parked => Some(Verdict::Deny),
            Self::NotSent | Self::Broken => None,
        }
    }

    /// The end that it stands for; `None` for decisions.
    #[must_use]
    pub const fn end(self) -> Option<OutcomeEnd> {
        match self {
            Self::NotSent => Some(OutcomeEnd::NotSent),
            Self::Broken => Some(OutcomeEnd::Broken),
            Self::Allowed | Self::Denied | Self::Parked => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_arguments_keep_every_digit_and_long_ones_leave_a_mark() {
        let text = r#"{"n": 1.000000000000000000001, "s":"\u00e9"}"#;
        let sealed = Captured::of(text).unwrap().to_text();
        let Some(Captured::Arguments(kept)) = Captured::read(sealed.as_bytes()) else { panic!("{sealed}") };
        assert_eq!(kept.get(), text);
        let long = format!(r#"{{"s": "{}"}}"#, "x".repeat(CAPTURE_MAX_BYTES));
        let sealed = Captured::of(&long).unwrap().to_text();
        assert_eq!(sealed, format!(r#"{{"omitted_bytes":{}}}"#, long.len()));
        assert!(matches!(Captured::read(sealed.as_bytes()), Some(Captured::OmittedBytes(_))));
        assert!(Captured::of("{").is_none() && Captured::read(b"{}").is_none());
    }
}
