//! Approvals of a gateway without database access: the control plane's internal API.

use futures_util::future::BoxFuture;
use model::{ApprovalAnswer, ApprovalClaim, ApprovalRequest, ApprovalUse};

use super::ApprovalDesk;
use crate::bundles::{Remote, SourceError};

/// Largest answer that is read.
const ANSWER_BYTES: usize = 16 << 10;

impl ApprovalDesk for Remote {
    fn ask<'a>(&'a self, request: &'a ApprovalRequest) -> BoxFuture<'a, Result<ApprovalAnswer, SourceError>> {
        Box::pin(self.post("/internal/v1/approvals", request, ANSWER_BYTES))
    }

    fn claim(&self, claim: ApprovalUse) -> BoxFuture<'_, Result<ApprovalClaim, SourceError>> {
        Box::pin(async move { self.post("/internal/v1/approvals/claim", &claim, ANSWER_BYTES).await })
    }

    fn release(&self, claim: ApprovalUse) -> BoxFuture<'_, Result<(), SourceError>> {
        Box::pin(async move { self.post("/internal/v1/approvals/release", &claim, ANSWER_BYTES).await })
    }
}
