//! `DELETE /v1/orgs/{org}/invitations/{invitation}`

use http::StatusCode;
use model::Permission;
use store::Settled;

use super::view::InvitationView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{InvitationParam, OrgParam};

/// Take an invitation back. Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/invitations/{invitation}",
    tag = "members",
    params(OrgParam, InvitationParam),
    security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Taken back"))
)]
pub(crate) async fn revoke_invitation(
    access: OrgAccess,
    Path(path): Path<InvitationParam>,
) -> Result<StatusCode, Problem> {
    access.require(Permission::ManageOrg)?;
    let now = access.api().now();
    let mut tx = access.begin().await?;
    let open = tx.invitations(now).await?.into_iter().find(|invitation| invitation.id == path.invitation);
    let before = InvitationView::from(open.ok_or_else(Problem::not_found)?);
    tx.settle_invitation(path.invitation, Settled::Revoked, now).await?;
    access.record(&mut tx, "invitation.revoke", path.invitation, (Some(&before), None)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
