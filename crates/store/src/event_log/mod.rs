//! Reading the audit log: decisions, each with what became of it, in pages, in order, and counted.

mod filter;
mod histogram;
mod page;
mod top_tools;

use jiff::Timestamp;
use model::{
    ApprovalId, ClientName, EventId, GrantId, IdentityId, Intent, Outcome, OutcomeEnd, PolicyId,
    SealedArguments, ServerId, Taken, TeamId, TokenId, Verdict,
};
use policy::Category;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::column::{at, named, number};
use crate::events::event_time;
use crate::{Error, OrgTx};

pub use filter::{EventFilter, LONGEST_NAME};
pub use histogram::{EventBucket, EventCounts, EventHistogram, bucket};
pub use page::{EventPage, SEARCHED};
pub use top_tools::ToolCounts;

/// The decisions on one server in a span of time.
#[derive(Debug, Clone, Copy)]
pub struct EventSpan {
    /// The server.
    pub server: ServerId,
    /// Only those decided under this policy.
    pub policy: Option<PolicyId>,
    /// The first moment.
    pub from: Timestamp,
    /// The moment after the last.
    pub to: Timestamp,
}

/// A decision and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// The decision.
    pub intent: Intent,
    /// What became of it; `None` for a refusal, and while it is not known.
    pub outcome: Option<Outcome>,
}

#[derive(FromRow)]
struct Row {
    event_id: Uuid,
    node: String,
    boot: i64,
    seq: i64,
    team_id: Uuid,
    identity_id: Uuid,
    token_id: Uuid,
    grant_id: Option<Uuid>,
    server_id: Option<Uuid>,
    method: String,
    subject: Option<String>,
    verdict: String,
    rule: String,
    message: String,
    policy_id: Option<Uuid>,
    policy_version: Option<i32>,
    arguments: Vec<String>,
    unchecked: bool,
    taken: Json<Vec<Taken>>,
    approval_id: Option<Uuid>,
    session: Option<String>,
    client_name: Option<String>,
    client_version: Option<String>,
    category: Option<String>,
    sealed_arguments: Option<String>,
    status: Option<i32>,
    latency_us: Option<i64>,
    ending: Option<String>,
}

macro_rules! columns {
    () => {
        "event.event_id, event.node, event.boot, event.seq, event.team_id, event.identity_id,
         event.token_id, event.grant_id, event.server_id, event.method, event.subject,
         event.verdict, event.rule, event.message, event.policy_id, event.policy_version,
         event.arguments, event.unchecked, event.taken, event.approval_id, event.session,
         event.client_name, event.client_version, event.category, event.sealed_arguments,
         outcome.status, outcome.latency_us, outcome.ending"
    };
}
use columns;

macro_rules! with_outcome {
    () => {
        "left join audit_outcome as outcome
           on outcome.event_time = event.event_time
          and outcome.event_id = event.event_id"
    };
}
use with_outcome;

/// Events with what became of them, as far as the rest of the statement says which.
macro_rules! select_events {
    ($rest:literal) => {
        concat!("select ", columns!(), " from audit_event as event ", with_outcome!(), " ", $rest)
    };
}

impl OrgTx {
    /// One event.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn event(&mut self, id: EventId) -> Result<RecordedEvent, Error> {
        let row: Row = sqlx::query_as(select_events!(
            "where event.event_time = $1
               and event.event_id = $2"
        ))
        .bind(at(event_time(id)))
        .bind(id.uuid())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("event"))?;
        self.recorded(row)
    }

    /// How many decisions a span holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_events(&mut self, span: &EventSpan) -> Result<u64, Error> {
        let count: i64 = sqlx::query_scalar(
            "select count(*)
             from audit_event
             where server_id = $1
               and ($2::uuid is null or policy_id = $2)
               and event_time >= $3
               and event_time < $4",
        )
        .bind(span.server.uuid())
        .bind(span.policy.map(PolicyId::uuid))
        .bind(at(span.from))
        .bind(at(span.to))
        .fetch_one(&mut *self.tx)
        .await?;
        number("audit_event", count)
    }

    /// The next decisions of a span, oldest first, after the last one that was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_in_order(
        &mut self,
        span: &EventSpan,
        last: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<Intent>, Error> {
        let rows: Vec<Row> = sqlx::query_as(select_events!(
            "where event.server_id = $1
               and ($2::uuid is null or event.policy_id = $2)
               and event.event_time >= $3
               and event.event_time < $4
               and ($5::timestamptz is null or (event.event_time, event.event_id) > ($5, $6))
             order by event.event_time, event.event_id
             limit $7"
        ))
        .bind(span.server.uuid())
        .bind(span.policy.map(PolicyId::uuid))
        .bind(at(span.from))
        .bind(at(span.to))
        .bind(last.map(|id| at(event_time(id))))
        .bind(last.map(EventId::uuid))
        .bind(i64::from(limit))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(|row| Ok(self.recorded(row)?.intent)).collect()
    }

    fn recorded(&self, row: Row) -> Result<RecordedEvent, Error> {
        let id = EventId::from_uuid(row.event_id);
        let outcome = match (row.latency_us, row.ending) {
            (Some(latency_us), Some(ending)) => Some(Outcome {
                id,
                org: self.id,
                status: row.status.map(|status| number("audit_outcome", status)).transpose()?,
                latency_us: number("audit_outcome", latency_us)?,
                end: named("audit_outcome", &ending, OutcomeEnd::named)?,
            }),
            _ => None,
        };
        let intent = Intent {
            id,
            node: row.node,
            boot: row.boot.cast_unsigned(),
            seq: row.seq.cast_unsigned(),
            org: self.id,
            team: TeamId::from_uuid(row.team_id),
            identity: IdentityId::from_uuid(row.identity_id),
            token: TokenId::from_uuid(row.token_id),
            grant: row.grant_id.map(GrantId::from_uuid),
            server: row.server_id.map(ServerId::from_uuid),
            method: row.method,
            subject: row.subject,
            verdict: named("audit_event", &row.verdict, Verdict::named)?,
            rule: row.rule,
            message: row.message,
            policy: row.policy_id.map(PolicyId::from_uuid),
            policy_version: row.policy_version.map(|version| number("audit_event", version)).transpose()?,
            arguments: row.arguments,
            unchecked: row.unchecked,
            taken: row.taken.0,
            approval: row.approval_id.map(ApprovalId::from_uuid),
            session: row.session,
            client: row
                .client_name
                .zip(row.client_version)
                .map(|(name, version)| ClientName { name, version }),
            category: row
                .category
                .map(|category| named("audit_event", &category, Category::named))
                .transpose()?,
            values: row.sealed_arguments.map(SealedArguments),
        };
        Ok(RecordedEvent { intent, outcome })
    }
}
