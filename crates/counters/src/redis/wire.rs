//! What goes into the scripts and what comes out.

use policy::{Amount, Charge, OnOutage, Window};
use redis::Cmd;

use super::key;
use super::script::Script;
use crate::memory::part_ms;
use crate::opening::Seed;
use crate::{Refusal, Reservation, Standing};

/// Bytes of one charge, as `reserve.lua` reads it: two, and five doubles.
const CHARGE: usize = 42;
/// Bytes of a key and what comes with it, roughly, so that commands seldom grow while they are written.
const KEY: usize = 250;
/// How long a counter outlives its window, in milliseconds, as in `reserve.lua`.
const GRACE: i64 = 60_000;

/// A call of `script` without its keys and arguments.
fn eval(script: &Script, keys: usize) -> Cmd {
    let mut command = Cmd::with_capacity(8 + keys, script.digest.len() + KEY * keys + 100);
    command.arg("EVALSHA").arg(&script.digest).arg(keys);
    command
}

/// Asks for the charges of a call. `given` is the time for the tests' clock.
pub(super) fn reserve(script: &Script, at: &Standing<'_>, charges: &[Charge], given: Option<i64>) -> Cmd {
    let mut command = eval(script, charges.len() + 1);
    let mut text = String::with_capacity(200);
    text.extend(["{", at.org, "}:meta"]);
    command.arg(&text);
    let mut blob = Vec::with_capacity(CHARGE * charges.len());
    for charge in charges {
        text.clear();
        key::push_counter(&mut text, at.org, &charge.counter);
        command.arg(&text);
        push_charge(&mut blob, charge);
    }
    text.clear();
    text.extend(["f:", at.identity]);
    command.arg(at.epoch).arg(at.version).arg(&text).arg(blob);
    if let Some(now) = given {
        command.arg(now);
    }
    command
}

fn push_charge(blob: &mut Vec<u8>, charge: &Charge) {
    let counter = &charge.counter;
    let (kind, length) = match counter.window {
        window if counter.rolling => (3, part_ms(window)),
        Window::Week => (1, 0),
        Window::Month => (2, 0),
        window => (0, window.length_ms()),
    };
    blob.extend([kind, u8::from(charge.on_outage == OnOutage::Deny)]);
    push_double(blob, length);
    for amount in [charge.amount, charge.max] {
        push_amount(blob, amount);
    }
}

/// Scripts count in doubles; everything here is below 2^53, where they are exact.
#[expect(clippy::cast_precision_loss, reason = "times and wholes are below 2^53")]
fn push_double(blob: &mut Vec<u8>, number: i64) {
    blob.extend((number as f64).to_le_bytes());
}

fn push_amount(blob: &mut Vec<u8>, amount: Amount) {
    let (whole, nanos) = amount.parts();
    push_double(blob, whole.cast_signed());
    push_double(blob, i64::from(nanos));
}

pub(super) fn give_back(script: &Script, reservation: &Reservation) -> Cmd {
    let taken = &reservation.taken;
    let mut command = eval(script, taken.len());
    let mut blob = Vec::with_capacity(25 * taken.len());
    for taken in taken {
        command.arg(key::counter(&reservation.org, &taken.counter));
        blob.push(u8::from(taken.counter.rolling));
        push_double(&mut blob, taken.place);
        push_amount(&mut blob, taken.amount);
    }
    command.arg(reservation.epoch).arg(blob);
    command
}

/// Raises a fence.
pub(super) fn fence(script: &Script, org: &str, identity: Option<&str>, version: u64) -> Cmd {
    let mut command = eval(script, 1);
    let field = identity.map_or_else(|| "f".to_owned(), |identity| format!("f:{identity}"));
    command.arg(key::meta(org)).arg(field).arg(version);
    command
}

/// The first step of opening.
pub(super) fn begin(script: &Script, org: &str, epoch: u64, given: Option<i64>) -> Cmd {
    let mut command = eval(script, 1);
    command.arg(key::meta(org)).arg("begin").arg(epoch).arg(given);
    command
}

/// Some of the seeds.
pub(super) fn seed(
    script: &Script,
    org: &str,
    token: &str,
    epoch: u64,
    seeds: &[Seed<'_>],
    given: Option<i64>,
) -> Cmd {
    let mut command = eval(script, seeds.len() + 1);
    command.arg(key::meta(org));
    for seed in seeds {
        command.arg(key::counter(org, seed.counter));
    }
    command.arg("seed").arg(token);
    for seed in seeds {
        if seed.counter.rolling {
            rolling_seed(&mut command, epoch, seed);
        } else {
            fixed_seed(&mut command, epoch, seed);
        }
    }
    command.arg(given);
    command
}

fn fixed_seed(command: &mut Cmd, epoch: u64, seed: &Seed<'_>) {
    let (place, amount) = seed.places.last().copied().unwrap_or_default();
    let (start, end) = seed.counter.window.bounds(place);
    let mut value = Vec::with_capacity(40);
    push_double(&mut value, epoch.cast_signed());
    push_double(&mut value, start);
    push_double(&mut value, end);
    push_amount(&mut value, amount);
    command.arg(end.saturating_add(GRACE)).arg(0).arg(value);
}

fn rolling_seed(command: &mut Cmd, epoch: u64, seed: &Seed<'_>) {
    let newest = seed.places.last().map_or(0, |(place, _)| *place);
    let end = (newest + 61).saturating_mul(part_ms(seed.counter.window));
    let mut state = Vec::with_capacity(40);
    push_double(&mut state, epoch.cast_signed());
    push_double(&mut state, seed.places.first().map_or(0, |(place, _)| *place));
    push_double(&mut state, newest);
    push_amount(&mut state, crate::memory::sum(&seed.places).unwrap_or_default());
    command.arg(end.saturating_add(GRACE)).arg(seed.places.len() + 1).arg("t").arg(state);
    for (place, amount) in &seed.places {
        let mut value = Vec::with_capacity(16);
        push_amount(&mut value, *amount);
        command.arg(place).arg(value);
    }
}

/// The last step of opening.
pub(super) fn finish(
    script: &Script,
    org: &str,
    token: &str,
    latest: i64,
    complete: bool,
    given: Option<i64>,
) -> Cmd {
    let mut command = eval(script, 1);
    command.arg(key::meta(org)).arg("finish").arg(token).arg(latest).arg(u8::from(complete)).arg(given);
    command
}

/// What `reserve.lua` answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Place and remainder of each charge.
    Taken(Vec<(i64, Amount)>),
    Refused(Refusal),
}

impl Answer {
    /// Reads the answer to a call of so many charges.
    pub(super) fn read(numbers: &[i64], charges: usize) -> Result<Self, String> {
        Self::understand(numbers, charges)
            .ok_or_else(|| format!("Redis answered {numbers:?}, which is not what the script returns"))
    }

    fn understand(numbers: &[i64], charges: usize) -> Option<Self> {
        let amount = |whole: i64, nanos: i64| {
            Amount::from_parts(u64::try_from(whole).ok()?, u32::try_from(nanos).ok()?)
        };
        let refused = match numbers {
            [1, found @ ..] if found.len() == 3 * charges => {
                let (found, _) = found.as_chunks::<3>();
                let found = found.iter().map(|[place, whole, nanos]| Some((*place, amount(*whole, *nanos)?)));
                return found.collect::<Option<_>>().map(Self::Taken);
            }
            [kind @ (0 | 4), index, whole, nanos, wait] => {
                let index = usize::try_from(*index).ok().filter(|index| *index < charges)?;
                let (used, retry_after_ms) = (amount(*whole, *nanos)?, u64::try_from(*wait).ok()?);
                match kind {
                    0 => Refusal::Over { index, used, retry_after_ms },
                    _ => Refusal::Closed { index, retry_after_ms },
                }
            }
            [2, epoch] => Refusal::Lost { epoch: u64::try_from(*epoch).ok()? },
            [3, version] => Refusal::Fenced { version: u64::try_from(*version).ok()? },
            _ => return None,
        };
        Some(Self::Refused(refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counter;

    #[test]
    fn a_seed_outlives_the_last_moment_at_which_it_counts_by_a_minute() {
        let ends = |rolling: bool, place: i64| {
            let counter = counter("calls", Window::Minute, rolling);
            let mut command = Cmd::new();
            let seed = Seed { counter: &counter, places: vec![(place, Amount::ONE)] };
            if rolling {
                rolling_seed(&mut command, 1, &seed)
            } else {
                fixed_seed(&mut command, 1, &seed)
            }
            let first = command.args_iter().find_map(|arg| match arg {
                redis::Arg::Simple(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
                _ => None,
            });
            (first.unwrap(), counter.counts_until(place) + 60_000)
        };
        for (rolling, place) in [(false, 4_102_444_800_000), (true, 4_102_444_800)] {
            let (written, expected) = ends(rolling, place);
            assert_eq!(written, expected.to_string());
        }
    }

    #[test]
    fn every_answer_of_the_script_is_understood() {
        let check = |numbers: &[i64], expected: Answer| {
            assert_eq!(Answer::read(numbers, 1), Ok(expected), "{numbers:?}");
        };
        check(&[1, 7, 3, 5], Answer::Taken(vec![(7, Amount::from_parts(3, 5).unwrap())]));
        let used = Amount::from_parts(2, 1).unwrap();
        check(&[0, 0, 2, 1, 9], Answer::Refused(Refusal::Over { index: 0, used, retry_after_ms: 9 }));
        check(&[4, 0, 0, 0, 9], Answer::Refused(Refusal::Closed { index: 0, retry_after_ms: 9 }));
        check(&[2, 0], Answer::Refused(Refusal::Lost { epoch: 0 }));
        check(&[2, 8], Answer::Refused(Refusal::Lost { epoch: 8 }));
        check(&[3, 8], Answer::Refused(Refusal::Fenced { version: 8 }));
    }

    #[test]
    fn an_answer_that_the_script_does_not_give_is_refused() {
        for wrong in [
            &[][..],
            &[5],
            &[2],
            &[2, -1],
            &[3, -1],
            &[1, 0, 0],
            &[1, 0, 0, 0, 0],
            &[1, 0, -1, 0],
            &[1, 0, 0, 1_000_000_000],
            &[0, 1, 0, 0, 0],
            &[0, -1, 0, 0, 0],
            &[0, 0, 0, 0],
            &[0, 0, 0, 0, -1],
            &[0, 0, 1 << 53, 0, 0],
            &[4, 1, 0, 0, 0],
        ] {
            assert!(Answer::read(wrong, 1).is_err(), "{wrong:?}");
        }
    }
}
