//! Asking: the open request for a call is found, or made.

use jiff::{SignedDuration, Timestamp};
use model::{ApprovalId, ApprovalRequest};
use sqlx::FromRow;

use super::Approval;
use super::read::select;
use crate::column::at;
use crate::{Error, OrgTx};

/// What asking came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A request was made. Commit to keep it.
    New(Box<Approval>),
    /// There is an open one.
    Found(Box<Approval>),
    /// The grant, the policy or its version is not the one in force any more.
    Outdated,
    /// The identity has this many open requests, and no more are taken.
    TooMany(u32),
}

/// The tool's definition as it is known now.
#[derive(FromRow)]
struct Definition {
    hash: Option<Vec<u8>>,
    definition: Option<String>,
}

impl OrgTx {
    /// The open request for this very call; a new one when there is none and the identity has fewer than `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_approval(
        &mut self,
        request: &ApprovalRequest,
        most: u32,
        now: Timestamp,
    ) -> Result<Asked, Error> {
        let Some(definition) = self.definition_in_force(request).await? else { return Ok(Asked::Outdated) };
        if let Some(found) = self.open_approval(request, &definition, now).await? {
            return Ok(Asked::Found(Box::new(found)));
        }
        // From here on nobody else of the organisation asks; somebody may just have.
        let seq = self.next_approval_seq().await?;
        if let Some(found) = self.open_approval(request, &definition, now).await? {
            return Ok(Asked::Found(Box::new(found)));
        }
        self.close_expired(request, now).await?;
        let open: i64 = sqlx::query_scalar("select count(*) from approval where identity_id = $1 and open")
            .bind(request.identity.uuid())
            .fetch_one(&mut *self.tx)
            .await?;
        if open >= i64::from(most) {
            return Ok(Asked::TooMany(u32::try_from(open).unwrap_or(u32::MAX)));
        }
        let made = self.insert_approval(request, &definition, seq, now).await?;
        Ok(Asked::New(Box::new(self.approval(made, now).await?)))
    }

    /// What the server's tool of that name is now; `None` when the call was judged by what is no longer in force.
    async fn definition_in_force(&mut self, request: &ApprovalRequest) -> Result<Option<Definition>, Error> {
        Ok(sqlx::query_as(
            "select server_tool.hash, server_tool.definition
             from access_grant
             join policy
               on policy.id = access_grant.policy_id
             left join server_tool
               on server_tool.server_id = access_grant.server_id
              and server_tool.name = $6
              and server_tool.gone_at is null
              and $7 = 'tools/call'
             where access_grant.id = $1
               and access_grant.server_id = $2
               and (access_grant.identity_id is null or access_grant.identity_id = $3)
               and access_grant.revoked_at is null
               and policy.id = $4
               and policy.latest_version = $5",
        )
        .bind(request.grant.uuid())
        .bind(request.server.uuid())
        .bind(request.identity.uuid())
        .bind(request.policy.uuid())
        .bind(i64::from(request.policy_version))
        .bind(&request.subject)
        .bind(&request.method)
        .fetch_optional(&mut *self.tx)
        .await?)
    }

    /// Everything that the approval is bound to is compared here, and by the unique index over open requests.
    async fn open_approval(
        &mut self,
        request: &ApprovalRequest,
        definition: &Definition,
        now: Timestamp,
    ) -> Result<Option<Approval>, Error> {
        let rows = sqlx::query_as(select!(
            "where approval.open
               and approval.expires_at > $1
               and approval.identity_id = $2
               and approval.grant_id = $3
               and approval.policy_id = $4
               and approval.policy_version = $5
               and approval.definition_hash is not distinct from $6
               and approval.digest = $7
               and approval.approvers = $8
               and approval.quorum = $9"
        ))
        .bind(at(now))
        .bind(request.identity.uuid())
        .bind(request.grant.uuid())
        .bind(request.policy.uuid())
        .bind(i64::from(request.policy_version))
        .bind(&definition.hash)
        .bind(request.digest.0.as_slice())
        .bind(request.terms.approvers.as_str())
        .bind(i16::from(request.terms.quorum))
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(self.with_decisions(rows).await?.pop())
    }

    /// What has expired makes way for what is asked anew.
    async fn close_expired(&mut self, request: &ApprovalRequest, now: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "update approval
             set open = false
             where open
               and expires_at <= $1
               and identity_id = $2",
        )
        .bind(at(now))
        .bind(request.identity.uuid())
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn insert_approval(
        &mut self,
        request: &ApprovalRequest,
        definition: &Definition,
        seq: i64,
        now: Timestamp,
    ) -> Result<ApprovalId, Error> {
        let term = SignedDuration::from_secs(i64::from(request.terms.expires_in));
        let expires_at = now.saturating_add(term).unwrap_or(Timestamp::MAX);
        sqlx::query(
            "insert into approval (id, org_id, team_id, identity_id, grant_id, server_id, method, subject, digest,
                                   sealed_call, policy_id, policy_version, definition_hash, definition, rule,
                                   message, approvers, quorum, event_id, created_at, expires_at, updated_at, seq)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                     $20, $22)",
        )
        .bind(request.id.uuid())
        .bind(self.id.uuid())
        .bind(request.team.uuid())
        .bind(request.identity.uuid())
        .bind(request.grant.uuid())
        .bind(request.server.uuid())
        .bind(&request.method)
        .bind(&request.subject)
        .bind(request.digest.0.as_slice())
        .bind(&request.call.0)
        .bind(request.policy.uuid())
        .bind(i64::from(request.policy_version))
        .bind(&definition.hash)
        .bind(&definition.definition)
        .bind(&request.rule)
        .bind(&request.message)
        .bind(request.terms.approvers.as_str())
        .bind(i16::from(request.terms.quorum))
        .bind(request.event.uuid())
        .bind(at(now))
        .bind(at(expires_at))
        .bind(seq)
        .execute(&mut *self.tx)
        .await?;
        Ok(request.id)
    }
}
