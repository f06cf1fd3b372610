//! A new password for whoever reads the account's mail.

pub(super) mod complete;
pub(super) mod request;
