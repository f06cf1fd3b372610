//! The store against a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::allow_attributes, reason = "tests")]

mod accounts;
mod bundles;
mod cluster;
mod events;
mod feed;
mod isolation;
mod mail;
mod nouns;
mod sessions;
mod world;
