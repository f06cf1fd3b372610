//! `GET /v1/catalog/tools`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::CatalogToolView;
use super::wanted::{SearchQuery, cursor_at};
use crate::extract::Query;
use crate::{Api, Problem};

/// Tools that were found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogToolsView {
    /// Best first.
    tools: Vec<CatalogToolView>,
    /// The words that were looked for, where nothing has all that were asked for.
    instead: Option<Vec<String>>,
    /// `cursor` of the next page; null on the last.
    next_cursor: Option<String>,
}

/// Search the catalogue for tools, in spite of typing errors, the best first. Names and descriptions are what others wrote.
#[utoipa::path(
    get,
    path = "/v1/catalog/tools",
    tag = "catalog",
    params(SearchQuery),
    responses((status = OK, description = "Tools", body = CatalogToolsView))
)]
pub(crate) async fn search_catalog_tools(
    State(api): State<Api>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<CatalogToolsView>, Problem> {
    let found = api.parts().store.search_tools(&query.search()?).await?;
    Ok(Json(CatalogToolsView {
        tools: found.results.into_iter().map(CatalogToolView::from).collect(),
        instead: found.instead,
        next_cursor: cursor_at(found.next),
    }))
}
