//! `GET /v1/catalog/servers`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::CatalogServerView;
use super::wanted::{SearchQuery, cursor_at};
use crate::extract::Query;
use crate::{Api, Problem};

/// Servers that were found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogServersView {
    /// Best first.
    servers: Vec<CatalogServerView>,
    /// The words that were looked for, where nothing has all that were asked for.
    instead: Option<Vec<String>>,
    /// `cursor` of the next page; null on the last.
    next_cursor: Option<String>,
}

/// Search the catalogue for servers, in spite of typing errors, the best first. Names and descriptions are what others wrote.
#[utoipa::path(
    get,
    path = "/v1/catalog/servers",
    tag = "catalog",
    params(SearchQuery),
    responses((status = OK, description = "Servers", body = CatalogServersView))
)]
pub(crate) async fn search_catalog_servers(
    State(api): State<Api>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<CatalogServersView>, Problem> {
    let found = api.parts().store.search_servers(&query.search()?).await?;
    Ok(Json(CatalogServersView {
        servers: found.results.into_iter().map(CatalogServerView::from).collect(),
        instead: found.instead,
        next_cursor: cursor_at(found.next),
    }))
}
