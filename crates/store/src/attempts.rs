//! Attempts to sign in with a password since the last that succeeded.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::column::at;
use crate::{Error, Store};

/// Whose attempt, from where.
#[derive(Debug, Clone, Copy)]
pub struct Attempted<'a> {
    /// The address, in its one spelling; it need not have an account.
    pub email: &'a str,
    /// Where the attempt comes from, as throttling tells sources apart.
    pub source: &'a str,
}

/// What addresses and sources are kept as.
fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

impl Store {
    /// Counts an attempt before it is carried out; how many there were since the last that succeeded, this one included,
    /// and never more than `most` and one. Attempts from a source that signed in before are counted by
    /// themselves, so that strangers elsewhere use up none of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_attempt(
        &self,
        attempted: Attempted<'_>,
        most: u32,
        now: Timestamp,
    ) -> Result<u32, Error> {
        let most = i32::try_from(most).unwrap_or(i32::MAX - 1);
        // One statement that writes the address's row in either case, so that the time tells nothing of it.
        let attempts: i32 = sqlx::query_scalar(
            "with here as (
               update password_attempt
               set attempts = least(attempts, $3) + 1, last_at = $4
               where address = $1
                 and source = $2
               returning attempts
             ), anywhere as (
               insert into password_attempt (address, source, attempts, last_at)
               select $1, '', 1 - (select count(*) from here), $4
               on conflict (address, source) do update
               set attempts = least(password_attempt.attempts, $3) + excluded.attempts, last_at = excluded.last_at
               returning attempts
             )
             select coalesce(here.attempts, anywhere.attempts)
             from anywhere
             left join here on true",
        )
        .bind(digest(attempted.email))
        .bind(digest(attempted.source))
        .bind(most)
        .bind(at(now))
        .fetch_one(self.pool())
        .await?;
        Ok(attempts.unsigned_abs())
    }

    /// The attempt succeeded: the count begins anew, and the source is one that the address has signed in from.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn attempt_succeeded(&self, attempted: Attempted<'_>, now: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "with begun_anew as (delete from password_attempt where address = $1 and source = '')
             insert into password_attempt (address, source, attempts, last_at)
             values ($1, $2, 0, $3)
             on conflict (address, source) do update set attempts = 0, last_at = excluded.last_at",
        )
        .bind(digest(attempted.email))
        .bind(digest(attempted.source))
        .bind(at(now))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The password was set anew by a link: attempts from anywhere begin anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_attempts(&self, email: &str) -> Result<(), Error> {
        sqlx::query("update password_attempt set attempts = 0 where address = $1")
            .bind(digest(email))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// Forgets what was last counted before a moment; how many counts there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_attempts_before(&self, before: Timestamp) -> Result<u64, Error> {
        let gone = sqlx::query("delete from password_attempt where last_at < $1")
            .bind(at(before))
            .execute(self.pool())
            .await?;
        Ok(gone.rows_affected())
    }
}
