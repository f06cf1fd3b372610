//! What approving and denying have in common: who may, and what is left to decide.

use garde::Validate;
use model::{ApprovalId, ApprovalStatus, Code, Permission};
use policy::Approvers;
use serde::Deserialize;
use store::{Approval, Decided};
use utoipa::ToSchema;

use super::view::{ApprovalView, Viewer};
use crate::Problem;
use crate::extract::OrgAccess;

/// Longest reason, in characters.
const MAX_REASON: usize = 500;

/// Why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    /// In a few words. Kept with the decision; of a denial the agent is told it.
    #[garde(inner(custom(short)))]
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

fn short(text: &str, _: &()) -> garde::Result {
    if text.chars().count() > MAX_REASON {
        return Err(garde::Error::new(format!("a reason has at most {MAX_REASON} characters")));
    }
    Ok(())
}

/// Notes the caller's decision.
pub(super) async fn decide(
    access: &OrgAccess,
    id: ApprovalId,
    approved: bool,
    body: DecisionBody,
) -> Result<ApprovalView, Problem> {
    access.require(Permission::DecideApprovals)?;
    let now = access.api().now();
    let viewer = Viewer::of(access).await?;
    let mut tx = access.begin().await?;
    let before = tx.approval(id, now).await?;
    if !viewer.is_asked(before.terms.approvers) {
        return Err(not_asked(before.terms.approvers));
    }
    if before.is_of(&viewer.email) {
        let detail = "The call was made by an identity with your address; somebody else has to decide.";
        return Err(Problem::new(Code::OwnCall, detail));
    }
    let reason = body.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let after = match tx.decide_approval(id, viewer.user, (approved, reason), now).await? {
        Decided::Kept(after) => *after,
        Decided::Twice(_) => {
            let detail = "You have approved it already, and nobody counts twice.";
            return Err(Problem::new(Code::ApprovalClosed, detail));
        }
        Decided::Closed(approval) => return Err(closed(&approval)),
    };
    let before = viewer.show_one(&mut tx, before).await?;
    let after = viewer.show_one(&mut tx, after).await?;
    let action = if approved { "approval.approve" } else { "approval.deny" };
    access.record(&mut tx, action, id, (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

fn not_asked(approvers: Approvers) -> Problem {
    let detail = format!("The policy leaves this decision to the role {}.", approvers.as_str());
    Problem::new(Code::Forbidden, detail)
}

fn closed(approval: &Approval) -> Problem {
    let detail = match approval.status {
        ApprovalStatus::Pending | ApprovalStatus::Approved => "It has been approved already.",
        ApprovalStatus::Denied => "It has been denied already.",
        ApprovalStatus::Used => "It has been approved, and a call has used it.",
        ApprovalStatus::Expired => {
            "Its time has passed; when the call is made again, approval is asked anew."
        }
        ApprovalStatus::Unfit => {
            "The policy, the grant or the tool has changed since it was asked; when the call is made again, approval is asked anew."
        }
    };
    Problem::new(Code::ApprovalClosed, detail)
}
