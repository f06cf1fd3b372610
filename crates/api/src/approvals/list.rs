//! `GET /v1/orgs/{org}/approvals`

use axum::Json;
use model::{ApprovalStatus, Permission};
use serde::{Deserialize, Serialize};
use store::ApprovalFilter;
use utoipa::{IntoParams, ToSchema};

use super::view::{ApprovalView, Viewer};
use crate::extract::{OrgAccess, Query};
use crate::page::Limit;
use crate::paths::OrgParam;
use crate::{Problem, cursor, page, schema};

/// Which requests.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApprovalsQuery {
    /// Only those that stand so now.
    #[param(value_type = Option<schema::ApprovalStatus>, inline)]
    status: Option<ApprovalStatus>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Most requests of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A page of requests for approval.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApprovalsView {
    /// Newest first.
    approvals: Vec<ApprovalView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// Calls that wait for approval, and those that did, newest first.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/approvals",
    tag = "approvals",
    params(OrgParam, ApprovalsQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "One page", body = ApprovalsView))
)]
pub(crate) async fn list_approvals(
    access: OrgAccess,
    Query(query): Query<ApprovalsQuery>,
) -> Result<Json<ApprovalsView>, Problem> {
    access.require(Permission::Read)?;
    let limit = Limit::of(query.limit)?;
    let after = page::after(query.cursor.as_deref(), cursor::read)?;
    let filter = ApprovalFilter { status: query.status, cursor: after, limit: limit.asked() };
    let viewer = Viewer::of(&access).await?;
    let mut tx = access.begin().await?;
    let found = tx.approvals(&filter, access.api().now()).await?;
    let (approvals, next_cursor) = limit.cut(found, |last| cursor::after(last.id));
    Ok(Json(ApprovalsView { approvals: viewer.show(&mut tx, approvals).await?, next_cursor }))
}
