//! The record of changes made through the control plane: who did what, before and after.

use jiff::Timestamp;
use model::{KeyId, OrgId, UserId};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::column::{at, at_opt};
use crate::{Error, OrgTx};

/// Who changes things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    Person(UserId),
    /// A program, by its API key.
    Key(KeyId),
}

/// A change made by somebody (or, without an actor, by the system). Must hold no secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct AdminEvent {
    /// Who.
    pub actor: Option<Actor>,
    /// What was done, for example `server.create`.
    pub action: String,
    /// To what: an id or a slug.
    pub subject: String,
    /// The thing before; `None` when it was made.
    pub before: Option<Value>,
    /// The thing after; `None` when it was removed.
    pub after: Option<Value>,
}

/// An [`AdminEvent`] as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedAdminEvent {
    /// Its position; rises with every event.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// The address of the person who did it, while they have an account.
    pub actor_email: Option<String>,
    /// The name of the key that did it.
    pub key_name: Option<String>,
    /// What.
    pub event: AdminEvent,
}

/// Which changes to show. A filter that is `None` lets everything through.
#[derive(Debug, Clone, Default)]
pub struct AdminEventFilter {
    /// Only made by this person.
    pub actor: Option<UserId>,
    /// Only made by this key.
    pub key: Option<KeyId>,
    /// Only of this kind, or of all kinds that begin so and a full stop: `member` or `member.update`.
    pub action: Option<String>,
    /// Only of this thing.
    pub subject: Option<String>,
    /// Only at or after this time.
    pub after: Option<Timestamp>,
    /// Only before this time.
    pub before: Option<Timestamp>,
    /// Continue after this position: the last one of the page before.
    pub cursor: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    at: jiff_sqlx::Timestamp,
    actor: Option<Uuid>,
    actor_email: Option<String>,
    actor_key: Option<Uuid>,
    key_name: Option<String>,
    action: String,
    subject: String,
    before: Option<Json<Value>>,
    after: Option<Json<Value>>,
}

impl OrgTx {
    /// Records a change; it is kept if and only if this transaction is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&mut self, event: &AdminEvent, now: Timestamp) -> Result<(), Error> {
        insert(&mut self.tx, self.id, event, now).await
    }

    /// Recorded changes, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn admin_events(
        &mut self,
        filter: &AdminEventFilter,
    ) -> Result<Vec<RecordedAdminEvent>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select admin_event.id, admin_event.at, admin_event.actor, user_account.email as actor_email,
                    admin_event.actor_key, api_key.name as key_name, admin_event.action, admin_event.subject, admin_event.before, admin_event.after
             from admin_event
             left join user_account on user_account.id = admin_event.actor
             left join api_key on api_key.id = admin_event.actor_key
             where ($1::bigint is null or admin_event.id < $1)
               and ($2::uuid is null or admin_event.actor = $2)
               and ($3::text is null or admin_event.action = $3 or starts_with(admin_event.action, $3 || '.'))
               and ($4::text is null or admin_event.subject = $4)
               and ($5::timestamptz is null or admin_event.at >= $5)
               and ($6::timestamptz is null or admin_event.at < $6)
               and ($8::uuid is null or admin_event.actor_key = $8)
             order by admin_event.id desc
             limit $7",
        )
        .bind(filter.cursor)
        .bind(filter.actor.map(UserId::uuid))
        .bind(&filter.action)
        .bind(&filter.subject)
        .bind(at_opt(filter.after))
        .bind(at_opt(filter.before))
        .bind(i64::from(filter.limit))
        .bind(filter.key.map(KeyId::uuid))
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(recorded).collect())
    }
}

/// Adds an event, in a transaction that speaks for its organisation.
pub(crate) async fn insert(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    event: &AdminEvent,
    now: Timestamp,
) -> Result<(), Error> {
    let (person, key) = match event.actor {
        Some(Actor::Person(person)) => (Some(person), None),
        Some(Actor::Key(key)) => (None, Some(key)),
        None => (None, None),
    };
    sqlx::query(
        "insert into admin_event (org_id, at, actor, actor_key, action, subject, before, after)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(org.uuid())
    .bind(at(now))
    .bind(person.map(UserId::uuid))
    .bind(key.map(KeyId::uuid))
    .bind(&event.action)
    .bind(&event.subject)
    .bind(event.before.as_ref().map(Json))
    .bind(event.after.as_ref().map(Json))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn recorded(row: Row) -> RecordedAdminEvent {
    RecordedAdminEvent {
        id: row.id,
        at: row.at.to_jiff(),
        actor_email: row.actor_email,
        key_name: row.key_name,
        event: AdminEvent {
            actor: match (row.actor, row.actor_key) {
                (Some(person), _) => Some(Actor::Person(UserId::from_uuid(person))),
                (None, Some(key)) => Some(Actor::Key(KeyId::from_uuid(key))),
                (None, None) => None,
            },
            action: row.action,
            subject: row.subject,
            before: row.before.map(|json| json.0),
            after: row.after.map(|json| json.0),
        },
    }
}
