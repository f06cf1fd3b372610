//! Approvals: what a gateway asks the control plane for, and how a request stands.

use policy::ApprovalTerms;
use serde::{Deserialize, Serialize};

use crate::{ApprovalId, EventId, GrantId, IdentityId, OrgId, PolicyId, ServerId, TeamId};

/// A call that needs approval. Everything here but `id`, `event`, `call`, `rule` and `message` binds the approval: it
/// fits no call that differs in any of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRequest {
    /// A fresh id, used unless a request for the same call is open already.
    pub id: ApprovalId,
    /// The call's event.
    pub event: EventId,
    /// The tenant.
    pub org: OrgId,
    /// The caller's team.
    pub team: TeamId,
    /// Who calls.
    pub identity: IdentityId,
    /// Under which grant.
    pub grant: GrantId,
    /// Which server.
    pub server: ServerId,
    /// The JSON-RPC method, for example `tools/call`.
    pub method: String,
    /// The tool, prompt or resource.
    pub subject: String,
    /// Keyed digest of the method and of all that the call carries.
    pub digest: CallDigest,
    /// The call as it was made, sealed.
    pub call: SealedCall,
    /// The policy that asks.
    pub policy: PolicyId,
    /// Its version.
    pub policy_version: u32,
    /// The rule that asks, as a JSON pointer.
    pub rule: String,
    /// Why, in the rule's words or the engine's.
    pub message: String,
    /// What an approval takes.
    pub terms: ApprovalTerms,
}

/// 32 bytes that tell calls apart and, without the key, nothing about what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallDigest(pub [u8; 32]);

/// The sealed JSON of a call's parameters, bound to organisation and request by [`SealedCall::context`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedCall(pub String);

impl SealedCall {
    /// The associated data that sealing and opening must agree on.
    #[must_use]
    pub fn context(org: OrgId, approval: ApprovalId) -> String {
        format!("call|{org}|{approval}")
    }
}

/// How a request for approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStatus {
    /// Waiting for people.
    Pending,
    /// Given, and not used yet.
    Approved,
    /// Refused by somebody.
    Denied,
    /// Given, and used by a call.
    Used,
    /// Its time has passed.
    Expired,
    /// The policy, the grant or the tool's definition has changed since: no call can use it any more.
    Unfit,
}

impl ApprovalStatus {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Approved, Self::Denied, Self::Used, Self::Expired, Self::Unfit];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Unfit => "unfit",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// A request for approval, as a gateway needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalStanding {
    /// Its id.
    pub id: ApprovalId,
    /// How it stands.
    pub status: ApprovalStatus,
    /// When it ends, whatever has become of it, milliseconds since 1970.
    pub expires_at_ms: i64,
    /// How many people have approved so far.
    pub given: u8,
    /// Why it was denied, in words of whoever denied it.
    pub reason: Option<String>,
    /// Where people decide on it.
    pub url: String,
}

/// What asking for approval came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalAnswer {
    /// There is a request for this very call: a new one, or the one that was open.
    Standing(ApprovalStanding),
    /// The gateway judged by something that has changed since; judged anew, the call may come to something else.
    Outdated,
    /// The identity has so many open requests that no more are taken; the number is how many.
    TooMany(u32),
}

/// A gateway's word that a call is about to use an approval, or that it provably has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalUse {
    /// The tenant.
    pub org: OrgId,
    /// Which approval.
    pub id: ApprovalId,
    /// The call's event.
    pub event: EventId,
}

/// What a gateway's [`ApprovalUse`] came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalClaim {
    /// Whether this call, and no other, may use the approval.
    pub granted: bool,
    /// How the request stands now.
    pub standing: ApprovalStanding,
}
