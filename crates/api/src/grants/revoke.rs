//! `DELETE /v1/orgs/{org}/teams/{team}/grants/{grant}`

use http::StatusCode;
use model::Permission;

use super::view::GrantView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{GrantParams, OrgParam};

/// Revoke a grant. Gateways hear of it within a second. Revoking it again changes nothing. Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/teams/{team}/grants/{grant}",
    tag = "grants",
    params(OrgParam, GrantParams),
    security(("bearer" = []), ("key" = ["grants"])),
    responses((status = NO_CONTENT, description = "Revoked"))
)]
pub(crate) async fn revoke_grant(
    access: OrgAccess,
    Path(path): Path<GrantParams>,
) -> Result<StatusCode, Problem> {
    access.require(Permission::ManageGrants)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let grant = tx.revoke_grant(team.id, path.grant, access.api().now()).await?;
    let view = GrantView::load(&access, &mut tx, &team, grant).await?;
    access.record(&mut tx, "grant.revoke", view.id, (None, Some(&view))).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
