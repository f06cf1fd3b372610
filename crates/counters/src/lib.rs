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
//! # Epochs: when counters are lost
//!
//! Counters belong to an *epoch*, a number that the control plane gives out and raises. [`Counters::open`] installs one, with what is
//! known to be taken already ([`Opening::seeds`], which is [`Reservation::taken`] of the calls before, from the audit log).
//! A reservation is made by somebody who believes in an epoch ([`Standing`]); the store refuses with [`Refusal::Lost`]
//! when it holds another, or none: a store that has started empty admits nothing until somebody opens it. Nothing
//! is taken then, so that a caller who learns of the epoch may ask again. The marking `on_outage: allow` does not decide
//! by itself here, so that the loss is always heard of: a caller that can do nothing about it asks
//! [`Reservation::without_store`], which treats it as any other outage.
//!
//! Whoever opens must be sure that nobody reserves in the old epoch while the seeds are gathered. Where not all of them can be had,
//! the opening is not [`complete`](Opening::complete), and windows that began before it admit nothing until they end
//! ([`Refusal::Closed`]). A counter's window that began before the opening counts from its seed.
//!
//! # Fences
//!
//! [`Counters::fence`] refuses the calls of an identity, or of a whole organisation, that were decided by a bundle older than a
//! version ([`Refusal::Fenced`]), at every gateway at once, also at one that is cut off from the control plane. Calls
//! without limits do not come by here. Fences are kept beside the counters and are lost with them.
//!
//! # When Redis loses data
//!
//! Redis 7 or later (or Valkey) is needed, because every reservation is made by a script that is known to one server
//! *process* alone. A gateway makes a connection, asks the process at its other end who it is (`INFO`), and hands it scripts
//! with that name in their text. A connection ends with its process and is never made anew behind the scripts' back; whatever
//! other process should answer does not know the scripts, runs nothing, and is asked for its name first. The organisation's
//! `{org}:meta` says by which process its counters were last trusted, and a script that finds another name there does one of two things:
//!
//! - It **goes on**, if it is the same server restarted in place, and that server syncs every write to disk before it confirms it
//!   and did so before the restart too (`appendonly yes`, `appendfsync always`, `no-appendfsync-on-rewrite no`;
//!   or the operator's word, [`Durability::Durable`]).
//! - It **refuses** as [`Refusal::Lost`] otherwise: after a restart with an older snapshot, after a failover to a
//!   replica, after a slot of a cluster has moved to another server.
//!
//! A server that would drop keys when its memory is full is not used at all.
//!
//! What is **not** noticed: a data directory that was put back from a backup; a disk that loses what it has confirmed to have written; keys that
//! somebody deletes by hand; a server outside a cluster that was a replica, became a master, and was
//! then restarted before anybody asked; a master that is demoted and promoted again within one process, while a gateway keeps an idle
//! connection to it and an organisation makes no call in between; a clock that is set back by more than a minute after nobody has called since a
//! window's end (counters are kept that long). An operator who does any of these raises the epoch.
//!
//! # Redis Cluster
//!
//! All keys of an organisation are in one slot. A call that a server refuses because the slot is elsewhere (`MOVED`,
//! `ASK`) was not run there and goes to the other one; nothing else is sent twice. While a slot is being moved, calls of its
//! organisations are refused, and when it has arrived their counters are opened anew. So they are after a failover, because
//! replicas follow with a delay that nobody knows.
//!
//! # In memory
//!
//! The same rules for a single process, with the time given by the caller. Counters vanish with the process, and
//! several processes would each count for themselves; whoever runs more than one gateway needs Redis.

mod memory;
mod opening;
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
pub use opening::{OpenError, Opening};
pub use redis::{Durability, Redis, Settings, SettingsError};
pub use reservation::{Refusal, Reservation, Standing};

/// Where counters are kept.
#[derive(Debug)]
pub enum Counters {
    /// In this process.
    Memory(Memory),
    /// In Redis, shared by all gateways.
    Redis(Box<Redis>),
}

impl Counters {
    /// Takes all `charges` of one call, or none. `now_ms` is the time in milliseconds since 1970; Redis uses its
    /// own clock instead. Without charges nothing is asked of anybody.
    ///
    /// # Errors
    /// [`Refusal::Over`] or [`Refusal::Closed`] if a charge cannot be taken now, [`Refusal::Lost`] and
    /// [`Refusal::Fenced`] if the caller does not stand where the counters do, [`Refusal::Unavailable`] if the store did not answer.
    pub async fn reserve(
        &self,
        at: &Standing<'_>,
        charges: &[Charge],
        now_ms: i64,
    ) -> Result<Reservation, Refusal> {
        if charges.is_empty() {
            return Ok(Reservation::default());
        }
        if let Some(index) = repeated(charges) {
            let reason =
                "two charges of one call name the same counter; they should have been made one".to_owned();
            return Err(Refusal::Unavailable { index, reason });
        }
        match self {
            Self::Memory(memory) => memory.reserve(at, charges, now_ms),
            Self::Redis(redis) => redis.reserve(at, charges, now_ms).await,
        }
    }

    /// Gives back what a call took, where its windows are still open and its epoch still holds. Only for calls of which certainly no
    /// byte left the gateway. Errors are logged and not returned: there is nothing the caller could do about them.
    pub async fn give_back(&self, reservation: Reservation) {
        match self {
            Self::Memory(memory) => memory.give_back(&reservation),
            Self::Redis(redis) => redis.give_back(&reservation).await,
        }
    }

    /// Opens an organisation's counters in a new epoch, with nothing in them but the seeds. Until it is done every
    /// call of the organisation is refused as [`Refusal::Lost`]. Opening the epoch that is open changes nothing. Fences that
    /// the store has kept stay; where it may have lost them, raise them first.
    ///
    /// # Errors
    /// See [`OpenError`]. The counters then stay closed, unless a later epoch is open.
    pub async fn open(&self, org: &str, opening: &Opening, now_ms: i64) -> Result<(), OpenError> {
        if !(1..EXACT).contains(&opening.epoch) {
            return Err(OpenError::Unavailable(format!("{} cannot be an epoch's number", opening.epoch)));
        }
        match self {
            Self::Memory(memory) => memory.open(org, opening, now_ms),
            Self::Redis(redis) => redis.open(org, opening, now_ms).await,
        }
    }

    /// From now on calls decided by a bundle older than `version` are refused: one identity's, or everybody's. A fence
    /// only ever rises, and it may be raised before the counters are opened.
    ///
    /// # Errors
    /// What went wrong, for people. The fence may have been raised nevertheless.
    pub async fn fence(&self, org: &str, identity: Option<&str>, version: u64) -> Result<(), String> {
        if version >= EXACT {
            return Err(format!("{version} cannot be a bundle's version"));
        }
        match self {
            Self::Memory(memory) => {
                memory.fence(org, identity, version);
                Ok(())
            }
            Self::Redis(redis) => redis.fence(org, identity, version).await,
        }
    }
}

/// Numbers below this are exact as doubles, which is what scripts in Redis count in.
const EXACT: u64 = 1 << 53;

/// The first charge whose counter an earlier charge names too. Adding both could pass the maximum, and the policy
/// engine promises that it does not happen, so it is refused.
fn repeated(charges: &[Charge]) -> Option<usize> {
    (1..charges.len()).find(|&index| {
        let (earlier, rest) = charges.split_at(index);
        rest.first().is_some_and(|this| earlier.iter().any(|other| other.counter == this.counter))
    })
}
