//! A case, run: what was expected and what came.

use serde::Serialize;

use super::{Case, PriorDenial, Tried};
use crate::Policy;
use crate::wording::quoted;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It passes, and what its limits cost is taken.
    Allow,
    /// It does not.
    Deny,
}

impl Outcome {
    /// The word for it in a file of cases.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

/// What a case asks for. What it does not mention may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// Whether the call passes.
    pub outcome: Outcome,
    /// The rule that refuses it, as decisions name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the agent is told, word for word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What the policy decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Whether the call passes.
    pub outcome: Outcome,
    /// The rule that refuses it; empty when it passes.
    pub rule: String,
    /// What the agent is told; empty when the call passes.
    pub message: String,
}

/// The result of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseReport {
    /// The case's name.
    pub name: String,
    /// Where it stands in its file, as a JSON pointer.
    pub pointer: String,
    /// Its line, from 1.
    pub line: u32,
    /// Whether what came is what was expected.
    pub passed: bool,
    /// What was expected.
    pub expected: Expected,
    /// What came.
    pub found: Found,
    /// Prior calls that did not take place as the author may have meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prior_denied: Vec<PriorDenial>,
}

pub(super) fn run(case: &Case, policy: &Policy) -> CaseReport {
    let Tried { judgement, prior_denied } = case.trial.run(policy, false);
    let found = Found { outcome: judgement.outcome, rule: judgement.rule, message: judgement.message };
    let expected = case.expect.clone();
    CaseReport {
        name: case.name.clone(),
        pointer: case.pointer.clone(),
        line: case.line,
        passed: meets(&found, &expected),
        expected,
        found,
        prior_denied,
    }
}

fn meets(found: &Found, expected: &Expected) -> bool {
    found.outcome == expected.outcome
        && expected.rule.as_ref().is_none_or(|rule| *rule == found.rule)
        && expected.message.as_ref().is_none_or(|message| *message == found.message)
}

impl CaseReport {
    /// In words what was expected and what came instead; nothing when the case passed.
    #[must_use]
    pub fn difference(&self) -> Option<String> {
        if self.passed {
            return None;
        }
        let Self { expected, found, .. } = self;
        let by = |rule: &str| if rule.is_empty() { String::new() } else { format!(" by {rule}") };
        let mut text = format!(
            "expected {}{}, got {}{}",
            expected.outcome.as_str(),
            by(expected.rule.as_deref().unwrap_or("")),
            found.outcome.as_str(),
            by(&found.rule),
        );
        let wanted = expected.message.as_ref().filter(|message| **message != found.message);
        if let Some(message) = wanted {
            text.push_str(&format!(", with the message {message:?} expected"));
        }
        if !found.message.is_empty() {
            text.push_str(&format!(": {}", found.message));
        }
        for prior in &self.prior_denied {
            text.push_str(&format!(
                " (prior call {} was itself denied by {} and counted nothing)",
                prior.index, prior.rule
            ));
        }
        Some(text)
    }

    /// The result in a line: `ok` or `FAIL`, the name, and what is wrong.
    #[must_use]
    pub fn line(&self) -> String {
        let name = quoted(&self.name);
        self.difference().map_or_else(|| format!("ok    {name}"), |why| format!("FAIL  {name}: {why}"))
    }
}
