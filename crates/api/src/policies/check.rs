//! `POST /v1/policies/check`

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::compile::compile;
use crate::Problem;
use crate::extract::{Document, User};
use crate::problem::ProblemItem;

/// What was found in a document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckView {
    /// Whether it would be accepted.
    valid: bool,
    /// Errors, or the warnings of a valid document.
    problems: Vec<ProblemItem>,
}

/// Check a policy document without keeping it.
#[utoipa::path(
    post,
    path = "/v1/policies/check",
    tag = "policies",
    security(("bearer" = [])),
    request_body(content = Object, description = "The document", content_type = "application/json"),
    responses((status = OK, description = "What was found", body = CheckView))
)]
pub(crate) async fn check_policy(
    _caller: User,
    Document(document): Document,
) -> Result<Json<CheckView>, Problem> {
    let outcome = compile(document, Vec::new()).await;
    let valid = outcome.is_ok();
    Ok(Json(CheckView { valid, problems: outcome.unwrap_or_else(|problems| problems) }))
}
