//! `POST /v1/orgs/{org}/restore`

use axum::Json;
use model::Permission;

use super::get::OrgView;
use crate::Problem;
use crate::extract::EndingOrgAccess;
use crate::paths::OrgParam;

/// Keep an organisation that was to be deleted: everything in it is as it was. Does nothing to one that was not. Needs
/// the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/restore",
    tag = "orgs",
    params(OrgParam),
    security(("bearer" = [])),
    responses((status = OK, description = "The organisation as it is now", body = OrgView))
)]
pub(crate) async fn restore_org(EndingOrgAccess(access): EndingOrgAccess) -> Result<Json<OrgView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let mut tx = access.begin().await?;
    let before = OrgView::of(tx.org().await?, access.role());
    if !tx.restore_org().await? {
        return Ok(Json(before));
    }
    let after = OrgView::of(tx.org().await?, access.role());
    access.record(&mut tx, "org.restore", after.id(), (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(Json(after))
}
