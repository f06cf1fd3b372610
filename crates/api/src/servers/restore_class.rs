//! `DELETE /v1/orgs/{org}/servers/{server}/tools/{tool}/class`

use axum::Json;
use model::Permission;

use super::class::OverrideView;
use super::tools::ToolView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, ToolParams};

/// Go back to the class that was found in a tool's definition. Rules go by it at once. Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/servers/{server}/tools/{tool}/class",
    tag = "servers",
    params(OrgParam, ToolParams),
    security(("bearer" = []), ("key" = ["servers"])),
    responses((status = OK, description = "The tool as it is now", body = ToolView))
)]
pub(crate) async fn restore_class(
    access: OrgAccess,
    Path(path): Path<ToolParams>,
) -> Result<Json<ToolView>, Problem> {
    access.require(Permission::ManageServers)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let before = tx.tool(server.id, &path.tool).await?;
    let Some(overridden) = before.overridden.as_ref().map(OverrideView::from) else {
        return Ok(Json(before.into()));
    };
    tx.restore_class(server.id, &path.tool).await?;
    let after = tx.tool(server.id, &path.tool).await?;
    let subject = format!("{}/{}", server.id, path.tool);
    access.record(&mut tx, "tool.classify", subject, (Some(&overridden), None)).await?;
    tx.commit().await?;
    Ok(Json(after.into()))
}
