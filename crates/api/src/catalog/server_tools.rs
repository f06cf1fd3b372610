//! `GET /v1/catalog/servers/{server}/tools`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::server::CatalogServerParam;
use super::view::CatalogToolView;
use crate::extract::{Path, Query};
use crate::page::PageQuery;
use crate::{Api, Problem, cursor};

/// Tools of a server of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogServerToolsView {
    /// By name.
    tools: Vec<CatalogToolView>,
    /// `cursor` of the next page; null on the last.
    next_cursor: Option<String>,
}

/// The tools of a server of the catalogue, by name.
#[utoipa::path(
    get,
    path = "/v1/catalog/servers/{server}/tools",
    tag = "catalog",
    params(CatalogServerParam, PageQuery),
    responses((status = OK, description = "Tools", body = CatalogServerToolsView))
)]
pub(crate) async fn list_catalog_tools(
    State(api): State<Api>,
    Path(path): Path<CatalogServerParam>,
    Query(query): Query<PageQuery>,
) -> Result<Json<CatalogServerToolsView>, Problem> {
    let (limit, after) = (query.limit()?, query.after_name()?.unwrap_or_default());
    let store = &api.parts().store;
    let server = store.catalog_server(&path.server).await?;
    let found = store.catalog_tools(server.id, &after, limit.asked()).await?;
    let (found, next_cursor) = limit.cut(found, |tool| cursor::of_text(&tool.name));
    let tools = found.into_iter().map(CatalogToolView::from).collect();
    Ok(Json(CatalogServerToolsView { tools, next_cursor }))
}
