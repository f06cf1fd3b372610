//! The store against a real Postgres.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that meets the unexpected has failed"
)]

mod accounts;
mod approvals;
mod bundles;
mod catalog;
mod cluster;
mod events;
mod feed;
mod isolation;
mod mail;
mod nouns;
mod overview;
mod recovery;
mod sessions;
mod world;
