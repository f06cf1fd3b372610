//! `GET /v1/catalog/servers/{server}/tools`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::server::CatalogServerParam;
use super::view::CatalogToolView;
use super::wanted::ToolsQuery;
use crate::extract::{Path, Query};
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
    params(CatalogServerParam, ToolsQuery),
    responses((status = OK, description = "Tools", body = CatalogServerToolsView))
)]
pub(crate) async fn list_catalog_tools(
    State(api): State<Api>,
    Path(path): Path<CatalogServerParam>,
    Query(query): Query<ToolsQuery>,
) -> Result<Json<CatalogServerToolsView>, Problem> {
    let (limit, after) = (query.limit()?, query.after()?);
    let store = &api.parts().store;
    let server = store.catalog_server(&path.server).await?;
    let mut tools = store.catalog_tools(server.id, &after, limit.asked()).await?;
    let more = tools.len() > limit.shown() as usize;
    tools.truncate(limit.shown() as usize);
    let next_cursor = tools.last().filter(|_| more).map(|tool| cursor::of_text(&tool.name));
    Ok(Json(CatalogServerToolsView {
        tools: tools.into_iter().map(CatalogToolView::from).collect(),
        next_cursor,
    }))
}
