//! `GET /v1/orgs/{org}/events`

use axum::Json;
use model::Permission;
use serde::Serialize;
use store::{EventFilter, EventPage, OrgTx};
use utoipa::ToSchema;

use super::filter::event_query;
use super::view::EventView;
use crate::extract::{OrgAccess, Query};
use crate::page::{self, Limit};
use crate::paths::OrgParam;
use crate::{Problem, cursor};

event_query! {
    /// Which events.
    EventsQuery {
        /// `next_cursor` of the page before.
        cursor: Option<String>,
        /// Most events of the page, 1 to 200; 50 when left out.
        #[param(minimum = 1, maximum = 200, default = 50)]
        limit: Option<u32>,
    }
}

/// A page of events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsView {
    /// Newest first.
    events: Vec<EventView>,
    /// Continues after this page; `null` on the last one. A search for a `text` looks at 20,000 events for a page, so that
    /// a page may have few events or none and still be followed by another.
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
    let limit = Limit::of(query.limit)?;
    let cursor = page::after(query.cursor.as_deref(), cursor::read)?;
    let mut tx = access.begin().await?;
    let filter = query.asked().filter(&access, &mut tx).await?;
    let (events, next) = page(&mut tx, &EventFilter { cursor, limit: limit.shown(), ..filter }).await?;
    Ok(Json(EventsView { events, next_cursor: next.map(cursor::after) }))
}

/// A page with names for what it speaks of, and the last event that was looked at when there are more.
pub(super) async fn page(
    tx: &mut OrgTx,
    filter: &EventFilter,
) -> Result<(Vec<EventView>, Option<model::EventId>), Problem> {
    let EventPage { events, next } = tx.events(filter).await?;
    let labels = tx
        .labels(
            events.iter().map(|event| event.intent.identity),
            events.iter().filter_map(|event| event.intent.server),
            events.iter().filter_map(|event| event.intent.policy),
        )
        .await?;
    Ok((events.into_iter().map(|event| EventView::of(&labels, event)).collect(), next))
}
