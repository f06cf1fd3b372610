//! `GET /v1/orgs/{org}/events/export`

use std::io;

use axum::body::Body as ResponseBody;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use model::{Code, EventId, Permission};
use serde::Deserialize;
use store::EventFilter;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::csv;
use super::filter::event_query;
use super::list::page;
use super::view::EventView;
use crate::extract::{OrgAccess, Query};
use crate::paths::OrgParam;
use crate::{Problem, schema};

/// Events that are read at once.
const PAGE: u32 = 1_000;
/// Pages that may wait for a slow reader.
const WAITING: usize = 2;
/// When to come back while other exports run, in seconds.
const BUSY_SECONDS: u64 = 10;

/// The form of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// One line of JSON for each event, as the list shows it.
    #[default]
    Ndjson,
    /// A table with a line of names.
    Csv,
}

event_query! {
    /// Which events, in which form.
    ExportQuery {
        /// The form; `ndjson` when left out.
        #[serde(default)]
        #[param(value_type = Option<schema::ExportFormat>, inline)]
        format: Format,
    }
}

/// All events that match, newest first, as NDJSON or CSV. An answer that ends without its last chunk was broken off and is
/// not whole. In CSV, text that a spreadsheet would take for a formula has an apostrophe in front.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/events/export",
    tag = "events",
    params(OrgParam, ExportQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The events", content(
        (EventView = "application/x-ndjson"),
        (String = "text/csv")
    )))
)]
pub(crate) async fn export_events(
    access: OrgAccess,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    access.require_anywhere(Permission::Read)?;
    let busy = || {
        let detail = "Other exports are running; try again when they have ended.";
        Problem::new(Code::Throttled, detail).retry_after(BUSY_SECONDS)
    };
    let slot = access.api().export_slot().ok_or_else(busy)?;
    let mut tx = access.begin().await?;
    let filter = query.asked().filter(&access, &mut tx).await?;
    drop(tx);
    let (kind, name) = match query.format {
        Format::Ndjson => ("application/x-ndjson", "attachment; filename=\"events.ndjson\""),
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"events.csv\""),
    };
    let (chunks, sent) = mpsc::channel(WAITING);
    let filter = EventFilter { limit: PAGE, ..filter };
    tokio::spawn(Export { access, filter, format: query.format, _slot: slot }.run(chunks));
    let body = stream::unfold(sent, |mut sent| async move {
        let chunk: Result<Bytes, io::Error> = sent.recv().await?;
        Some((chunk, sent))
    });
    let headers = [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)];
    Ok((headers, ResponseBody::from_stream(body)).into_response())
}

/// An export under way. It holds a page of events and nothing that grows.
struct Export {
    access: OrgAccess,
    filter: EventFilter,
    format: Format,
    _slot: OwnedSemaphorePermit,
}

impl Export {
    /// Sends page after page until the end, or until nobody reads them any more.
    async fn run(mut self, chunks: mpsc::Sender<Result<Bytes, io::Error>>) {
        if self.format == Format::Csv && chunks.send(Ok(csv::head())).await.is_err() {
            return;
        }
        loop {
            let (chunk, next) = match self.page().await {
                Ok(page) => page,
                Err(problem) => {
                    tracing::error!(?problem, "an export of events was broken off");
                    let _ = chunks.send(Err(io::Error::other("the export was broken off"))).await;
                    return;
                }
            };
            if !chunk.is_empty() && chunks.send(Ok(chunk)).await.is_err() {
                return;
            }
            let Some(next) = next else { return };
            self.filter.cursor = Some(next);
        }
    }

    async fn page(&self) -> Result<(Bytes, Option<EventId>), Problem> {
        // Whoever is no member any more gets no more.
        if !self.access.still_stands().await? {
            return Err(Problem::not_found());
        }
        let (events, next) = page(&mut self.access.begin().await?, &self.filter).await?;
        let text = match self.format {
            Format::Ndjson => ndjson(&events),
            Format::Csv => csv::lines(&events),
        };
        Ok((text, next))
    }
}

fn ndjson(events: &[EventView]) -> Bytes {
    let mut text = Vec::new();
    for event in events {
        // Views of strings and numbers cannot fail to serialise.
        let _ = serde_json::to_writer(&mut text, event);
        text.push(b'\n');
    }
    text.into()
}
