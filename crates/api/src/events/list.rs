//! `GET /v1/orgs/{org}/events`

use axum::Json;
use jiff::Timestamp;
use model::{ApprovalId, IdentityId, Permission, ServerId, Slug, Verdict};
use serde::{Deserialize, Serialize};
use store::{Error, EventFilter, OrgTx};
use utoipa::{IntoParams, ToSchema};

use super::view::EventView;
use crate::extract::{OrgAccess, Query};
use crate::paths::OrgParam;
use crate::{Problem, cursor, schema};

/// Events of a page unless told otherwise.
const DEFAULT_LIMIT: u32 = 50;
/// Most events of a page.
const MAX_LIMIT: u32 = 200;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Only of this identity, by id.
    #[param(value_type = Option<String>)]
    identity: Option<IdentityId>,
    /// Only for this server, by name, or by id if it has been removed.
    server: Option<String>,
    /// Only of this tool, prompt or resource.
    tool: Option<String>,
    /// Only so decided.
    #[param(value_type = Option<schema::Verdict>, inline)]
    verdict: Option<Verdict>,
    /// Only decided by this rule.
    #[param(example = "/tools/withdraw/require/0")]
    rule: Option<String>,
    /// Only of calls that waited for this approval, or used it, by id.
    #[param(value_type = Option<String>)]
    approval: Option<ApprovalId>,
    /// Only at or after this time.
    #[param(value_type = Option<String>, format = DateTime)]
    after: Option<Timestamp>,
    /// Only before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Most events of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsView {
    /// Newest first.
    events: Vec<EventView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// What the gateway decided, newest first.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/events",
    tag = "events",
    params(OrgParam, EventsQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "One page", body = EventsView))
)]
pub(crate) async fn list_events(
    access: OrgAccess,
    Query(query): Query<EventsQuery>,
) -> Result<Json<EventsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::field("", format!("query: `limit` is 1 to {MAX_LIMIT}")));
    }
    let unknown = || Problem::field("", "query: `cursor` is not one that a page of this list gave");
    let cursor = query.cursor.as_deref().map(|text| cursor::read(text).ok_or_else(unknown)).transpose()?;
    let mut tx = access.begin().await?;
    let server = match &query.server {
        Some(named) => Some(server(&mut tx, named).await?),
        None => None,
    };
    let filter = EventFilter {
        teams: access.confined(),
        identity: query.identity,
        server,
        subject: query.tool,
        verdict: query.verdict,
        rule: query.rule,
        approval: query.approval,
        after: query.after,
        before: query.before,
        cursor,
        // One more than shown tells whether there is another page.
        limit: limit + 1,
    };
    page(&mut tx, &filter, limit as usize).await.map(Json)
}

async fn page(tx: &mut OrgTx, filter: &EventFilter, limit: usize) -> Result<EventsView, Problem> {
    let mut events = tx.events(filter).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let next_cursor = events.last().filter(|_| more).map(|last| cursor::after(last.intent.id));
    let labels = tx
        .labels(
            events.iter().map(|event| event.intent.identity),
            events.iter().filter_map(|event| event.intent.server),
            events.iter().filter_map(|event| event.intent.policy),
        )
        .await?;
    Ok(EventsView {
        events: events.into_iter().map(|event| EventView::of(&labels, event)).collect(),
        next_cursor,
    })
}

/// The server that a filter names. An id is taken as it is: of another organisation it finds nothing.
async fn server(tx: &mut OrgTx, named: &str) -> Result<ServerId, Problem> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let missing = || Problem::field("", "query: there is no such `server`");
    let slug: Slug = named.parse().map_err(|_| missing())?;
    match tx.server(&slug).await {
        Ok(server) => Ok(server.id),
        Err(Error::Missing(_)) => Err(missing()),
        Err(error) => Err(error.into()),
    }
}
