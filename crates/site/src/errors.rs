//! `GET /docs/errors`: what each error code means. Problems that the API answers with link here.

use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::Code;

use crate::json::escaped;
use crate::page::Frame;
use crate::{Site, page};

#[derive(Template)]
#[template(path = "errors.html")]
struct Errors<'a> {
    frame: Frame<'a>,
    entries: &'a [Entry],
}

/// A code and its meaning as HTML.
struct Entry {
    code: Code,
    meaning: String,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    Code::ALL.iter().map(|code| Entry { code: *code, meaning: marked(code.meaning()) }).collect()
});

/// The page.
pub(crate) async fn show(State(site): State<Arc<Site>>) -> Response {
    let page = Errors { frame: site.frame("/docs/errors".to_owned()), entries: &ENTRIES };
    page::answer(StatusCode::OK, &page)
}

/// HTML for a text of our own in which code words stand between backticks.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        0 => escaped(part),
        _ => format!("<code>{}</code>", escaped(part)),
    });
    parts.collect()
}
