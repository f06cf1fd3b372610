//! Reading requests for approval.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{ApprovalId, ApprovalStatus, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Approval, ApprovalDecision, Row};
use crate::column::{at, number};
use crate::{Error, OrgTx};

/// Which requests to show. A filter that is `None` lets everything through.
#[derive(Debug, Clone, Default)]
pub struct ApprovalFilter {
    /// Only those that stand so.
    pub status: Option<ApprovalStatus>,
    /// Continue after this request: the last one of the page before.
    pub cursor: Option<ApprovalId>,
    /// At most so many.
    pub limit: u32,
}

/// `$1` is the time.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select approval.id, approval.team_id, approval.identity_id, identity.email, approval.grant_id,
                    approval.server_id, approval.method, approval.subject, approval.sealed_call,
                    approval.definition, approval.policy_id, approval.policy_version,
                    tool_class(server_tool.category, server_tool.override_category, server_tool.override_hash,
                               server_tool.hash) as category,
                    approval.rule, approval.message, approval.approvers, approval.quorum, approval.event_id,
                    approval_status(approval, $1) as status, approval.used_by, approval.created_at,
                    approval.expires_at, approval.updated_at, approval.seq
             from approval
             join identity
               on identity.id = approval.identity_id
             left join server_tool
               on server_tool.server_id = approval.server_id
              and server_tool.name = approval.subject
              and approval.method = 'tools/call' ",
            $rest
        )
    };
}
pub(super) use select;

#[derive(FromRow)]
struct DecisionRow {
    approval_id: Uuid,
    user_id: Uuid,
    email: Option<String>,
    approved: bool,
    reason: Option<String>,
    created_at: jiff_sqlx::Timestamp,
}

impl OrgTx {
    /// One page of requests, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approvals(
        &mut self,
        filter: &ApprovalFilter,
        now: Timestamp,
    ) -> Result<Vec<Approval>, Error> {
        let rows: Vec<Row> = sqlx::query_as(select!(
            "where ($2::text is null or approval_status(approval, $1) = $2)
               and ($3::uuid is null or approval.id < $3)
             order by approval.id desc
             limit $4"
        ))
        .bind(at(now))
        .bind(filter.status.map(ApprovalStatus::as_str))
        .bind(filter.cursor.map(ApprovalId::uuid))
        .bind(i64::from(filter.limit))
        .fetch_all(&mut *self.tx)
        .await?;
        self.with_decisions(rows).await
    }

    /// A request.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none of this id.
    pub async fn approval(&mut self, id: ApprovalId, now: Timestamp) -> Result<Approval, Error> {
        let rows: Vec<Row> = sqlx::query_as(select!("where approval.id = $2"))
            .bind(at(now))
            .bind(id.uuid())
            .fetch_all(&mut *self.tx)
            .await?;
        self.with_decisions(rows).await?.pop().ok_or(Error::Missing("approval"))
    }

    /// Requests that have changed after the number `seq`, in the order of their last changes, at most `limit`. That a
    /// request expires, or fits no more, is no change of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approvals_after(
        &mut self,
        seq: u64,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Approval>, Error> {
        let rows: Vec<Row> =
            sqlx::query_as(select!("where approval.seq > $2 order by approval.seq limit $3"))
                .bind(at(now))
                .bind(i64::try_from(seq).unwrap_or(i64::MAX))
                .bind(i64::from(limit))
                .fetch_all(&mut *self.tx)
                .await?;
        self.with_decisions(rows).await
    }

    /// The number of the newest change of a request; 0 before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn approval_seq(&mut self) -> Result<u64, Error> {
        let seq: i64 = sqlx::query_scalar("select approval_seq from org where id = $1")
            .bind(self.id.uuid())
            .fetch_optional(&mut *self.tx)
            .await?
            .ok_or(Error::Missing("organisation"))?;
        number("org", seq)
    }

    pub(super) async fn with_decisions(&mut self, rows: Vec<Row>) -> Result<Vec<Approval>, Error> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let said: Vec<DecisionRow> = sqlx::query_as(
            "select decision.approval_id, decision.user_id, user_account.email, decision.approved,
                    decision.reason, decision.created_at
             from approval_decision as decision
             left join user_account
               on user_account.id = decision.user_id
             where decision.approval_id = any ($1)
             order by decision.created_at, decision.user_id",
        )
        .bind(ids)
        .fetch_all(&mut *self.tx)
        .await?;
        let mut decisions: BTreeMap<Uuid, Vec<ApprovalDecision>> = BTreeMap::new();
        for row in said {
            decisions.entry(row.approval_id).or_default().push(ApprovalDecision {
                user: UserId::from_uuid(row.user_id),
                email: row.email,
                approved: row.approved,
                reason: row.reason,
                at: row.created_at.to_jiff(),
            });
        }
        rows.into_iter()
            .map(|row| {
                let decisions = decisions.remove(&row.id).unwrap_or_default();
                Ok(Approval { decisions, ..row.try_into()? })
            })
            .collect()
    }
}
