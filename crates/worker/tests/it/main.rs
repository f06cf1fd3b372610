//! Discovery against real sockets, well-behaved and not, and the outbox over a real database.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

mod discovery;
mod import;
mod outbox;
