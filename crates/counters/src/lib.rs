//! Counters: what a call costs is taken here before the call is forwarded.
//!
//! # What is promised
//!
//! - **All or nothing.** [`Counters::reserve`] takes every charge of a call in one step, or none of them.
//! - **Never over.** For every counter, the amounts of the calls admitted in one window never exceed the `max` they were
//!   admitted under, across any number of gateways that share one Redis. A fixed window is aligned to UTC, so at most
//!   `max` is admitted in it, and up to twice that in a span of the same length laid across a boundary. A rolling window
//!   admits at most `max` in *any* span of its length: time is cut into sixtieths of the window, the sixty latest ones and the one that is
//!   partly out of the span all count in full. That costs up to a sixtieth of the limit and never admits more.
//! - **Exact.** Amounts are decimals of nine fractional digits, added and compared as integers, in Redis too.
//! - **Time does not go back.** Each store remembers the latest time it has used and continues from there when its clock
//!   is set back, so that a window which is full stays full. A clock that ran ahead and was corrected makes limits
//!   stricter until real time has caught up.
//! - **Giving back** ([`Counters::give_back`]) happens at most once, only into the window it was taken from, and never
//!   below zero. If it is lost, later calls find less, never more.
//!
//! # When Redis cannot be asked
//!
//! A call whose reservation gets no answer within its budget (50 ms unless set otherwise) is refused with
//! [`Refusal::Unavailable`], naming the first charge that asks for that; if all of them are marked `on_outage: allow`,
//! it is admitted and the reservation says `unchecked`. The reservation may have been taken in Redis although its
//! answer was lost: then the counter shows a call that was not made. Nothing is sent twice. After several failures in a row calls fail
//! at once, without waiting out the budget, and one of them at a time tries whether Redis is back.
//!
//! # When Redis loses data
//!
//! Counters are as durable as the Redis that holds them. If it restarts without its data, is flushed, evicts keys, or
//! fails over to a replica that had not received the latest writes, the counters concerned **start again from what is
//! left, and up to another `max` may be admitted in the windows that were open**. To rule that out, run a dedicated
//! Redis with `maxmemory-policy noeviction` and `appendonly yes`, `appendfsync always`, and restart it in place instead of failing
//! over to an asynchronous replica. Losses are not detected yet. The place for it is the hash `{org}:meta`, which every
//! reservation reads: an epoch there that does not match the one on record will refuse until the counters have been
//! rebuilt from the audit log.
//!
//! # In memory
//!
//! The same rules for a single process, with the time given by the caller. Counters vanish with the process, and
//! several processes would each count for themselves; whoever runs more than one gateway needs Redis.

mod memory;
mod redis;
mod reservation;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod model;
#[cfg(test)]
#[path = "../../testkit/src/redis.rs"]
#[expect(unreachable_pub, reason = "it is the test kit's module, used here without the rest of the kit")]
mod throwaway;

use policy::Charge;

pub use memory::Memory;
pub use redis::{Redis, Settings, SettingsError};
pub use reservation::{Refusal, Reservation};

/// Where counters are kept.
#[derive(Debug)]
pub enum Counters {
    /// In this process.
    Memory(Memory),
    /// In Redis, shared by all gateways.
    Redis(Redis),
}

impl Counters {
    /// Takes all `charges` of one call of `org`, or none. `now_ms` is the time in milliseconds since 1970; Redis uses its
    /// own clock instead. Without charges nothing is asked of anybody.
    ///
    /// # Errors
    /// [`Refusal::Over`] if a charge does not fit, [`Refusal::Unavailable`] if the store did not answer.
    pub async fn reserve(&self, org: &str, charges: &[Charge], now_ms: i64) -> Result<Reservation, Refusal> {
        if charges.is_empty() {
            return Ok(Reservation::default());
        }
        if let Some(index) = repeated(charges) {
            let reason =
                "two charges of one call name the same counter; they should have been made one".to_owned();
            return Err(Refusal::Unavailable { index, reason });
        }
        match self {
            Self::Memory(memory) => memory.reserve(org, charges, now_ms),
            Self::Redis(redis) => redis.reserve(org, charges, now_ms).await,
        }
    }

    /// Gives back what a call took, where its windows are still open. Only for calls of which certainly no byte left
    /// the gateway. Errors are logged and not returned: there is nothing the caller could do about them.
    pub async fn give_back(&self, reservation: Reservation) {
        match self {
            Self::Memory(memory) => memory.give_back(&reservation),
            Self::Redis(redis) => redis.give_back(&reservation).await,
        }
    }
}

/// The first charge whose counter an earlier charge names too. Adding both could pass the maximum, and the policy
/// engine promises that it does not happen, so it is refused.
fn repeated(charges: &[Charge]) -> Option<usize> {
    (1..charges.len()).find(|&index| {
        let (earlier, rest) = charges.split_at(index);
        rest.first().is_some_and(|this| earlier.iter().any(|other| other.counter == this.counter))
    })
}
