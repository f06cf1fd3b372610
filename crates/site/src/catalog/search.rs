//! `/catalog`: servers and tools by words and filters, a page at a time.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use store::catalog::CatalogSearch;
use url::form_urlencoded;

use super::view::{ServerCard, ToolCard};
use crate::Site;
use crate::page::{self, Asking, Format, Frame};

/// Results on a page.
const RESULTS: u32 = 30;
/// Suggestions.
const SUGGESTIONS: u32 = 8;
/// Longest text that is looked for, in bytes.
const LONGEST: usize = 200;

/// What is asked for. What cannot be read is left out: an address that somebody mistyped still finds something.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    kind: String,
    category: String,
    risk: String,
    transport: String,
    source: String,
    after: String,
}

#[derive(Template, Serialize)]
#[template(path = "catalog.html")]
pub(crate) struct Page<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    #[serde(skip)]
    asked: Asked,
    #[serde(skip)]
    numbers: Option<String>,
    instead: Option<String>,
    servers: Vec<ServerCard>,
    tools: Vec<ToolCard>,
    /// The address of the next page.
    next: Option<String>,
    /// Where it begins.
    after: Option<String>,
}

impl Asked {
    fn search(&self) -> CatalogSearch {
        let some =
            |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty() && text.len() <= LONGEST);
        let end = self.q.floor_char_boundary(LONGEST);
        CatalogSearch {
            words: catalog::words(self.q.get(..end).unwrap_or_default()),
            category: some(&self.category),
            risk: some(&self.risk),
            transport: some(&self.transport),
            source: some(&self.source),
            after: self.after.parse().ok(),
            limit: RESULTS,
        }
    }

    fn of_tools(&self) -> bool {
        self.kind == "tools"
    }

    /// The query of the page that begins there.
    fn query(&self, after: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let parts = [
            ("q", self.q.as_str()),
            ("kind", &self.kind),
            ("category", &self.category),
            ("risk", &self.risk),
            ("transport", &self.transport),
            ("source", &self.source),
            ("after", after),
        ];
        query.extend_pairs(parts.iter().filter(|(_, value)| !value.is_empty()));
        query.finish()
    }

    fn is_narrowed(&self) -> bool {
        !self.query("").is_empty()
    }
}

/// `GET /catalog`
pub(crate) async fn search(State(site): State<Arc<Site>>, asked: Asking<Asked>) -> Response {
    shown(&site, asked, Format::Html).await
}

/// `GET /catalog.json`
pub(crate) async fn search_json(State(site): State<Arc<Site>>, asked: Asking<Asked>) -> Response {
    shown(&site, asked, Format::Json).await
}

async fn shown(site: &Site, asked: Asking<Asked>, format: Format) -> Response {
    match found(site, asked.map(|Query(asked)| asked).unwrap_or_default()).await {
        Ok(page) => page::found(format, &page),
        Err(error) => site.failed(format, &error),
    }
}

/// What is found, with all that its page shows.
pub(crate) async fn found(site: &Site, asked: Asked) -> Result<Page<'_>, store::Error> {
    let search = asked.search();
    let (mut servers, mut tools) = (Vec::new(), Vec::new());
    let (next, instead) = if asked.of_tools() {
        let found = site.store.search_tools(&search).await?;
        tools.extend(found.results.into_iter().map(ToolCard::from));
        (found.next, found.instead)
    } else {
        let found = site.store.search_servers(&search).await?;
        servers.extend(found.results.into_iter().map(ServerCard::from));
        (found.next, found.instead)
    };
    let after = next.map(|place| place.to_string());
    Ok(Page {
        next: after.as_deref().map(|after| format!("/catalog?{}", asked.query(after))),
        after,
        frame: site.frame("/catalog".to_owned()),
        asked,
        numbers: site.numbers().await,
        instead: instead.map(|words| words.join(" ")),
        servers,
        tools,
    })
}

/// What somebody has begun to type.
#[derive(Debug, Deserialize)]
pub(crate) struct Begun {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct Suggestions {
    servers: Vec<Suggestion>,
    words: Vec<String>,
}

#[derive(Serialize)]
struct Suggestion {
    slug: String,
    name: String,
}

/// `GET /catalog-suggest.json?q=…`
pub(crate) async fn suggest(State(site): State<Arc<Site>>, begun: Asking<Begun>) -> Response {
    let text = begun.map(|Query(begun)| begun.q).unwrap_or_default();
    let text = text.trim();
    if text.len() < 2 || text.len() > LONGEST || text.contains('\0') {
        return page::facts(http::StatusCode::OK, &Suggestions { servers: Vec::new(), words: Vec::new() });
    }
    match site.store.suggest_catalog(text, SUGGESTIONS).await {
        Ok((servers, words)) => {
            let servers = servers.into_iter().map(|(slug, name)| Suggestion { slug, name }).collect();
            page::facts(http::StatusCode::OK, &Suggestions { servers, words })
        }
        Err(error) => site.failed(Format::Json, &error),
    }
}
