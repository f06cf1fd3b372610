//! Answers that are kept for a day, for requests that may be sent again (`Idempotency-Key`). What is asked and who asks is
//! for others to say: here a request is a digest.

use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, Postgres, Transaction};

use crate::bundles::hexadecimal;
use crate::column::{at, digest, number};
use crate::connect::{READ_WRITE, set};
use crate::{Error, Store};

/// A request that is being carried out counts as abandoned after so long: its process has died. Longer than any handler takes.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Where a request stands that somebody wants to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nowhere yet: it is the caller's to carry out.
    Anew,
    /// Somebody else is carrying it out.
    UnderWay,
    /// Something else was asked under the same key.
    Otherwise,
    /// It was carried out, and answered so.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The rest of the answer, as it was sealed; `None` when it was not to be kept.
        sealed: Option<String>,
    },
}

#[derive(FromRow)]
struct Row {
    fingerprint: Vec<u8>,
    status: Option<i16>,
    sealed_answer: Option<String>,
}

impl Store {
    /// Begins to carry out a request, or says where it stands. `fingerprint` tells what is asked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_request(
        &self,
        request: &[u8; 32],
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Result<Begun, Error> {
        let mut tx = self.named_request(request).await?;
        let begun = sqlx::query(
            "insert into kept_answer (request, fingerprint, begun_at, expires_at)
             values ($1, $2, $3, $4)
             on conflict (request) do update
             set fingerprint = excluded.fingerprint, begun_at = excluded.begun_at, expires_at = excluded.expires_at,
                 status = null, sealed_answer = null
             where kept_answer.expires_at <= excluded.begun_at
                or (kept_answer.status is null and kept_answer.begun_at <= $5
                    and kept_answer.fingerprint = excluded.fingerprint)",
        )
        .bind(request.as_slice())
        .bind(fingerprint.as_slice())
        .bind(at(now))
        .bind(at(now.saturating_add(KEPT).unwrap_or(now)))
        .bind(at(now.saturating_sub(LEASE).unwrap_or(now)))
        .execute(&mut *tx)
        .await?;
        if begun.rows_affected() > 0 {
            tx.commit().await?;
            return Ok(Begun::Anew);
        }
        let row: Option<Row> =
            sqlx::query_as("select fingerprint, status, sealed_answer from kept_answer where request = $1")
                .bind(request.as_slice())
                .fetch_optional(&mut *tx)
                .await?;
        // One that is gone again was refused just now; the next try will find out.
        let Some(row) = row else { return Ok(Begun::UnderWay) };
        Ok(match row.status {
            _ if digest("kept_answer", &row.fingerprint)? != *fingerprint => Begun::Otherwise,
            None => Begun::UnderWay,
            Some(status) => {
                Begun::Answered { status: number("kept_answer", status)?, sealed: row.sealed_answer }
            }
        })
    }

    /// Keeps the answer of a request that was begun at `begun`; without `sealed`, only that it was carried out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_answer(
        &self,
        request: &[u8; 32],
        begun: Timestamp,
        (status, sealed): (u16, Option<&str>),
    ) -> Result<(), Error> {
        let mut tx = self.named_request(request).await?;
        sqlx::query(
            "update kept_answer
             set status = $3, sealed_answer = $4
             where request = $1 and begun_at = $2 and status is null",
        )
        .bind(request.as_slice())
        .bind(at(begun))
        .bind(status.cast_signed())
        .bind(sealed)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a request that was begun at `begun` and refused: a repeat is judged anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_request(&self, request: &[u8; 32], begun: Timestamp) -> Result<(), Error> {
        let mut tx = self.named_request(request).await?;
        sqlx::query("delete from kept_answer where request = $1 and begun_at = $2 and status is null")
            .bind(request.as_slice())
            .bind(at(begun))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets answers that were kept for long enough; gives their number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_answers(&self) -> Result<u64, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.sweep", "ended").await?;
        let gone = sqlx::query("delete from kept_answer where expires_at < now()").execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }

    async fn named_request(&self, request: &[u8; 32]) -> Result<Transaction<'static, Postgres>, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.request", &hexadecimal(request)).await?;
        Ok(tx)
    }
}
