//! The listener that writes a trace.

use super::{Answer, Asked, Layer, Price, Shown, Step, Trace, TraceStep, Watch};
use crate::rule::condition::Test;
use crate::rule::path::Mismatch;
use crate::rule::section::Layers;
use crate::rule::written;
use crate::value::Value;
use crate::{Charge, Denial, Outcome};

/// Most values shown of one test.
const VALUES: usize = 20;

/// What was heard so far.
#[derive(Default)]
pub(crate) struct Recorder {
    layers: Vec<Layer>,
    steps: Vec<TraceStep>,
    /// The `any`, `all` and `not` that are open, outermost first, with their parts.
    open: Vec<(&'static str, Vec<Asked>)>,
    /// What the test under way has looked at.
    found: Vec<Shown>,
    more: usize,
}

impl Recorder {
    /// Whatever refused was the last step to begin.
    pub(crate) fn finish(mut self, refusal: Option<Denial>) -> Trace {
        if let (Some(_), Some(step)) = (&refusal, self.steps.last_mut()) {
            step.passed = false;
        }
        let outcome = if refusal.is_some() { Outcome::Deny } else { Outcome::Allow };
        let (rule, message) = refusal.map(|denial| (denial.rule, denial.message)).unwrap_or_default();
        Trace { outcome, rule, message, layers: self.layers, steps: self.steps }
    }

    fn test_found(&mut self, test: &Test, answer: Answer) {
        let asked = Asked::Test {
            path: test.path.text().to_owned(),
            op: written::operator(&test.operator),
            wanted: Shown::json(written::value(&test.operator)),
            found: std::mem::take(&mut self.found),
            more: std::mem::take(&mut self.more),
            answer,
        };
        self.asked(asked);
    }

    fn asked(&mut self, asked: Asked) {
        if let Some((_, parts)) = self.open.last_mut() {
            parts.push(asked);
        } else if let Some(step) = self.steps.last_mut() {
            step.conditions.push(asked);
        }
    }
}

impl Watch for Recorder {
    fn step(&mut self, step: Step, pointer: impl FnOnce() -> String) {
        self.steps.push(TraceStep {
            step,
            pointer: pointer(),
            passed: true,
            conditions: Vec::new(),
            charge: None,
        });
    }

    fn layers(&mut self, layers: &Layers<'_>) {
        let layer = |(matched, pointer): (&'static str, &str)| Layer { pointer: pointer.to_owned(), matched };
        self.layers = layers.described().map(layer).collect();
    }

    fn nest(&mut self, kind: &'static str) {
        self.open.push((kind, Vec::new()));
    }

    fn unnest(&mut self, holds: &Result<bool, Mismatch<'_>>) {
        if let Some((kind, parts)) = self.open.pop() {
            let unknown = parts.iter().any(Asked::is_undecidable);
            let answer = if unknown { Answer::Undecidable } else { answer(holds) };
            self.asked(Asked::Nested { kind, parts, answer });
        }
    }

    fn value(&mut self, value: &Value<'_>) {
        if self.found.len() < VALUES {
            self.found.push(Shown::of(value));
        } else {
            self.more += 1;
        }
    }

    fn test(&mut self, test: &Test, holds: &Result<bool, Mismatch<'_>>) {
        self.test_found(test, answer(holds));
    }

    fn supposed(&mut self, test: &Test) {
        self.test_found(test, Answer::Undecidable);
    }

    fn charge(&mut self, charge: &Charge) {
        if let Some(step) = self.steps.last_mut() {
            let Charge { counter, amount, max, .. } = charge;
            step.charge = Some(Price { counter: counter.name.to_string(), amount: *amount, max: *max });
        }
    }
}

const fn answer(holds: &Result<bool, Mismatch<'_>>) -> Answer {
    match holds {
        Ok(true) => Answer::Holds,
        Ok(false) => Answer::Fails,
        Err(_) => Answer::Unclear,
    }
}
