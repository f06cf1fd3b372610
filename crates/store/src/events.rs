//! Taking in audit events from gateways: in batches, of many organisations, the same one any number of times.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{Event, EventId, Intent, OrgId, Outcome, SealedArguments, Taken};
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::column::at;
use crate::connect::READ_WRITE;
use crate::connect::set;
use crate::taken::{self, add_up};
use crate::{Error, Store};

/// What one organisation's part of a batch holds. Sorted by id, so that two batches with the same events, taken in
/// at once, wait for each other and do not deadlock.
#[derive(Default)]
struct Part<'a> {
    intents: BTreeMap<EventId, &'a Intent>,
    outcomes: BTreeMap<EventId, &'a Outcome>,
}

/// A row of `audit_event`, named as its columns.
#[derive(Serialize)]
struct IntentRow {
    event_time: Timestamp,
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
    verdict: &'static str,
    rule: String,
    message: String,
    policy_id: Option<Uuid>,
    policy_version: Option<u32>,
    arguments: Vec<String>,
    unchecked: bool,
    taken: Vec<Taken>,
    approval_id: Option<Uuid>,
    session: Option<String>,
    client_name: Option<String>,
    client_version: Option<String>,
    category: Option<&'static str>,
    sealed_arguments: Option<String>,
}

/// A row of `audit_outcome`, named as its columns.
#[derive(Serialize)]
struct OutcomeRow {
    event_time: Timestamp,
    event_id: Uuid,
    status: Option<u16>,
    latency_us: i64,
    ending: &'static str,
}

impl Store {
    /// Keeps a batch of events, all or none. Events that are kept already are skipped, so a batch may be sent again
    /// whenever its fate is unknown. Also notes, at most once a minute for each, when tokens were used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_events(&self, events: &[Event], now: Timestamp) -> Result<(), Error> {
        let mut parts: BTreeMap<OrgId, Part<'_>> = BTreeMap::new();
        for event in events {
            match event {
                Event::Intent(intent) => {
                    parts.entry(intent.org).or_default().intents.insert(intent.id, intent);
                }
                Event::Outcome(outcome) => {
                    parts.entry(outcome.org).or_default().outcomes.insert(outcome.id, outcome);
                }
            }
        }
        self.ensure_months(parts.values().flat_map(Part::times)).await?;
        let mut tx = self.transaction(READ_WRITE).await?;
        for (org, part) in &parts {
            set(&mut tx, "app.org", &org.uuid().to_string()).await?;
            insert_intents(&mut tx, *org, part, now).await?;
            insert_outcomes(&mut tx, *org, part, now).await?;
            note_token_use(&mut tx, part).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Makes the audit log's partitions of this month and the next. Call it at start and daily; events of other
    /// months make theirs when they arrive.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ensure_partitions(&self, now: Timestamp) -> Result<(), Error> {
        // Longer than any month, so that it always falls into another one.
        let next = now.saturating_add(jiff::SignedDuration::from_hours(31 * 24)).unwrap_or(now);
        self.ensure_months([now, next].into_iter()).await
    }

    /// In transactions of their own, so that making a table never holds up other writers for long.
    async fn ensure_months(&self, times: impl Iterator<Item = Timestamp>) -> Result<(), Error> {
        let months: BTreeSet<Timestamp> = times.filter_map(month).collect();
        for month in months {
            sqlx::query("select ensure_audit_month($1)").bind(at(month)).execute(self.pool()).await?;
        }
        Ok(())
    }
}

impl Part<'_> {
    fn times(&self) -> impl Iterator<Item = Timestamp> {
        self.intents.keys().chain(self.outcomes.keys()).map(|id| event_time(*id))
    }
}

/// The first moment of the month, UTC.
fn month(time: Timestamp) -> Option<Timestamp> {
    let first = time.to_zoned(jiff::tz::TimeZone::UTC).first_of_month().ok()?;
    Some(first.start_of_day().ok()?.timestamp())
}

/// The time inside an event's id. Ids can name years that timestamps cannot; these count as the last moment there is.
pub(crate) fn event_time(id: EventId) -> Timestamp {
    Timestamp::from_millisecond(id.time_ms()).unwrap_or(LAST_MOMENT)
}

/// Late enough for any clock, early enough for every calendar computation.
pub(crate) const LAST_MOMENT: Timestamp = Timestamp::constant(253_370_764_800, 0);

/// Text as Postgres can store it: a name chosen by a client must not stop the log.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A charge as Postgres can store it. Counters named by policies hold no character that it cannot.
pub(crate) fn storable_charge(taken: &Taken) -> Taken {
    let mut taken = taken.clone();
    for part in [&mut taken.counter.name, &mut taken.counter.scope_id] {
        if part.contains('\0') {
            *part = storable(part).into();
        }
    }
    taken
}

async fn insert_intents(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    part: &Part<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    if part.intents.is_empty() {
        return Ok(());
    }
    let rows: Vec<IntentRow> = part.intents.values().map(|intent| intent_row(intent)).collect();
    let charges = taken::still_counting(part.intents.values().copied(), now);
    let statement = if charges.is_empty() { INSERT_AND_TALLY } else { INSERT_TALLY_AND_ADD_UP };
    let mut query = sqlx::query(statement).bind(org.uuid()).bind(at(now)).bind(Json(rows));
    if !charges.is_empty() {
        query = query.bind(Json(charges));
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

macro_rules! insert_intents {
    () => {
        "insert into audit_event (event_time, event_id, org_id, node, boot, seq, team_id, identity_id, token_id,
                                  grant_id, server_id, method, subject, verdict, rule, message, policy_id,
                                  policy_version, arguments, unchecked, taken, approval_id, session, client_name,
                                  client_version, category, sealed_arguments, received_at)
         select event_time, event_id, $1, node, boot, seq, team_id, identity_id, token_id,
                grant_id, server_id, method, subject, verdict, rule, message, policy_id,
                policy_version, arguments, unchecked, taken, approval_id, session, client_name,
                client_version, category, sealed_arguments, $2
         from jsonb_to_recordset($3) as event (
           event_time timestamptz, event_id uuid, node text, boot bigint, seq bigint, team_id uuid,
           identity_id uuid, token_id uuid, grant_id uuid, server_id uuid, method text, subject text,
           verdict text, rule text, message text, policy_id uuid, policy_version integer, arguments text[],
           unchecked boolean, taken jsonb, approval_id uuid, session text, client_name text,
           client_version text, category text, sealed_arguments text
         )
         on conflict (event_time, event_id) do nothing"
    };
}

/// Counts the events in `kept` by the hour, for the organisation and for each of its teams and servers. Rows are locked in one
/// order by all.
macro_rules! tally {
    () => {
        "insert into event_tally (org_id, place_id, hour, outcome, events)
         select $1, place, date_trunc('hour', event_time, 'UTC'),
                case when verdict = 'allow' then 'allowed' when approval_id is null then 'denied' else 'parked' end,
                count(*)
         from kept
         cross join lateral (values ($1), (team_id), (server_id)) as of (place)
         where place is not null
         group by 1, 2, 3, 4
         order by 2, 3, 4
         on conflict (org_id, place_id, hour, outcome) do update
         set events = event_tally.events + excluded.events"
    };
}

macro_rules! kept {
    () => {
        concat!(
            "with kept as (",
            insert_intents!(),
            " returning event_id, event_time, team_id, server_id, verdict, approval_id) "
        )
    };
}

/// Counts and adds up in the same statement, so that an event counts exactly as often as it is kept: once.
const INSERT_AND_TALLY: &str = concat!(kept!(), tally!());
const INSERT_TALLY_AND_ADD_UP: &str = concat!(kept!(), ", tallied as (", tally!(), ") ", add_up!());

fn intent_row(intent: &Intent) -> IntentRow {
    IntentRow {
        event_time: event_time(intent.id),
        event_id: intent.id.uuid(),
        node: storable(&intent.node),
        boot: intent.boot.cast_signed(),
        seq: intent.seq.cast_signed(),
        team_id: intent.team.uuid(),
        identity_id: intent.identity.uuid(),
        token_id: intent.token.uuid(),
        grant_id: intent.grant.map(model::Id::uuid),
        server_id: intent.server.map(model::Id::uuid),
        method: storable(&intent.method),
        subject: intent.subject.as_deref().map(storable),
        verdict: intent.verdict.as_str(),
        rule: storable(&intent.rule),
        message: storable(&intent.message),
        policy_id: intent.policy.map(model::Id::uuid),
        policy_version: intent.policy_version,
        arguments: intent.arguments.iter().map(|name| storable(name)).collect(),
        unchecked: intent.unchecked,
        taken: intent.taken.iter().map(storable_charge).collect(),
        approval_id: intent.approval.map(model::Id::uuid),
        session: intent.session.clone(),
        client_name: intent.client.as_ref().map(|client| storable(&client.name)),
        client_version: intent.client.as_ref().map(|client| storable(&client.version)),
        category: intent.category.map(policy::Category::as_str),
        sealed_arguments: intent.values.as_ref().map(|SealedArguments(sealed)| sealed.clone()),
    }
}

async fn insert_outcomes(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    part: &Part<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    if part.outcomes.is_empty() {
        return Ok(());
    }
    let rows: Vec<OutcomeRow> = part
        .outcomes
        .values()
        .map(|outcome| OutcomeRow {
            event_time: event_time(outcome.id),
            event_id: outcome.id.uuid(),
            status: outcome.status,
            latency_us: i64::try_from(outcome.latency_us).unwrap_or(i64::MAX),
            ending: outcome.end.as_str(),
        })
        .collect();
    sqlx::query(
        "insert into audit_outcome (event_time, event_id, org_id, status, latency_us, ending, received_at)
         select event_time, event_id, $1, status, latency_us, ending, $2
         from jsonb_to_recordset($3) as outcome (
           event_time timestamptz, event_id uuid, status integer, latency_us bigint, ending text
         )
         on conflict (event_time, event_id) do nothing",
    )
    .bind(org.uuid())
    .bind(at(now))
    .bind(Json(rows))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A token that somebody else is updating now is skipped: the next batch will note its use.
async fn note_token_use(tx: &mut Transaction<'static, Postgres>, part: &Part<'_>) -> Result<(), Error> {
    let mut used: BTreeMap<Uuid, Timestamp> = BTreeMap::new();
    for intent in part.intents.values() {
        let latest = used.entry(intent.token.uuid()).or_insert(Timestamp::MIN);
        *latest = (*latest).max(event_time(intent.id));
    }
    if used.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "with due as (
           select token.id, used.at
           from token
           join unnest($1::uuid[], $2::timestamptz[]) as used (id, at) on used.id = token.id
           where token.last_used_at is null
              or token.last_used_at < used.at - interval '1 minute'
           for update of token skip locked
         )
         update token
         set last_used_at = due.at
         from due
         where token.id = due.id",
    )
    .bind(used.keys().copied().collect::<Vec<_>>())
    .bind(used.values().map(|time| at(*time)).collect::<Vec<_>>())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
