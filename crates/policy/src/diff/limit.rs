//! Two rules' limits compared.
//!
//! A limit is known by its counter and scope. Another key, another source of the amount or another window count
//! differently and are neither looser nor tighter; the rest can be ordered.

use super::{Change, Findings, pair};
use crate::OnOutage;
use crate::rule::limit::{CounterName, Increment, Limit};
use crate::wording::quoted;

pub(super) fn compare(whose: &str, old: &[Limit], new: &[Limit], found: &mut Findings) {
    let same_counter = |a: &Limit, b: &Limit| name(a) == name(b) && a.scope == b.scope;
    let identical = |a: &Limit, b: &Limit| same_counter(a, b) && differences(a, b).is_empty();
    let same_key = |a: &Limit, b: &Limit| same_counter(a, b) && key(a) == key(b);
    let same_name = |a: &Limit, b: &Limit| name(a) == name(b);
    let (pairs, gone, come) =
        pair(old.iter().collect(), new.iter().collect(), &[&identical, &same_key, &same_counter, &same_name]);
    for (before, after) in pairs {
        for (change, what) in differences(before, after) {
            let text = format!("the limit {} of {whose} {what}", name(after));
            found.add(change, after.pointer(), text);
        }
    }
    for limit in come {
        let what = format!("{whose} has a limit more: {}", terms(limit));
        found.add(Change::Tighter, limit.pointer(), what);
    }
    for limit in gone {
        let what = format!("{whose} has a limit less: {}", terms(limit));
        found.add(Change::Looser, limit.pointer(), what);
    }
}

fn name(limit: &Limit) -> String {
    match &limit.name {
        CounterName::Fixed(name) => quoted(name),
        CounterName::OfSubject => "named after what is called".to_owned(),
    }
}

fn key(limit: &Limit) -> Option<&str> {
    limit.key.as_ref().map(|path| path.text())
}

fn terms(limit: &Limit) -> String {
    let rolling = if limit.rolling { "rolling " } else { "" };
    let each = key(limit).map(|path| format!(" and value of {path}")).unwrap_or_default();
    let (name, max, window) = (name(limit), limit.max, limit.window.describe());
    format!("{name}, {max} per {rolling}{window}, {} and {}{each}", increment(limit), limit.scope.as_str())
}

fn increment(limit: &Limit) -> String {
    match &limit.increment {
        Increment::Fixed(amount) => format!("{amount} a call"),
        Increment::From(path) => format!("{} a call", path.text()),
    }
}

/// What differs between two limits that are taken for the same.
fn differences(old: &Limit, new: &Limit) -> Vec<(Change, String)> {
    let mut found = Vec::new();
    // A larger maximum is the looser one.
    if let Some(change) = Change::of_strictness(&new.max, &old.max) {
        found.push((change, format!("allows {}, and allowed {}", new.max, old.max)));
    }
    if old.scope != new.scope {
        let (is, was) = (new.scope.as_str(), old.scope.as_str());
        found.push((Change::Changed, format!("counts by {is}, and counted by {was}")));
    }
    if old.window != new.window {
        let (is, was) = (new.window.describe(), old.window.describe());
        found.push((Change::Changed, format!("counts per {is}, and counted per {was}")));
    }
    if let Some(change) = Change::of_strictness(&old.rolling, &new.rolling) {
        let kind = if new.rolling { "any span of its window's length" } else { "windows of the calendar" };
        // Another window as well leaves nothing to compare.
        let change = if old.window == new.window { change } else { Change::Changed };
        found.push((change, format!("now counts in {kind}")));
    }
    if key(old) != key(new) {
        let each = |limit: &Limit| match key(limit) {
            Some(path) => format!("for each value of {path}"),
            None => "for all values together".to_owned(),
        };
        // With a key fewer calls share a counter, but a call without a value there is refused.
        found.push((Change::Changed, format!("counts {}, and counted {}", each(new), each(old))));
    }
    if increment(old) != increment(new) {
        let change = match (&old.increment, &new.increment) {
            (Increment::Fixed(old), Increment::Fixed(new)) => Change::of_strictness(old, new),
            _ => Some(Change::Changed),
        };
        let what = format!("takes {}, and took {}", increment(new), increment(old));
        found.extend(change.map(|change| (change, what)));
    }
    let denies = |limit: &Limit| limit.on_outage == OnOutage::Deny;
    if let Some(change) = Change::of_strictness(&denies(old), &denies(new)) {
        let verb = if denies(new) { "refuses" } else { "lets pass" };
        found.push((change, format!("now {verb} a call when it cannot be counted")));
    }
    found
}
