//! `DELETE /v1/orgs/{org}`

use axum::Json;
use http::StatusCode;
use model::{Permission, Role};

use super::get::OrgView;
use crate::accounts::mail;
use crate::extract::OrgAccess;
use crate::paths::OrgParam;
use crate::{Problem, defaults};

/// Delete an organisation, in 14 days. From now on its gateways refuse every call and nothing in it changes; it can be
/// looked at, and any admin can restore it (`POST …/restore`). After that time it is erased with everything that
/// belongs to it: servers, policies, identities, tokens, grants, recorded calls and the audit of changes. Admins are told
/// by mail. Needs the role admin.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}",
    tag = "orgs",
    params(OrgParam),
    security(("bearer" = [])),
    responses((status = ACCEPTED, description = "The organisation, and when it will be gone", body = OrgView))
)]
pub(crate) async fn delete_org(access: OrgAccess) -> Result<(StatusCode, Json<OrgView>), Problem> {
    access.require(Permission::ManageOrg)?;
    let now = access.api().now();
    let delete_at = defaults::after_grace(now);
    let mut tx = access.begin().await?;
    let before = OrgView::of(tx.org().await?, access.role());
    tx.end_org(delete_at).await?;
    let org = tx.org().await?;
    let letter = mail::org_ending(&access.api().parts().public_url, &org.name, &org.slug, delete_at);
    tx.mail_members(&[Role::Admin], None, letter.mail(), now).await?;
    let after = OrgView::of(org, access.role());
    access.record(&mut tx, "org.delete", after.id(), (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(after)))
}
