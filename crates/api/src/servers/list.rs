//! `GET /v1/orgs/{org}/servers`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::ServerView;
use crate::Problem;
use crate::extract::OrgAccess;
use crate::paths::OrgParam;

/// All servers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServersView {
    /// By name.
    servers: Vec<ServerView>,
}

/// All servers of an organisation.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers",
    tag = "servers",
    params(OrgParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = ServersView))
)]
pub(crate) async fn list_servers(access: OrgAccess) -> Result<Json<ServersView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let servers = access.begin().await?.servers().await?;
    Ok(Json(ServersView { servers: servers.into_iter().map(ServerView::from).collect() }))
}
