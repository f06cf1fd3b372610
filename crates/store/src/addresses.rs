//! A person's address: proving it again, and changing it once both the old and the new mailbox have agreed.

use jiff::Timestamp;
use model::UserId;
use sqlx::FromRow;
use uuid::Uuid;

use crate::accounts::NewMail;
use crate::column::at;
use crate::connect::READ_WRITE;
use crate::outbox::queue_mail;
use crate::{Error, Store};

/// A change of address that was asked for.
#[derive(Debug, Clone)]
pub struct NewEmailChange<'a> {
    /// A fresh id.
    pub id: Uuid,
    /// Whose address.
    pub user: UserId,
    /// The address to change to, in its one spelling.
    pub email: &'a str,
    /// Digest of the token that goes to the old address.
    pub old_verifier: &'a [u8; 32],
    /// Digest of the token that goes to the new address.
    pub new_verifier: &'a [u8; 32],
    /// When both tokens end.
    pub expires_at: Timestamp,
    /// To the old address.
    pub to_old: NewMail<'a>,
    /// To the new address.
    pub to_new: NewMail<'a>,
    /// To the new address instead, when it has an account: the change can then never be completed.
    pub to_taken: NewMail<'a>,
}

/// What confirming one side of a change came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailChanged {
    /// The other mailbox has not confirmed yet.
    Waiting,
    /// The account has its new address.
    Changed,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    old_email: String,
    new_email: String,
    from_old: bool,
    repeated: bool,
    other_confirmed: bool,
}

impl Store {
    /// Keeps another token that proves a person's address, and mails it. False when the address is proven already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renew_verification(
        &self,
        user: UserId,
        verifier: &[u8; 32],
        expires_at: Timestamp,
        letter: NewMail<'_>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        let email: Option<String> = sqlx::query_scalar(
            "insert into email_verification (digest, user_id, email, expires_at)
             select $1, id, email, $3
             from user_account
             where id = $2
               and email_verified_at is null
             returning email",
        )
        .bind(verifier.as_slice())
        .bind(user.uuid())
        .bind(at(expires_at))
        .fetch_optional(&mut *tx)
        .await?;
        let Some(email) = email else { return Ok(false) };
        queue_mail(&mut tx, &email, letter, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Asks both mailboxes. An earlier change that is still open is dropped.
    ///
    /// # Errors
    /// [`Error::Missing`] when the account is gone.
    pub async fn start_email_change(&self, new: &NewEmailChange<'_>, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        sqlx::query("delete from email_change where user_id = $1 and done_at is null")
            .bind(new.user.uuid())
            .execute(&mut *tx)
            .await?;
        let old: Option<String> = sqlx::query_scalar(
            "insert into email_change (id, user_id, old_email, new_email, old_digest, new_digest, expires_at)
             select $1, id, email, $3, $4, $5, $6
             from user_account
             where id = $2
             returning old_email",
        )
        .bind(new.id)
        .bind(new.user.uuid())
        .bind(new.email)
        .bind(new.old_verifier.as_slice())
        .bind(new.new_verifier.as_slice())
        .bind(at(new.expires_at))
        .fetch_optional(&mut *tx)
        .await?;
        let old = old.ok_or(Error::Missing("account"))?;
        let taken: bool =
            sqlx::query_scalar("select exists (select from user_account where lower(email) = lower($1))")
                .bind(new.email)
                .fetch_one(&mut *tx)
                .await?;
        queue_mail(&mut tx, &old, new.to_old, now).await?;
        queue_mail(&mut tx, new.email, if taken { new.to_taken } else { new.to_new }, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Confirms a change with the token that went to one of its two addresses. `None` when the token is unknown, used
    /// or too old, or the account has another address by now.
    ///
    /// # Errors
    /// [`Conflict::Address`](crate::Conflict::Address) when somebody else took the new address meanwhile.
    pub async fn confirm_email_change(
        &self,
        verifier: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<EmailChanged>, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        let row: Option<Row> = sqlx::query_as(
            "select id, user_id, old_email, new_email, old_digest = $1 as from_old,
                    case when old_digest = $1 then old_confirmed_at else new_confirmed_at end is not null as repeated,
                    case when old_digest = $1 then new_confirmed_at else old_confirmed_at end is not null
                      as other_confirmed
             from email_change
             where (old_digest = $1 or new_digest = $1)
               and done_at is null
               and expires_at > $2
             for update",
        )
        .bind(verifier.as_slice())
        .bind(at(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row.filter(|row| !row.repeated) else { return Ok(None) };
        sqlx::query(
            "update email_change
             set old_confirmed_at = case when $2 then $4 else old_confirmed_at end,
                 new_confirmed_at = case when $2 then new_confirmed_at else $4 end,
                 done_at = case when $3 then $4 end
             where id = $1",
        )
        .bind(row.id)
        .bind(row.from_old)
        .bind(row.other_confirmed)
        .bind(at(now))
        .execute(&mut *tx)
        .await?;
        if row.other_confirmed {
            let moved = sqlx::query(
                "update user_account
                 set email = $3, email_verified_at = $4
                 where id = $1
                   and email = $2",
            )
            .bind(row.user_id)
            .bind(&row.old_email)
            .bind(&row.new_email)
            .bind(at(now))
            .execute(&mut *tx)
            .await?;
            if moved.rows_affected() == 0 {
                return Ok(None);
            }
        }
        tx.commit().await?;
        Ok(Some(if row.other_confirmed { EmailChanged::Changed } else { EmailChanged::Waiting }))
    }
}
