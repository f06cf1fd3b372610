//! Which events of the log: the conditions that pages and histograms share.

use jiff::Timestamp;
use model::{ApprovalId, CallOutcome, EventId, GrantId, IdentityId, ServerId, TeamId, Verdict};
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::query::QueryAs;

use crate::column::{at, at_opt, team_ids};
use crate::events::event_time;

/// Longest name of a tool or rule that the log is searched by exactly, in characters: longer ones are not in the indices.
pub const LONGEST_NAME: usize = 200;

/// Which events to show. A filter that is `None` lets everything through.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Only of these teams.
    pub teams: Option<Vec<TeamId>>,
    /// Only of this identity.
    pub identity: Option<IdentityId>,
    /// Only under this grant.
    pub grant: Option<GrantId>,
    /// Only for this server.
    pub server: Option<ServerId>,
    /// Only of this tool, prompt or resource, of at most [`LONGEST_NAME`] characters.
    pub subject: Option<String>,
    /// Only so decided.
    pub verdict: Option<Verdict>,
    /// Only with this outcome.
    pub outcome: Option<CallOutcome>,
    /// Only decided by this rule, of at most [`LONGEST_NAME`] characters.
    pub rule: Option<String>,
    /// Only of calls that waited for this approval, or used it.
    pub approval: Option<ApprovalId>,
    /// Only where this text is in the name of the tool, the rule, the message, the client, the identity or the server, in
    /// whatever case.
    pub text: Option<String>,
    /// Only at or after this time.
    pub after: Option<Timestamp>,
    /// Only before this time.
    pub before: Option<Timestamp>,
    /// Continue after this event: the last one that was looked at.
    pub cursor: Option<EventId>,
    /// At most so many.
    pub limit: u32,
}

/// All events, or those with a known end that is not an answer: these are few, and are found from that end.
macro_rules! from_events {
    (any) => {
        " from audit_event as event "
    };
    (failed) => {
        " from audit_outcome as failed
          join audit_event as event
            on event.event_time = failed.event_time
           and event.event_id = failed.event_id
           and failed.ending <> 'answered'
           and failed.ending = $15 "
    };
}
pub(super) use from_events;

/// The exact conditions, for parameters 1 to 15 in the order of [`bind`]. Each is one that an index serves.
macro_rules! matching {
    () => {
        " where ($1::uuid is null or event.identity_id = $1)
            and ($2::uuid is null or event.server_id = $2)
            and ($3::text is null or (event.subject = $3 and length(event.subject) <= 200))
            and ($4::text is null or event.verdict = $4)
            and ($5::text is null or (event.rule = $5 and length(event.rule) <= 200 and event.verdict = 'deny'))
            and ($6::timestamptz is null or event.event_time >= $6)
            and ($7::timestamptz is null or event.event_time < $7)
            and ($8::timestamptz is null or (event.event_time, event.event_id) < ($8, $9))
            and ($10::uuid is null or (event.approval_id = $10 and event.approval_id is not null))
            and ($11::uuid[] is null or event.team_id = any($11))
            and ($12::uuid is null or event.grant_id = $12)
            and ($13::text is null or event.verdict = $13)
            and ($14::boolean is null or (event.approval_id is not null) = $14)
            and ($15::text is null or $15 <> 'answered') "
    };
}
pub(super) use matching;

/// Whether the text of parameter 16 is found; it is in lower case. No index helps, so it is asked of so many events only.
macro_rules! mentioning {
    () => {
        " ($16::text is null
           or strpos(lower(event.subject), $16) > 0
           or strpos(lower(event.rule), $16) > 0
           or strpos(lower(event.message), $16) > 0
           or strpos(lower(event.client_name), $16) > 0
           or event.identity_id in (select id from identity where strpos(lower(label), $16) > 0)
           or event.server_id in (select id from server where strpos(lower(name), $16) > 0 or strpos(slug, $16) > 0)) "
    };
}
pub(super) use mentioning;

/// Binds the parameters of [`matching`] and [`mentioning`]. The statement is planned anew for these very values: a plan for
/// any values could use no index.
pub(super) fn bind<'q, T>(
    query: QueryAs<'q, Postgres, T, PgArguments>,
    filter: &'q EventFilter,
) -> QueryAs<'q, Postgres, T, PgArguments> {
    let (decided, parked) = match filter.outcome {
        Some(CallOutcome::Allowed) => (Some(Verdict::Allow), None),
        Some(CallOutcome::Denied) => (Some(Verdict::Deny), Some(false)),
        Some(CallOutcome::Parked) => (Some(Verdict::Deny), Some(true)),
        Some(CallOutcome::NotSent | CallOutcome::Broken) | None => (None, None),
    };
    query
        .persistent(false)
        .bind(filter.identity.map(IdentityId::uuid))
        .bind(filter.server.map(ServerId::uuid))
        .bind(&filter.subject)
        .bind(filter.verdict.map(Verdict::as_str))
        .bind(&filter.rule)
        .bind(at_opt(filter.after))
        .bind(at_opt(filter.before))
        .bind(filter.cursor.map(|id| at(event_time(id))))
        .bind(filter.cursor.map(EventId::uuid))
        .bind(filter.approval.map(ApprovalId::uuid))
        .bind(team_ids(filter.teams.as_deref()))
        .bind(filter.grant.map(GrantId::uuid))
        .bind(decided.map(Verdict::as_str))
        .bind(parked)
        .bind(filter.failed())
        .bind(filter.text.as_ref().map(|text| text.to_lowercase()))
}

impl EventFilter {
    /// The end that is asked for, where it is one that is no answer.
    pub(super) fn failed(&self) -> Option<&'static str> {
        self.outcome.and_then(CallOutcome::end).map(model::OutcomeEnd::as_str)
    }
}
