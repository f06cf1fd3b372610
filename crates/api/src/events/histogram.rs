//! `GET /v1/orgs/{org}/events/histogram`

use std::collections::BTreeMap;

use axum::Json;
use jiff::{SignedDuration, Timestamp};
use model::Permission;
use serde::Serialize;
use store::{EventCounts, EventFilter, bucket};
use utoipa::ToSchema;

use super::filter::{self, event_query};
use crate::Problem;
use crate::extract::{OrgAccess, Query};
use crate::paths::OrgParam;

/// Buckets unless told otherwise.
const DEFAULT_BUCKETS: u32 = 60;
/// Most buckets.
const MOST_BUCKETS: u32 = 200;
/// Widths in seconds that people can read an axis by.
const WIDTHS: [i64; 15] =
    [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_419_200];

event_query! {
    /// Which events, in how many buckets.
    HistogramQuery {
        /// Most buckets, 2 to 200; 60 when left out. They are as wide as this makes necessary.
        #[param(minimum = 2, maximum = 200, default = 60)]
        buckets: Option<u32>,
    }
}

/// How many calls were decided how, over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistogramView {
    /// The width of each bucket, in seconds.
    #[schema(example = 1800)]
    width_s: i64,
    /// Every bucket of the time, oldest first. The first and the last are whole, even where `after` and `before` fall
    /// into them.
    buckets: Vec<BucketView>,
    /// Where a search for a `text` went no further back than this, because that took 20,000 events: counts from before are
    /// missing.
    #[schema(value_type = Option<String>, format = DateTime)]
    searched_to: Option<Timestamp>,
}

/// The calls that were decided within one bucket's time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BucketView {
    /// Its first moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Forwarded.
    allowed: u64,
    /// Refused.
    denied: u64,
    /// Refused until people approve.
    parked: u64,
}

/// How many calls were decided how, over time: the last 24 hours unless told otherwise.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/events/histogram",
    tag = "events",
    params(OrgParam, HistogramQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The counts", body = HistogramView))
)]
pub(crate) async fn event_histogram(
    access: OrgAccess,
    Query(query): Query<HistogramQuery>,
) -> Result<Json<HistogramView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let most = query.buckets.unwrap_or(DEFAULT_BUCKETS);
    if !(2..=MOST_BUCKETS).contains(&most) {
        return Err(Problem::field("", format!("query: `buckets` is 2 to {MOST_BUCKETS}")));
    }
    let (after, before) = filter::span(query.after, query.before, access.api().now())?;
    let (first, width, count) = grid(after, before, i32::try_from(most).unwrap_or(i32::MAX));
    let end = first.saturating_add(width * count).unwrap_or(before);
    let mut tx = access.begin().await?;
    let filter = query.asked().filter(&access, &mut tx).await?;
    let filter = EventFilter { after: Some(first), before: Some(end), ..filter };
    let found = tx.event_histogram(&filter, width).await?;
    let counts: BTreeMap<Timestamp, EventCounts> =
        found.buckets.iter().map(|bucket| (bucket.at, bucket.counts)).collect();
    let searched_to = found.searched_to.and_then(|id| Timestamp::from_millisecond(id.time_ms()).ok());
    let buckets = (0..count)
        .map(|n| {
            let at = first.saturating_add(width * n).unwrap_or(end);
            let EventCounts { allowed, denied, parked } = counts.get(&at).copied().unwrap_or_default();
            BucketView { at, allowed, denied, parked }
        })
        .collect();
    Ok(Json(HistogramView { width_s: width.as_secs(), buckets, searched_to }))
}

/// The first moment, the width and the number of the buckets: the narrowest by which `most` are enough.
fn grid(after: Timestamp, before: Timestamp, most: i32) -> (Timestamp, SignedDuration, i32) {
    let widest = WIDTHS.last().copied().unwrap_or(1);
    let wider = (2_i64..).map(|times| times * widest);
    WIDTHS
        .into_iter()
        .chain(wider)
        .map(|width| {
            let first = bucket(after, SignedDuration::from_secs(width));
            // The last moment is before `before`.
            let seconds = (before.as_nanosecond() - first.as_nanosecond() + 999_999_999) / 1_000_000_000;
            let count = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_add(width - 1) / width;
            (first, SignedDuration::from_secs(width), i32::try_from(count).unwrap_or(i32::MAX))
        })
        .find(|(.., count)| *count <= most)
        .unwrap_or((after, SignedDuration::from_secs(widest), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn buckets_are_as_narrow_as_their_number_allows_and_cover_the_whole_time() {
        for (after, before, most, width, first, count) in [
            ("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z", 60, 60, "2026-11-20T12:00:00Z", 60),
            ("2026-11-20T12:00:01Z", "2026-11-20T13:00:01Z", 60, 300, "2026-11-20T12:00:00Z", 13),
            ("2026-11-19T12:10:00Z", "2026-11-20T12:10:00Z", 60, 1800, "2026-11-19T12:00:00Z", 49),
            ("2026-10-21T00:00:00Z", "2026-11-20T00:00:00Z", 60, 43_200, "2026-10-21T00:00:00Z", 60),
            ("2026-11-20T12:00:00.5Z", "2026-11-20T12:00:00.7Z", 2, 1, "2026-11-20T12:00:00Z", 1),
        ] {
            let (found, wide, number) = grid(time(after), time(before), most);
            assert_eq!((found, wide.as_secs(), number), (time(first), width, count), "{after} {before}");
        }
    }

    #[test]
    fn all_of_time_fits_into_two_buckets() {
        let (first, width, count) = grid(Timestamp::MIN, Timestamp::MAX, 2);
        assert!(count <= 2 && first <= Timestamp::MIN.max(first), "{width}");
    }
}
