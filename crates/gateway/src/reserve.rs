//! The reserve step: takes what a permit costs, from counters that are known to be whole and by a bundle that is known
//! to be recent.

use std::time::Instant;

use counters::{Refusal as Refused, Reservation, Standing};
use policy::{Denial, Permit};

use crate::Gateway;
use crate::bundles::Live;
use crate::epochs::Turn;
use crate::measure;
use crate::respond::Refusal;

/// When a call whose counters are being restored is to come back.
const RETRY_LOST_MS: u64 = 2_000;

/// What a call has taken, and the turn it took it in, which ends when this is written down.
pub(crate) struct Reserved {
    pub(crate) reservation: Reservation,
    /// None for calls without limits.
    _turn: Option<Turn>,
}

impl Reserved {
    /// Ends the turn.
    pub(crate) fn into_reservation(self) -> Reservation {
        self.reservation
    }
}

/// Why a call goes no further.
pub(crate) enum Short {
    /// A limit says no, or cannot be checked.
    Deny(Box<Denial>),
    /// The call was decided by what is known to be out of date.
    Outdated(Box<Refusal>),
}

impl Gateway {
    /// Takes all charges of a permit, or none.
    pub(crate) async fn reserve(&self, live: &Live, permit: &Permit) -> Result<Reserved, Short> {
        if permit.charges().is_empty() {
            return Ok(Reserved { reservation: Reservation::default(), _turn: None });
        }
        let mut asked_again = false;
        loop {
            let turn = live.epoch.enter();
            let at = Standing {
                org: &live.texts.org,
                epoch: turn.epoch(),
                identity: &live.texts.identity,
                version: live.bundle.version,
            };
            let begun = Instant::now();
            let answer = self.counters.reserve(&at, permit.charges(), self.now_ms()).await;
            measure::checked(result(&answer), begun.elapsed());
            let refused = match answer {
                Ok(reservation) => return Ok(Reserved { reservation, _turn: Some(turn) }),
                Err(refused) => refused,
            };
            let denial = match refused {
                Refused::Lost { epoch } => {
                    let org = live.bundle.org.id;
                    let back = self.epochs.restored(org, &live.epoch, turn, epoch).await;
                    if back && !asked_again {
                        asked_again = true;
                        continue;
                    }
                    return self.without_counters(permit);
                }
                Refused::Over { index, used, retry_after_ms } => permit.over(index, used, retry_after_ms),
                Refused::Closed { index, retry_after_ms } => permit.closed(index, retry_after_ms),
                Refused::Unavailable { index, reason } => {
                    tracing::warn!(reason, "limits cannot be checked; the call is refused");
                    permit.counters_unavailable(index)
                }
                Refused::Fenced { version } => {
                    return Err(Short::Outdated(Box::new(Refusal::outdated(version))));
                }
            };
            return Err(Short::Deny(Box::new(denial)));
        }
    }

    /// Counters are being restored: refused, but for limits that ask not to be in the way.
    fn without_counters(&self, permit: &Permit) -> Result<Reserved, Short> {
        let index = match Reservation::without_store(permit.charges(), "they are being restored".to_owned()) {
            Ok(reservation) => return Ok(Reserved { reservation, _turn: None }),
            Err(Refused::Unavailable { index, .. }) => index,
            Err(_) => 0,
        };
        Err(Short::Deny(Box::new(permit.counters_lost(index, RETRY_LOST_MS))))
    }
}

/// What a check of limits came to, as it is measured.
const fn result(answer: &Result<Reservation, Refused>) -> &'static str {
    match answer {
        Ok(Reservation { unchecked: true, .. }) => "unchecked",
        Ok(_) => "taken",
        Err(Refused::Over { .. }) => "used_up",
        Err(Refused::Closed { .. } | Refused::Lost { .. }) => "restoring",
        Err(Refused::Unavailable { .. }) => "unavailable",
        Err(Refused::Fenced { .. }) => "outdated",
    }
}
