//! Every address that leads nowhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use crate::asset::STYLE_VERSION;
use crate::{Site, page};

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    public_url: &'a str,
    style_version: &'a str,
    version: &'a str,
}

/// The page. What was asked for is not repeated in it.
pub(crate) async fn show(State(site): State<Arc<Site>>) -> Response {
    let page = NotFound {
        public_url: &site.public_url,
        style_version: &STYLE_VERSION,
        version: env!("CARGO_PKG_VERSION"),
    };
    page::answer(StatusCode::NOT_FOUND, &page)
}
