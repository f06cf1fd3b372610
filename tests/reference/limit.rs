//! Limits: what a call costs, and whether that fits beside everything spent before.

use super::condition::{Leaf, leaves};
use super::decimal::{Decimal, is_json};
use super::json::Json;
use super::situation::{Kind, Situation};
use super::time::Window;

/// One counter, and by how much a call raises it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Priced {
    pub(crate) counter: Counter,
    /// Billionths.
    pub(crate) amount: u128,
    /// Billionths.
    pub(crate) max: u128,
}

/// What tells counters apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Counter {
    pub(crate) org: &'static str,
    pub(crate) scope: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) window: Window,
    pub(crate) rolling: bool,
    /// The value it is kept apart by, in a text that is the same for values that count as the same.
    pub(crate) key: Option<String>,
}

/// A charge of an earlier call.
#[derive(Debug, Clone)]
pub(crate) struct Spent {
    pub(crate) time: i64,
    pub(crate) charge: Priced,
}

/// One limit that applies to the call.
pub(crate) struct Limit<'d> {
    pub(crate) pointer: String,
    pub(crate) reason: Option<&'d str>,
    pub(crate) priced: Priced,
}

/// The limits of a rule with their pointers; a rate limit as the limit that it means.
pub(crate) fn written(rule: &Json, pointer: &str, call: &Situation) -> Vec<(String, Json)> {
    let limits = rule.list("limits").iter().enumerate();
    let mut written: Vec<(String, Json)> =
        limits.map(|(index, limit)| (format!("{pointer}/limits/{index}"), limit.clone())).collect();
    if let Some(rate) = rule.get("rate_limit") {
        let prefix = prefix(call.kind);
        let mut members = rate.members().to_vec();
        members.push(("counter".to_owned(), Json::Text(format!("{prefix}{}_rate", call.name))));
        members.push(("scope".to_owned(), Json::Text("session".to_owned())));
        written.push((format!("{pointer}/rate_limit"), Json::Object(members)));
    }
    written
}

/// What the counter of a rate limit begins with, before the name of what is called.
pub(crate) fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Tool => "",
        Kind::Prompt => "prompt:",
        Kind::Resource => "resource:",
    }
}

/// What a limit makes of the call; `None` when amount or key cannot be had.
pub(crate) fn price(limit: &Json, call: &Situation, arguments: &Json) -> Option<Priced> {
    let scope = limit.text("scope")?.to_owned();
    let id = match scope.as_str() {
        "grant" => call.grant.to_owned(),
        "session" => format!("{}/{}", call.identity, call.session),
        "identity" => call.identity.to_owned(),
        "team" => call.team_id.to_owned(),
        "server" => call.server.to_owned(),
        _ => call.org.to_owned(),
    };
    let window = match limit.get("window")? {
        Json::Text(name) => Window::named(name)?,
        Json::Number(seconds) => Window::Seconds(seconds.parse().ok()?),
        _ => return None,
    };
    let key = match limit.text("key") {
        Some(path) => Some(key(&only(path, call, arguments)?)?),
        None => None,
    };
    let amount = match (limit.text("increment_from"), limit.get("increment")) {
        (Some(path), _) => number(&only(path, call, arguments)?)?,
        (None, Some(fixed)) => number(fixed)?,
        (None, None) => 1_000_000_000,
    };
    let name = limit.text("counter")?.to_owned();
    let rolling = limit.get("rolling") == Some(&Json::Bool(true));
    let max = number(limit.get("max")?)?;
    Some(Priced { counter: Counter { org: call.org, scope, id, name, window, rolling, key }, amount, max })
}

/// The one value at a path.
fn only(path: &str, call: &Situation, arguments: &Json) -> Option<Json> {
    match leaves(path, &Json::Null, call, arguments).as_slice() {
        [Leaf::Value(value)] => Some(value.clone()),
        _ => None,
    }
}

fn number(value: &Json) -> Option<u128> {
    match value {
        Json::Number(text) => Decimal::parse(text)?.amount(),
        _ => None,
    }
}

/// One text for all values that share a counter: numbers by value, quoted or not, objects in any order.
fn key(value: &Json) -> Option<String> {
    Some(match value {
        Json::Number(text) => Decimal::parse(text)?.canonical(),
        Json::Text(text) if is_json(text) => Decimal::parse(text)?.canonical(),
        Json::List(elements) => {
            format!("{:?}", elements.iter().map(key).collect::<Option<Vec<String>>>()?)
        }
        Json::Object(members) => {
            let mut members = members
                .iter()
                .map(|(name, value)| Some((name, key(value)?)))
                .collect::<Option<Vec<(&String, String)>>>()?;
            members.sort();
            format!("object {members:?}")
        }
        Json::Text(_) | Json::Bool(_) | Json::Null => value.to_string(),
    })
}

/// One charge for each counter: the largest amount, under the smallest maximum.
pub(crate) fn merged(limits: &[Limit<'_>]) -> Vec<Priced> {
    let mut charges: Vec<Priced> = Vec::new();
    for Limit { priced, .. } in limits {
        match charges.iter_mut().find(|charge| charge.counter == priced.counter) {
            Some(charge) => {
                charge.amount = charge.amount.max(priced.amount);
                charge.max = charge.max.min(priced.max);
            }
            None => charges.push(priced.clone()),
        }
    }
    charges
}

/// Whether the call passes a limit's maximum.
pub(crate) fn over(limit: &Limit<'_>, charges: &[Priced], now: i64, history: &[Spent]) -> bool {
    let mut same = charges.iter().filter(|charge| charge.counter == limit.priced.counter);
    same.any(|charge| held(charge, now, history) + charge.amount > limit.priced.max)
}

/// What the counter of a charge holds now.
fn held(charge: &Priced, now: i64, history: &[Spent]) -> u128 {
    let counter = &charge.counter;
    history
        .iter()
        .filter(|spent| spent.charge.counter == *counter)
        .filter(|spent| counter.window.counts(counter.rolling, spent.time, now))
        .map(|spent| spent.charge.amount)
        .sum()
}

/// How long until the call fits, where one limit alone is in the way and waiting helps.
pub(crate) fn wait(limits: &[Limit<'_>], charges: &[Priced], now: i64, history: &[Spent]) -> Option<i64> {
    let mut full = limits.iter().filter(|limit| over(limit, charges, now, history));
    let (limit, None) = (full.next()?, full.next()) else { return None };
    let charge = charges.iter().find(|charge| charge.counter == limit.priced.counter)?;
    let counter = &charge.counter;
    let ends = history.iter().filter(|spent| spent.charge.counter == *counter);
    let mut ends: Vec<i64> = ends
        .map(|spent| counter.window.forgets(counter.rolling, spent.time))
        .filter(|&end| end > now)
        .collect();
    ends.sort_unstable();
    let end = ends.into_iter().find(|&end| held(charge, end, history) + charge.amount <= limit.priced.max)?;
    Some(end - now)
}
