//! Spending: an approval is used by exactly one call, across all gateways.

use jiff::Timestamp;
use model::ApprovalUse;

use super::Approval;
use crate::column::at;
use crate::{Error, OrgTx};

impl OrgTx {
    /// Takes an approval for one call: true when it is that call's alone. Said again for the same call, the answer is
    /// the same.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such request.
    pub async fn claim_approval(
        &mut self,
        claim: &ApprovalUse,
        now: Timestamp,
    ) -> Result<(bool, Approval), Error> {
        let seq = self.next_approval_seq().await?;
        sqlx::query(
            "update approval
             set state = 'used', open = false, used_by = $3, updated_at = $1, seq = $4
             where id = $2
               and approval_status(approval, $1) = 'approved'",
        )
        .bind(at(now))
        .bind(claim.id.uuid())
        .bind(claim.event.uuid())
        .bind(seq)
        .execute(&mut *self.tx)
        .await?;
        let approval = self.approval(claim.id, now).await?;
        Ok((approval.used_by == Some(claim.event), approval))
    }

    /// Gives an approval back that a call has taken and provably not used; true when it is free again. It is not when
    /// another call has taken it, and when the same call is waiting for approval anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_approval(&mut self, claim: &ApprovalUse, now: Timestamp) -> Result<bool, Error> {
        let seq = self.next_approval_seq().await?;
        let done = sqlx::query(
            "update approval
             set state = 'approved', open = true, used_by = null, updated_at = $1, seq = $4
             where id = $2
               and used_by = $3
               and not exists (
                 select from approval as other
                 where other.open
                   and other.identity_id = approval.identity_id
                   and other.grant_id = approval.grant_id
                   and other.digest = approval.digest
               )",
        )
        .bind(at(now))
        .bind(claim.id.uuid())
        .bind(claim.event.uuid())
        .bind(seq)
        .execute(&mut *self.tx)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
