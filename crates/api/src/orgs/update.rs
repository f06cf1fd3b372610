//! `PATCH /v1/orgs/{org}`

use axum::Json;
use garde::Validate;
use model::Permission;
use serde::Deserialize;
use store::OrgChange;
use utoipa::ToSchema;

use super::get::OrgView;
use crate::Problem;
use crate::extract::{Body, OrgAccess};
use crate::paths::OrgParam;

/// What to change; fields left out stay as they are.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct UpdateOrgBody {
    /// Whether gateways record the values of arguments, sealed; only their names are recorded otherwise.
    #[serde(default)]
    capture_arguments: Option<bool>,
    /// Whether agents are told how a denial came about.
    #[serde(default)]
    explain_denials: Option<bool>,
}

/// Change an organisation's settings. They reach gateways as any other change does. Needs the role admin.
#[utoipa::path(
    patch,
    path = "/v1/orgs/{org}",
    tag = "orgs",
    params(OrgParam),
    security(("bearer" = [])),
    request_body = UpdateOrgBody,
    responses((status = OK, description = "The organisation as it is now", body = OrgView))
)]
pub(crate) async fn update_org(
    access: OrgAccess,
    Body(body): Body<UpdateOrgBody>,
) -> Result<Json<OrgView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let mut tx = access.begin().await?;
    let before = OrgView::of(tx.org().await?, access.role());
    let change =
        OrgChange { capture_arguments: body.capture_arguments, explain_denials: body.explain_denials };
    tx.update_org(&change).await?;
    let after = OrgView::of(tx.org().await?, access.role());
    access.record(&mut tx, "org.update", after.id(), (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(Json(after))
}
