//! Every address that leads nowhere.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::Site;
use crate::page::{self, Format, Frame};

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    frame: Frame<'a>,
}

/// The same for programs.
#[derive(Serialize)]
struct Fault {
    error: &'static str,
}

/// Every other address.
pub(crate) async fn show(State(site): State<Arc<Site>>) -> Response {
    answer(&site, Format::Html)
}

/// The page. What was asked for is not repeated in it.
pub(crate) fn answer(site: &Site, format: Format) -> Response {
    match format {
        Format::Html => page::answer(StatusCode::NOT_FOUND, &NotFound { frame: site.frame(String::new()) }),
        Format::Json => {
            let error = "There is nothing at this address. /catalog.json lists what there is.";
            page::facts(StatusCode::NOT_FOUND, &Fault { error })
        }
    }
}
