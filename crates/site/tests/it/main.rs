//! The public pages through their router, over a real database.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod pages;
mod validity;
mod world;
