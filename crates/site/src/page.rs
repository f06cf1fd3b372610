//! A rendered template as an answer: a page, or the same facts as JSON.

use askama::Template;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use serde::Serialize;

/// What every page has around it.
#[derive(Debug, Clone)]
pub(crate) struct Frame<'a> {
    /// Where the installation is, without a trailing slash.
    pub(crate) public_url: &'a str,
    /// The style sheet's version.
    pub(crate) style_version: &'a str,
    /// The script's.
    pub(crate) script_version: &'a str,
    /// The product's.
    pub(crate) version: &'static str,
    /// The page's own address, from the first slash.
    pub(crate) path: String,
}

impl Frame<'_> {
    /// The page's whole address.
    pub(crate) fn address(&self) -> String {
        format!("{}{}", self.public_url, self.path)
    }

    /// The address of its facts as JSON.
    pub(crate) fn json(&self) -> String {
        let path = if self.path == "/" { "/index" } else { &self.path };
        format!("{}{path}.json", self.public_url)
    }
}

/// What stands behind the question mark. What cannot be read counts as nothing: an address that somebody mistyped still leads
/// somewhere.
pub(crate) type Asking<T> = Result<Query<T>, QueryRejection>;

/// How a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Html,
    Json,
}

impl Format {
    /// What the last part of an address asks for: `x` or `x.json`.
    pub(crate) fn of(part: &str) -> (&str, Self) {
        part.strip_suffix(".json").map_or((part, Self::Html), |name| (name, Self::Json))
    }
}

/// The page with that status. Browsers ask again each time, since its text changes with every release.
pub(crate) fn answer(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(CACHE_CONTROL, "no-cache")], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a public page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The page, or its facts as JSON.
pub(crate) fn found(format: Format, page: &(impl Template + Serialize)) -> Response {
    match format {
        Format::Html => answer(StatusCode::OK, page),
        Format::Json => facts(StatusCode::OK, page),
    }
}

/// Facts as JSON.
pub(crate) fn facts(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let kind = HeaderValue::from_static("application/json");
            (status, [(CONTENT_TYPE, kind), (CACHE_CONTROL, HeaderValue::from_static("no-cache"))], body)
                .into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the facts of a public page cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
