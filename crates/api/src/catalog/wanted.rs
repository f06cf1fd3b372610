//! What is looked for, and where a list goes on.

use serde::Deserialize;
use store::catalog::{CatalogSearch, Place};
use utoipa::IntoParams;

use crate::page::Limit;
use crate::{Problem, cursor, page, schema};

/// Longest text that is looked for, in bytes.
const LONGEST: usize = 200;

/// A search of the catalogue.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Words, of which all are to be there; all there is when left out.
    #[param(max_length = 200, example = "calendar")]
    q: Option<String>,
    /// What a tool does.
    #[param(value_type = Option<schema::Category>)]
    category: Option<String>,
    /// How bad a careless call would be.
    #[param(value_type = Option<schema::Risk>)]
    risk: Option<String>,
    /// How the server is spoken to.
    #[param(example = "streamable-http")]
    transport: Option<String>,
    /// Who lists the server.
    source: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Most things of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl SearchQuery {
    /// The same for the database.
    pub(super) fn search(self) -> Result<CatalogSearch, Problem> {
        let refused = |what: &str| Err(Problem::field("", format!("query: {what}")));
        let words = self.q.unwrap_or_default();
        if words.len() > LONGEST {
            return refused("`q` is longer than 200 bytes");
        }
        if self.category.as_deref().is_some_and(|name| policy::Category::named(name).is_none()) {
            return refused("`category` is one of read, write, execute, destructive, financial and other");
        }
        let is_risk = |name: &str| policy::Category::ALL.iter().any(|category| category.risk() == name);
        if self.risk.as_deref().is_some_and(|name| !is_risk(name)) {
            return refused("`risk` is one of low, medium, high and critical");
        }
        Ok(CatalogSearch {
            words: catalog::words(&words),
            category: self.category,
            risk: self.risk,
            transport: self.transport,
            source: self.source,
            after: page::after(self.cursor.as_deref(), |text| cursor::read_text(text)?.parse().ok())?,
            limit: Limit::of(self.limit)?.shown(),
        })
    }
}

/// The cursor of the page that begins there.
pub(super) fn cursor_at(place: Option<Place>) -> Option<String> {
    place.map(|place| cursor::of_text(&place.to_string()))
}
