//! Sign-ins. A sign-in is a family of refresh tokens: each one works once and brings the next. A token that comes
//! back after it was replaced has been copied, so the whole family ends.

use jiff::{SignedDuration, Timestamp};
use model::{SessionId, UserId};
use sqlx::{FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::column::{at, time_opt};
use crate::connect::READ_WRITE;
use crate::{Error, Store};

/// A sign-in to be started.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// A fresh id.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// Digest of the first refresh token.
    pub refresh: [u8; 32],
    /// When it ends unless it is refreshed.
    pub expires_at: Timestamp,
}

/// What presenting a refresh token came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// It was the newest one; the next has taken its place.
    Rotated {
        /// The sign-in.
        session: SessionId,
        /// Whose.
        user: UserId,
    },
    /// It had been replaced already; the whole sign-in is over now.
    Reused {
        /// The sign-in.
        session: SessionId,
        /// Whose.
        user: UserId,
    },
    /// It is unknown, or its sign-in has expired or ended.
    Unknown,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    generation: i32,
    presented: i32,
    expires_at: jiff_sqlx::Timestamp,
    revoked_at: Option<jiff_sqlx::Timestamp>,
    enabled: bool,
}

impl Store {
    /// Starts a sign-in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_session(&self, new: &NewSession, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        sqlx::query(
            "insert into user_session (id, user_id, expires_at, created_at, refreshed_at)
             values ($1, $2, $3, $4, $4)",
        )
        .bind(new.id.uuid())
        .bind(new.user.uuid())
        .bind(at(new.expires_at))
        .bind(at(now))
        .execute(&mut *tx)
        .await?;
        insert_token(&mut tx, &new.refresh, new.id.uuid(), 1, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Replaces the refresh token of digest `old` by the one of digest `new`, whose sign-in then lasts until
    /// `expires_at`, but never longer than `longest` from its start. Of several callers with the same old token one wins; to the others it counts as reused.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rotate_refresh(
        &self,
        old: &[u8; 32],
        new: &[u8; 32],
        (expires_at, longest): (Timestamp, SignedDuration),
        now: Timestamp,
    ) -> Result<Refresh, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        let Some(row) = lock_session(&mut tx, old).await? else { return Ok(Refresh::Unknown) };
        let ended = time_opt(row.revoked_at).is_some() || row.expires_at.to_jiff() <= now || !row.enabled;
        if ended {
            return Ok(Refresh::Unknown);
        }
        let session = SessionId::from_uuid(row.id);
        let user = UserId::from_uuid(row.user_id);
        if row.presented != row.generation {
            revoke(&mut tx, row.id, now).await?;
            tx.commit().await?;
            return Ok(Refresh::Reused { session, user });
        }
        let next: i32 = sqlx::query_scalar(
            "update user_session
             set generation = generation + 1,
                 expires_at = least($2, created_at + make_interval(secs => $4)),
                 refreshed_at = $3
             where id = $1
             returning generation",
        )
        .bind(row.id)
        .bind(at(expires_at))
        .bind(at(now))
        .bind(longest.as_secs_f64())
        .fetch_one(&mut *tx)
        .await?;
        insert_token(&mut tx, new, row.id, next, now).await?;
        tx.commit().await?;
        Ok(Refresh::Rotated { session, user })
    }

    /// Ends the sign-in that this refresh token belongs to, be it the newest or an old one. Unknown tokens are
    /// ignored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, refresh: &[u8; 32], now: Timestamp) -> Result<(), Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        if let Some(row) = lock_session(&mut tx, refresh).await? {
            revoke(&mut tx, row.id, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Whose sign-in this is, while it lasts and the account is enabled. The first time, what its client calls itself
    /// (at most 200 characters) is noted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_user(
        &self,
        session: SessionId,
        user_agent: &str,
        now: Timestamp,
    ) -> Result<Option<UserId>, Error> {
        let user: Option<Uuid> = sqlx::query_scalar(
            "with noted as (
               update user_session
               set user_agent = $3
               where id = $1
                 and user_agent is null
                 and revoked_at is null
             )
             select user_session.user_id
             from user_session
             join user_account on user_account.id = user_session.user_id
             where user_session.id = $1
               and user_session.revoked_at is null
               and user_session.expires_at > $2
               and user_account.enabled",
        )
        .bind(session.uuid())
        .bind(at(now))
        .bind(user_agent)
        .fetch_optional(self.pool())
        .await?;
        Ok(user.map(UserId::from_uuid))
    }
}

/// Finds the sign-in of a token, old or new, and holds its row so that rotations go one by one.
async fn lock_session(
    tx: &mut Transaction<'static, Postgres>,
    digest: &[u8; 32],
) -> Result<Option<Row>, Error> {
    let row = sqlx::query_as(
        "select user_session.id, user_session.user_id, user_session.generation,
                refresh_token.generation as presented, user_session.expires_at, user_session.revoked_at,
                user_account.enabled
         from refresh_token
         join user_session on user_session.id = refresh_token.session_id
         join user_account on user_account.id = user_session.user_id
         where refresh_token.digest = $1
         for update of user_session",
    )
    .bind(digest.as_slice())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row)
}

async fn revoke(tx: &mut Transaction<'static, Postgres>, session: Uuid, now: Timestamp) -> Result<(), Error> {
    sqlx::query(
        "update user_session
         set revoked_at = coalesce(revoked_at, $2)
         where id = $1",
    )
    .bind(session)
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn insert_token(
    tx: &mut Transaction<'static, Postgres>,
    digest: &[u8; 32],
    session: Uuid,
    generation: i32,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into refresh_token (digest, session_id, generation, created_at)
         values ($1, $2, $3, $4)",
    )
    .bind(digest.as_slice())
    .bind(session)
    .bind(generation)
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
