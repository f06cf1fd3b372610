//! A decision as every way in tells it: the command line, the API and the simulator use this one form.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Amount, ApprovalTerms, Denial, Outcome, Trace};

/// A decision, its limits counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// Whether the call passes.
    pub outcome: Outcome,
    /// The rule that refuses it; empty when it passes.
    pub rule: String,
    /// What the agent is told; empty when it passes.
    pub message: String,
    /// When the same call may succeed, milliseconds from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// What each counter has left.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub remaining: BTreeMap<String, Amount>,
    /// What approval would let it through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<ApprovalTerms>,
    /// How it came about, when that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<Trace>,
}

impl Judgement {
    /// It passes, and its counters have this left.
    #[must_use]
    pub const fn allow(remaining: BTreeMap<String, Amount>) -> Self {
        Self {
            outcome: Outcome::Allow,
            rule: String::new(),
            message: String::new(),
            retry_after_ms: None,
            remaining,
            approval: None,
            trace: None,
        }
    }

    /// It is refused.
    #[must_use]
    pub fn deny(denial: Denial) -> Self {
        Self {
            outcome: Outcome::Deny,
            rule: denial.rule,
            message: denial.message,
            retry_after_ms: denial.retry_after_ms,
            remaining: denial.limit.zip(denial.remaining).into_iter().collect(),
            approval: denial.approval,
            trace: None,
        }
    }

    /// Adds how it came about. A trace ends before limits are counted; when these refused, it is told so.
    #[must_use]
    pub fn explained(self, mut trace: Option<Trace>) -> Self {
        if let Some(trace) = &mut trace
            && trace.outcome != self.outcome
        {
            trace.refuse(&self.rule, &self.message);
        }
        Self { trace, ..self }
    }
}
