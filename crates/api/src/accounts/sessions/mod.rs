//! The sign-ins of an account: on which devices, and ending them.

pub(super) mod list;
pub(super) mod revoke;
pub(super) mod revoke_others;
