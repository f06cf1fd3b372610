//! Passwords: argon2id, 19 MiB, two passes, one lane (the OWASP minimum), on a bounded number of threads.
//!
//! The bytes are hashed as given. Whoever accepts passwords decides on their length and brings them to one Unicode
//! form (NFC) first, the same at sign-up and at login.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::ExposeSecret;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Secret;

/// Memory, in KiB.
const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Limits on what a stored hash may ask of us, four times what we make: a row of the database must not be able to
/// take a thread for minutes.
const MAX_MEMORY_KIB: u32 = 4 * MEMORY_KIB;
const MAX_PASSES: u32 = 4 * PASSES;

/// How much hashing may go on at once. Each hash in progress takes 19 MiB and a blocking thread for some 20 ms.
#[derive(Debug, Clone)]
pub struct Workers {
    admitted: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Workers {
    /// At most `parallel` hashes run; at most `waiting` more stand in line, and the rest is told
    /// [`PasswordError::Busy`] at once. Half the machine's cores and a few hundred serve well.
    #[must_use]
    pub fn new(parallel: NonZeroUsize, waiting: usize) -> Self {
        let parallel = parallel.get().min(Semaphore::MAX_PERMITS / 2);
        let places = parallel + waiting.min(Semaphore::MAX_PERMITS / 2);
        Self { admitted: Arc::new(Semaphore::new(places)), running: Arc::new(Semaphore::new(parallel)) }
    }

    /// Runs `work` on a blocking thread. It holds its place until it ends, even if nobody waits for it any more.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let admitted: OwnedSemaphorePermit =
            Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| PasswordError::Stopped)?;
        let task = tokio::task::spawn_blocking(move || {
            let _places = (admitted, running);
            work()
        });
        task.await.map_err(|_| PasswordError::Stopped)?
    }
}

/// What a check of a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the password, or there is no such account.
    Wrong,
    /// It is.
    Right,
    /// It is, and its hash was made with other parameters than today's: store a fresh [`hash`].
    RightButOutdated,
}

impl Verdict {
    /// Whether it is the password.
    #[must_use]
    pub const fn is_right(self) -> bool {
        !matches!(self, Self::Wrong)
    }
}

/// Why a password was neither hashed nor checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many are in line already; the client should come back in a moment.
    #[error("too many sign-ins are in progress; try again in a few seconds")]
    Busy,
    /// The process is shutting down.
    #[error("password hashing has stopped because the process is ending")]
    Stopped,
    /// The stored text is no argon2id hash, or asks for unreasonable work. Says nothing about its content.
    #[error("the stored password hash is not a usable argon2id string; the account needs a password reset")]
    Stored,
    /// The library refused, for example for want of random bytes.
    #[error("password hashing failed: {0}")]
    Failed(String),
}

/// Hashes a password with a fresh salt from the operating system, as a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$…`).
///
/// # Errors
/// [`PasswordError::Busy`], [`PasswordError::Stopped`] or [`PasswordError::Failed`].
pub async fn hash(workers: &Workers, password: Secret) -> Result<String, PasswordError> {
    workers.run(move || hash_now(password.expose_secret().as_bytes())).await
}

/// Checks a password against a stored PHC string. With `None` (no such account) it does the same work and answers
/// [`Verdict::Wrong`], so that the time taken does not tell which accounts exist.
///
/// # Errors
/// [`PasswordError::Busy`], [`PasswordError::Stopped`], or [`PasswordError::Stored`] when `stored` is no such string.
pub async fn verify(
    workers: &Workers,
    stored: Option<&str>,
    password: Secret,
) -> Result<Verdict, PasswordError> {
    let stored = stored.map(str::to_owned);
    workers
        .run(move || {
            let password = password.expose_secret().as_bytes();
            match stored {
                Some(stored) => verify_now(&stored, password),
                None => verify_now(decoy()?, password).map(|_| Verdict::Wrong),
            }
        })
        .await
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| failed(&e))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: &impl ToString) -> PasswordError {
    PasswordError::Failed(error.to_string())
}

fn hash_now(password: &[u8]) -> Result<String, PasswordError> {
    argon2()?.hash_password(password).map(|hash: PasswordHash| hash.to_string()).map_err(|e| failed(&e))
}

fn verify_now(stored: &str, password: &[u8]) -> Result<Verdict, PasswordError> {
    let hash = PasswordHash::new(stored).map_err(|_| PasswordError::Stored)?;
    let params = Params::try_from(&hash).map_err(|_| PasswordError::Stored)?;
    let ours = hash.algorithm.as_str() == Algorithm::Argon2id.as_str();
    let bearable = params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES && params.p_cost() <= 4;
    if !ours || !bearable || hash.hash.is_none() || hash.salt.is_none() {
        return Err(PasswordError::Stored);
    }
    match argon2()?.verify_password(password, &hash) {
        Ok(()) => {
            let today = (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES);
            Ok(if today { Verdict::Right } else { Verdict::RightButOutdated })
        }
        Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(_) => Err(PasswordError::Stored),
    }
}

/// A hash that stands in for the accounts that do not exist. Its salt is fixed: it protects nothing.
fn decoy() -> Result<&'static str, PasswordError> {
    static DECOY: OnceLock<String> = OnceLock::new();
    if let Some(decoy) = DECOY.get() {
        return Ok(decoy);
    }
    let hash: PasswordHash =
        argon2()?.hash_password_with_salt(b"", b"no such account.").map_err(|e| failed(&e))?;
    Ok(DECOY.get_or_init(|| hash.to_string()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Instant;

    use super::*;

    fn workers(parallel: usize, waiting: usize) -> Workers {
        Workers::new(NonZeroUsize::new(parallel).unwrap(), waiting)
    }

    #[tokio::test]
    async fn sec_31_a_password_is_recognised_and_no_other_is() {
        let workers = workers(1, 8);
        let stored = hash(&workers, "correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let check = |password: &str| verify(&workers, Some(&stored), password.into());
        assert_eq!(check("correct horse").await, Ok(Verdict::Right));
        assert_eq!(check("correct horse ").await, Ok(Verdict::Wrong));
        assert_eq!(check("").await, Ok(Verdict::Wrong));
        assert_ne!(hash(&workers, "correct horse".into()).await.unwrap(), stored, "salts differ");
    }

    #[tokio::test]
    async fn sec_33_an_unknown_account_costs_as_much_as_a_wrong_password() {
        let workers = workers(1, 0);
        let stored = hash(&workers, "p".into()).await.unwrap();
        let time = async |stored: Option<&str>| {
            let start = Instant::now();
            for _ in 0..5 {
                assert_eq!(verify(&workers, stored, "wrong".into()).await, Ok(Verdict::Wrong));
            }
            start.elapsed()
        };
        time(None).await;
        let (known, unknown) = (time(Some(&stored)).await, time(None).await);
        assert!(unknown > known / 4 && known > unknown / 4, "{known:?} against {unknown:?}");
        assert_eq!(
            verify(&workers, None, "".into()).await,
            Ok(Verdict::Wrong),
            "not even the decoy's own password"
        );
    }

    #[tokio::test]
    async fn sec_31_a_hash_of_older_parameters_is_accepted_and_reported() {
        let params = Params::new(8_192, 1, 1, None).unwrap();
        let old = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let stored: PasswordHash = old.hash_password(b"p").unwrap();
        let found = verify(&workers(1, 0), Some(&stored.to_string()), "p".into()).await;
        assert_eq!(found, Ok(Verdict::RightButOutdated));
    }

    #[tokio::test]
    async fn sec_31_a_stored_text_that_is_no_bearable_argon2id_hash_is_an_error() {
        let salt_and_hash = "c29tZXNhbHRzb21lc2FsdA$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ";
        for stored in [
            String::new(),
            "plain".into(),
            format!("$argon2d$v=19$m=19456,t=2,p=1${salt_and_hash}"),
            format!("$argon2id$v=19$m=4000000,t=2,p=1${salt_and_hash}"),
            format!("$argon2id$v=19$m=19456,t=4000000,p=1${salt_and_hash}"),
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA".into(),
        ] {
            let found = verify(&workers(1, 0), Some(&stored), "p".into()).await;
            assert_eq!(found, Err(PasswordError::Stored), "{stored}");
        }
    }

    #[test]
    fn sec_31_a_thousand_logins_take_one_thread_and_the_excess_is_told_so() {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).max_blocking_threads(2).build();
        runtime.unwrap().block_on(async {
            let workers = workers(1, 31);
            let stored = hash(&workers, "p".into()).await.unwrap();
            let served = Arc::new(AtomicUsize::new(0));
            let logins: Vec<_> = (0..1_000)
                .map(|_| {
                    let (workers, stored, served) = (workers.clone(), stored.clone(), Arc::clone(&served));
                    tokio::spawn(async move {
                        let outcome = verify(&workers, Some(&stored), "p".into()).await;
                        served.fetch_add(usize::from(outcome.is_ok()), Ordering::Relaxed);
                        outcome
                    })
                })
                .collect();
            tokio::task::spawn_blocking(|| {}).await.unwrap();
            assert!(served.load(Ordering::Relaxed) < 31, "other blocking work does not queue behind logins");
            let mut busy = 0;
            for login in logins {
                match login.await.unwrap() {
                    Ok(verdict) => assert_eq!(verdict, Verdict::Right),
                    Err(error) => busy += usize::from(error == PasswordError::Busy),
                }
            }
            let served = served.load(Ordering::Relaxed);
            assert!(served >= 32 && served + busy == 1_000, "{served} served, {busy} told to come back");
        });
    }
}
