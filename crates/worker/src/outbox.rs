//! Sends the mail that waits in the database, until told to stop.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::{Mail, Store};

use crate::mailer::Mailer;

/// How often the outbox is looked into.
const PAUSE: Duration = Duration::from_secs(1);
/// Mails taken at once.
const BATCH: u32 = 20;
/// How long taken mails are ours; longer than sending a batch may take.
const LEASE: SignedDuration = SignedDuration::from_mins(15);
/// Wait after the first failure; doubles with each further one.
const FIRST_RETRY_S: i64 = 30;
/// Longest wait between attempts.
const LAST_RETRY_S: i64 = 6 * 60 * 60;

/// Sends mail until `stop` completes; the mail in hand is finished first. `clock` tells the time.
pub async fn run(
    store: &Store,
    mailer: &Mailer,
    clock: impl Fn() -> Timestamp,
    stop: impl Future<Output = ()>,
) {
    tokio::pin!(stop);
    loop {
        if let Err(error) = send_due(store, mailer, &clock).await {
            tracing::error!(%error, "the outbox could not be read");
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Sends everything that is due once; gives the number of mails sent.
///
/// # Errors
/// When the database fails. A mail that was sent but could not be marked so is sent again later.
pub async fn send_due(
    store: &Store,
    mailer: &Mailer,
    clock: &impl Fn() -> Timestamp,
) -> Result<usize, store::Error> {
    let mut sent = 0;
    loop {
        let mails = store.take_mail(BATCH, LEASE, clock()).await?;
        if mails.is_empty() {
            return Ok(sent);
        }
        for mail in mails {
            sent += usize::from(send(store, mailer, &mail, clock).await?);
        }
    }
}

async fn send(
    store: &Store,
    mailer: &Mailer,
    mail: &Mail,
    clock: &impl Fn() -> Timestamp,
) -> Result<bool, store::Error> {
    match mailer.send(&mail.recipient, &mail.subject, &mail.body).await {
        Ok(()) => {
            store.mail_sent(mail.id, clock()).await?;
            Ok(true)
        }
        Err(error) => {
            let wait = retry_after(mail.attempts);
            tracing::warn!(mail = ?mail.id, attempts = mail.attempts, %error, retry_in_s = wait.as_secs(), "a mail was not sent");
            let now = clock();
            store.mail_failed(mail.id, &error.to_string(), now.saturating_add(wait).unwrap_or(now)).await?;
            Ok(false)
        }
    }
}

/// The wait after so many attempts.
fn retry_after(attempts: u32) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(20);
    SignedDuration::from_secs((FIRST_RETRY_S << doublings).min(LAST_RETRY_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_stays_within_six_hours() {
        let waits: Vec<_> = [1, 2, 3, 11, u32::MAX].map(|attempts| retry_after(attempts).as_secs()).into();
        assert_eq!(waits, [30, 60, 120, 21_600, 21_600]);
    }
}
