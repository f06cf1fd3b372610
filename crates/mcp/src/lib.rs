//! MCP and JSON-RPC on the wire: strict decode of what clients send, the two protocol eras and their headers,
//! answers the gateway writes itself, splicing of lists and event streams, facts about tools.
//!
//! It knows neither sockets nor policy: bytes come in, types and bytes go out. Time is never read here.

mod canonical;
pub mod client;
mod decode;
mod envelope;
pub mod era;
pub mod facts;
mod fold;
pub mod header;
pub mod id;
mod json;
pub mod list;
mod message;
mod params;
mod reject;
pub mod reply;
pub mod server;
pub mod sse;

pub use decode::{Limits, decode, decode_within};
pub use envelope::{Envelope, Unreadable};
pub use era::{Era, era};
pub use header::RequestHeaders;
pub use message::{Kind, Message};
pub use params::{Client, Meta, Params, Reference};
pub use reject::{Reject, code};
