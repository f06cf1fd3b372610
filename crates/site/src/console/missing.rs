//! What `/app` shows when the console was not built.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::CACHE_CONTROL;

const PAGE: &str = include_str!("../../assets/console-missing.html");

/// The page. The API and the gateway work without the console, so that this is no fault of theirs.
pub(super) fn page() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(CACHE_CONTROL, "no-store")], Html(PAGE)).into_response()
}
