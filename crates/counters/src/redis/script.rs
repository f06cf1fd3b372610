//! The scripts, what goes into them and what comes out. Keys share the hash tag `{org}`, so that in a Redis Cluster
//! one call's counters are in one slot.

use std::fmt::Write;

use policy::{Amount, Charge, Counter, Window};
use redis::{Cmd, Script as Text};

use crate::Reservation;
use crate::memory::part_ms;

pub(super) const WINDOW: &str = include_str!("window.lua");
const COMMON: &str = include_str!("common.lua");
const ROLLING: &str = include_str!("rolling.lua");
const RESERVE: &str = include_str!("reserve.lua");
const GIVE_BACK: &str = include_str!("give_back.lua");
const SERVER_TIME: &str = include_str!("server_time.lua");

/// Whose time the scripts go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Redis's own.
    Server,
    /// The caller's.
    #[cfg(test)]
    Given,
}

pub(super) struct Scripts {
    pub(super) reserve: Script,
    pub(super) give_back: Script,
}

impl Scripts {
    pub(super) fn new(clock: Clock) -> Self {
        let time = match clock {
            Clock::Server => SERVER_TIME,
            #[cfg(test)]
            Clock::Given => include_str!("given_time.lua"),
        };
        let reserve = Script::new(format!("{WINDOW}\n{COMMON}\n{time}\n{ROLLING}\n{RESERVE}"));
        Self { reserve, give_back: Script::new(GIVE_BACK.to_owned()) }
    }
}

/// A script's text and the digest that Redis knows it by.
pub(super) struct Script {
    text: String,
    digest: String,
}

impl Script {
    fn new(text: String) -> Self {
        let digest = Text::new(&text).get_hash().to_owned();
        Self { text, digest }
    }
}

/// Keys and arguments of one invocation.
pub(super) struct Call {
    keys: Vec<String>,
    arguments: Cmd,
}

impl Call {
    pub(super) fn by_digest(&self, script: &Script) -> Cmd {
        self.command("EVALSHA", &script.digest)
    }

    pub(super) fn by_text(&self, script: &Script) -> Cmd {
        self.command("EVAL", &script.text)
    }

    fn command(&self, name: &str, script: &str) -> Cmd {
        let mut command = redis::cmd(name);
        command.arg(script).arg(self.keys.len()).arg(&self.keys);
        for argument in self.arguments.args_iter() {
            if let redis::Arg::Simple(bytes) = argument {
                command.arg(bytes);
            }
        }
        command
    }
}

pub(super) fn reserve(org: &str, charges: &[Charge], now_ms: i64) -> Call {
    let mut keys = Vec::with_capacity(charges.len() + 1);
    keys.push(format!("{{{org}}}:meta"));
    let mut arguments = Cmd::new();
    arguments.arg(now_ms);
    for Charge { counter, amount, max, .. } in charges {
        keys.push(key(org, counter));
        span(counter, &mut arguments);
        for (whole, nanos) in [amount.parts(), max.parts()] {
            arguments.arg(whole).arg(nanos);
        }
    }
    Call { keys, arguments }
}

pub(super) fn give_back(reservation: &Reservation) -> Call {
    let mut arguments = Cmd::new();
    let keys = reservation.taken.iter().map(|taken| {
        let (whole, nanos) = taken.amount.parts();
        let kind = if taken.counter.rolling { "r" } else { "f" };
        arguments.arg(kind).arg(taken.place).arg(whole).arg(nanos);
        key(&reservation.org, &taken.counter)
    });
    Call { keys: keys.collect(), arguments }
}

/// How long the counter's window is, as `reserve.lua` reads it.
fn span(counter: &Counter, arguments: &mut Cmd) {
    match counter.window {
        window if counter.rolling => arguments.arg(format!("r{}", part_ms(window))),
        Window::Week => arguments.arg("week"),
        Window::Month => arguments.arg("month"),
        window => arguments.arg(window.length_ms()),
    };
}

/// `{org}:l:<scope>:<scope id>:<name>:<window>[:<key digest>]`.
fn key(org: &str, counter: &Counter) -> String {
    let mut key = String::with_capacity(160);
    key.push('{');
    key.push_str(org);
    key.push_str("}:l:");
    key.push_str(counter.scope.as_str());
    for part in [&counter.scope_id, &counter.name] {
        key.push(':');
        push_escaped(&mut key, part);
    }
    key.push_str(if counter.rolling { ":rolling-" } else { ":" });
    match counter.window {
        Window::Second => key.push_str("second"),
        Window::Minute => key.push_str("minute"),
        Window::Hour => key.push_str("hour"),
        Window::Day => key.push_str("day"),
        Window::Week => key.push_str("week"),
        Window::Month => key.push_str("month"),
        // Writing to a string does not fail.
        Window::Seconds(seconds) => drop(write!(key, "{seconds}s")),
    }
    if let Some(digest) = &counter.key {
        key.push(':');
        key.push_str(digest);
    }
    key
}

/// Ids and names are the customers'; without escaping `a:b` and `c` would share a key with `a` and `b:c`.
fn push_escaped(key: &mut String, part: &str) {
    if !part.contains([':', '%']) {
        key.push_str(part);
        return;
    }
    for c in part.chars() {
        match c {
            ':' => key.push_str("%3A"),
            '%' => key.push_str("%25"),
            c => key.push(c),
        }
    }
}

/// What `reserve.lua` answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Place and remainder of each charge.
    Taken(Vec<(i64, Amount)>),
    Over {
        index: usize,
        used: Amount,
        retry_after_ms: u64,
    },
}

impl Answer {
    /// Reads the answer to a call of so many charges.
    pub(super) fn read(numbers: &[i64], charges: usize) -> Result<Self, String> {
        let wrong = || format!("Redis answered {numbers:?}, which is not what the script returns");
        let amount = |whole: i64, nanos: i64| {
            let (whole, nanos) = (u64::try_from(whole).ok()?, u32::try_from(nanos).ok()?);
            Amount::from_parts(whole, nanos)
        };
        match numbers {
            [1, found @ ..] if found.len() == 3 * charges => {
                let (found, _) = found.as_chunks::<3>();
                let found = found.iter().map(|[place, whole, nanos]| Some((*place, amount(*whole, *nanos)?)));
                found.collect::<Option<_>>().map(Self::Taken).ok_or_else(wrong)
            }
            [0, index, whole, nanos, wait] => {
                let index =
                    usize::try_from(*index).ok().filter(|index| *index < charges).ok_or_else(wrong)?;
                let used = amount(*whole, *nanos).ok_or_else(wrong)?;
                Ok(Self::Over { index, used, retry_after_ms: u64::try_from(*wait).unwrap_or(0) })
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use policy::Scope;

    use super::*;

    fn counter(scope_id: &str, name: &str) -> Counter {
        let (scope_id, name) = (Arc::from(scope_id), Arc::from(name));
        Counter { scope: Scope::Grant, scope_id, name, window: Window::Minute, rolling: false, key: None }
    }

    #[test]
    fn a_key_tells_every_part_of_a_counter_apart() {
        let plain = counter("grant_1", "calls");
        assert_eq!(key("org_1", &plain), "{org_1}:l:grant:grant_1:calls:minute");
        let keyed = Counter { key: Some("ab".into()), rolling: true, ..plain.clone() };
        assert_eq!(key("org_1", &keyed), "{org_1}:l:grant:grant_1:calls:rolling-minute:ab");
        let seconds = Counter { window: Window::Seconds(90), ..plain };
        assert_eq!(key("org_1", &seconds), "{org_1}:l:grant:grant_1:calls:90s");
        assert_ne!(key("o", &counter("a:b", "c")), key("o", &counter("a", "b:c")));
        assert_ne!(key("o", &counter("a%3Ab", "c")), key("o", &counter("a:b", "c")));
    }

    #[test]
    fn an_answer_that_the_script_does_not_give_is_refused() {
        for wrong in [
            &[][..],
            &[2],
            &[1, 0, 0],
            &[1, 0, 0, 0, 0],
            &[1, 0, -1, 0],
            &[1, 0, 0, 1_000_000_000],
            &[0, 1, 0, 0, 0],
            &[0, -1, 0, 0, 0],
            &[0, 0, 0, 0],
            &[0, 0, 1 << 53, 0, 0],
        ] {
            assert!(Answer::read(wrong, 1).is_err(), "{wrong:?}");
        }
        assert!(Answer::read(&[1, 7, 3, 5], 1).is_ok());
    }
}
