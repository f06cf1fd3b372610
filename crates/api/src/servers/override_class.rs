//! `PUT /v1/orgs/{org}/servers/{server}/tools/{tool}/class`

use axum::Json;
use garde::Validate;
use model::Permission;
use serde::Deserialize;
use store::PutClass;
use utoipa::ToSchema;

use super::class::OverrideView;
use super::tools::ToolView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{OrgParam, ToolParams};
use crate::{Problem, names, schema};

/// What to say of a tool.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverrideClassBody {
    /// What it does.
    #[garde(skip)]
    #[schema(value_type = schema::Category)]
    category: policy::Category,
    /// Why, for whoever wonders later.
    #[garde(custom(names::reason))]
    #[schema(example = "Only ever moves files to a bin that is kept for a year.")]
    reason: String,
}

/// Say what a tool does, instead of what was found in its definition. Rules go by it at once. It holds for the
/// definition that the tool has now: once that changes, the worse of both classes counts until you say it again.
/// Needs the role admin.
#[utoipa::path(
    put,
    path = "/v1/orgs/{org}/servers/{server}/tools/{tool}/class",
    tag = "servers",
    params(OrgParam, ToolParams),
    security(("bearer" = []), ("key" = ["servers"])),
    request_body(content = OverrideClassBody),
    responses((status = OK, description = "The tool as it is now", body = ToolView))
)]
pub(crate) async fn override_class(
    access: OrgAccess,
    Path(path): Path<ToolParams>,
    Body(body): Body<OverrideClassBody>,
) -> Result<Json<ToolView>, Problem> {
    access.require(Permission::ManageServers)?;
    let now = access.api().now();
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let before = tx.tool(server.id, &path.tool).await?;
    let put = PutClass {
        server: server.id,
        tool: &path.tool,
        category: body.category,
        reason: &body.reason,
        author: access.user(),
    };
    tx.override_class(&put, now).await?;
    let after = tx.tool(server.id, &path.tool).await?;
    let views = (before.overridden.as_ref(), after.overridden.as_ref());
    let views = (views.0.map(OverrideView::from), views.1.map(OverrideView::from));
    let subject = format!("{}/{}", server.id, path.tool);
    access.record(&mut tx, "tool.classify", subject, (views.0.as_ref(), views.1.as_ref())).await?;
    tx.commit().await?;
    Ok(Json(after.into()))
}
