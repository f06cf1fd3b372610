//! `/attacks` and `/attacks/{slug}`: how tools are abused, and what a policy does about it.

mod patterns;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use policy::Category;
use serde::Serialize;

pub(crate) use patterns::{ALL, Pattern, of};

use crate::page::{self, Format, Frame};
use crate::{Site, not_found};

#[derive(Template, Serialize)]
#[template(path = "attacks.html")]
struct List<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    patterns: &'static [Pattern],
}

#[derive(Template, Serialize)]
#[template(path = "attack.html")]
struct One<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    #[serde(flatten)]
    pattern: &'static Pattern,
    #[serde(skip)]
    all_classes: bool,
}

/// `GET /attacks`
pub(crate) async fn list(State(site): State<Arc<Site>>) -> Response {
    shown(&site, Format::Html)
}

/// `GET /attacks.json`
pub(crate) async fn list_json(State(site): State<Arc<Site>>) -> Response {
    shown(&site, Format::Json)
}

fn shown(site: &Site, format: Format) -> Response {
    let frame = site.frame("/attacks".to_owned());
    page::found(format, &List { frame, patterns: ALL })
}

/// `GET /attacks/{slug}`
pub(crate) async fn show(State(site): State<Arc<Site>>, Path(slug): Path<String>) -> Response {
    let (slug, format) = Format::of(&slug);
    let Some(pattern) = patterns::by_slug(slug) else { return not_found::answer(&site, format) };
    let frame = site.frame(format!("/attacks/{slug}"));
    page::found(format, &One { frame, pattern, all_classes: pattern.classes.len() == Category::ALL.len() })
}
