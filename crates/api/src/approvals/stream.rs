//! `GET /v1/orgs/{org}/approvals/stream`
//!
//! Each stream asks the database, which every process of the control plane shares, for what has changed after the last
//! number that it told. One that breaks is taken up again with `Last-Event-ID`.

use std::collections::VecDeque;
use std::time::Duration;

use axum::response::Sse;
use axum::response::sse::Event;
use futures_util::{Stream, stream};
use http::HeaderMap;
use http::header::ACCEPT;
use model::Permission;
use serde::Deserialize;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use utoipa::IntoParams;

use super::view::{ApprovalView, Viewer};
use crate::Problem;
use crate::extract::{OrgAccess, Query};
use crate::paths::OrgParam;

/// How often the database is asked.
const POLL: Duration = Duration::from_millis(500);
/// How often a listener hears something, and is looked up: who is no member any more hears no more.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How long a stream lasts: as long as the access token that opened it could.
const LIFETIME: Duration = Duration::from_secs(600);
/// Changes read at once.
const BATCH: u32 = 100;

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// The id of the last event heard of, where `Last-Event-ID` cannot be sent; from now on when both are left out.
    after: Option<u64>,
}

/// New requests and changes of requests, as server-sent events. `ready` comes first; `approval` carries a request as it
/// stands now; `heartbeat` comes in between. The id of each is where to go on from. That a request expires is not told:
/// it says when it will. The stream ends after ten minutes; open it again with the last id.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/approvals/stream",
    tag = "approvals",
    params(OrgParam, StreamQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((
        status = OK,
        description = "Events; ask with `Accept: text/event-stream`",
        content_type = "text/event-stream",
        body = ApprovalView
    ))
)]
pub(crate) async fn stream_approvals(
    access: OrgAccess,
    headers: HeaderMap,
    Query(query): Query<StreamQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Broken>>>, Problem> {
    access.require(Permission::Read)?;
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    if !accepted.flat_map(|value| value.split(',')).any(|kind| kind.trim().starts_with("text/event-stream")) {
        return Err(Problem::field(
            "",
            "this address answers with a stream: send `Accept: text/event-stream`",
        ));
    }
    let resumed = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let newest = access.begin().await?.approval_seq().await?;
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listener = Listener {
        viewer: Viewer::of(&access).await?,
        seq: resumed.or(query.after).unwrap_or(newest).min(newest),
        pending: VecDeque::new(),
        ticks,
        opened: Instant::now(),
        heard: Instant::now(),
        access,
    };
    let first = listener.event("ready", "{}");
    Ok(Sse::new(stream::unfold((Some(first), listener), |(first, mut listener)| async move {
        let event = match first {
            Some(first) => Ok(first),
            None => listener.next().await.transpose()?,
        };
        Some((event, (None, listener)))
    })))
}

/// Why a stream ended early; the log says more.
#[derive(Debug, thiserror::Error)]
#[error("the stream of approvals ended")]
pub(crate) struct Broken;

struct Listener {
    access: OrgAccess,
    viewer: Viewer,
    seq: u64,
    pending: VecDeque<(u64, ApprovalView)>,
    ticks: Interval,
    opened: Instant,
    heard: Instant,
}

impl Listener {
    /// The next event; `None` when the stream is over.
    async fn next(&mut self) -> Result<Option<Event>, Broken> {
        loop {
            if let Some((seq, approval)) = self.pending.pop_front() {
                (self.seq, self.heard) = (seq, Instant::now());
                let data = serde_json::to_string(&approval).map_err(|_| Broken)?;
                return Ok(Some(self.event("approval", &data)));
            }
            tokio::select! {
                _ = self.ticks.tick() => {}
                () = self.access.api().parts().changes.closed() => return Ok(None),
            }
            if self.opened.elapsed() > LIFETIME {
                return Ok(None);
            }
            self.poll().await.map_err(|problem| {
                tracing::warn!(?problem, "a stream of approvals ended");
                Broken
            })?;
            if self.pending.is_empty() && self.heard.elapsed() > HEARTBEAT {
                self.heard = Instant::now();
                let still = self.access.still_stands().await.map_err(|_| Broken)?;
                return Ok(still.then(|| self.event("heartbeat", "{}")));
            }
        }
    }

    /// Reads what has changed since.
    async fn poll(&mut self) -> Result<(), Problem> {
        let mut tx = self.access.begin().await?;
        let newest = tx.approval_seq().await?;
        if newest <= self.seq {
            return Ok(());
        }
        let changed = tx.approvals_after(self.seq, BATCH, self.access.api().now()).await?;
        if changed.is_empty() {
            // A number was drawn and nothing came of it.
            self.seq = newest;
        }
        let numbers: Vec<u64> = changed.iter().map(|approval| approval.seq).collect();
        let views = self.viewer.show(&mut tx, changed).await?;
        self.pending.extend(numbers.into_iter().zip(views));
        Ok(())
    }

    fn event(&self, name: &str, data: &str) -> Event {
        Event::default().event(name).id(self.seq.to_string()).data(data)
    }
}
