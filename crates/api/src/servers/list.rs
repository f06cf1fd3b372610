//! `GET /v1/orgs/{org}/servers`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::ServerView;
use crate::Problem;
use crate::extract::{OrgAccess, Query};
use crate::page::PageQuery;
use crate::paths::OrgParam;

/// A page of servers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServersView {
    /// By name.
    servers: Vec<ServerView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All servers of an organisation.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers",
    tag = "servers",
    params(OrgParam, PageQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = ServersView))
)]
pub(crate) async fn list_servers(
    access: OrgAccess,
    Query(query): Query<PageQuery>,
) -> Result<Json<ServersView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let servers = access.begin().await?.servers().await?;
    let (found, next_cursor) = query.of(servers, |server| server.id.to_string())?;
    Ok(Json(ServersView { servers: found.into_iter().map(ServerView::from).collect(), next_cursor }))
}
