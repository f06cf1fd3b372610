//! What came of asking for a call's charges.

use model::Taken;
use policy::{Amount, Charge, OnOutage};

/// The charges of a call, taken.
#[derive(Debug, Default, PartialEq, Eq)]
#[must_use = "what was taken is spent, unless it is given back"]
pub struct Reservation {
    /// What each charge's counter has left, in the order of the charges; empty when `unchecked`.
    pub remaining: Vec<Amount>,
    /// True if the store did not answer and every charge permits going on without it. Nothing is known to be taken.
    pub unchecked: bool,
    pub(crate) org: Box<str>,
    /// What was taken, for the record.
    pub taken: Vec<Taken>,
}

impl Reservation {
    /// All `charges` taken; `found` has the place and what is left for each of them.
    pub(crate) fn of(org: &str, charges: &[Charge], found: impl Iterator<Item = (i64, Amount)>) -> Self {
        let mut remaining = Vec::with_capacity(charges.len());
        let taken = charges.iter().zip(found).map(|(charge, (place, left))| {
            remaining.push(left);
            Taken { counter: charge.counter.clone(), amount: charge.amount, place }
        });
        let taken = taken.collect();
        Self { remaining, unchecked: false, org: org.into(), taken }
    }

    /// What an outage makes of a call: refused if any of its charges asks for that, else admitted unchecked.
    pub(crate) fn without_store(charges: &[Charge], reason: String) -> Result<Self, Refusal> {
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
        /// The first such charge.
        index: usize,
        /// What its counter holds.
        used: Amount,
        /// Milliseconds until every charge that does not fit now can: the longest wait of all of them. A charge
        /// larger than its maximum never fits; for it this is the end of its window.
        retry_after_ms: u64,
    },
    /// The store did not answer in time, or not usefully.
    Unavailable {
        /// The first charge that refuses in this case.
        index: usize,
        /// For the log.
        reason: String,
    },
}
