//! A person's sign-ins as the person sees them: on which device, since when, and how to end them.

use jiff::Timestamp;
use model::{SessionId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::at;
use crate::connect::READ_WRITE;
use crate::passwords::end_sessions;
use crate::{Error, Store};

/// A sign-in that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What its client called itself at its first request; empty when it did not, `None` before that request.
    pub user_agent: Option<String>,
    /// When it was started.
    pub created_at: Timestamp,
    /// When its refresh token was last exchanged: never more than an access token's life before its last use.
    pub refreshed_at: Timestamp,
    /// When it ends unless it is refreshed.
    pub expires_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_agent: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    refreshed_at: jiff_sqlx::Timestamp,
    expires_at: jiff_sqlx::Timestamp,
}

impl Store {
    /// A person's sign-ins that stand at `now`, last used first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, user_agent, created_at, refreshed_at, expires_at
             from user_session
             where user_id = $1
               and revoked_at is null
               and expires_at > $2
             order by refreshed_at desc, id desc",
        )
        .bind(user.uuid())
        .bind(at(now))
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Session {
                id: SessionId::from_uuid(row.id),
                user_agent: row.user_agent,
                created_at: row.created_at.to_jiff(),
                refreshed_at: row.refreshed_at.to_jiff(),
                expires_at: row.expires_at.to_jiff(),
            })
            .collect())
    }

    /// Ends one of a person's sign-ins; it makes no difference if it has ended before.
    ///
    /// # Errors
    /// [`Error::Missing`] when the person has no such sign-in.
    pub async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let found = sqlx::query(
            "update user_session
             set revoked_at = coalesce(revoked_at, $3)
             where id = $1
               and user_id = $2",
        )
        .bind(session.uuid())
        .bind(user.uuid())
        .bind(at(now))
        .execute(self.pool())
        .await?;
        if found.rows_affected() == 0 { Err(Error::Missing("sign-in")) } else { Ok(()) }
    }

    /// Ends all of a person's sign-ins but one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_other_sessions(
        &self,
        user: UserId,
        keep: SessionId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        end_sessions(&mut tx, user.uuid(), Some(keep), now).await?;
        tx.commit().await?;
        Ok(())
    }
}
