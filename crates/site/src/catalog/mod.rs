//! The public catalogue: its search, its servers and tools, and tools by class.

mod class;
mod search;
mod server;
mod tool;
pub(crate) mod view;
mod wording;

pub(crate) use class::{category, risk};
pub(crate) use search::{search, search_json, suggest};
pub(crate) use server::{register, server};
pub(crate) use tool::tool;
