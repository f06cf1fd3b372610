//! The public pages, rendered on the server: what the product is and how to start. No script, one style sheet.
//! Signed-in work happens in the console, a single page that is built in `web/` and served from here.

mod asset;
mod console;
mod errors;
mod headers;
mod home;
mod json;
mod not_found;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use url::Url;

/// The policy that the first page shows.
pub const EXAMPLE_POLICY: &str = include_str!("../assets/example-policy.json");

/// What the pages need to know about where they are served.
struct Site {
    /// Without a trailing slash, for example `https://gateway.example.com`.
    public_url: String,
}

/// The public pages of an installation that the outside world reaches at `public_url`, and the not-found page for every
/// other address. Other routes go in front, with this as their `fallback_service`.
pub fn router(public_url: &Url) -> Router {
    let site = Site { public_url: public_url.as_str().trim_end_matches('/').to_owned() };
    Router::new()
        .route("/", get(home::show))
        .route("/docs/errors", get(errors::show))
        .route("/site.css", get(asset::style))
        .route("/favicon.svg", get(asset::icon))
        .route("/robots.txt", get(asset::robots))
        .fallback(not_found::show)
        .layer(axum::middleware::map_response(headers::harden))
        .merge(console::routes())
        .with_state(Arc::new(site))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Request, Response, StatusCode, header};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response<Body> {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let public_url = Url::parse("https://gateway.example.com").unwrap();
        router(&public_url).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn text(response: Response<Body>) -> String {
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    fn value<'r>(response: &'r Response<Body>, name: &header::HeaderName) -> &'r str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn the_first_page_names_its_own_address_and_needs_no_script() {
        let response = get("/", &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(
            value(&response, &header::CONTENT_SECURITY_POLICY)
                .starts_with("default-src 'none'; style-src 'self'")
        );
        let html = text(response).await;
        assert!(html.contains("--api <b>https://gateway.example.com</b>"));
        assert!(!html.contains("<script") && !html.contains("style=\""));
    }

    #[tokio::test]
    async fn the_style_sheet_is_revalidated_by_its_tag() {
        let first = get("/site.css", &[]).await;
        let tag = value(&first, &header::ETAG).to_owned();
        assert_eq!(value(&first, &header::CONTENT_TYPE), "text/css; charset=utf-8");
        let again = get("/site.css", &[(header::IF_NONE_MATCH, &format!("\"other\", W/{tag}"))]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(again).await, "");
        let changed = get("/site.css", &[(header::IF_NONE_MATCH, "\"other\"")]).await;
        assert_eq!(changed.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn the_console_runs_no_script_but_its_own() {
        let response = get("/app/servers/some-server", &[]).await;
        // Whether it was built is not for this test to say; its headers are the same either way.
        let policy = value(&response, &header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(value(&response, &header::CONTENT_TYPE).starts_with("text/html"));
        assert_ne!(value(&response, &header::CACHE_CONTROL), "");
    }

    #[tokio::test]
    async fn an_unknown_file_of_the_console_is_not_its_page() {
        let response = get("/app/assets/index-00000000.js", &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(text(response).await, "");
    }

    #[tokio::test]
    async fn an_unknown_address_is_a_page_that_does_not_repeat_it() {
        let response = get("/%3Cscript%3Ealert(1)%3C/script%3E", &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(value(&response, &header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        let html = text(response).await;
        assert!(html.contains("https://gateway.example.com/t/") && !html.contains("alert"));
    }

    #[tokio::test]
    async fn every_error_code_has_the_place_that_problems_link_to() {
        let html = text(get("/docs/errors", &[]).await).await;
        for code in model::Code::ALL {
            assert!(html.contains(&format!("id=\"{code}\"")), "{code}");
        }
        assert!(html.contains("<code>Retry-After</code>"));
    }

    #[tokio::test]
    async fn every_file_that_a_page_names_is_served() {
        let html = text(get("/", &[]).await).await;
        let named =
            html.split(['"', '\'']).filter(|word| word.starts_with("/site") || word.starts_with("/favicon"));
        let named: Vec<_> = named.collect();
        assert_eq!(named.len(), 2, "{named:?}");
        for path in named {
            assert_eq!(get(path, &[]).await.status(), StatusCode::OK, "{path}");
        }
    }
}
