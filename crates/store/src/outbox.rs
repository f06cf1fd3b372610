//! Mail waiting to be sent. It is queued in the transaction that causes it and taken by whoever sends; a sender that
//! dies loses its lease and the mail goes to the next one, so a mail may arrive twice but is never lost.

use jiff::{SignedDuration, Timestamp};
use model::Role;
use sqlx::{FromRow, Postgres, Transaction};

use crate::accounts::NewMail;
use crate::column::{at, number};
use crate::{Error, OrgTx, Store};

/// The number of a mail in the outbox; a later mail has a higher one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(i64);

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its number, for [`Store::mail_sent`] and [`Store::mail_failed`].
    pub id: MailId,
    /// The address it goes to.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// How often sending was begun, this time included.
    pub attempts: u32,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    recipient: String,
    subject: String,
    body: String,
    attempts: i32,
}

/// Adds a mail that is due at once.
pub(crate) async fn queue_mail(
    tx: &mut Transaction<'_, Postgres>,
    recipient: &str,
    mail: NewMail<'_>,
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "insert into outbox (recipient, subject, body, due_at, created_at)
         values ($1, $2, $3, $4, $4)",
    )
    .bind(recipient)
    .bind(mail.subject)
    .bind(mail.body)
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl OrgTx {
    /// Adds a mail, due at once, to every member of one of these roles whose address is proven, but for whoever has
    /// the address `except`. Gives the number of mails.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_members(
        &mut self,
        roles: &[Role],
        except: Option<&str>,
        mail: NewMail<'_>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        let queued = sqlx::query(
            "insert into outbox (recipient, subject, body, due_at, created_at)
             select user_account.email, $3, $4, $5, $5
             from membership
             join user_account
               on user_account.id = membership.user_id
             where membership.role = any ($1)
               and membership.team_id is null
               and user_account.enabled
               and user_account.email_verified_at is not null
               and ($2::text is null or lower(user_account.email) <> lower($2))",
        )
        .bind(roles)
        .bind(except)
        .bind(mail.subject)
        .bind(mail.body)
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        Ok(queued.rows_affected())
    }
}

impl Store {
    /// Takes up to `limit` due mails for sending. Nobody else gets them until `lease` is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_mail(
        &self,
        limit: u32,
        lease: SignedDuration,
        now: Timestamp,
    ) -> Result<Vec<Mail>, Error> {
        let until = now.saturating_add(lease).unwrap_or(now);
        let rows: Vec<Row> = sqlx::query_as(
            "update outbox
             set attempts = attempts + 1, due_at = $3
             where id in (
               select id
               from outbox
               where sent_at is null
                 and due_at <= $2
               order by due_at
               limit $1
               for update skip locked
             )
             returning id, recipient, subject, body, attempts",
        )
        .bind(i64::from(limit))
        .bind(at(now))
        .bind(at(until))
        .fetch_all(self.pool())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Mail {
                    id: MailId(row.id),
                    recipient: row.recipient,
                    subject: row.subject,
                    body: row.body,
                    attempts: number("outbox", row.attempts)?,
                })
            })
            .collect()
    }

    /// Marks a mail sent and forgets its text.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_sent(&self, id: MailId, now: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "update outbox
             set sent_at = $2, body = '', last_error = null
             where id = $1",
        )
        .bind(id.0)
        .bind(at(now))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Notes why sending failed; the mail is due again at `retry_at`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_failed(&self, id: MailId, error: &str, retry_at: Timestamp) -> Result<(), Error> {
        sqlx::query(
            "update outbox
             set last_error = $2, due_at = $3
             where id = $1
               and sent_at is null",
        )
        .bind(id.0)
        .bind(error)
        .bind(at(retry_at))
        .execute(self.pool())
        .await?;
        Ok(())
    }
}
