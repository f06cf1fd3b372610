//! Where approvals are kept: the store of this process, or the control plane over HTTP.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use model::{ApprovalAnswer, ApprovalClaim, ApprovalId, ApprovalRequest, ApprovalUse};

use crate::bundles::SourceError;

/// Keeps requests for approval. What cannot be asked is an error, and no approval.
pub trait ApprovalDesk: Send + Sync + 'static {
    /// Finds the open request for a call, or makes one.
    fn ask<'a>(&'a self, request: &'a ApprovalRequest) -> BoxFuture<'a, Result<ApprovalAnswer, SourceError>>;

    /// Takes an approval for one call; of all gateways' calls exactly one is granted it.
    fn claim(&self, claim: ApprovalUse) -> BoxFuture<'_, Result<ApprovalClaim, SourceError>>;

    /// Gives back an approval that the call has provably not used.
    fn release(&self, claim: ApprovalUse) -> BoxFuture<'_, Result<(), SourceError>>;
}

/// What a call has taken from the desk. Unless the call is sent it is given back, also when the caller goes away and
/// when it is not known whether taking it succeeded. Giving back may fail: then the approval counts as used.
pub(crate) struct Claim {
    taken: Option<(Arc<dyn ApprovalDesk>, ApprovalUse)>,
    loose: bool,
}

impl Claim {
    /// Of a call that needs no approval.
    pub(super) const fn none() -> Self {
        Self { taken: None, loose: false }
    }

    /// To be made before the approval is taken.
    pub(super) const fn new(desk: Arc<dyn ApprovalDesk>, taken: ApprovalUse) -> Self {
        Self { taken: Some((desk, taken)), loose: true }
    }

    /// Which approval.
    pub(crate) fn id(&self) -> Option<ApprovalId> {
        self.taken.as_ref().map(|(_, taken)| taken.id)
    }

    /// The call is being sent, or never had the approval.
    pub(crate) const fn settle(&mut self) {
        self.loose = false;
    }

    /// The call has provably not been sent after all.
    pub(crate) fn unsent(mut self) {
        self.loose = true;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let (Some((desk, taken)), true) = (self.taken.take(), self.loose) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Err(error) = desk.release(taken).await {
                tracing::warn!(approval = %taken.id, %error, "an approval that was not used could not be given back");
            }
        });
    }
}
