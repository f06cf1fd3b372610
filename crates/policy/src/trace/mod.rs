//! Traces: how a decision came about, step by step, with the values that were compared.
//!
//! A trace repeats what a call's arguments hold, at some length; it is for those who may read them, not for a log.

mod recorder;
mod shown;
mod watch;

use serde::Serialize;

use crate::decide::judge;
use crate::{Amount, Call, Context, Outcome, Policy};
pub(crate) use recorder::Recorder;
pub use shown::Shown;
pub use watch::Step;
pub(crate) use watch::{Unwatched, Watch};

/// How a decision came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// Whether the call passes, as far as can be said before its limits are counted.
    pub outcome: Outcome,
    /// The rule that refuses it, as the denial names it; empty when it passes.
    pub rule: String,
    /// What the agent is told; empty when the call passes.
    pub message: String,
    /// The rules that match, from general to specific. Empty when it did not come to that.
    pub layers: Vec<Layer>,
    /// What was asked, in order; a refusal is the last of them.
    pub steps: Vec<TraceStep>,
}

/// A rule that matches the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layer {
    /// The rule, as a JSON pointer.
    pub pointer: String,
    /// What it matches by: `all_tools`, `category`, `glob` or `name`.
    pub matched: &'static str,
}

/// One step, and whether the call got past it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceStep {
    /// Which.
    pub step: Step,
    /// The part of the document that it is about, where there is one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pointer: String,
    /// Whether the call went on.
    pub passed: bool,
    /// What was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Asked>,
    /// What a limit takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<Price>,
}

/// A condition and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Asked {
    /// A value against an operator.
    Test {
        /// What it looked at.
        path: String,
        /// By which operator; `in` with one value is `eq`.
        op: &'static str,
        /// What it compared with.
        wanted: Shown,
        /// What was there, one for each value that the path leads to; null is missing.
        found: Vec<Shown>,
        /// How many more there were than are shown.
        #[serde(skip_serializing_if = "is_zero")]
        more: usize,
        /// The answer.
        answer: Answer,
    },
    /// Conditions under one of `any`, `all` and `not`.
    Nested {
        /// Which.
        kind: &'static str,
        /// What was asked in it.
        parts: Vec<Self>,
        /// The answer of the whole.
        answer: Answer,
    },
}

impl Asked {
    const fn is_undecidable(&self) -> bool {
        let (Self::Test { answer, .. } | Self::Nested { answer, .. }) = self;
        matches!(answer, Answer::Undecidable)
    }
}

/// What came of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It cannot be said, for a value is of the wrong type or a key is ambiguous; the call is refused.
    Unclear,
    /// It was not asked: the record does not hold the value.
    Undecidable,
}

/// What a limit takes for the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Price {
    /// The counter's name.
    pub counter: String,
    /// How much of it.
    pub amount: Amount,
    /// How much there may be in a window.
    pub max: Amount,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Judges a call as [`decide`](crate::decide()) does, and tells how it went.
#[must_use]
pub fn explain(policy: Option<&Policy>, call: &Call<'_>, context: &Context<'_>) -> Trace {
    let mut recorder = Recorder::default();
    let refusal = judge(policy, call, context, &mut recorder).err();
    recorder.finish(refusal.map(|denial| *denial))
}

impl Trace {
    /// Adds how taking the charges ended: this rule refused them.
    pub fn refuse(&mut self, rule: &str, message: &str) {
        let refused = self.steps.iter().rposition(|step| step.pointer == rule);
        if let Some(step) = refused.and_then(|index| self.steps.get_mut(index)) {
            step.passed = false;
        }
        self.outcome = Outcome::Deny;
        rule.clone_into(&mut self.rule);
        message.clone_into(&mut self.message);
    }
}
