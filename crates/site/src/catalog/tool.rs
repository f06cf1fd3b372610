//! `/catalog/{server}/{tool}`: what a tool does, how that is known, and the policy that suits it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use catalog::{Class, Evidence, Signal, recommend};
use policy::Category;
use serde::{Deserialize, Serialize};
use store::catalog::CatalogDefinition;
use url::form_urlencoded;

use super::view::{ToolCard, address, embedded, shown, visible};
use super::wording::{self, Question};
use crate::attacks::{self, Pattern};
use crate::page::{self, Format, Frame};
use crate::{Site, json, not_found};

/// How much of a description is shown, in characters.
const DESCRIPTION: usize = 1500;
/// Patterns, related tools, namesakes and changes that a page shows.
const PATTERNS: usize = 4;
const RELATED: u32 = 6;
const CHANGES: u32 = 10;
/// Quotes that a page shows.
const QUOTES: usize = 8;

#[derive(Template, Serialize)]
#[template(path = "tool.html")]
pub(crate) struct Page<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    #[serde(flatten)]
    card: ToolCard,
    title: Option<String>,
    description: String,
    #[serde(skip)]
    noun: &'static str,
    does: &'static str,
    #[serde(skip)]
    role: &'static str,
    reason: &'static str,
    evidence: Vec<Quote>,
    signals: Vec<Chip>,
    patterns: Vec<&'static Pattern>,
    policy: serde_json::Value,
    #[serde(skip)]
    policy_text: String,
    effect: String,
    #[serde(skip)]
    offer: &'static str,
    register: String,
    questions: Vec<Question>,
    related: Vec<ToolCard>,
    namesakes: Vec<ToolCard>,
    changes: Vec<String>,
    gone: bool,
    whole: bool,
    hash: String,
    /// The definition as its source gave it.
    definition: serde_json::Value,
    source: String,
    first_seen: String,
    last_changed: String,
    #[serde(skip)]
    linked_data: String,
}

#[derive(Serialize)]
struct Quote {
    field: String,
    quote: String,
    means: &'static str,
}

#[derive(Serialize)]
struct Chip {
    text: &'static str,
    warning: bool,
}

/// What is kept of the reasons for a class.
#[derive(Default, Deserialize)]
struct Reasons {
    #[serde(default)]
    evidence: Vec<Evidence>,
    #[serde(default)]
    signals: Vec<Signal>,
}

/// `GET /catalog/{server}/{tool}`, and with `.json` its facts.
pub(crate) async fn tool(
    State(site): State<Arc<Site>>,
    Path((slug, name)): Path<(String, String)>,
) -> Response {
    let found = find(&site, &slug, &name).await;
    let (format, found) = match found {
        // A tool may be called so itself; then that is what is meant.
        Err(store::Error::Missing(_)) => match Format::of(&name) {
            (name, Format::Json) => (Format::Json, find(&site, &slug, name).await),
            _ => (Format::Html, found),
        },
        found => (Format::Html, found),
    };
    match found {
        Ok(page) => page::found(format, &page),
        Err(store::Error::Missing(_) | store::Error::Unstorable) => not_found::answer(&site, format),
        Err(error) => site.failed(format, &error),
    }
}

/// What is known of a tool.
pub(crate) async fn find<'a>(site: &'a Site, slug: &str, name: &str) -> Result<Page<'a>, store::Error> {
    let server = site.store.catalog_server(slug).await?;
    let found = site.store.catalog_tool(server.id, name).await?;
    let related = site.store.catalog_related(server.id, &found.tool, RELATED).await?;
    let namesakes = site.store.catalog_namesakes(&found.tool, RELATED).await?;
    let changes = site.store.catalog_changes(server.id, Some(name), CHANGES).await?;
    let day = |time: jiff::Timestamp| time.strftime("%-d %B %Y").to_string();
    let changes = changes.into_iter().map(|change| {
        let what = match change.kind.as_str() {
            "gone" => "was not listed any more",
            "back" => "was listed again",
            _ => "got another definition",
        };
        format!(
            "On {} it {what}; it was classed as {} before.",
            day(change.at),
            wording::noun(change.category)
        )
    });
    let from = server.repo.as_deref().map(shown);
    let mut page = page(site, found, from.as_deref());
    page.related = related.into_iter().map(ToolCard::from).collect();
    page.namesakes = namesakes.into_iter().map(ToolCard::from).collect();
    page.changes = changes.collect();
    Ok(page)
}

fn page<'a>(site: &'a Site, found: CatalogDefinition, from: Option<&str>) -> Page<'a> {
    let category = found.tool.category;
    let reasons: Reasons = serde_json::from_str(&found.reasons).unwrap_or_default();
    let class = Class::found(category, found.tool.confidence);
    let definition: serde_json::Value = serde_json::from_str(&found.definition).unwrap_or_default();
    let told = definition.get("description").and_then(serde_json::Value::as_str).unwrap_or_default();
    let description = catalog::summary(told, DESCRIPTION);
    let recommendation = recommend(&found.tool.name, &class);
    let nameable = !recommendation.reasons.iter().any(|reason| reason.effect.starts_with("denied"));
    let document = serde_json::to_string_pretty(&recommendation).unwrap_or_default();
    let name = shown(&found.tool.name);
    let server_name = shown(&found.tool.server_name);
    let questions = wording::questions(
        (&found.tool.name, &name),
        &found.tool.summary,
        &server_name,
        from,
        category,
        nameable,
    );
    let path = address(&found.tool.server, &found.tool.name);
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("tool", &found.tool.name).finish();
    let day = |time: jiff::Timestamp| time.strftime("%-d %B %Y").to_string();
    Page {
        linked_data: linked_data(site, &path, (&name, &found.tool.server, &server_name), &questions),
        frame: site.frame(path),
        title: found.title.as_deref().map(shown).filter(|title| *title != name),
        description,
        noun: wording::noun(category),
        does: wording::does(category),
        role: wording::role(category),
        reason: wording::reason(category),
        patterns: attacks::of(category, &reasons.signals, PATTERNS),
        signals: chips(&reasons.signals),
        evidence: quotes(reasons.evidence),
        policy: serde_json::to_value(&recommendation).unwrap_or_default(),
        policy_text: json::highlight(&visible(&document)),
        effect: wording::effect(category, &name, nameable),
        offer: wording::offer(category),
        register: format!("/catalog-register/{}?{query}", found.tool.server),
        questions,
        related: Vec::new(),
        namesakes: Vec::new(),
        changes: Vec::new(),
        gone: found.gone_at.is_some(),
        whole: found.whole,
        hash: store::hexadecimal(&found.hash),
        definition,
        source: found.source,
        first_seen: day(found.first_seen_at),
        last_changed: day(found.changed_at),
        card: found.tool.into(),
    }
}

fn quotes(evidence: Vec<Evidence>) -> Vec<Quote> {
    let quote = |evidence: Evidence| Quote {
        field: shown(&evidence.field),
        quote: evidence.quote,
        means: wording::means(evidence.signal),
    };
    evidence.into_iter().take(QUOTES).map(quote).collect()
}

fn chips(signals: &[Signal]) -> Vec<Chip> {
    let chip = |signal: &Signal| {
        let (text, warning) = wording::chip(*signal);
        Chip { text, warning }
    };
    signals.iter().map(chip).collect()
}

fn linked_data(
    site: &Site,
    path: &str,
    (name, server, server_name): (&str, &str, &str),
    questions: &[Question],
) -> String {
    let base = &site.public_url;
    let asked: Vec<serde_json::Value> = questions
        .iter()
        .map(|one| {
            let answer = serde_json::json!({"@type": "Answer", "text": one.answer});
            serde_json::json!({"@type": "Question", "name": one.question, "acceptedAnswer": answer})
        })
        .collect();
    embedded(&serde_json::json!([
        {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": asked},
        {
            "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": "Catalogue", "item": format!("{base}/catalog")},
                {"@type": "ListItem", "position": 2, "name": server_name, "item": format!("{base}/catalog/{server}")},
                {"@type": "ListItem", "position": 3, "name": name, "item": format!("{base}{path}")},
            ],
        },
    ]))
}

impl Page<'_> {
    fn word(&self) -> &'static str {
        let category: Category = self.card.category;
        category.as_str()
    }
}
