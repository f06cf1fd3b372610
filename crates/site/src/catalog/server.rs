//! `/catalog/{server}`: what is known of a server, its tools by class, and one policy for all of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use catalog::{Class, recommend_server};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::{Deserialize, Serialize};
use store::catalog::{CatalogServer, CatalogTool};
use url::form_urlencoded;

use super::view::{Count, ServerCard, ToolCard, counts, embedded, shown, visible};
use crate::page::{self, Asking, Format, Frame};
use crate::{Site, not_found};

/// Tools on a page.
const TOOLS: u32 = 50;
/// Tools that a policy is made for; more rules than this do not fit into one.
const ALL_TOOLS: u32 = 10_000;
/// The longest policy that a page shows, in bytes.
const SHOWN_POLICY: usize = 8 * 1024;
/// Changes that a page shows.
const CHANGES: u32 = 20;
/// Similar servers that a page shows.
const SIMILAR: u32 = 6;
/// How the address of a server's policy ends.
const POLICY: &str = ".policy.json";

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    after: String,
}

#[derive(Template, Serialize)]
#[template(path = "server.html")]
pub(crate) struct Page<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    slug: String,
    name: String,
    description: String,
    facts: Vec<Fact>,
    transports: Vec<String>,
    remote_url: Option<String>,
    count: u32,
    classes: Vec<Count>,
    tokens: u64,
    tools: Vec<ToolCard>,
    next: Option<String>,
    #[serde(skip)]
    policy: Option<String>,
    policy_address: Option<String>,
    register: String,
    sources: Vec<Seen>,
    changes: Vec<Change>,
    similar: Vec<ServerCard>,
    #[serde(skip)]
    linked_data: String,
}

/// Something about a server, perhaps with an address that it leads to.
#[derive(Serialize)]
struct Fact {
    name: &'static str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

#[derive(Serialize)]
struct Seen {
    source: String,
    first: String,
    last: String,
}

#[derive(Serialize)]
struct Change {
    tool: String,
    what: &'static str,
    date: String,
}

/// `GET /catalog/{server}`, and with `.json` its facts, with `.policy.json` the policy for all its tools.
pub(crate) async fn server(
    State(site): State<Arc<Site>>,
    Path(part): Path<String>,
    after: Asking<After>,
) -> Response {
    if let Some(slug) = part.strip_suffix(POLICY) {
        return match policy(&site, slug).await {
            Ok(Some(text)) => {
                (StatusCode::OK, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text)
                    .into_response()
            }
            Ok(None) | Err(store::Error::Missing(_)) => not_found::answer(&site, Format::Json),
            Err(error) => site.failed(Format::Json, &error),
        };
    }
    let (slug, format) = Format::of(&part);
    let after = after.map(|Query(after)| after.after).unwrap_or_default().replace('\0', "");
    match facts_of(&site, slug, &after).await {
        Ok(page) => page::found(format, &page),
        Err(store::Error::Missing(_)) => not_found::answer(&site, format),
        Err(error) => site.failed(format, &error),
    }
}

/// What is known of a server, with its tools after the one named `after`.
pub(crate) async fn facts_of<'a>(site: &'a Site, slug: &str, after: &str) -> Result<Page<'a>, store::Error> {
    let server = site.store.catalog_server(slug).await?;
    let tools = site.store.catalog_tools(server.id, after, TOOLS).await?;
    let full = u32::try_from(tools.len()).is_ok_and(|count| count == TOOLS);
    let next = tools.last().filter(|_| full).map(|tool| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("after", &tool.name).finish();
        format!("/catalog/{slug}?{query}")
    });
    // A server of one page of tools has its policy on the page, if that is short.
    let policy = if after.is_empty() && !full && !tools.is_empty() { for_all(&tools) } else { None };
    let policy =
        policy.filter(|text| text.len() <= SHOWN_POLICY).map(|text| crate::json::highlight(&visible(&text)));
    let sources = site.store.catalog_listings(server.id).await?;
    let changes = site.store.catalog_changes(server.id, None, CHANGES).await?;
    let similar = site.store.catalog_similar(&server, SIMILAR).await?;
    let name = shown(&server.name);
    let description = catalog::summary(server.description.as_deref().unwrap_or_default(), 2000);
    let day = |time: jiff::Timestamp| time.strftime("%-d %B %Y").to_string();
    Ok(Page {
        frame: site.frame(format!("/catalog/{slug}")),
        linked_data: linked_data(site, &server, &name, &description),
        facts: facts(&server),
        count: server.tools(),
        classes: counts(&server),
        tokens: server.tokens,
        tools: tools.into_iter().map(ToolCard::from).collect(),
        next,
        policy,
        policy_address: (server.tools() > 0).then(|| format!("/catalog/{slug}{POLICY}")),
        register: format!("/catalog-register/{slug}"),
        sources: sources
            .into_iter()
            .map(|seen| Seen {
                source: seen.source,
                first: day(seen.first_seen_at),
                last: day(seen.last_seen_at),
            })
            .collect(),
        changes: changes
            .into_iter()
            .map(|change| Change {
                tool: shown(&change.tool),
                what: match change.kind.as_str() {
                    "gone" => "is not listed any more",
                    "back" => "is listed again",
                    _ => "has another definition",
                },
                date: day(change.at),
            })
            .collect(),
        similar: similar.into_iter().map(ServerCard::from).collect(),
        slug: server.slug,
        name,
        description,
        transports: server.transports,
        remote_url: server.remote_url,
    })
}

fn facts(server: &CatalogServer) -> Vec<Fact> {
    let web =
        |text: &str| (text.starts_with("https://") || text.starts_with("http://")).then(|| text.to_owned());
    let at_github = |text: &str| {
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        let (owner, name) = text.split_once('/')?;
        (plain(owner) && plain(name)).then(|| format!("https://github.com/{owner}/{name}"))
    };
    let mut facts = Vec::new();
    let mut add = |name: &'static str, value: Option<&str>, address: Option<String>| {
        if let Some(value) = value {
            facts.push(Fact { name, value: shown(value), address });
        }
    };
    let repo = server.repo.as_deref();
    add("Repository", repo, repo.and_then(|repo| web(repo).or_else(|| at_github(repo))));
    add("Page", server.homepage.as_deref(), server.homepage.as_deref().and_then(web));
    add("Package", server.package.as_deref(), None);
    add("Image", server.image.as_deref(), None);
    add("Version", server.version.as_deref(), None);
    add("Address", server.remote_url.as_deref(), None);
    add("Field", server.topic.as_deref(), None);
    for (name, list) in
        [("Spoken to by", &server.transports), ("Listed by", &server.listed_in), ("Words", &server.tags)]
    {
        let line = list.join(", ");
        add(name, Some(line.as_str()).filter(|line| !line.is_empty()), None);
    }
    facts
}

fn linked_data(site: &Site, server: &CatalogServer, name: &str, description: &str) -> String {
    let address = format!("{}/catalog/{}", site.public_url, server.slug);
    embedded(&serde_json::json!([
        {
            "@context": "https://schema.org", "@type": "SoftwareApplication", "name": name, "url": address,
            "applicationCategory": "DeveloperApplication", "operatingSystem": "Any", "description": description,
        },
        {
            "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": "Catalogue", "item": format!("{}/catalog", site.public_url)},
                {"@type": "ListItem", "position": 2, "name": name, "item": address},
            ],
        },
    ]))
}

/// One policy for these tools; `None` when it would be too large.
fn for_all(tools: &[CatalogTool]) -> Option<String> {
    let classes: Vec<Class> = tools.iter().map(|tool| Class::found(tool.category, tool.confidence)).collect();
    recommend_server(tools.iter().map(|tool| tool.name.as_str()).zip(&classes)).text()
}

/// One policy for all tools of a server; none where no tools are known, or too many.
pub(crate) async fn policy(site: &Site, slug: &str) -> Result<Option<String>, store::Error> {
    let server = site.store.catalog_server(slug).await?;
    let tools = site.store.catalog_tools(server.id, "", ALL_TOOLS).await?;
    Ok(if tools.is_empty() { None } else { for_all(&tools) })
}

/// Which tool the way began at.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct From {
    tool: Option<String>,
}

/// `GET /catalog-register/{server}`: counts the use and leads into the console, with the form filled.
pub(crate) async fn register(
    State(site): State<Arc<Site>>,
    Path(slug): Path<String>,
    from: Asking<From>,
) -> Response {
    let server = match site.store.catalog_server(&slug).await {
        Ok(server) => server,
        Err(store::Error::Missing(_)) => return not_found::answer(&site, Format::Html),
        Err(error) => return site.failed(Format::Html, &error),
    };
    if let Err(error) = site.store.catalog_used(&slug).await {
        tracing::warn!(%error, "the use of a server was not counted");
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("name", &shown(&server.name));
    query.append_pair("url", server.remote_url.as_deref().unwrap_or_default());
    query.append_pair("catalog", &server.slug);
    if let Some(tool) = from.ok().and_then(|Query(from)| from.tool) {
        query.append_pair("tool", &tool);
    }
    Redirect::to(&format!("/app/register?{}", query.finish())).into_response()
}
