//! `GET /v1/orgs/{org}/teams/{team}/identities/{identity}/tokens`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::TokenView;
use crate::Problem;
use crate::extract::{OrgAccess, Path, Query};
use crate::page::PageQuery;
use crate::paths::{IdentityParams, OrgParam};

/// A page of tokens of an identity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokensView {
    /// Newest first; revoked and expired ones included.
    tokens: Vec<TokenView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All tokens of an identity. Needs the role admin.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams/{team}/identities/{identity}/tokens",
    tag = "tokens",
    params(OrgParam, IdentityParams, PageQuery),
    security(("bearer" = []), ("key" = ["grants"])),
    responses((status = OK, description = "Newest first", body = TokensView))
)]
pub(crate) async fn list_tokens(
    access: OrgAccess,
    Path(path): Path<IdentityParams>,
    Query(query): Query<PageQuery>,
) -> Result<Json<TokensView>, Problem> {
    access.require(Permission::ManageGrants)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let identity = tx.identity(team.id, path.identity).await?;
    let (found, next_cursor) = query.of(tx.tokens(identity.id).await?, |token| token.id.to_string())?;
    Ok(Json(TokensView { tokens: found.into_iter().map(TokenView::from).collect(), next_cursor }))
}
