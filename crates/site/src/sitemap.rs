//! `/sitemap.xml` and its parts, and `/llms.txt`: what there is, for programs that go through all of it.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use policy::Category;

use crate::catalog::view::address;
use crate::page::Format;
use crate::{Site, attacks, docs, json, not_found};

/// Numbers that a part covers; a part may have 50,000 addresses.
const PART: i64 = 40_000;

fn xml(body: String) -> Response {
    ([(CONTENT_TYPE, "application/xml"), (CACHE_CONTROL, "public, max-age=3600")], body).into_response()
}

/// `GET /sitemap.xml`
pub(crate) async fn index(State(site): State<Arc<Site>>) -> Response {
    let (servers, tools) = match site.store.catalog_extent().await {
        Ok(extent) => extent,
        Err(error) => return site.failed(Format::Html, &error),
    };
    let mut body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n".to_owned();
    let mut part = |name: &str, number: i64| {
        let _ = writeln!(
            body,
            "<sitemap><loc>{}/sitemap/{name}-{number}.xml</loc></sitemap>",
            json::escaped(&site.public_url)
        );
    };
    part("pages", 0);
    for (name, last) in [("servers", servers), ("tools", tools)] {
        (0..last.saturating_add(PART - 1) / PART).for_each(|number| part(name, number));
    }
    body.push_str("</sitemapindex>\n");
    xml(body)
}

/// `GET /sitemap/{part}`
pub(crate) async fn part(State(site): State<Arc<Site>>, Path(part): Path<String>) -> Response {
    let read = part.strip_suffix(".xml").and_then(|name| name.split_once('-'));
    let read = read.and_then(|(name, number)| Some((name, number.parse::<i64>().ok()?)));
    let Some((name, number)) = read else { return not_found::answer(&site, Format::Html) };
    let (after, to) = (number.saturating_mul(PART), number.saturating_add(1).saturating_mul(PART));
    let paths = match name {
        "pages" => Ok(pages()),
        "servers" => site
            .store
            .catalog_slugs(after, to)
            .await
            .map(|slugs| slugs.iter().map(|slug| format!("/catalog/{slug}")).collect()),
        "tools" => site
            .store
            .catalog_tool_names(after, to)
            .await
            .map(|tools| tools.iter().map(|(server, tool)| address(server, tool)).collect()),
        _ => return not_found::answer(&site, Format::Html),
    };
    let paths: Vec<String> = match paths {
        Ok(paths) => paths,
        Err(error) => return site.failed(Format::Html, &error),
    };
    let mut body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n".to_owned();
    for path in paths {
        let _ = writeln!(
            body,
            "<url><loc>{}{}</loc></url>",
            json::escaped(&site.public_url),
            json::escaped(&path)
        );
    }
    body.push_str("</urlset>\n");
    xml(body)
}

/// Pages that are there whatever is in the catalogue.
fn pages() -> Vec<String> {
    let fixed = ["/", "/catalog", "/attacks", "/stack", "/contact", "/docs"].map(str::to_owned);
    let classes = Category::ALL.map(|category| format!("/category/{}", category.as_str()));
    let risks = ["low", "medium", "high", "critical"].map(|level| format!("/risk/{level}"));
    let attacks = attacks::ALL.iter().map(|pattern| format!("/attacks/{}", pattern.slug));
    let docs = docs::all().iter().map(|doc| format!("/docs/{}", doc.slug));
    fixed.into_iter().chain(classes).chain(risks).chain(attacks).chain(docs).collect()
}

/// `GET /llms.txt`
pub(crate) async fn llms(State(site): State<Arc<Site>>) -> Response {
    let base = &site.public_url;
    let numbers = site.numbers().await.unwrap_or_default();
    let docs: String = docs::all()
        .iter()
        .map(|doc| format!("- [{}]({base}/docs/{}.json): {}\n", doc.title(), doc.slug, doc.summary()))
        .collect();
    let body = format!(
        "# PolicyLayer\n\n> A gateway for the Model Context Protocol: every tool call is decided by a JSON policy before it reaches the server. \
         Its public catalogue says what MCP servers' tools do, how risky a careless call is, and which policy suits them. {numbers}\n\n\
         Every page has a twin in JSON at its address with .json behind it.\n\n## Catalogue\n\n\
         - [Search]({base}/catalog.json?q=github): servers; with kind=tools, tools; filters category, risk, transport, source\n\
         - A server: {base}/catalog/SERVER.json, and the policy for all its tools: {base}/catalog/SERVER.policy.json\n\
         - A tool: {base}/catalog/SERVER/TOOL.json\n- [Tools by class]({base}/category/destructive.json), [by risk]({base}/risk/critical.json)\n\
         - [Patterns of abuse]({base}/attacks.json)\n- [A stack of servers]({base}/stack.json?s=SERVER)\n\
         - For agents, over MCP: {base}/catalog/mcp (search_catalog, check_server, check_tool, check_stack)\n\n## Documentation\n\n\
         {docs}- [OpenAPI document]({base}/v1/openapi.json)\n"
    );
    ([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "public, max-age=3600")], body)
        .into_response()
}
