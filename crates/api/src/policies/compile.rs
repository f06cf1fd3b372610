//! Compiling a document on a thread of its own: a large one takes longer than other requests should wait.

use bytes::Bytes;
use model::Code;
use policy::{Compiled, Policy, ToolFacts};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::Tool;

use crate::Problem;
use crate::problem::ProblemItem;

/// Compiles, and compares with the tools that the server lists. Gives the warnings, or every problem.
pub(super) async fn compile(document: Bytes, tools: Vec<Tool>) -> Result<Vec<ProblemItem>, Vec<ProblemItem>> {
    let work = move || {
        let Compiled { policy, mut warnings } = Policy::compile(&document)?;
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
        Ok(warnings)
    };
    let outcome: Result<Vec<policy::Problem>, Vec<policy::Problem>> = tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
    outcome.map(items).map_err(items)
}

/// The answer for a document that does not compile.
pub(super) fn refused(problems: Vec<ProblemItem>) -> Problem {
    let detail = match problems.as_slice() {
        [only] => format!("The policy is not valid: {}", only.message),
        many => format!("The policy has {} problems; see `problems`.", many.len()),
    };
    Problem::new(Code::InvalidPolicy, detail).with_items(problems)
}

fn items(problems: Vec<policy::Problem>) -> Vec<ProblemItem> {
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
