//! `/category/{name}` and `/risk/{level}`: tools of a class, a page at a time.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use policy::Category;
use serde::{Deserialize, Serialize};

use super::view::ToolCard;
use super::wording;
use crate::attacks::{self, Pattern};
use crate::page::{self, Asking, Format, Frame};
use crate::{Site, not_found};

/// Tools on a page.
const TOOLS: u32 = 40;
/// Patterns of abuse that are named.
const PATTERNS: usize = 6;
const RISKS: [&str; 4] = ["low", "medium", "high", "critical"];

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    after: i64,
}

#[derive(Template, Serialize)]
#[template(path = "class.html")]
struct Page<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    title: String,
    risk: &'static str,
    categories: Vec<Told>,
    count: Option<u64>,
    patterns: Vec<&'static Pattern>,
    tools: Vec<ToolCard>,
    next: Option<String>,
}

/// A class and what there is to say of it.
#[derive(Serialize)]
struct Told {
    category: Category,
    noun: &'static str,
    does: &'static str,
    reason: &'static str,
    effect: String,
}

/// `GET /category/{name}`
pub(crate) async fn category(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    after: Asking<After>,
) -> Response {
    let (name, format) = Format::of(&name);
    let Some(category) = Category::named(name) else { return not_found::answer(&site, format) };
    let title = format!("{} tools", wording::noun(category));
    shown(&site, format, format!("/category/{name}"), title, &[category], after).await
}

/// `GET /risk/{level}`
pub(crate) async fn risk(
    State(site): State<Arc<Site>>,
    Path(level): Path<String>,
    after: Asking<After>,
) -> Response {
    let (level, format) = Format::of(&level);
    if !RISKS.contains(&level) {
        return not_found::answer(&site, format);
    }
    let categories: Vec<Category> =
        Category::ALL.into_iter().filter(|category| category.risk() == level).collect();
    shown(&site, format, format!("/risk/{level}"), format!("Tools of {level} risk"), &categories, after).await
}

async fn shown(
    site: &Site,
    format: Format,
    path: String,
    title: String,
    categories: &[Category],
    after: Asking<After>,
) -> Response {
    let after = after.map(|Query(after)| after.after).unwrap_or_default();
    let tools = match site.store.catalog_tools_of(categories, after, TOOLS).await {
        Ok(tools) => tools,
        Err(error) => return site.failed(format, &error),
    };
    let full = u32::try_from(tools.len()).is_ok_and(|count| count == TOOLS);
    let next = tools.last().filter(|_| full).map(|tool| format!("{path}?after={}", tool.id));
    let count = site.totals().await.map(|totals| {
        totals
            .tools
            .iter()
            .filter(|(category, _)| categories.contains(category))
            .map(|(_, count)| count)
            .sum()
    });
    let told = categories.iter().map(|category| Told {
        category: *category,
        noun: wording::noun(*category),
        does: wording::does(*category),
        reason: wording::reason(*category),
        effect: wording::effect(*category, "The tool", true),
    });
    let page = Page {
        frame: site.frame(path),
        title,
        risk: categories.first().map_or("low", |category| category.risk()),
        categories: told.collect(),
        count,
        patterns: categories
            .first()
            .map(|category| attacks::of(*category, &[], PATTERNS))
            .unwrap_or_default(),
        tools: tools.into_iter().map(ToolCard::from).collect(),
        next,
    };
    page::found(format, &page)
}
