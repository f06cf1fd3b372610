//! `POST /v1/orgs/{org}/keys`

use axum::Json;
use garde::Validate;
use http::StatusCode;
use jiff::Timestamp;
use model::{Permission, Scopes};
use secrets::ExposeSecret;
use secrets::token::{TokenKind, digest, mint};
use serde::{Deserialize, Serialize};
use store::NewApiKey;
use utoipa::ToSchema;

use super::view::KeyView;
use crate::extract::{Body, OrgAccess};
use crate::paths::OrgParam;
use crate::{Problem, names, schema};

/// A new API key.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateKeyBody {
    /// What it is for.
    #[garde(custom(names::display))]
    #[schema(example = "terraform", min_length = 1, max_length = 100)]
    name: String,
    /// What it may do: at least one.
    #[garde(skip)]
    #[schema(value_type = Vec<schema::Scope>, min_items = 1)]
    scopes: Scopes,
    /// When it ends; never when left out.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A key, shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct MintedKeyView {
    /// The secret itself, for `Authorization: Bearer`. It is not kept and cannot be shown again.
    #[schema(example = "plk_…")]
    secret: String,
    /// What is kept of it.
    #[serde(flatten)]
    kept: KeyView,
}

/// Make an API key. The answer is the only time that it is shown. It works in this organisation alone, and never does more
/// than your own role allows at that time: when you leave, it stops. Needs the role admin, and a person: keys make no keys.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/keys",
    tag = "keys",
    params(OrgParam),
    security(("bearer" = [])),
    request_body = CreateKeyBody,
    responses((status = CREATED, description = "The key", body = MintedKeyView))
)]
pub(crate) async fn create_key(
    access: OrgAccess,
    Body(body): Body<CreateKeyBody>,
) -> Result<(StatusCode, Json<MintedKeyView>), Problem> {
    access.require(Permission::ManageOrg)?;
    let api = access.api();
    names::future("/expires_at", body.expires_at, api.now())?;
    let secret = mint(TokenKind::Key, &mut rand::rng());
    let text = secret.expose_secret();
    let new = NewApiKey {
        id: api.mint(),
        name: body.name,
        verifier: api.parts().pepper.verifier(&digest(text)),
        last4: text.get(text.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
        scopes: body.scopes,
        created_by: access.user(),
        expires_at: body.expires_at,
    };
    let mut tx = access.begin().await?;
    let kept = KeyView::from(tx.create_api_key(&new, api.now()).await?);
    access.record(&mut tx, "key.create", new.id, (None, Some(&kept))).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(MintedKeyView { secret: text.to_owned(), kept })))
}
