//! `POST /v1/policies/check`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::CaseView;
use super::compile::{Fault, Sound, compile};
use super::draft::DraftBody;
use crate::Problem;
use crate::extract::{Caller, Draft};
use crate::problem::ProblemItem;

/// What was found in a draft.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckView {
    /// Whether it would be accepted: it compiles, and its cases come out as they expect.
    valid: bool,
    /// Errors, or the warnings of a document that compiles.
    problems: Vec<ProblemItem>,
    /// What is wrong with the file of cases.
    case_problems: Vec<ProblemItem>,
    /// How the cases came out, in their order.
    cases: Vec<CaseView>,
}

/// Check a policy without keeping it, as anybody who is signed in or with any API key. The body is the document itself, or `{document, cases}`.
#[utoipa::path(
    post,
    path = "/v1/policies/check",
    tag = "policies",
    security(("bearer" = []), ("key" = [])),
    request_body(content = DraftBody, content_type = "application/json"),
    responses((status = OK, description = "What was found", body = CheckView))
)]
pub(crate) async fn check_policy(_caller: Caller, draft: Draft) -> Result<Json<CheckView>, Problem> {
    let mut view =
        CheckView { valid: false, problems: Vec::new(), case_problems: Vec::new(), cases: Vec::new() };
    match compile(draft.document, draft.cases, Vec::new()).await {
        Ok(Sound { warnings, cases }) => {
            view.valid = cases.iter().all(|case| case.passed);
            view.problems = warnings;
            view.cases = cases.iter().map(CaseView::from).collect();
        }
        Err(Fault::Document(problems)) => view.problems = problems,
        Err(Fault::Cases(problems)) => view.case_problems = problems,
    }
    Ok(Json(view))
}
