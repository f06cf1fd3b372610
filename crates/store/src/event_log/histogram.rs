//! How many calls were decided how, over time.

use jiff::{SignedDuration, Timestamp};
use model::{CallOutcome, EventId};
use sqlx::FromRow;

use super::filter::{EventFilter, bind, from_events, matching, mentioning};
use super::page::SEARCHED;
use crate::column::{at, at_opt, number};
use crate::{Error, OrgTx};

/// A Monday, from which buckets of every width are counted.
const ORIGIN: Timestamp = Timestamp::constant(4 * 86_400, 0);
/// The tally's width.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The calls that were decided within one bucket's time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventCounts {
    /// Forwarded.
    pub allowed: u64,
    /// Refused.
    pub denied: u64,
    /// Refused until people approve.
    pub parked: u64,
}

/// A bucket that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventBucket {
    /// Its first moment.
    pub at: Timestamp,
    /// What it holds.
    pub counts: EventCounts,
}

/// A histogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventHistogram {
    /// Oldest first, without the empty ones.
    pub buckets: Vec<EventBucket>,
    /// The oldest event that was looked at, where a search for a text has not got to the beginning.
    pub searched_to: Option<EventId>,
}

/// The same as a row has it.
#[derive(FromRow)]
pub(super) struct Counted {
    allowed: i64,
    denied: i64,
    parked: i64,
}

impl Counted {
    pub(super) fn counts(&self) -> Result<EventCounts, Error> {
        Ok(EventCounts {
            allowed: number("audit_event", self.allowed)?,
            denied: number("audit_event", self.denied)?,
            parked: number("audit_event", self.parked)?,
        })
    }
}

#[derive(FromRow)]
struct Row {
    at: jiff_sqlx::Timestamp,
    #[sqlx(flatten)]
    counted: Counted,
}

/// Counts of the rest of the statement's events, by buckets of `$17` seconds from `$18` on.
macro_rules! count {
    ($($rest:expr),+) => {
        concat!(
            "select date_bin(make_interval(secs => $17), event.event_time, $18) as at,
                    count(*) filter (where event.verdict = 'allow') as allowed,
                    count(*) filter (where event.verdict = 'deny' and event.approval_id is null) as denied,
                    count(*) filter (where event.verdict = 'deny' and event.approval_id is not null) as parked ",
            $($rest),+,
            " group by 1 order by 1"
        )
    };
}

/// All that match exactly, from an index alone.
macro_rules! count_all {
    ($which:tt) => {
        count!(from_events!($which), matching!(), " and ($16::text is null or true) ")
    };
}

/// Those that mention the text, of the newest so many.
macro_rules! count_searched {
    ($which:tt) => {
        count!(
            " from (select event.* ",
            from_events!($which),
            matching!(),
            " order by event.event_time desc, event.event_id desc limit $19) as event where ",
            mentioning!()
        )
    };
}

impl OrgTx {
    /// How many matching calls were decided how, in buckets of `width` from the filter's first moment to its last, which
    /// lie between buckets (see [`bucket`]).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn event_histogram(
        &mut self,
        filter: &EventFilter,
        width: SignedDuration,
    ) -> Result<EventHistogram, Error> {
        if width >= HOUR && filter.is_tallied() {
            return self.tallied(filter, width).await;
        }
        let failed = filter.failed().is_some();
        let searched = filter.text.is_some();
        let sql = match (searched, failed) {
            (false, false) => count_all!(any),
            (false, true) => count_all!(failed),
            (true, false) => count_searched!(any),
            (true, true) => count_searched!(failed),
        };
        let mut query = bind(sqlx::query_as(sql), filter).bind(width.as_secs_f64()).bind(at(ORIGIN));
        if searched {
            query = query.bind(i64::from(SEARCHED));
        }
        let rows: Vec<Row> = query.fetch_all(&mut *self.tx).await?;
        let searched_to =
            if searched { self.last_searched(filter, i64::from(SEARCHED)).await? } else { None };
        Ok(EventHistogram { buckets: buckets(rows)?, searched_to })
    }

    async fn tallied(
        &mut self,
        filter: &EventFilter,
        width: SignedDuration,
    ) -> Result<EventHistogram, Error> {
        let places = match (&filter.server, &filter.teams) {
            (Some(server), _) => vec![server.uuid()],
            (None, Some(teams)) => teams.iter().map(|team| team.uuid()).collect(),
            (None, None) => vec![self.id.uuid()],
        };
        let counted = |outcome: CallOutcome| {
            filter.outcome.is_none_or(|asked| asked == outcome)
                && filter.verdict.is_none_or(|asked| outcome.verdict() == Some(asked))
        };
        let outcomes: Vec<&str> = [CallOutcome::Allowed, CallOutcome::Denied, CallOutcome::Parked]
            .into_iter()
            .filter(|outcome| counted(*outcome))
            .map(CallOutcome::as_str)
            .collect();
        let rows: Vec<Row> = sqlx::query_as(
            "select date_bin(make_interval(secs => $5), hour, $6) as at,
                    coalesce(sum(events) filter (where outcome = 'allowed'), 0)::bigint as allowed,
                    coalesce(sum(events) filter (where outcome = 'denied'), 0)::bigint as denied,
                    coalesce(sum(events) filter (where outcome = 'parked'), 0)::bigint as parked
             from event_tally
             where place_id = any($1)
               and outcome = any($2)
               and ($3::timestamptz is null or hour >= $3)
               and ($4::timestamptz is null or hour < $4)
             group by 1
             order by 1",
        )
        .persistent(false)
        .bind(places)
        .bind(outcomes)
        .bind(at_opt(filter.after))
        .bind(at_opt(filter.before))
        .bind(width.as_secs_f64())
        .bind(at(ORIGIN))
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(EventHistogram { buckets: buckets(rows)?, searched_to: None })
    }
}

impl EventFilter {
    /// Whether the tally holds what this filter asks for.
    const fn is_tallied(&self) -> bool {
        let narrower = self.identity.is_some()
            || self.grant.is_some()
            || self.subject.is_some()
            || self.rule.is_some()
            || self.approval.is_some()
            || self.text.is_some()
            || self.cursor.is_some();
        let counted = !matches!(self.outcome, Some(CallOutcome::NotSent | CallOutcome::Broken));
        counted && !narrower && !(self.server.is_some() && self.teams.is_some())
    }
}

fn buckets(rows: Vec<Row>) -> Result<Vec<EventBucket>, Error> {
    rows.into_iter()
        .map(|row| Ok(EventBucket { at: row.at.to_jiff(), counts: row.counted.counts()? }))
        .collect()
}

/// The first moment of the bucket of this width that a moment falls into.
#[must_use]
pub fn bucket(moment: Timestamp, width: SignedDuration) -> Timestamp {
    let (since, width) = (moment.as_second() - ORIGIN.as_second(), width.as_secs().max(1));
    Timestamp::from_second(ORIGIN.as_second() + since.div_euclid(width) * width).unwrap_or(moment)
}
