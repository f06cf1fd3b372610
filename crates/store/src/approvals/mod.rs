//! Calls that wait for approval. A request is made by [`ask`](OrgTx::ask_approval), decided by people and used by
//! exactly one call. Whoever changes one first takes the organisation's next number, whose row lock lasts until the
//! commit: changes of one organisation happen one after the other and are numbered in the order in which they can be
//! seen, so that a reader who has seen number n has seen all before it.

mod ask;
mod decide;
mod read;
mod spend;

use jiff::Timestamp;
use model::{
    ApprovalId, ApprovalStatus, EventId, GrantId, IdentityId, PolicyId, SealedCall, ServerId, TeamId, UserId,
};
use policy::{ApprovalTerms, Approvers, Category};
use sqlx::FromRow;
use uuid::Uuid;

pub use ask::Asked;
pub use decide::Decided;
pub use read::ApprovalFilter;

use crate::column::{named, number};
use crate::{Error, OrgTx};

/// A request for approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// The caller's team.
    pub team: TeamId,
    /// Who called.
    pub identity: IdentityId,
    /// The caller's address, where one is known.
    pub identity_email: Option<String>,
    /// Under which grant.
    pub grant: GrantId,
    /// Which server.
    pub server: ServerId,
    /// The JSON-RPC method.
    pub method: String,
    /// The tool, prompt or resource.
    pub subject: String,
    /// The call itself.
    pub call: SealedCall,
    /// The tool's definition when it was asked, as JSON.
    pub definition: Option<String>,
    /// The tool's class.
    pub category: Option<Category>,
    /// The policy that asks.
    pub policy: PolicyId,
    /// Its version.
    pub policy_version: u32,
    /// The rule that asks.
    pub rule: String,
    /// Why, in the rule's words or the engine's.
    pub message: String,
    /// What an approval takes.
    pub terms: ApprovalTerms,
    /// The call that asked first.
    pub event: EventId,
    /// How it stands.
    pub status: ApprovalStatus,
    /// The call that it was used by.
    pub used_by: Option<EventId>,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it ends, whatever has become of it.
    pub expires_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The number of its last change; rises in the organisation.
    pub seq: u64,
    /// What people have said, the first first.
    pub decisions: Vec<ApprovalDecision>,
}

/// What somebody said to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalDecision {
    /// Who.
    pub user: UserId,
    /// Their address; `None` once the account is gone.
    pub email: Option<String>,
    /// Yes or no.
    pub approved: bool,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Approval {
    /// How many people have approved.
    #[must_use]
    pub fn given(&self) -> u8 {
        let given = self.decisions.iter().filter(|decision| decision.approved).count();
        u8::try_from(given).unwrap_or(u8::MAX)
    }

    /// Why it was denied, if somebody did and said so.
    #[must_use]
    pub fn denial(&self) -> Option<&str> {
        self.decisions.iter().find(|decision| !decision.approved)?.reason.as_deref()
    }

    /// Whether whoever has this address is the caller.
    #[must_use]
    pub fn is_of(&self, email: &str) -> bool {
        self.identity_email.as_ref().is_some_and(|own| own.to_lowercase() == email.to_lowercase())
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    team_id: Uuid,
    identity_id: Uuid,
    email: Option<String>,
    grant_id: Uuid,
    server_id: Uuid,
    method: String,
    subject: String,
    sealed_call: String,
    definition: Option<String>,
    category: Option<String>,
    policy_id: Uuid,
    policy_version: i32,
    rule: String,
    message: String,
    approvers: String,
    quorum: i16,
    event_id: Uuid,
    status: String,
    used_by: Option<Uuid>,
    created_at: jiff_sqlx::Timestamp,
    expires_at: jiff_sqlx::Timestamp,
    updated_at: jiff_sqlx::Timestamp,
    seq: i64,
}

impl TryFrom<Row> for Approval {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        const TABLE: &str = "approval";
        let (created_at, expires_at) = (row.created_at.to_jiff(), row.expires_at.to_jiff());
        let expires_in = expires_at.as_second() - created_at.as_second();
        Ok(Self {
            id: ApprovalId::from_uuid(row.id),
            team: TeamId::from_uuid(row.team_id),
            identity: IdentityId::from_uuid(row.identity_id),
            identity_email: row.email,
            grant: GrantId::from_uuid(row.grant_id),
            server: ServerId::from_uuid(row.server_id),
            method: row.method,
            subject: row.subject,
            call: SealedCall(row.sealed_call),
            definition: row.definition,
            category: row.category.map(|name| named(TABLE, &name, Category::named)).transpose()?,
            policy: PolicyId::from_uuid(row.policy_id),
            policy_version: number(TABLE, row.policy_version)?,
            rule: row.rule,
            message: row.message,
            terms: ApprovalTerms {
                approvers: named(TABLE, &row.approvers, Approvers::named)?,
                quorum: number(TABLE, row.quorum)?,
                expires_in: number(TABLE, expires_in)?,
            },
            event: EventId::from_uuid(row.event_id),
            status: named(TABLE, &row.status, ApprovalStatus::named)?,
            used_by: row.used_by.map(EventId::from_uuid),
            created_at,
            expires_at,
            updated_at: row.updated_at.to_jiff(),
            seq: number(TABLE, row.seq)?,
            decisions: Vec::new(),
        })
    }
}

impl OrgTx {
    /// The organisation's next number, and its turn to change requests until this transaction ends.
    async fn next_approval_seq(&mut self) -> Result<i64, Error> {
        sqlx::query_scalar(
            "update org
             set approval_seq = approval_seq + 1
             where id = $1
             returning approval_seq",
        )
        .bind(self.id.uuid())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("organisation"))
    }
}
