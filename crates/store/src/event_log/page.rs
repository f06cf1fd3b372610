//! Pages of the log, newest first.

use model::EventId;
use uuid::Uuid;

use super::filter::{EventFilter, bind, from_events, matching, mentioning};
use super::{RecordedEvent, Row, columns, with_outcome};
use crate::{Error, OrgTx};

/// Events that a search for a text looks at for one page: as many as are read in a tenth of a second.
pub const SEARCHED: u32 = 20_000;

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// Newest first. A search for a text may end with fewer than were asked for, and still not be over.
    pub events: Vec<RecordedEvent>,
    /// The last event that was looked at, when there are more.
    pub next: Option<EventId>,
}

/// So many events that match exactly, and those among them that mention the text.
macro_rules! page {
    ($which:tt) => {
        concat!(
            "select ",
            columns!(),
            " from (select event.* ",
            from_events!($which),
            matching!(),
            " order by event.event_time desc, event.event_id desc limit $17) as event ",
            with_outcome!(),
            " where ",
            mentioning!(),
            " order by event.event_time desc, event.event_id desc limit $18"
        )
    };
}

/// The last of so many events that match exactly, if there are so many.
macro_rules! last_searched {
    ($which:tt) => {
        concat!(
            "select event.event_id ",
            from_events!($which),
            matching!(),
            " and ($16::text is null or true)
              order by event.event_time desc, event.event_id desc offset $17 limit 1"
        )
    };
}

impl OrgTx {
    /// One page of the log, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events(&mut self, filter: &EventFilter) -> Result<EventPage, Error> {
        let limit = filter.limit as usize;
        // One more than is shown tells whether there is another page.
        let wanted = i64::from(filter.limit) + 1;
        let window = if filter.text.is_some() { i64::from(SEARCHED).max(wanted) } else { wanted };
        let sql = if filter.failed().is_some() { page!(failed) } else { page!(any) };
        let query = bind(sqlx::query_as(sql), filter).bind(window).bind(wanted);
        let rows: Vec<Row> = query.fetch_all(&mut *self.tx).await?;
        let mut events = rows.into_iter().map(|row| self.recorded(row)).collect::<Result<Vec<_>, Error>>()?;
        let more = events.len() > limit;
        events.truncate(limit);
        let next = match events.last() {
            Some(last) if more => Some(last.intent.id),
            _ if filter.text.is_some() => self.last_searched(filter, window).await?,
            _ => None,
        };
        Ok(EventPage { events, next })
    }

    /// The last event that a search looks at, when there are more beyond it.
    pub(super) async fn last_searched(
        &mut self,
        filter: &EventFilter,
        window: i64,
    ) -> Result<Option<EventId>, Error> {
        let sql = if filter.failed().is_some() { last_searched!(failed) } else { last_searched!(any) };
        let query = bind(sqlx::query_as(sql), filter).bind(window - 1);
        let last: Option<(Uuid,)> = query.fetch_optional(&mut *self.tx).await?;
        Ok(last.map(|(id,)| EventId::from_uuid(id)))
    }
}
