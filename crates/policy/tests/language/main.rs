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
mod diff_words;
mod explain;
mod layers;
mod limits;
mod lint;
mod nouns;
mod order;
mod properties;
mod reading;
mod reading_bounds;
mod reading_limits;
mod replay;
mod replay_gaps;
mod schema;
mod sections;
mod seeds;
mod trials;
mod windows;
mod wording;
mod world;
