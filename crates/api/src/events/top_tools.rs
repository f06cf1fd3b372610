//! `GET /v1/orgs/{org}/events/tools`

use axum::Json;
use jiff::{SignedDuration, Timestamp};
use model::{Permission, Slug};
use serde::{Deserialize, Serialize};
use store::EventCounts;
use utoipa::{IntoParams, ToSchema};

use super::filter;
use crate::Problem;
use crate::extract::{OrgAccess, Query};
use crate::page::Limit;
use crate::paths::OrgParam;

/// Tools unless told otherwise.
const DEFAULT: u32 = 10;
/// Most tools.
const MOST: u32 = 50;
/// The longest span: what a month has at most.
const LONGEST_SPAN: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Of which time, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TopToolsQuery {
    /// Only calls at or after this time; 24 hours before the end when left out, and 31 days at most.
    #[param(value_type = Option<String>, format = DateTime)]
    after: Option<Timestamp>,
    /// Only calls before this time; until now when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// Most tools, 1 to 50; 10 when left out.
    #[param(minimum = 1, maximum = 50, default = 10)]
    limit: Option<u32>,
}

/// The tools that are called most.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopToolsView {
    /// Most calls first.
    tools: Vec<TopToolView>,
}

/// A tool and how its calls were decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopToolView {
    /// Its server; `null` when the calls reached no server of the caller's.
    #[schema(value_type = Option<String>, example = "binance-mcp")]
    server: Option<Slug>,
    /// Its name.
    tool: String,
    /// Calls that were forwarded.
    allowed: u64,
    /// Calls that were refused.
    denied: u64,
    /// Calls that were refused until people approve.
    parked: u64,
}

/// The tools that are called most, whatever was decided, in the last 24 hours unless told otherwise.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/events/tools",
    tag = "events",
    params(OrgParam, TopToolsQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The tools", body = TopToolsView))
)]
pub(crate) async fn top_tools(
    access: OrgAccess,
    Query(query): Query<TopToolsQuery>,
) -> Result<Json<TopToolsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let limit = Limit::within(query.limit, DEFAULT, MOST)?.shown();
    let (after, before) = filter::span(query.after, query.before, access.api().now())?;
    if before.duration_since(after) > LONGEST_SPAN {
        return Err(Problem::field("", "query: `after` lies 31 days before `before` at most"));
    }
    let mut tx = access.begin().await?;
    let found = tx.top_tools(access.confined().as_deref(), (after, before), limit).await?;
    let labels = tx.labels([], found.iter().filter_map(|tool| tool.server), []).await?;
    let tools = found
        .into_iter()
        .map(|found| {
            let EventCounts { allowed, denied, parked } = found.counts;
            let server = found.server.and_then(|id| labels.servers.get(&id).cloned());
            TopToolView { server, tool: found.tool, allowed, denied, parked }
        })
        .collect();
    Ok(Json(TopToolsView { tools }))
}
