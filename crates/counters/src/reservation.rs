//! Asking for a call's charges: from where, and what came of it.

use model::{Level, Taken};
use policy::{Amount, Charge, OnOutage};

/// Where a call stands: whose counters, in which epoch the caller believes them to be, and how old its knowledge of who calls is.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The organisation whose counters are meant.
    pub org: &'a str,
    /// The epoch that the control plane has told the caller of, below 2^53.
    pub epoch: u64,
    /// Who calls.
    pub identity: &'a str,
    /// The version of the bundle by which the call was decided, below 2^53.
    pub version: u64,
}

/// The charges of a call, taken.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use = "what was taken is spent, unless it is given back"]
pub struct Reservation {
    /// True if the store could not be asked and every charge permits going on without it. Nothing is known to be taken.
    pub unchecked: bool,
    pub(crate) org: Box<str>,
    pub(crate) epoch: u64,
    /// What was taken, in the order of the charges, and how their counters stood then; empty when `unchecked`.
    pub taken: Vec<Taken>,
}

impl Reservation {
    /// All `charges` taken; `found` has the place and what is left for each of them.
    pub(crate) fn of(
        at: &Standing<'_>,
        charges: &[Charge],
        found: impl Iterator<Item = (i64, Amount)>,
    ) -> Self {
        let taken = charges.iter().zip(found).map(|(charge, (place, left))| {
            let level = Some(Level { max: charge.max, left });
            Taken { counter: charge.counter.clone(), amount: charge.amount, place, level }
        });
        Self { unchecked: false, org: at.org.into(), epoch: at.epoch, taken: taken.collect() }
    }

    /// What each charge's counter has left, in the order of the charges; empty when `unchecked`.
    #[must_use]
    pub fn remaining(&self) -> Vec<Amount> {
        self.taken.iter().filter_map(|taken| taken.level).map(|level| level.left).collect()
    }

    /// What an outage makes of a call: refused if any of its charges asks for that, else admitted unchecked. For
    /// callers that have got [`Refusal::Lost`] and cannot do anything about it now.
    ///
    /// # Errors
    /// [`Refusal::Unavailable`], naming the first charge that refuses, with the `reason`.
    pub fn without_store(charges: &[Charge], reason: String) -> Result<Self, Refusal> {
        match charges.iter().position(|charge| charge.on_outage == OnOutage::Deny) {
            Some(index) => Err(Refusal::Unavailable { index, reason }),
            None => Ok(Self { unchecked: true, ..Self::default() }),
        }
    }
}

/// Why nothing was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A charge does not fit under its maximum.
    Over {
        /// The first charge that cannot be taken.
        index: usize,
        /// What its counter holds.
        used: Amount,
        /// Milliseconds until every charge that cannot be taken now can: the longest wait of all of them. A charge
        /// larger than its maximum never fits; for it this is the end of its window.
        retry_after_ms: u64,
    },
    /// A charge falls into a window that began before the counters were lost, and not all that was taken in it is known.
    Closed {
        /// The first charge that cannot be taken.
        index: usize,
        /// As in [`Refusal::Over`]: until the windows concerned have ended.
        retry_after_ms: u64,
    },
    /// The store did not answer in time, or not usefully.
    Unavailable {
        /// The first charge that refuses in this case.
        index: usize,
        /// For the log.
        reason: String,
    },
    /// The store does not hold the organisation's counters in the caller's epoch. With a smaller epoch than the caller's they
    /// are lost, or were never opened; with a larger one it is the caller who has not heard of the latest yet.
    Lost {
        /// The epoch that the store holds; 0 if it holds none that could be relied on.
        epoch: u64,
    },
    /// The call was decided by a bundle that is too old.
    Fenced {
        /// The version that it must have at least.
        version: u64,
    },
}
