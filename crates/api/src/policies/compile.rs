//! Compiling a draft on a thread of its own: a large one takes longer than other requests should wait.

use bytes::Bytes;
use model::Code;
use policy::{CaseReport, Compiled, Policy, ToolFacts};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::Tool;

use super::cases;
use crate::Problem;
use crate::problem::ProblemItem;

/// What a draft came to.
#[derive(Debug)]
pub(super) struct Sound {
    /// What is doubtful about it.
    pub(super) warnings: Vec<ProblemItem>,
    /// How its cases came out.
    pub(super) cases: Vec<CaseReport>,
}

/// Why a draft cannot be judged by.
#[derive(Debug)]
pub(super) enum Fault {
    /// The document does not compile.
    Document(Vec<ProblemItem>),
    /// Its cases cannot be read.
    Cases(Vec<ProblemItem>),
}

/// Compiles, compares with the tools that the server lists, and runs the cases.
pub(super) async fn compile(
    document: Bytes,
    test_cases: Option<Bytes>,
    tools: Vec<Tool>,
) -> Result<Sound, Fault> {
    blocking(move || {
        let refused = |problems| Fault::Document(items(problems));
        let Compiled { policy, mut warnings } = Policy::compile(&document).map_err(refused)?;
        let schemas: Vec<_> = tools.iter().map(|tool| input_schema(&tool.definition)).collect();
        let facts: Vec<_> = tools
            .iter()
            .zip(&schemas)
            .map(|(tool, schema)| ToolFacts {
                name: &tool.name,
                category: tool.category,
                input_schema: schema.as_ref().map(|schema| schema.get()),
            })
            .collect();
        // Without tools nothing is known of the server, and every rule would look mistaken.
        if !facts.is_empty() {
            warnings.extend(policy.lint(&facts));
        }
        let cases = test_cases.map(|bytes| cases::run(&policy, &bytes)).transpose()?;
        Ok(Sound { warnings: items(warnings), cases: cases.unwrap_or_default() })
    })
    .await
}

/// Runs what takes long on a thread of its own.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let (code, what, problems) = match fault {
            Fault::Document(problems) => (Code::InvalidPolicy, "The policy", problems),
            Fault::Cases(problems) => (Code::InvalidCases, "The file of test cases", problems),
        };
        let detail = match problems.as_slice() {
            [only] => format!("{what} is not valid: {}", only.message),
            many => format!("{what} has {} problems; see `problems`.", many.len()),
        };
        Self::new(code, detail).with_items(problems)
    }
}

/// The engine's findings as the API tells them.
pub(super) fn items(problems: Vec<policy::Problem>) -> Vec<ProblemItem> {
    problems
        .into_iter()
        .map(|problem| ProblemItem {
            hint: problem.hint,
            line: Some(problem.line),
            column: Some(problem.column),
            code: Some(problem.code.to_owned()),
            severity: Some(problem.severity.as_str().to_owned()),
            ..ProblemItem::at(problem.pointer, problem.message)
        })
        .collect()
}

#[derive(Deserialize)]
struct Definition<'a> {
    #[serde(borrow, rename = "inputSchema")]
    input_schema: Option<&'a RawValue>,
}

fn input_schema(definition: &str) -> Option<&RawValue> {
    serde_json::from_str::<Definition<'_>>(definition).ok()?.input_schema
}
