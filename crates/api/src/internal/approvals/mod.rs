//! What gateways ask about approvals.

pub(super) mod ask;
pub(super) mod claim;
pub(super) mod release;
