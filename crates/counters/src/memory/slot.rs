//! One counter: a fixed window, or a rolling one in sixtieths.

use std::collections::VecDeque;

use policy::{Amount, Window};

/// Parts that a rolling window is cut into.
pub(crate) const PARTS: i64 = 60;

/// Milliseconds of one part of a rolling window, rounded up, so that sixty of them are never shorter than the window.
pub(crate) const fn part_ms(window: Window) -> i64 {
    let length = window.length_ms();
    (length + PARTS - 1) / PARTS
}

/// Why a charge cannot be taken, and for how many milliseconds not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    Over { used: Amount, wait: u64 },
    Closed { wait: u64 },
}

impl Misfit {
    pub(super) const fn wait(self) -> u64 {
        match self {
            Self::Over { wait, .. } | Self::Closed { wait } => wait,
        }
    }
}

#[derive(Debug)]
pub(super) enum Slot {
    Fixed { window: Window, start: i64, end: i64, used: Amount },
    Rolling { part_ms: i64, parts: VecDeque<(i64, Amount)>, used: Amount },
}

impl Slot {
    pub(super) fn new(window: Window, rolling: bool) -> Self {
        if rolling {
            Self::Rolling { part_ms: part_ms(window), parts: VecDeque::new(), used: Amount::ZERO }
        } else {
            Self::Fixed { window, start: i64::MIN, end: i64::MIN, used: Amount::ZERO }
        }
    }

    /// Holds what these places hold, and nothing else. They are in ascending order.
    pub(super) fn seed(&mut self, places: &[(i64, Amount)]) {
        match self {
            Self::Fixed { window, start, end, used } => {
                if let Some((place, amount)) = places.last() {
                    (*start, *end) = window.bounds(*place);
                    *used = *amount;
                }
            }
            Self::Rolling { parts, used, .. } => {
                *parts = places.iter().copied().collect();
                // What was gathered is never more than an amount can hold.
                *used = sum(places).unwrap_or(*used);
            }
        }
    }

    /// Adds `amount` at `now`, which never goes back; answers the place it was counted at and what is left. Takes
    /// nothing in a window that began before `closed_before`.
    pub(super) fn take(
        &mut self,
        amount: Amount,
        max: Amount,
        now: i64,
        closed_before: i64,
    ) -> Result<(i64, Amount), Misfit> {
        match self {
            Self::Fixed { window, start, end, used } => {
                if now >= *end {
                    (*start, *end) = window.bounds(now);
                    *used = Amount::ZERO;
                }
                let wait = end.abs_diff(now);
                if *start < closed_before {
                    return Err(Misfit::Closed { wait });
                }
                let sum = fits(*used, amount, max).ok_or(Misfit::Over { used: *used, wait })?;
                *used = sum;
                Ok((*start, max.saturating_sub(sum)))
            }
            Self::Rolling { part_ms, parts, used } => {
                let part = now.div_euclid(*part_ms);
                while let Some((_, gone)) = parts.pop_front_if(|(oldest, _)| *oldest < part - PARTS) {
                    *used = used.saturating_sub(gone);
                }
                if (part - PARTS).saturating_mul(*part_ms) < closed_before {
                    let opens = whole_parts(closed_before, *part_ms) + PARTS;
                    return Err(Misfit::Closed { wait: (opens * *part_ms).abs_diff(now) });
                }
                let Some(sum) = fits(*used, amount, max) else {
                    let wait = rolling_wait(parts, *used, amount, max, *part_ms, now);
                    return Err(Misfit::Over { used: *used, wait });
                };
                *used = sum;
                match parts.back_mut() {
                    Some((newest, held)) if *newest == part => {
                        *held = held.checked_add(amount).unwrap_or(*held);
                    }
                    _ => parts.push_back((part, amount)),
                }
                Ok((part, max.saturating_sub(sum)))
            }
        }
    }

    /// Takes `amount` off again, if its place still counts and holds as much.
    pub(super) fn give_back(&mut self, place: i64, amount: Amount) {
        match self {
            Self::Fixed { start, used, .. } if *start == place && *used >= amount => {
                *used = used.saturating_sub(amount);
            }
            Self::Fixed { .. } => {}
            Self::Rolling { parts, used, .. } => {
                let held = parts.iter_mut().find(|(part, _)| *part == place).map(|(_, held)| held);
                if let Some(held) = held.filter(|held| **held >= amount) {
                    *held = held.saturating_sub(amount);
                    *used = used.saturating_sub(amount);
                }
            }
        }
    }

    /// Whether anything counted here still matters at `now`.
    pub(super) fn is_live(&self, now: i64) -> bool {
        match self {
            Self::Fixed { end, .. } => now < *end,
            Self::Rolling { part_ms, parts, .. } => {
                parts.back().is_some_and(|(newest, _)| *newest >= now.div_euclid(*part_ms) - PARTS)
            }
        }
    }
}

/// The first part that begins at `time` or after it.
const fn whole_parts(time: i64, part_ms: i64) -> i64 {
    (time + part_ms - 1).div_euclid(part_ms)
}

/// Everything in the places, if that is an amount.
pub(crate) fn sum(places: &[(i64, Amount)]) -> Option<Amount> {
    places.iter().try_fold(Amount::ZERO, |sum, (_, amount)| sum.checked_add(*amount))
}

/// The sum, if it is at most `max`.
fn fits(used: Amount, amount: Amount, max: Amount) -> Option<Amount> {
    used.checked_add(amount).filter(|sum| *sum <= max)
}

/// Milliseconds until enough of the oldest parts have left the window for `amount` to fit.
fn rolling_wait(
    parts: &VecDeque<(i64, Amount)>,
    used: Amount,
    amount: Amount,
    max: Amount,
    part_ms: i64,
    now: i64,
) -> u64 {
    let mut left = used;
    let mut leaves = now + PARTS * part_ms;
    for (part, used) in parts {
        left = left.saturating_sub(*used);
        leaves = (part + PARTS + 1) * part_ms;
        if fits(left, amount, max).is_some() {
            break;
        }
    }
    leaves.abs_diff(now)
}
