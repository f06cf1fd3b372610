//! `PATCH /v1/orgs/{org}/teams/{team}/grants/{grant}`

use axum::Json;
use garde::Validate;
use jiff::Timestamp;
use model::{Permission, Slug};
use serde::Deserialize;
use store::GrantChange;
use utoipa::ToSchema;

use super::create::policy_of;
use super::view::GrantView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{GrantParams, OrgParam};
use crate::{Problem, defaults, names};

/// What to change; fields left out stay as they are.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateGrantBody {
    /// The server's policy that rules, by name; with `null` every call is refused. Needs the role `policy_manager`.
    #[garde(skip)]
    #[serde(default, deserialize_with = "defaults::nullable")]
    #[schema(value_type = Option<String>, example = "main")]
    policy: Option<Option<Slug>>,
    /// When it ends; never when `null`. Needs the role admin.
    #[garde(skip)]
    #[serde(default, deserialize_with = "defaults::nullable")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<Timestamp>>,
}

/// Put a grant under another policy, or change when it ends, which takes an API key the scope `grants` in place of
/// `policies`. A revoked grant cannot be changed.
#[utoipa::path(
    patch,
    path = "/v1/orgs/{org}/teams/{team}/grants/{grant}",
    tag = "grants",
    params(OrgParam, GrantParams),
    security(("bearer" = []), ("key" = ["policies"])),
    request_body = UpdateGrantBody,
    responses((status = OK, description = "The grant as it is now", body = GrantView))
)]
pub(crate) async fn update_grant(
    access: OrgAccess,
    Path(path): Path<GrantParams>,
    Body(body): Body<UpdateGrantBody>,
) -> Result<Json<GrantView>, Problem> {
    if body.policy.is_some() || body.expires_at.is_none() {
        access.require(Permission::WritePolicies)?;
    }
    if body.expires_at.is_some() {
        access.require(Permission::ManageGrants)?;
    }
    names::future("/expires_at", body.expires_at.flatten(), access.api().now())?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let grant = tx.grant(team.id, path.grant).await?;
    let policy = match &body.policy {
        Some(Some(slug)) => Some(Some(policy_of(&mut tx, grant.server, slug).await?)),
        Some(None) => Some(None),
        None => None,
    };
    let before = GrantView::load(&access, &mut tx, &team, grant).await?;
    let change = GrantChange { policy, expires_at: body.expires_at };
    let grant = tx.update_grant(team.id, path.grant, &change).await?;
    let after = GrantView::load(&access, &mut tx, &team, grant).await?;
    access.record(&mut tx, "grant.update", after.id, (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(Json(after))
}
