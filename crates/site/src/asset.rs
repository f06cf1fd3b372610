//! Files that never change while the process runs: the style sheet, the script, the icon, the word to crawlers.

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};

use crate::Site;

const STYLE: &str = include_str!("../assets/site.css");
const SCRIPT: &str = include_str!("../assets/site.js");
const ICON: &str = include_str!("../assets/favicon.svg");
const ROBOTS: &str =
    "User-agent: *\nDisallow: /t/\nDisallow: /v1/\nDisallow: /internal/\nDisallow: /catalog-register/\n";

/// One hour. Pages name the style sheet with its version, so that a new release is seen at once all the same.
const KEEP: &str = "public, max-age=3600";

/// The style sheet's version: the first characters of its digest.
pub(crate) static STYLE_VERSION: LazyLock<String> = LazyLock::new(|| version(STYLE));
/// The script's version.
pub(crate) static SCRIPT_VERSION: LazyLock<String> = LazyLock::new(|| version(SCRIPT));
static ICON_VERSION: LazyLock<String> = LazyLock::new(|| version(ICON));

/// `GET /site.css`
pub(crate) async fn style(headers: HeaderMap) -> Response {
    cached(&headers, &STYLE_VERSION, "text/css; charset=utf-8", STYLE)
}

/// `GET /site.js`
pub(crate) async fn script(headers: HeaderMap) -> Response {
    cached(&headers, &SCRIPT_VERSION, "text/javascript; charset=utf-8", SCRIPT)
}

/// `GET /favicon.svg`
pub(crate) async fn icon(headers: HeaderMap) -> Response {
    cached(&headers, &ICON_VERSION, "image/svg+xml", ICON)
}

/// `GET /robots.txt`
pub(crate) async fn robots(State(site): State<Arc<Site>>) -> Response {
    let text = format!("{ROBOTS}Sitemap: {}/sitemap.xml\n", site.public_url);
    ([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, KEEP)], text).into_response()
}

/// The file, or 304 when the client says that it has this version.
fn cached(request: &HeaderMap, version: &str, media_type: &'static str, body: &'static str) -> Response {
    let tag = format!("\"{version}\"");
    let caching = [(ETAG, tag.clone()), (CACHE_CONTROL, KEEP.to_owned())];
    if is_known(request, &tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, media_type)], body).into_response()
}

/// Whether the client says that it has the version with this tag.
pub(crate) fn is_known(request: &HeaderMap, tag: &str) -> bool {
    let known = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = known.flat_map(|list| list.split(',')).map(|one| one.trim().trim_start_matches("W/"));
    tags.any(|one| one == tag || one == "*")
}

fn version(content: &str) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
