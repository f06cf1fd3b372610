//! `POST /v1/orgs/{org}/teams/{team}/identities/{identity}/tokens`

use axum::Json;
use garde::Validate;
use http::StatusCode;
use jiff::Timestamp;
use model::Permission;
use secrets::ExposeSecret;
use secrets::token::{TokenKind, digest, mint};
use serde::{Deserialize, Serialize};
use store::NewToken;
use utoipa::ToSchema;

use super::view::TokenView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{IdentityParams, OrgParam};
use crate::{Problem, names};

/// A new token.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTokenBody {
    /// What it is for.
    #[garde(inner(custom(names::display)))]
    #[serde(default)]
    #[schema(example = "laptop", max_length = 100)]
    name: Option<String>,
    /// When it ends; never when left out.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A token, shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct MintedTokenView {
    /// The secret itself. It is not kept and cannot be shown again.
    #[schema(example = "plt_…")]
    token: String,
    /// What is kept of it.
    #[serde(flatten)]
    kept: TokenView,
    /// Where the identity's MCP clients connect with it; `/{server}` follows.
    #[schema(example = "https://gate.example/t/acme/default/mcp")]
    gateway_url: String,
}

/// Make a token. The answer is the only time that it is shown. Needs the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/teams/{team}/identities/{identity}/tokens",
    tag = "tokens",
    params(OrgParam, IdentityParams),
    security(("bearer" = []), ("key" = ["grants"])),
    request_body = CreateTokenBody,
    responses((status = CREATED, description = "The token", body = MintedTokenView))
)]
pub(crate) async fn create_token(
    access: OrgAccess,
    Path(path): Path<IdentityParams>,
    Body(body): Body<CreateTokenBody>,
) -> Result<(StatusCode, Json<MintedTokenView>), Problem> {
    access.require(Permission::ManageGrants)?;
    let api = access.api();
    names::future("/expires_at", body.expires_at, api.now())?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let identity = tx.identity(team.id, path.identity).await?;
    let secret = mint(TokenKind::Grant, &mut rand::rng());
    let text = secret.expose_secret();
    let new = NewToken {
        id: api.mint(),
        identity: identity.id,
        name: body.name.unwrap_or_default(),
        verifier: api.parts().pepper.verifier(&digest(text)),
        last4: text.get(text.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
        expires_at: body.expires_at,
    };
    let kept = TokenView::from(tx.create_token(&new, api.now()).await?);
    access.record(&mut tx, "token.create", new.id, (None, Some(&kept))).await?;
    tx.commit().await?;
    let gateway_url = api.gateway_url(access.slug(), &team.slug);
    Ok((StatusCode::CREATED, Json(MintedTokenView { token: text.to_owned(), kept, gateway_url })))
}
