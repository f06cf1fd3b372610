//! New passwords: by a link that was mailed, by whoever knows the old one, and the same one hashed anew.

use jiff::Timestamp;
use model::{SessionId, UserId};
use sqlx::{Connection, Postgres, Transaction};
use uuid::Uuid;

use crate::accounts::NewMail;
use crate::column::at;
use crate::connect::READ_WRITE;
use crate::outbox::queue_mail;
use crate::{Error, Store};

/// A link that sets a new password.
#[derive(Debug, Clone)]
pub struct NewReset<'a> {
    /// The address that was named, in its one spelling.
    pub email: &'a str,
    /// Digest of the token in the link.
    pub verifier: &'a [u8; 32],
    /// When the link ends.
    pub expires_at: Timestamp,
    /// The mail with the link.
    pub letter: NewMail<'a>,
}

/// A password to be put in place of another.
#[derive(Debug, Clone)]
pub struct PasswordChange<'a> {
    /// Whose.
    pub user: UserId,
    /// The sign-in that goes on; all others end.
    pub keep: SessionId,
    /// The hash that the old password was checked against.
    pub from: &'a str,
    /// The new hash.
    pub to: &'a str,
    /// Tells the owner.
    pub notice: NewMail<'a>,
}

impl Store {
    /// Keeps a link and queues its mail. For an address without an account the same statements run and are undone, so
    /// that both cost the same.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_reset(&self, new: &NewReset<'_>, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        let known: bool = sqlx::query_scalar(
            "select exists (
               select from user_account where lower(email) = lower($1) and enabled
             )",
        )
        .bind(new.email)
        .fetch_one(&mut *tx)
        .await?;
        let mut inner = tx.begin().await?;
        sqlx::query(
            "insert into password_reset (digest, email, expires_at)
             values ($1, $2, $3)",
        )
        .bind(new.verifier.as_slice())
        .bind(new.email)
        .bind(at(new.expires_at))
        .execute(&mut *inner)
        .await?;
        queue_mail(&mut inner, new.email, new.letter, now).await?;
        if known {
            inner.commit().await?;
        } else {
            inner.rollback().await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The address that a link was sent to, while the link is good; looking does not use it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_address(&self, verifier: &[u8; 32], now: Timestamp) -> Result<Option<String>, Error> {
        let email = sqlx::query_scalar(
            "select email
             from password_reset
             where digest = $1
               and used_at is null
               and expires_at > $2",
        )
        .bind(verifier.as_slice())
        .bind(at(now))
        .fetch_optional(self.pool())
        .await?;
        Ok(email)
    }

    /// Uses a link: sets the password, takes the address as proven, ends every sign-in and every other such link, and
    /// tells the owner. `None`, and nothing changes, when the link is unknown, used or too old.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reset_password(
        &self,
        verifier: &[u8; 32],
        hash: &str,
        notice: NewMail<'_>,
        now: Timestamp,
    ) -> Result<Option<UserId>, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        let found: Option<(Uuid, String)> = sqlx::query_as(
            "with used as (
               update password_reset
               set used_at = $2
               where digest = $1
                 and used_at is null
                 and expires_at > $2
               returning email
             )
             update user_account
             set password_hash = $3, email_verified_at = coalesce(email_verified_at, $2)
             from used
             where lower(user_account.email) = lower(used.email)
               and user_account.enabled
             returning user_account.id, user_account.email",
        )
        .bind(verifier.as_slice())
        .bind(at(now))
        .bind(hash)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((user, email)) = found else { return Ok(None) };
        end_resets(&mut tx, user, now).await?;
        end_sessions(&mut tx, user, None, now).await?;
        queue_mail(&mut tx, &email, notice, now).await?;
        tx.commit().await?;
        Ok(Some(UserId::from_uuid(user)))
    }

    /// Replaces a password, ends the person's other sign-ins and every mailed link, and tells the owner. False, and
    /// nothing changes, when the password is no longer the one that was checked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_password(&self, change: &PasswordChange<'_>, now: Timestamp) -> Result<bool, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        let user = change.user.uuid();
        let email: Option<String> = sqlx::query_scalar(
            "update user_account
             set password_hash = $3
             where id = $1
               and password_hash = $2
             returning email",
        )
        .bind(user)
        .bind(change.from)
        .bind(change.to)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(email) = email else { return Ok(false) };
        end_resets(&mut tx, user, now).await?;
        end_sessions(&mut tx, user, Some(change.keep), now).await?;
        queue_mail(&mut tx, &email, change.notice, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Keeps a fresh hash of the same password, unless the password has changed since `from` was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rehash_password(&self, user: UserId, from: &str, to: &str) -> Result<(), Error> {
        sqlx::query(
            "update user_account
             set password_hash = $3
             where id = $1
               and password_hash = $2",
        )
        .bind(user.uuid())
        .bind(from)
        .bind(to)
        .execute(self.pool())
        .await?;
        Ok(())
    }
}

/// Makes every link of a person's address worthless.
async fn end_resets(tx: &mut Transaction<'_, Postgres>, user: Uuid, now: Timestamp) -> Result<(), Error> {
    sqlx::query(
        "update password_reset
         set used_at = $2
         from user_account
         where user_account.id = $1
           and password_reset.email = lower(user_account.email)
           and password_reset.used_at is null",
    )
    .bind(user)
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends a person's sign-ins, but for one.
pub(crate) async fn end_sessions(
    tx: &mut Transaction<'_, Postgres>,
    user: Uuid,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "update user_session
         set revoked_at = $3
         where user_id = $1
           and revoked_at is null
           and id is distinct from $2",
    )
    .bind(user)
    .bind(keep.map(SessionId::uuid))
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
