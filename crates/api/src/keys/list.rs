//! `GET /v1/orgs/{org}/keys`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::KeyView;
use crate::extract::{OrgAccess, Query};
use crate::page::PageQuery;
use crate::paths::OrgParam;
use crate::{Problem, cursor};

/// A page of keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeysView {
    /// Newest first; revoked and expired ones included.
    keys: Vec<KeyView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// The organisation's API keys, newest first. Needs the role admin.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/keys",
    tag = "keys",
    params(OrgParam, PageQuery),
    security(("bearer" = [])),
    responses((status = OK, description = "One page", body = KeysView))
)]
pub(crate) async fn list_keys(
    access: OrgAccess,
    Query(query): Query<PageQuery>,
) -> Result<Json<KeysView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let limit = query.limit()?;
    let found = access.begin().await?.api_keys(query.after()?, limit.asked()).await?;
    let (keys, next_cursor) = limit.cut(found, |key| cursor::after(key.id));
    Ok(Json(KeysView { keys: keys.into_iter().map(KeyView::from).collect(), next_cursor }))
}
