//! `PATCH /v1/orgs/{org}`

use axum::Json;
use garde::Validate;
use model::{Permission, Slug};
use serde::Deserialize;
use store::OrgChange;
use utoipa::ToSchema;

use super::get::OrgView;
use crate::extract::{Body, OrgAccess};
use crate::paths::OrgParam;
use crate::{Problem, names};

/// Longest time without word from the control plane, in seconds: a week.
const LONGEST_STALENESS_S: u32 = 604_800;

/// What to change; fields left out stay as they are.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct UpdateOrgBody {
    /// Its name for people.
    #[garde(inner(custom(names::display)))]
    #[serde(default)]
    #[schema(example = "Acme", min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Its name in addresses. Gateway URLs change with it: agents have to be given the new ones.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "acme")]
    slug: Option<Slug>,
    /// Whether gateways record the values of arguments, sealed; only their names are recorded otherwise.
    #[serde(default)]
    capture_arguments: Option<bool>,
    /// Whether agents are told how a denial came about.
    #[serde(default)]
    explain_denials: Option<bool>,
    /// How long gateways may go on serving without word from the control plane, in seconds, 5 to 604,800; then they refuse every
    /// call. What is revoked meanwhile may still work at a gateway that is cut off, unless it counts in Redis.
    #[garde(inner(range(min = 5, max = LONGEST_STALENESS_S)))]
    #[serde(default)]
    #[schema(minimum = 5, maximum = 604_800, example = 86_400)]
    max_staleness_s: Option<u32>,
}

/// Change an organisation's names and settings. They reach gateways as any other change does. Needs the role admin.
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
    let change = OrgChange {
        name: body.name,
        slug: body.slug,
        capture_arguments: body.capture_arguments,
        explain_denials: body.explain_denials,
        max_staleness_s: body.max_staleness_s,
    };
    tx.update_org(&change).await?;
    let after = OrgView::of(tx.org().await?, access.role());
    access.record(&mut tx, "org.update", after.id(), (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(Json(after))
}
