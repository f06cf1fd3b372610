//! What the bookshop says of itself, and what a call of one of its tools is answered with.

use mcp::server::{Answer, Call, Server, content};

use crate::shop::Shop;
use crate::tools;

/// The server. Its lists never change.
pub(crate) const SERVER: Server<'static> = Server {
    name: "policylayer-sample",
    title: crate::NAME,
    version: env!("CARGO_PKG_VERSION"),
    instructions: "A made-up bookshop. Nothing here is real.",
    tools: tools::DEFINITIONS,
    ttl_ms: 3_600_000,
};

/// Calls a tool: HTTP status and body.
pub(crate) fn to(call: &Call<'_>, shop: &mut Shop) -> Answer {
    let Some(done) = tools::call(shop, call.name, call.arguments) else { return call.unknown() };
    let failed = done.is_err();
    let text = done.map_or_else(|refused| refused, |value| format!("{value:#}"));
    SERVER.called(call, content(&text, None, failed))
}
