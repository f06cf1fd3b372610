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

/// A charge that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Over {
    pub(super) used: Amount,
    pub(super) retry_after_ms: u64,
}

#[derive(Debug)]
pub(super) enum Slot {
    Fixed { window: Window, start: i64, end: i64, used: Amount },
    Rolling { part_ms: i64, parts: VecDeque<(i64, Amount)> },
}

impl Slot {
    pub(super) fn new(window: Window, rolling: bool) -> Self {
        if rolling {
            Self::Rolling { part_ms: part_ms(window), parts: VecDeque::new() }
        } else {
            Self::Fixed { window, start: i64::MIN, end: i64::MIN, used: Amount::ZERO }
        }
    }

    /// Adds `amount` at `now`, which never goes back; answers the place it was counted at and what is left.
    pub(super) fn take(&mut self, amount: Amount, max: Amount, now: i64) -> Result<(i64, Amount), Over> {
        match self {
            Self::Fixed { window, start, end, used } => {
                if now >= *end {
                    (*start, *end) = window.bounds(now);
                    *used = Amount::ZERO;
                }
                let sum = fits(*used, amount, max)
                    .ok_or_else(|| Over { used: *used, retry_after_ms: end.abs_diff(now) })?;
                *used = sum;
                Ok((*start, max.saturating_sub(sum)))
            }
            Self::Rolling { part_ms, parts } => {
                let part = now.div_euclid(*part_ms);
                while parts.front().is_some_and(|(oldest, _)| *oldest < part - PARTS) {
                    parts.pop_front();
                }
                let sum = fits(total(parts), amount, max).ok_or_else(|| Over {
                    used: total(parts),
                    retry_after_ms: rolling_wait(parts, amount, max, *part_ms, now),
                })?;
                match parts.back_mut() {
                    Some((newest, used)) if *newest == part => {
                        *used = used.checked_add(amount).unwrap_or(*used);
                    }
                    _ => parts.push_back((part, amount)),
                }
                Ok((part, max.saturating_sub(sum)))
            }
        }
    }

    /// Takes `amount` off again, if its place still counts and holds as much.
    pub(super) fn give_back(&mut self, place: i64, amount: Amount) {
        let held = match self {
            Self::Fixed { start, used, .. } => (*start == place).then_some(used),
            Self::Rolling { parts, .. } => {
                parts.iter_mut().find(|(part, _)| *part == place).map(|(_, used)| used)
            }
        };
        if let Some(used) = held
            && *used >= amount
        {
            *used = used.saturating_sub(amount);
        }
    }

    /// Whether anything counted here still matters at `now`.
    pub(super) fn is_live(&self, now: i64) -> bool {
        match self {
            Self::Fixed { end, .. } => now < *end,
            Self::Rolling { part_ms, parts } => {
                parts.back().is_some_and(|(newest, _)| *newest >= now.div_euclid(*part_ms) - PARTS)
            }
        }
    }
}

/// The sum, if it is at most `max`.
fn fits(used: Amount, amount: Amount, max: Amount) -> Option<Amount> {
    used.checked_add(amount).filter(|sum| *sum <= max)
}

/// Everything in the parts. They were admitted under some maximum, so the sum is in range.
fn total(parts: &VecDeque<(i64, Amount)>) -> Amount {
    parts.iter().fold(Amount::ZERO, |sum, (_, used)| sum.checked_add(*used).unwrap_or(sum))
}

/// Milliseconds until enough of the oldest parts have left the window for `amount` to fit.
fn rolling_wait(parts: &VecDeque<(i64, Amount)>, amount: Amount, max: Amount, part_ms: i64, now: i64) -> u64 {
    let mut left = total(parts);
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
