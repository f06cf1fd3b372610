//! The public pages, rendered on the server: what the product is, how to start, and the catalogue of servers and tools. Every page
//! works without scripts and has a JSON twin.
//! Signed-in work happens in the console, a single page that is built in `web/` and served from here.

mod asset;
mod attacks;
mod catalog;
mod console;
mod contact;
mod docs;
mod headers;
mod home;
mod json;
mod mcp;
mod not_found;
mod page;
mod sitemap;
mod stack;
mod throttle;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use moka::future::Cache;
use serde::Serialize;
use store::Store;
use store::catalog::CatalogTotals;
use url::Url;

use page::{Format, Frame};
use throttle::Throttle;

/// The policy that the first page shows.
pub const EXAMPLE_POLICY: &str = include_str!("../assets/example-policy.json");

/// How long the numbers of the catalogue are shown before they are counted anew.
const COUNTED: Duration = Duration::from_secs(60);
/// The largest form, in bytes.
const FORM: usize = 256 * 1024;

/// What the pages need to know about where they are served.
struct Site {
    /// Without a trailing slash, for example `https://gateway.example.com`.
    public_url: String,
    store: Store,
    /// Whom messages of the contact form are mailed to.
    contact: Option<String>,
    throttle: Throttle,
    totals: Cache<(), Arc<CatalogTotals>>,
}

impl Site {
    /// What is around the page at this address.
    fn frame(&self, path: String) -> Frame<'_> {
        Frame {
            public_url: &self.public_url,
            style_version: &asset::STYLE_VERSION,
            script_version: &asset::SCRIPT_VERSION,
            version: env!("CARGO_PKG_VERSION"),
            path,
        }
    }

    /// The numbers of the catalogue; `None` while the database cannot be asked.
    async fn totals(&self) -> Option<Arc<CatalogTotals>> {
        let counted =
            self.totals.try_get_with((), async { self.store.catalog_totals().await.map(Arc::new) }).await;
        counted.inspect_err(|error| tracing::warn!(%error, "the catalogue cannot be counted")).ok()
    }

    /// The same in words.
    async fn numbers(&self) -> Option<String> {
        let totals = self.totals().await?;
        let tools: u64 = totals.tools.iter().map(|(_, count)| count).sum();
        Some(format!("{} servers, and {tools} tools of {} of them", totals.servers, totals.with_tools))
    }

    /// The answer when the database fails.
    fn failed(&self, format: Format, error: &store::Error) -> Response {
        #[derive(Serialize)]
        struct Fault {
            error: &'static str,
        }
        if matches!(error, store::Error::Unstorable) {
            return not_found::answer(self, format);
        }
        tracing::error!(%error, "a public page has no facts");
        let error = "The catalogue cannot be read just now. Try again in a moment.";
        page::facts(StatusCode::SERVICE_UNAVAILABLE, &Fault { error })
    }
}

/// The public pages of an installation that the outside world reaches at `public_url`, and the not-found page for every
/// other address. Other routes go in front, with this as their `fallback_service`. Messages go to `contact`.
pub fn router(public_url: &Url, store: Store, contact: Option<String>) -> Router {
    let site = Arc::new(Site {
        public_url: public_url.as_str().trim_end_matches('/').to_owned(),
        store,
        contact,
        throttle: Throttle::new(),
        totals: Cache::builder().max_capacity(1).time_to_live(COUNTED).build(),
    });
    let catalog = Router::new()
        .route("/catalog", get(catalog::search))
        .route("/catalog.json", get(catalog::search_json))
        .route("/catalog-suggest.json", get(catalog::suggest))
        .route("/catalog-register/{server}", get(catalog::register))
        .route("/catalog/mcp", get(mcp::show).post(mcp::serve))
        .route("/catalog/{server}", get(catalog::server))
        .route("/catalog/{server}/{tool}", get(catalog::tool))
        .route("/category/{name}", get(catalog::category))
        .route("/risk/{level}", get(catalog::risk))
        .route("/stack", get(stack::show).post(stack::read))
        .route("/stack.json", get(stack::json))
        .route("/contact", get(contact::show).post(contact::send))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemap/{part}", get(sitemap::part))
        .layer(DefaultBodyLimit::max(FORM))
        .layer(axum::middleware::from_fn_with_state(site.clone(), throttle::pages));
    Router::new()
        .route("/", get(home::show))
        .route("/index.json", get(home::json))
        .route("/attacks", get(attacks::list))
        .route("/attacks.json", get(attacks::list_json))
        .route("/attacks/{slug}", get(attacks::show))
        .route("/docs", get(docs::list))
        .route("/docs.json", get(docs::list_json))
        .route("/docs/{page}", get(docs::show))
        .route("/llms.txt", get(sitemap::llms))
        .route("/site.css", get(asset::style))
        .route("/site.js", get(asset::script))
        .route("/favicon.svg", get(asset::icon))
        .route("/robots.txt", get(asset::robots))
        .merge(catalog)
        .fallback(not_found::show)
        .layer(axum::middleware::map_response(headers::harden))
        .merge(console::routes())
        .with_state(site)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Request, Response, StatusCode, header};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    /// The pages over an empty catalogue.
    async fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response<Body> {
        let database = testkit::postgres::database().await.unwrap();
        let store = database.store().await.unwrap();
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let public_url = Url::parse("https://gateway.example.com").unwrap();
        router(&public_url, store, None).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn text(response: Response<Body>) -> String {
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    fn value<'r>(response: &'r Response<Body>, name: &header::HeaderName) -> &'r str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn the_first_page_names_its_own_address_and_waits_for_no_script() {
        let response = get("/", &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(
            value(&response, &header::CONTENT_SECURITY_POLICY)
                .starts_with("default-src 'none'; style-src 'self'")
        );
        let html = text(response).await;
        assert!(html.contains("--api <b>https://gateway.example.com</b>"));
        assert_eq!(html.matches("<script").count(), 1, "the one that nothing waits for");
        assert!(html.contains("defer></script>") && !html.contains("style=\""));
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
        assert_eq!(named.len(), 3, "{named:?}");
        for path in named {
            assert_eq!(get(path, &[]).await.status(), StatusCode::OK, "{path}");
        }
    }
}
