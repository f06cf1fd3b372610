//! The public catalogue: its search, its servers and tools, and tools by class.

mod class;
mod search;
mod server;
mod tool;
pub(crate) mod view;
mod wording;

pub(crate) use class::{category, risk};
pub(crate) use search::{Asked, found, search, search_json, suggest};
pub(crate) use server::{facts_of as server_facts, policy, register, server};
pub(crate) use tool::{find as tool_facts, tool};
