//! `DELETE /v1/orgs/{org}/keys/{key}`

use http::StatusCode;
use model::Permission;

use super::view::KeyView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{KeyParam, OrgParam};

/// Revoke an API key; it stops at once. Revoking it again changes nothing. Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/keys/{key}",
    tag = "keys",
    params(OrgParam, KeyParam),
    security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Revoked"))
)]
pub(crate) async fn revoke_key(access: OrgAccess, Path(path): Path<KeyParam>) -> Result<StatusCode, Problem> {
    access.require(Permission::ManageOrg)?;
    let mut tx = access.begin().await?;
    let before = KeyView::from(tx.api_key(path.key).await?);
    let after = KeyView::from(tx.revoke_api_key(path.key, access.api().now()).await?);
    access.record(&mut tx, "key.revoke", path.key, (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
