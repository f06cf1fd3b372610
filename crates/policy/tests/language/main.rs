//! The language from outside: documents in, decisions out.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected should fail loudly"
)]

mod arguments;
mod cases;
mod context;
mod diff;
mod explain;
mod layers;
mod limits;
mod lint;
mod order;
mod properties;
mod reading;
mod reading_limits;
mod replay;
mod schema;
mod sections;
mod seeds;
mod windows;
mod wording;
mod world;
