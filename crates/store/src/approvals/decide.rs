//! Deciding: what people say to a request. Whether they may is asked before.

use jiff::Timestamp;
use model::{ApprovalId, ApprovalStatus, UserId};

use super::Approval;
use crate::column::at;
use crate::{Error, OrgTx};

/// What a decision came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It counts. Commit to keep it.
    Kept(Box<Approval>),
    /// This person has approved it already, and nobody counts twice.
    Twice(Box<Approval>),
    /// It cannot be decided like this any more; its status says why.
    Closed(Box<Approval>),
}

impl OrgTx {
    /// Notes a person's decision. An approval counts while the request is pending, and the last of its quorum opens it;
    /// a denial also counts while an approval has not been used, and one is enough.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such request.
    pub async fn decide_approval(
        &mut self,
        id: ApprovalId,
        user: UserId,
        (approved, reason): (bool, Option<&str>),
        now: Timestamp,
    ) -> Result<Decided, Error> {
        let seq = self.next_approval_seq().await?;
        let before = Box::new(self.approval(id, now).await?);
        if before.decisions.iter().any(|said| said.user == user && said.approved) && approved {
            return Ok(Decided::Twice(before));
        }
        let open = match before.status {
            ApprovalStatus::Pending => true,
            ApprovalStatus::Approved => !approved,
            _ => false,
        };
        if !open {
            return Ok(Decided::Closed(before));
        }
        sqlx::query(
            "insert into approval_decision (org_id, approval_id, user_id, approved, reason, created_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (org_id, approval_id, user_id) do update
             set approved = excluded.approved, reason = excluded.reason, created_at = excluded.created_at",
        )
        .bind(self.id.uuid())
        .bind(id.uuid())
        .bind(user.uuid())
        .bind(approved)
        .bind(reason)
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        let enough = before.given() + 1 >= before.terms.quorum;
        let state = match (approved, enough) {
            (false, _) => ApprovalStatus::Denied,
            (true, true) => ApprovalStatus::Approved,
            (true, false) => ApprovalStatus::Pending,
        };
        sqlx::query("update approval set state = $2, updated_at = $3, seq = $4 where id = $1")
            .bind(id.uuid())
            .bind(state.as_str())
            .bind(at(now))
            .bind(seq)
            .execute(&mut *self.tx)
            .await?;
        Ok(Decided::Kept(Box::new(self.approval(id, now).await?)))
    }
}
