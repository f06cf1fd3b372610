//! The console at `/app`: a single page, built from `web/` and embedded. A build without it says how to get it.

mod headers;
mod missing;

use std::borrow::Cow;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderMap, StatusCode, Uri};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::asset;

/// What `npm run build` wrote. Release builds carry it; debug builds read it from the disk at each request.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Where the files are that have a digest in their name.
const HASHED: &str = "assets/";
/// Files with a digest in their name never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again, which costs little thanks to its tag.
const ASK: &str = "no-cache";

/// `/app` and everything below it.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/app", get(async || Redirect::permanent("/app/")))
        .route("/app/", get(show))
        .route("/app/{*path}", get(show))
        .layer(axum::middleware::map_response(headers::harden))
}

async fn show(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().strip_prefix("/app/").unwrap_or_default();
    if let Some(file) = find(path) {
        let caching = if path.starts_with(HASHED) { FOR_EVER } else { ASK };
        return answer(path, file, caching, &headers);
    }
    if path.starts_with(HASHED) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // Every other address is one of the page's own; its router knows which.
    match find("index.html") {
        Some(file) => answer("index.html", file, ASK, &headers),
        None => missing::page(),
    }
}

/// The file of that name. What is there for the build alone is not served.
fn find(path: &str) -> Option<EmbeddedFile> {
    let hidden = path.split('/').any(|part| part.starts_with('.')) || path.ends_with(".gz");
    if hidden { None } else { Dist::get(path) }
}

fn answer(path: &str, file: EmbeddedFile, caching: &'static str, request: &HeaderMap) -> Response {
    let digest = file.metadata.sha256_hash();
    let tag: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let common =
        [(ETAG, tag.clone()), (CACHE_CONTROL, caching.to_owned()), (VARY, "accept-encoding".to_owned())];
    if asset::is_known(request, &tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let media_type = [(CONTENT_TYPE, media_type(path))];
    let packed = takes_gzip(request).then(|| Dist::get(&format!("{path}.gz"))).flatten();
    match packed {
        Some(packed) => (common, media_type, [(CONTENT_ENCODING, "gzip")], body(packed.data)).into_response(),
        None => (common, media_type, body(file.data)).into_response(),
    }
}

fn body(data: Cow<'static, [u8]>) -> axum::body::Body {
    match data {
        Cow::Borrowed(bytes) => bytes.into(),
        Cow::Owned(bytes) => bytes.into(),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|list| list.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// The types that a build of the console has.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let takes = |value: &'static str| {
            takes_gzip(&[(ACCEPT_ENCODING, http::HeaderValue::from_static(value))].into_iter().collect())
        };
        assert!(takes("gzip, deflate, br") && takes("br;q=1, GZIP;q=0.5"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("identity"));
    }

    #[test]
    fn files_of_the_build_alone_are_not_served() {
        assert!(find(".gitkeep").is_none() && find("assets/.x").is_none() && find("index.html.gz").is_none());
    }
}
