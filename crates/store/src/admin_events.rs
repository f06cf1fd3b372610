//! The record of changes made through the control plane: who did what, before and after.

use jiff::Timestamp;
use model::UserId;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::column::at;
use crate::{Error, OrgTx};

/// A change made by a person (or, without an actor, by the system). Must hold no secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct AdminEvent {
    /// Who.
    pub actor: Option<UserId>,
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
    /// What.
    pub event: AdminEvent,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    at: jiff_sqlx::Timestamp,
    actor: Option<Uuid>,
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
        sqlx::query(
            "insert into admin_event (org_id, at, actor, action, subject, before, after)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.id.uuid())
        .bind(at(now))
        .bind(event.actor.map(UserId::uuid))
        .bind(&event.action)
        .bind(&event.subject)
        .bind(event.before.as_ref().map(Json))
        .bind(event.after.as_ref().map(Json))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Recorded changes, newest first: those before position `before` (all when `None`), at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn admin_events(
        &mut self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<RecordedAdminEvent>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, at, actor, action, subject, before, after
             from admin_event
             where $1::bigint is null or id < $1
             order by id desc
             limit $2",
        )
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(recorded).collect())
    }
}

fn recorded(row: Row) -> RecordedAdminEvent {
    RecordedAdminEvent {
        id: row.id,
        at: row.at.to_jiff(),
        event: AdminEvent {
            actor: row.actor.map(UserId::from_uuid),
            action: row.action,
            subject: row.subject,
            before: row.before.map(|json| json.0),
            after: row.after.map(|json| json.0),
        },
    }
}
