//! Another address for an account, once both mailboxes have agreed.

pub(super) mod confirm;
pub(super) mod start;
