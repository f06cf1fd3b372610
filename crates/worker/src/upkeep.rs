//! What the database needs now and then: partitions for the months to come, and an end to sums that count no more and to
//! what was deleted, and answers that nobody asks for again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::Store;

/// How often it is looked after. Partitions are made a month ahead, so that many failures in a row do no harm.
const PAUSE: Duration = Duration::from_secs(60 * 60);

/// How long attempts to sign in are remembered after the last of them.
const ATTEMPTS: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Looks after the database at once and then every hour, until `stop` completes. `clock` tells the time.
pub async fn run(store: &Store, clock: impl Fn() -> Timestamp, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        if let Err(error) = store.ensure_partitions(clock()).await {
            tracing::error!(%error, "partitions for the coming months could not be made");
        }
        match store.forget_taken().await {
            Ok(0) => {}
            Ok(sums) => tracing::debug!(sums, "sums of windows that are over were dropped"),
            Err(error) => tracing::error!(%error, "sums of windows that are over could not be dropped"),
        }
        erase(store, clock()).await;
        match store.forget_answers().await {
            Ok(0) => {}
            Ok(answers) => tracing::debug!(answers, "answers that were kept for repeats were dropped"),
            Err(error) => tracing::error!(%error, "answers that were kept for repeats could not be dropped"),
        }
        match store.forget_attempts_before(clock() - ATTEMPTS).await {
            Ok(0) => {}
            Ok(counts) => tracing::debug!(counts, "counts of attempts to sign in were dropped"),
            Err(error) => tracing::error!(%error, "counts of attempts to sign in could not be dropped"),
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Erases what was deleted and whose time to be had back is over.
async fn erase(store: &Store, now: Timestamp) {
    match store.erase_orgs(now).await {
        Ok(0) => {}
        Ok(orgs) => tracing::info!(orgs, "deleted organisations were erased"),
        Err(error) => tracing::error!(%error, "deleted organisations could not be erased"),
    }
    match store.erase_accounts(now).await {
        Ok(0) => {}
        Ok(accounts) => tracing::info!(accounts, "deleted accounts were erased"),
        Err(error) => tracing::error!(%error, "deleted accounts could not be erased"),
    }
}
