//! `POST /v1/orgs/{org}/teams/{team}/identities`

use std::collections::BTreeMap;

use axum::Json;
use garde::Validate;
use http::StatusCode;
use model::{IdentityKind, Permission};
use serde::Deserialize;
use store::NewIdentity;
use utoipa::ToSchema;

use super::rules;
use super::view::IdentityView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{OrgParam, TeamParam};
use crate::{Problem, names, schema};

/// A new identity.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateIdentityBody {
    /// Its name, unique in the team.
    #[garde(custom(names::display))]
    #[schema(example = "alice-laptop", min_length = 1, max_length = 100)]
    label: String,
    /// What sort of caller it is.
    #[garde(skip)]
    #[schema(value_type = schema::IdentityKind)]
    kind: IdentityKind,
    /// The person's address, where there is one; policies may ask for it.
    #[garde(inner(email))]
    #[serde(default)]
    email: Option<String>,
    /// Free labels that policies may ask for.
    #[garde(custom(rules::labels))]
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

/// Make an identity. It proves itself by tokens and reaches nothing without a grant. Needs the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/teams/{team}/identities",
    tag = "identities",
    params(OrgParam, TeamParam),
    security(("bearer" = []), ("key" = ["grants"])),
    request_body = CreateIdentityBody,
    responses((status = CREATED, description = "The identity", body = IdentityView))
)]
pub(crate) async fn create_identity(
    access: OrgAccess,
    Path(path): Path<TeamParam>,
    Body(body): Body<CreateIdentityBody>,
) -> Result<(StatusCode, Json<IdentityView>), Problem> {
    access.require(Permission::ManageGrants)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let new = NewIdentity {
        id: access.api().mint(),
        team: team.id,
        label: body.label,
        kind: body.kind,
        email: body.email,
        labels: body.labels,
    };
    let view = IdentityView::from(tx.create_identity(&new, access.api().now()).await?);
    access.record(&mut tx, "identity.create", new.id, (None, Some(&view))).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}
