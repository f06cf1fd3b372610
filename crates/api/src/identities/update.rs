//! `PATCH /v1/orgs/{org}/teams/{team}/identities/{identity}`

use std::collections::BTreeMap;

use axum::Json;
use garde::Validate;
use model::{IdentityKind, Permission};
use serde::Deserialize;
use store::IdentityChange;
use utoipa::ToSchema;

use super::rules;
use super::view::IdentityView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{IdentityParams, OrgParam};
use crate::{Problem, defaults, names, schema};

/// What to change; fields left out stay as they are.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateIdentityBody {
    /// Its name, unique in the team.
    #[garde(inner(custom(names::display)))]
    #[serde(default)]
    label: Option<String>,
    /// What sort of caller it is.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<schema::IdentityKind>)]
    kind: Option<IdentityKind>,
    /// The person's address; `null` takes it away.
    #[garde(inner(inner(email)))]
    #[serde(default, deserialize_with = "defaults::nullable")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    /// All free labels, in place of those before.
    #[garde(inner(custom(rules::labels)))]
    #[serde(default)]
    labels: Option<BTreeMap<String, String>>,
    /// Whether it may call.
    #[garde(skip)]
    #[serde(default)]
    enabled: Option<bool>,
}

/// Change an identity. Needs the role admin.
#[utoipa::path(
    patch,
    path = "/v1/orgs/{org}/teams/{team}/identities/{identity}",
    tag = "identities",
    params(OrgParam, IdentityParams),
    security(("bearer" = []), ("key" = ["grants"])),
    request_body = UpdateIdentityBody,
    responses((status = OK, description = "The identity as it is now", body = IdentityView))
)]
pub(crate) async fn update_identity(
    access: OrgAccess,
    Path(path): Path<IdentityParams>,
    Body(body): Body<UpdateIdentityBody>,
) -> Result<Json<IdentityView>, Problem> {
    access.require(Permission::ManageGrants)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let before = IdentityView::from(tx.identity(team.id, path.identity).await?);
    let change = IdentityChange {
        label: body.label,
        kind: body.kind,
        email: body.email,
        labels: body.labels,
        enabled: body.enabled,
    };
    let after =
        IdentityView::from(tx.update_identity(team.id, path.identity, &change, access.api().now()).await?);
    access.record(&mut tx, "identity.update", after.id, (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(Json(after))
}
