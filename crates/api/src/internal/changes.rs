//! `GET /internal/v1/changes`

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_util::{Stream, StreamExt};
use serde::Deserialize;

use super::node::Node;
use crate::extract::Query;
use crate::{Api, Beat, Problem};

/// From where.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangesQuery {
    /// The last position heard of; from now on when left out.
    after: Option<u64>,
}

/// The change feed as server-sent events. `data` is a change as JSON, or as heartbeat, four times a second, the
/// bare position up to which everything has been told. `id` is the position. The stream ends when the database
/// fails; reconnect with the last position.
pub(super) async fn follow_changes(
    State(api): State<Api>,
    _node: Node,
    Query(query): Query<ChangesQuery>,
) -> Result<Sse<impl Stream<Item = Result<Event, Broken>>>, Problem> {
    let beats = api.parts().changes.follow(query.after).await?;
    Ok(Sse::new(beats.map(|beat| event(&beat?))))
}

fn event(beat: &Beat) -> Result<Event, Broken> {
    let event = Event::default().id(beat.seq.to_string());
    match &beat.change {
        Some(change) => event.json_data(change).map_err(|error| Broken(error.to_string())),
        None => Ok(event.data(beat.seq.to_string())),
    }
}

/// Why a stream ended; the connection breaks, and the log of the relay says more.
#[derive(Debug, thiserror::Error)]
#[error("the change feed ended: {0}")]
pub(super) struct Broken(String);

impl From<store::Error> for Broken {
    fn from(error: store::Error) -> Self {
        Self(error.to_string())
    }
}
