//! `DELETE /v1/orgs/{org}/teams/{team}/identities/{identity}/tokens/{token}`

use http::StatusCode;
use model::Permission;

use super::view::TokenView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, TokenParams};

/// Revoke a token. Gateways hear of it within a second. Revoking it again changes nothing. Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/teams/{team}/identities/{identity}/tokens/{token}",
    tag = "tokens",
    params(OrgParam, TokenParams),
    security(("bearer" = []), ("key" = ["grants"])),
    responses((status = NO_CONTENT, description = "Revoked"))
)]
pub(crate) async fn revoke_token(
    access: OrgAccess,
    Path(path): Path<TokenParams>,
) -> Result<StatusCode, Problem> {
    access.require(Permission::ManageGrants)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let identity = tx.identity(team.id, path.identity).await?;
    let token = TokenView::from(tx.revoke_token(identity.id, path.token, access.api().now()).await?);
    access.record(&mut tx, "token.revoke", path.token, (None, Some(&token))).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
