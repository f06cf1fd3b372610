//! `DELETE /v1/orgs/{org}/teams/{team}/identities/{identity}`

use http::StatusCode;
use model::Permission;

use super::view::IdentityView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{IdentityParams, OrgParam};

/// Remove an identity: its tokens and grants are revoked. What was recorded of it stays. Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/teams/{team}/identities/{identity}",
    tag = "identities",
    params(OrgParam, IdentityParams),
    security(("bearer" = []), ("key" = ["grants"])),
    responses((status = NO_CONTENT, description = "Removed"))
)]
pub(crate) async fn remove_identity(
    access: OrgAccess,
    Path(path): Path<IdentityParams>,
) -> Result<StatusCode, Problem> {
    access.require(Permission::ManageGrants)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let before = IdentityView::from(tx.identity(team.id, path.identity).await?);
    tx.remove_identity(team.id, path.identity, access.api().now()).await?;
    access.record(&mut tx, "identity.remove", path.identity, (Some(&before), None)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
