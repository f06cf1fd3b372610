//! Test cases run against a draft, and how they came out.

use policy::{CaseReport, Cases, Policy};
use serde::Serialize;
use utoipa::ToSchema;

use super::compile::{Fault, items};
use crate::problem::ProblemItem;
use crate::schema;

/// A test case and how it came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseView {
    /// Its name.
    #[schema(example = "withdrawals are refused")]
    pub name: String,
    /// Where it stands among the cases, as a JSON pointer.
    #[schema(example = "/cases/0")]
    pub pointer: String,
    /// Whether what came is what was expected.
    pub passed: bool,
    /// What was expected; what is left out may be anything.
    pub expected: ExpectedView,
    /// What came.
    pub found: FoundView,
}

/// What a case expects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExpectedView {
    /// Whether the call passes.
    #[schema(value_type = schema::Verdict)]
    pub outcome: &'static str,
    /// The rule that refuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What the agent is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What a draft decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundView {
    /// Whether the call passes.
    #[schema(value_type = schema::Verdict)]
    pub outcome: &'static str,
    /// The rule that refuses it; empty when it passes.
    pub rule: String,
    /// What the agent is told; empty when it passes.
    pub message: String,
}

impl From<&CaseReport> for CaseView {
    fn from(report: &CaseReport) -> Self {
        Self {
            name: report.name.clone(),
            pointer: report.pointer.clone(),
            passed: report.passed,
            expected: ExpectedView {
                outcome: report.expected.outcome.as_str(),
                rule: report.expected.rule.clone(),
                message: report.expected.message.clone(),
            },
            found: FoundView {
                outcome: report.found.outcome.as_str(),
                rule: report.found.rule.clone(),
                message: report.found.message.clone(),
            },
        }
    }
}

/// Runs cases, in their order.
pub(super) fn run(policy: &Policy, cases: &[u8]) -> Result<Vec<CaseReport>, Fault> {
    let cases = Cases::read(cases).map_err(|problems| Fault::Cases(items(problems)))?;
    Ok(cases.run(policy))
}

/// Those that failed, each with what came instead; empty when none did.
pub(super) fn failures(reports: &[CaseReport]) -> Vec<ProblemItem> {
    let failure = |report: &CaseReport| {
        Some(ProblemItem {
            line: Some(report.line),
            code: Some("case_failed".to_owned()),
            severity: Some("error".to_owned()),
            case: Some(report.into()),
            ..ProblemItem::at(&report.pointer, format!("{:?}: {}", report.name, report.difference()?))
        })
    };
    reports.iter().filter_map(failure).collect()
}
