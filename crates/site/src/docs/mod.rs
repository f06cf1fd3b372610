//! `/docs`: guides, written in Markdown in `docs/guide`, and references that are made from what the product itself goes by: the
//! policy language's schema, the API's document, the codes of errors. Everything is rendered once.

mod errors;
mod findings;
mod markdown;
mod operations;
mod reference;

use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use self::markdown::{Rendered, Section};
use crate::page::{self, Format, Frame};
use crate::{Site, not_found};

/// A page, its text included.
pub(crate) struct Doc {
    /// What it is called in its address.
    pub(crate) slug: &'static str,
    source: &'static str,
    rendered: Rendered,
    /// What a reference has beside its text.
    facts: Value,
}

/// What is made for a reference: HTML for behind the text, its headings, and the same as facts.
struct Made {
    html: String,
    sections: Vec<Section>,
    facts: Value,
}

macro_rules! guide {
    ($slug:literal) => {
        ($slug, include_str!(concat!("../../../../docs/guide/", $slug, ".md")))
    };
}

/// The guides, in the order in which one reads them.
const GUIDES: [(&str, &str); 6] = [
    guide!("quick-start"),
    guide!("policies"),
    guide!("clients"),
    guide!("catalog"),
    guide!("operating"),
    guide!("security"),
];

/// All pages.
static DOCS: LazyLock<Vec<Doc>> = LazyLock::new(|| {
    let guides = GUIDES.map(|(slug, source)| doc(slug, source, None));
    let made = [
        (guide!("policy-reference"), reference::made()),
        (guide!("api"), operations::made()),
        (guide!("errors"), errors::made()),
    ];
    let references = made.map(|((slug, source), made)| doc(slug, source, Some(made)));
    guides.into_iter().chain(references).collect()
});

fn doc(slug: &'static str, source: &'static str, made: Option<Made>) -> Doc {
    let mut rendered = markdown::render(source);
    let mut facts = Value::Null;
    if let Some(made) = made {
        rendered.html.push_str(&made.html);
        rendered.sections.extend(made.sections);
        facts = made.facts;
    }
    Doc { slug, source, rendered, facts }
}

/// Every page of documentation.
pub(crate) fn all() -> &'static [Doc] {
    &DOCS
}

impl Doc {
    /// Its heading.
    pub(crate) fn title(&self) -> &str {
        &self.rendered.title
    }

    /// What it is about, in a sentence or two.
    pub(crate) fn summary(&self) -> &str {
        &self.rendered.summary
    }
}

#[derive(Template, Serialize)]
#[template(path = "doc.html")]
struct Page<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    #[serde(skip)]
    docs: &'static [Doc],
    #[serde(skip)]
    doc: &'static Doc,
    title: &'static str,
    summary: &'static str,
    sections: &'static [Section],
    /// The text in Markdown, as it was written.
    markdown: &'static str,
    #[serde(skip_serializing_if = "Value::is_null")]
    facts: &'static Value,
}

/// A page in the list of all.
#[derive(Serialize)]
struct Entry {
    address: String,
    title: &'static str,
    summary: &'static str,
}

#[derive(Template, Serialize)]
#[template(path = "docs.html")]
struct List<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    #[serde(skip)]
    docs: &'static [Doc],
    pages: Vec<Entry>,
}

/// `GET /docs`
pub(crate) async fn list(State(site): State<Arc<Site>>) -> Response {
    shown(&site, Format::Html)
}

/// `GET /docs.json`
pub(crate) async fn list_json(State(site): State<Arc<Site>>) -> Response {
    shown(&site, Format::Json)
}

fn shown(site: &Site, format: Format) -> Response {
    let entry = |doc: &'static Doc| Entry {
        address: format!("/docs/{}", doc.slug),
        title: doc.title(),
        summary: doc.summary(),
    };
    let pages = all().iter().map(entry).collect();
    page::found(format, &List { frame: site.frame("/docs".to_owned()), docs: all(), pages })
}

/// `GET /docs/{page}`, and with `.json` its text as it was written.
pub(crate) async fn show(State(site): State<Arc<Site>>, Path(slug): Path<String>) -> Response {
    let (slug, format) = Format::of(&slug);
    let Some(doc) = all().iter().find(|doc| doc.slug == slug) else {
        return not_found::answer(&site, format);
    };
    let page = Page {
        frame: site.frame(format!("/docs/{slug}")),
        docs: all(),
        doc,
        title: doc.title(),
        summary: doc.summary(),
        sections: &doc.rendered.sections,
        markdown: doc.source,
        facts: &doc.facts,
    };
    page::found(format, &page)
}

/// HTML for a text of our own in which code words stand between backticks.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        0 => crate::json::escaped(part),
        _ => format!("<code>{}</code>", crate::json::escaped(part)),
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_says_what_it_is_about_and_its_headings_have_addresses_of_their_own() {
        for doc in all() {
            assert!(!doc.title().is_empty() && doc.summary().ends_with('.'), "{}", doc.slug);
            assert!(doc.summary().len() < 300, "{}", doc.slug);
            let mut ids: Vec<_> = doc.rendered.html.split(" id=\"").skip(1).collect();
            ids.iter_mut().for_each(|id| *id = id.split('"').next().unwrap());
            let before = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), before, "{}", doc.slug);
        }
    }

    #[test]
    fn every_link_within_the_documentation_leads_somewhere() {
        for doc in all() {
            let text = format!("{}{}", doc.rendered.lead, doc.rendered.html);
            for link in text.split("href=\"").skip(1).filter_map(|part| part.split('"').next()) {
                let Some(rest) = link.strip_prefix("/docs/") else { continue };
                let (slug, id) = rest.split_once('#').unwrap_or((rest, ""));
                let to = all().iter().find(|doc| doc.slug == slug);
                let to = to.unwrap_or_else(|| panic!("{}: {link}", doc.slug));
                assert!(
                    id.is_empty() || to.rendered.html.contains(&format!("id=\"{id}\"")),
                    "{}: {link}",
                    doc.slug
                );
            }
        }
    }
}
