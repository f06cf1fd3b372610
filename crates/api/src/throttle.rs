//! Counts what callers do and says when it is too much: all their requests against a quota, and guesses (of passwords for
//! one account, over many accounts from one source, of sign-ups) at a pace that slows.
//!
//! Attempts are counted before they are carried out, so a burst sent at once is held back like one sent in
//! turn. After the free attempts the wait doubles with each further one, up to a ceiling; an attempt made
//! while waiting is refused and does not lengthen the wait, so nobody is shut out for good. State is in
//! memory and bounded: it belongs to this process and is lost with it.

use std::collections::HashMap;

use parking_lot::Mutex;

/// Most keys remembered. A key holds an address of at most 254 bytes, so this is 40 MB at worst.
const MAX_KEYS: usize = 100_000;

/// So many in a span of time, which begins with the first of them.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    /// Requests.
    pub requests: u32,
    /// The span, in milliseconds.
    pub window_ms: i64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { requests: 1_200, window_ms: 60_000 }
    }
}

/// How a caller stands with a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The limit's name.
    pub(crate) name: &'static str,
    /// What it allows…
    pub(crate) quota: u32,
    /// … in so many seconds.
    pub(crate) window_s: u64,
    /// What is left.
    pub(crate) left: u32,
    /// Seconds until there is more.
    pub(crate) reset_s: u64,
    /// Whether this one was too many.
    pub(crate) refused: bool,
}

/// How one sort of attempt is slowed.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// What it is called where a caller is told of it.
    pub name: &'static str,
    /// Attempts that cost no wait.
    pub free: u32,
    /// Longest wait, in milliseconds.
    pub ceiling_ms: i64,
    /// Attempts are forgotten after this long without one, in milliseconds.
    pub memory_ms: i64,
}

/// The paces of everything that is throttled.
#[derive(Debug, Clone, Copy)]
pub struct Paces {
    /// Sign-ins to one account from one source.
    pub account_from_source: Pace,
    /// Sign-ins to one account from anywhere; its ceiling is low, because strangers can reach it.
    pub account: Pace,
    /// Most wrong passwords in a row for one account, as NIST SP 800-63B has it. Beyond them only places that the address has
    /// signed in from before may go on trying, so many times each; everybody else needs the link of a mail.
    pub in_a_row: u32,
    /// Sign-ins and token guesses from one source.
    pub source: Pace,
    /// Sign-ups, and as many mails asked for, from one source.
    pub signup: Pace,
    /// Mails to one address that anybody can ask for.
    pub letter: Pace,
}

impl Default for Paces {
    fn default() -> Self {
        const MINUTE: i64 = 60_000;
        let hour = 60 * MINUTE;
        Self {
            account_from_source: Pace {
                name: "sign-in-here",
                free: 5,
                ceiling_ms: 15 * MINUTE,
                memory_ms: hour,
            },
            account: Pace { name: "sign-in", free: 50, ceiling_ms: MINUTE, memory_ms: hour },
            in_a_row: 100,
            source: Pace { name: "secrets", free: 50, ceiling_ms: 15 * MINUTE, memory_ms: hour },
            signup: Pace { name: "sign-up", free: 30, ceiling_ms: 15 * MINUTE, memory_ms: hour },
            letter: Pace { name: "mail", free: 5, ceiling_ms: 15 * MINUTE, memory_ms: hour },
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Tally {
    attempts: u32,
    last_ms: i64,
    open_ms: i64,
    forget_ms: i64,
}

/// Attempts by key.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    tallies: Mutex<HashMap<String, Tally>>,
}

impl Throttle {
    /// Counts a request against a quota; one that is too many is not counted.
    pub(crate) fn take(&self, key: &str, quota: Quota, now_ms: i64) -> Standing {
        let mut tallies = self.tallies.lock();
        if tallies.len() >= MAX_KEYS && !tallies.contains_key(key) {
            make_room(&mut tallies, now_ms);
        }
        let ends = now_ms + quota.window_ms;
        let fresh = Tally { attempts: 0, last_ms: now_ms, open_ms: now_ms, forget_ms: ends };
        let tally = tallies.entry(key.to_owned()).or_insert(fresh);
        if tally.forget_ms <= now_ms {
            *tally = fresh;
        }
        let refused = tally.attempts >= quota.requests;
        tally.attempts += u32::from(!refused);
        tally.last_ms = now_ms;
        Standing {
            name: "requests",
            quota: quota.requests,
            window_s: seconds(quota.window_ms),
            left: quota.requests - tally.attempts,
            reset_s: seconds(tally.forget_ms - now_ms),
            refused,
        }
    }

    /// Counts an attempt, or says how many whole seconds to wait before the next one.
    ///
    /// # Errors
    /// How the caller stands, with the wait in seconds, at least one.
    pub(crate) fn attempt(&self, key: &str, pace: Pace, now_ms: i64) -> Result<(), Standing> {
        let mut tallies = self.tallies.lock();
        if tallies.len() >= MAX_KEYS && !tallies.contains_key(key) {
            make_room(&mut tallies, now_ms);
        }
        let fresh = Tally { attempts: 0, last_ms: now_ms, open_ms: now_ms, forget_ms: 0 };
        let tally = tallies.entry(key.to_owned()).or_insert(fresh);
        if tally.forget_ms <= now_ms {
            *tally = fresh;
        }
        if tally.open_ms > now_ms {
            return Err(Standing {
                name: pace.name,
                quota: pace.free,
                window_s: seconds(pace.memory_ms),
                left: 0,
                reset_s: seconds(tally.open_ms - now_ms),
                refused: true,
            });
        }
        tally.attempts = tally.attempts.saturating_add(1);
        tally.last_ms = now_ms;
        tally.open_ms = now_ms + wait_ms(tally.attempts, pace);
        tally.forget_ms = now_ms + pace.memory_ms.max(wait_ms(tally.attempts, pace));
        Ok(())
    }

    /// Takes back one attempt that turned out to be honest.
    pub(crate) fn forgive(&self, key: &str) {
        if let Some(tally) = self.tallies.lock().get_mut(key) {
            tally.attempts = tally.attempts.saturating_sub(1);
            tally.open_ms = tally.last_ms;
        }
    }

    /// Forgets all attempts of a key.
    pub(crate) fn clear(&self, key: &str) {
        self.tallies.lock().remove(key);
    }
}

/// Nothing for the free attempts, then one second, doubling.
fn wait_ms(attempts: u32, pace: Pace) -> i64 {
    match attempts.checked_sub(pace.free) {
        None | Some(0) => 0,
        Some(extra) => 1000_i64.checked_shl((extra - 1).min(40)).unwrap_or(i64::MAX).min(pace.ceiling_ms),
    }
}

fn seconds(wait_ms: i64) -> u64 {
    u64::try_from(wait_ms).unwrap_or(0).div_ceil(1000).max(1)
}

/// Drops what is forgotten anyway; if that is not enough, the quieter half, so that keys made up by the
/// thousand do not push out the one that is being hammered.
fn make_room(tallies: &mut HashMap<String, Tally>, now_ms: i64) {
    tallies.retain(|_, tally| tally.forget_ms > now_ms);
    if tallies.len() < MAX_KEYS {
        return;
    }
    let mut counts: Vec<u32> = tallies.values().map(|tally| tally.attempts).collect();
    let middle = counts.len() / 2;
    let (_, median, _) = counts.select_nth_unstable(middle);
    let (median, mut excess) = (*median, middle);
    tallies.retain(|_, tally| {
        let drop = tally.attempts <= median && excess > 0;
        excess -= usize::from(drop);
        !drop
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { name: "test", free: 3, ceiling_ms: 8_000, memory_ms: 60_000 };

    #[test]
    fn sec_32_the_wait_doubles_after_the_free_attempts_up_to_its_ceiling() {
        let throttle = Throttle::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..8 {
            throttle.attempt("a", PACE, now).unwrap();
            let wait = throttle.attempt("a", PACE, now).err().map_or(0, |standing| standing.reset_s);
            if wait == 0 {
                // The probe itself was a counted attempt.
                throttle.forgive("a");
            }
            waits.push(wait);
            now += i64::try_from(wait).unwrap() * 1000;
        }
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 8]);
    }

    #[test]
    fn a_quota_is_used_up_and_comes_back_whole_when_its_time_has_passed() {
        let throttle = Throttle::default();
        let quota = Quota { requests: 3, window_ms: 60_000 };
        let stands = |now| {
            let standing = throttle.take("a", quota, now);
            (standing.left, standing.reset_s, standing.refused)
        };
        assert_eq!(stands(0), (2, 60, false));
        assert_eq!(stands(59_500), (1, 1, false));
        assert_eq!(stands(59_500), (0, 1, false));
        assert_eq!(stands(59_500), (0, 1, true));
        assert_eq!(throttle.take("b", quota, 59_500).left, 2);
        assert_eq!(stands(60_000), (2, 60, false));
    }

    #[test]
    fn sec_32_a_burst_is_held_back_before_any_of_it_has_been_judged() {
        let throttle = Throttle::default();
        let passed = (0..1000).filter(|_| throttle.attempt("a", PACE, 5).is_ok()).count();
        assert_eq!(passed, 4);
    }

    #[test]
    fn attempts_are_forgotten_in_time_and_by_key() {
        let throttle = Throttle::default();
        while throttle.attempt("a", PACE, 0).is_ok() {}
        assert!(throttle.attempt("b", PACE, 0).is_ok());
        assert!(throttle.attempt("a", PACE, 60_000).is_ok());
        throttle.clear("a");
        assert!(throttle.attempt("a", PACE, 60_000).is_ok());
    }

    #[test]
    fn sec_32_made_up_keys_do_not_push_out_one_that_is_being_hammered() {
        let throttle = Throttle::default();
        while throttle.attempt("victim", PACE, 0).is_ok() {}
        for n in 0..(MAX_KEYS * 2) {
            let _ = throttle.attempt(&n.to_string(), PACE, 0);
        }
        assert!(throttle.attempt("victim", PACE, 0).is_err());
        assert!(throttle.tallies.lock().len() <= MAX_KEYS);
    }
}
