//! `GET /v1/orgs/{org}/limits`

use axum::Json;
use jiff::Timestamp;
use model::Permission;
use policy::{Amount, Scope};
use serde::{Deserialize, Serialize};
use store::FullLimit;
use utoipa::{IntoParams, ToSchema};

use crate::extract::{OrgAccess, Query};
use crate::page::Limit;
use crate::paths::OrgParam;
use crate::{Problem, schema};

/// Limits unless told otherwise.
const DEFAULT: u32 = 10;
/// Most limits.
const MOST: u32 = 100;

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LimitsQuery {
    /// Most limits, 1 to 100; 10 when left out.
    #[param(minimum = 1, maximum = 100, default = 10)]
    limit: Option<u32>,
}

/// The fullest limits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitsView {
    /// Fullest first. Only those that something was taken from in the window that is open now.
    limits: Vec<LimitView>,
}

/// One counter and its limit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitView {
    /// The counter's name in the policy.
    #[schema(example = "spend")]
    counter: String,
    /// What it is counted for.
    #[schema(value_type = schema::LimitScope)]
    scope: Scope,
    /// The label of the identity that it is counted for, where it is one's.
    identity: Option<String>,
    /// The server that it is counted for, where it is one's or a grant's.
    server: Option<String>,
    /// The team that it is counted for, where it is one's or a team's grant's.
    team: Option<String>,
    /// True where the counter is one of many, one for each value that a `key` finds.
    keyed: bool,
    /// Its span: a unit, or a number of seconds.
    #[schema(example = "day")]
    window: String,
    /// True when the span ends now instead of at a boundary.
    rolling: bool,
    /// What permitted calls have taken in it, as an exact decimal. A call that was not sent after all may still be in it.
    #[schema(value_type = String, example = "48.50")]
    used: Amount,
    /// The most that it may hold, as an exact decimal.
    #[schema(value_type = String, example = "50")]
    max: Amount,
    /// When the window ends; when rolling, when all that was taken so far counts no more.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

impl From<FullLimit> for LimitView {
    fn from(full: FullLimit) -> Self {
        let counter = full.counter;
        Self {
            counter: counter.name.to_string(),
            scope: counter.scope,
            identity: full.identity,
            server: full.server,
            team: full.team,
            keyed: counter.key.is_some(),
            window: counter.window.describe(),
            rolling: counter.rolling,
            used: full.used,
            max: full.max,
            until: full.until,
        }
    }
}

/// The limits that are nearest to their maximum.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/limits",
    tag = "events",
    params(OrgParam, LimitsQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The limits", body = LimitsView))
)]
pub(crate) async fn list_limits(
    access: OrgAccess,
    Query(query): Query<LimitsQuery>,
) -> Result<Json<LimitsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let limit = Limit::within(query.limit, DEFAULT, MOST)?.shown();
    let mut tx = access.begin().await?;
    let found = tx.fullest_limits(access.confined().as_deref(), access.api().now(), limit).await?;
    Ok(Json(LimitsView { limits: found.into_iter().map(LimitView::from).collect() }))
}
