//! The control plane's API through its router, over a real database and real upstreams on loopback.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]

mod access;
mod accounts;
mod approvals;
mod audited;
mod catalog;
mod classes;
mod cookie;
mod credentials;
mod document;
mod edge;
mod endings;
mod grants;
mod idempotency;
mod installation;
mod internal;
mod isolation;
mod keys;
mod log;
mod members;
mod policies;
mod promised;
mod roles;
mod security;
mod servers;
mod throttling;
mod timing;
mod world;
