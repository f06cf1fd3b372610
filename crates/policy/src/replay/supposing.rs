//! Answers to what the record does not tell: each way to answer in turn, and a judgement under one of them.

use std::sync::Arc;

use crate::rule::condition::{Operator, Test};
use crate::rule::limit::{Increment, Limit, Supposed};
use crate::rule::path::Mismatch;
use crate::rule::section::Layers;
use crate::rule::written;
use crate::trace::{Step, Watch};
use crate::value::Value;
use crate::{Amount, Charge, Counter, Permit};

use super::Gaps;

/// The key of a counter that is kept for each value of something that is not known. No digest reads like it.
pub(super) const UNKNOWN_KEY: &str = "(unknown)";

/// One way to answer every question met so far. Walked like an odometer: the last answer changes first.
#[derive(Debug, Default)]
pub(super) struct Answers {
    given: Vec<Given>,
}

#[derive(Debug)]
struct Given {
    question: String,
    answer: u8,
    answers: u8,
}

impl Answers {
    /// The answer, of `answers` that there are, counted from 0.
    fn to(&mut self, question: String, answers: u8) -> u8 {
        if let Some(given) = self.given.iter().find(|given| given.question == question) {
            return given.answer;
        }
        self.given.push(Given { question, answer: 0, answers });
        0
    }

    /// Goes on to the next way to answer; false when there is none.
    pub(super) fn next(&mut self) -> bool {
        while let Some(last) = self.given.last_mut() {
            if last.answer + 1 < last.answers {
                last.answer += 1;
                return true;
            }
            self.given.pop();
        }
        false
    }

    /// Whether nothing had to be asked.
    pub(super) const fn is_empty(&self) -> bool {
        self.given.is_empty()
    }
}

/// What is not known of a charge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) amount: bool,
    pub(super) key: bool,
}

impl Doubt {
    pub(super) const fn or(self, other: Self) -> Self {
        Self { amount: self.amount || other.amount, key: self.key || other.key }
    }
}

/// What a limit took, known from the record.
#[derive(Debug)]
pub(super) struct Known {
    signature: String,
    amount: Amount,
    key: Option<Arc<str>>,
}

/// What the limits of a permit took: those that alone stand behind their charge, and whose counter is the only such one
/// among what was taken.
pub(super) fn known(permit: &Permit, doubts: &[Doubt], taken: &[(&Counter, Amount)]) -> Vec<Known> {
    let alone = |index: usize| permit.limits().filter(|(behind, _)| *behind == index).count() == 1;
    let limits = permit
        .limits()
        .zip(doubts)
        .filter(|((index, _), doubt)| **doubt != Doubt::default() && alone(*index));
    limits
        .filter_map(|((index, limit), _)| {
            let counter = &permit.charges().get(index)?.counter;
            // The record names scopes by ids that a replay need not know.
            let same = |other: &Counter| {
                (&other.name, other.scope, other.window, other.rolling, other.key.is_some())
                    == (&counter.name, counter.scope, counter.window, counter.rolling, counter.key.is_some())
            };
            let mut found = taken.iter().filter(|(counter, _)| same(counter));
            let (counter, amount) = found.next().filter(|_| found.next().is_none())?;
            Some(Known { signature: signature(limit), amount: *amount, key: counter.key.clone() })
        })
        .collect()
}

/// What a limit counts, and where: equal for limits that take the same from every call.
fn signature(limit: &Limit) -> String {
    let increment = match &limit.increment {
        Increment::Fixed(amount) => amount.to_string(),
        Increment::From(path) => path.text().to_owned(),
    };
    let key = limit.key.as_ref().map_or("", |path| path.text());
    format!("{:?} {:?} {:?} {} {increment} {key}", limit.name, limit.scope, limit.window, limit.rolling)
}

/// A listener who hears nothing.
pub(super) struct Unwatching;

impl Watch for Unwatching {}

/// A listener that answers for what is not known, and passes everything else on.
pub(super) struct Supposing<'a, W> {
    gaps: &'a Gaps<'a>,
    known: &'a [Known],
    answers: &'a mut Answers,
    inner: W,
    /// For each limit that was charged, what is not known of it.
    pub(super) doubts: Vec<Doubt>,
    /// Paths to what was supposed.
    pub(super) asked: Vec<String>,
}

impl<'a, W: Watch> Supposing<'a, W> {
    pub(super) const fn new(
        gaps: &'a Gaps<'a>,
        known: &'a [Known],
        answers: &'a mut Answers,
        inner: W,
    ) -> Self {
        Self { gaps, known, answers, inner, doubts: Vec::new(), asked: Vec::new() }
    }

    pub(super) fn into_inner(self) -> W {
        self.inner
    }
}

impl<W: Watch> Watch for Supposing<'_, W> {
    fn step(&mut self, step: Step, pointer: impl FnOnce() -> String) {
        self.inner.step(step, pointer);
    }

    fn layers(&mut self, layers: &Layers<'_>) {
        self.inner.layers(layers);
    }

    fn nest(&mut self, kind: &'static str) {
        self.inner.nest(kind);
    }

    fn unnest(&mut self, holds: &Result<bool, Mismatch<'_>>) {
        self.inner.unnest(holds);
    }

    fn value(&mut self, value: &Value<'_>) {
        self.inner.value(value);
    }

    fn test(&mut self, test: &Test, holds: &Result<bool, Mismatch<'_>>) {
        self.inner.test(test, holds);
    }

    fn charge(&mut self, charge: &Charge) {
        // What it takes is told only where it is known.
        if self.doubts.last().is_none_or(|doubt| *doubt == Doubt::default()) {
            self.inner.charge(charge);
        }
    }

    fn suppose<'c>(&mut self, test: &'c Test) -> Option<Result<bool, Mismatch<'c>>> {
        if !self.gaps.hides(&test.path) {
            return None;
        }
        self.inner.supposed(test);
        let path = test.path.text();
        self.asked.push(path.to_owned());
        let (mut op, mut value) = (written::operator(&test.operator), written::value(&test.operator));
        // Of one value exactly one of these holds, so both are one question.
        let mut opposite = false;
        match &test.operator {
            Operator::NotIn(_) if !test.path.is_plural() => {
                (op, opposite) = (if op == "neq" { "eq" } else { "in" }, true)
            }
            Operator::Exists(false) if !test.path.is_plural() => {
                (value, opposite) = ("true".to_owned(), true)
            }
            _ => {}
        }
        let answer = self.answers.to(format!("{path} {op} {value}"), 3);
        Some(match answer {
            0 => Ok(!opposite),
            1 => Ok(opposite),
            _ => Err(Mismatch::new(path, "a value of another type", "one")),
        })
    }

    fn suppose_charge<'l>(&mut self, limit: &'l Limit) -> Option<Supposed<'l>> {
        let amount = match &limit.increment {
            Increment::From(path) if self.gaps.hides(path) => Some(path),
            _ => None,
        };
        let key = limit.key.as_ref().filter(|path| self.gaps.hides(path));
        let Some(path) = amount.or(key) else {
            self.doubts.push(Doubt::default());
            return None;
        };
        if !self.known.is_empty() {
            let signature = signature(limit);
            if let Some(known) = self.known.iter().find(|known| known.signature == signature) {
                self.doubts.push(Doubt::default());
                return Some(Supposed::Charged { amount: Some(known.amount), key: known.key.clone() });
            }
        }
        self.asked.push(path.text().to_owned());
        let question = format!(
            "charge {} {}",
            amount.map_or("", |path| path.text()),
            key.map_or("", |path| path.text())
        );
        if self.answers.to(question, 2) == 1 {
            return Some(Supposed::Refused(path));
        }
        self.doubts.push(Doubt { amount: amount.is_some(), key: key.is_some() });
        Some(Supposed::Charged {
            amount: amount.map(|_| Amount::ZERO),
            key: key.map(|_| Arc::from(UNKNOWN_KEY)),
        })
    }
}
