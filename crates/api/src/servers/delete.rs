//! `DELETE /v1/orgs/{org}/servers/{server}`

use http::StatusCode;
use model::Permission;

use super::view::ServerView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};

/// Remove a server: its grants are revoked and its credentials forgotten. What was recorded stays.
/// Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/servers/{server}",
    tag = "servers",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["servers"])),
    responses((status = NO_CONTENT, description = "Removed"))
)]
pub(crate) async fn remove_server(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
) -> Result<StatusCode, Problem> {
    access.require(Permission::ManageServers)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let id = server.id;
    tx.remove_server(id, access.api().now()).await?;
    access.record(&mut tx, "server.remove", id, (Some(&ServerView::from(server)), None)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
