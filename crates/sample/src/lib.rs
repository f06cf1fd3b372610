//! A small MCP server that comes with the product, so that the way from registering a server to the first call under a
//! policy needs nothing else: a made-up bookshop with tools of every kind, in both protocol eras, over streamable HTTP.
//!
//! Its data is invented, lives in memory and is gone with the process. Where it is reachable is for the server crate to
//! say; it opens no sockets itself and holds no secrets.

mod answer;
mod shop;
mod shops;
mod tools;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

/// Where [`router`] serves it.
pub const PATH: &str = "/sample/mcp";
/// Its name for people.
pub const NAME: &str = "Sample bookshop";
/// The header that says whose copy of the data a call is about; whoever sends none shares one copy.
pub const SHOP_HEADER: &str = "x-sample-shop";

/// Largest request, in bytes.
const MAX_BODY: usize = 64 << 10;

/// The server, at [`PATH`].
pub fn router() -> Router {
    Router::new()
        .route(PATH, post(wire::serve))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(shops::Shops::default()))
}
