//! Messages from the contact form of the public pages: kept, and mailed to whoever answers them.

use jiff::Timestamp;

use crate::column::at;
use crate::connect::READ_WRITE;
use crate::outbox::queue_mail;
use crate::{Error, NewMail, Store};

/// A message.
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    /// Who writes, 1 to 100 characters.
    pub name: &'a str,
    /// Where to answer, 3 to 254 characters.
    pub email: &'a str,
    /// What they write, 1 to 5000 characters.
    pub body: &'a str,
    /// Whom to mail it to.
    pub recipient: Option<&'a str>,
}

impl Store {
    /// Keeps a message and queues it as a mail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_message(&self, message: &NewMessage<'_>, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        sqlx::query(
            "insert into contact_message (name, email, body, created_at)
             values ($1, $2, $3, $4)",
        )
        .bind(message.name)
        .bind(message.email)
        .bind(message.body)
        .bind(at(now))
        .execute(&mut *tx)
        .await?;
        if let Some(recipient) = message.recipient {
            let body = format!("{} <{}> writes:\n\n{}\n", message.name, message.email, message.body);
            let mail = NewMail { subject: "A message from the contact form", body: &body };
            queue_mail(&mut tx, recipient, mail, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
