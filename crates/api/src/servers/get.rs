//! `GET /v1/orgs/{org}/servers/{server}`

use axum::Json;
use model::Permission;

use super::view::ServerView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};

/// One server.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}",
    tag = "servers",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The server", body = ServerView))
)]
pub(crate) async fn get_server(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
) -> Result<Json<ServerView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let server = access.begin().await?.server(&path.server).await?;
    Ok(Json(server.into()))
}
