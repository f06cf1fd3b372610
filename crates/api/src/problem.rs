//! Every error answer of the control plane: an RFC 9457 problem with one of the codes of [`model::Code`].
//! A handler returns a [`Problem`]; the outermost layer ([`crate::edge`]) writes it out, because only that
//! layer knows the request id. What the caller reads (`detail`, `problems`) and what the log keeps (`cause`)
//! are two fields.

use std::error::Error;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use model::Code;
use secrets::password::PasswordError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::policies::CaseView;
use crate::throttle::Standing;

/// Why a request was not served.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    detail: String,
    items: Vec<ProblemItem>,
    retry_after_s: Option<u64>,
    limit: Option<Box<Standing>>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// One fault in a request body or a policy document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemItem {
    /// JSON pointer to the fault; empty for the whole document.
    #[schema(example = "/tools/create_refund/limits/0/max")]
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Line of the document, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column of the document in bytes, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Stable name of the fault (policy documents only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `error` or `warning` (policy documents only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// The test case that failed (`cases_failed` only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseView>,
}

impl ProblemItem {
    /// A fault at `pointer`.
    #[must_use]
    pub fn at(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            hint: None,
            line: None,
            column: None,
            code: None,
            severity: None,
            case: None,
        }
    }
}

/// The body of every error answer (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// Address of the code's explanation, relative to the control plane.
    #[schema(example = "/docs/errors#not_found")]
    r#type: String,
    /// The code in words; the same for every occurrence.
    #[schema(example = "Not found")]
    title: String,
    /// The HTTP status, again.
    #[schema(example = 404)]
    status: u16,
    /// Stable machine-readable code.
    #[schema(value_type = String, example = "not_found")]
    code: Code,
    /// What happened this time and what to do.
    detail: String,
    /// Finds the request in the log; also in the `x-request-id` header.
    #[schema(example = "req_0190163d8694739bb3f1a0b4c7f7e3a1")]
    request_id: String,
    /// Every fault found in the body, where there are several or a place can be named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<ProblemItem>,
}

impl Problem {
    /// A problem with its explanation for the caller.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), items: Vec::new(), retry_after_s: None, limit: None, cause: None }
    }

    /// There is no such thing, or it is another tenant's: one text for both.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing at this address, or it is not yours to see.")
    }

    /// A fault of ours. `cause` goes to the log only.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(
                Code::Internal,
                "Something failed on our side. Quote the request id when you report it.",
            )
        }
    }

    /// The body's fields do not fit; one item for each fault.
    #[must_use]
    pub fn invalid(items: Vec<ProblemItem>) -> Self {
        let detail = match items.as_slice() {
            [only] if only.pointer.is_empty() => only.message.clone(),
            [only] => format!("{}: {}", only.pointer, only.message),
            many => format!("{} fields of the request are not accepted; see `problems`.", many.len()),
        };
        Self { items, ..Self::new(Code::InvalidRequest, detail) }
    }

    /// One field of the body does not fit.
    #[must_use]
    pub fn field(pointer: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![ProblemItem::at(pointer, message)])
    }

    /// Lists the faults.
    #[must_use]
    pub fn with_items(mut self, items: Vec<ProblemItem>) -> Self {
        self.items = items;
        self
    }

    /// Says when to come back, in whole seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Says which limit refused it, and when to come back.
    #[must_use]
    pub(crate) fn throttled(mut self, standing: Standing) -> Self {
        self.limit = Some(Box::new(standing));
        self.retry_after(standing.reset_s)
    }

    /// What happened.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// What happened, as the caller reads it.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Writes the answer. Server faults are logged here, once.
    pub(crate) fn render(&self, request_id: &str) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(request_id, code = self.code.as_str(), error = %chain(cause.as_ref()), "request failed");
        }
        let view = ProblemView {
            r#type: format!("/docs/errors#{}", self.code),
            title: title(self.code),
            status: self.code.status(),
            code: self.code,
            detail: self.detail.clone(),
            request_id: request_id.to_owned(),
            problems: self.items.clone(),
        };
        let body = serde_json::to_vec(&view).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(standing) = &self.limit {
            crate::edge::tell(headers, standing);
        }
        if self.code == Code::Unauthenticated {
            headers.insert(http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A code in words: `not_found` as "Not found".
fn title(code: Code) -> String {
    let words = code.as_str().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// An error with all that caused it, on one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// The problem travels as an extension until the outermost layer renders it.
#[derive(Clone)]
pub(crate) struct Unrendered(pub(crate) std::sync::Arc<Problem>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Unrendered(std::sync::Arc::new(self)));
        response
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Missing(_) => Self::not_found(),
            store::Error::Conflict(store::Conflict::LastAdmin) => {
                Self::new(Code::LastAdmin, sentence(&error.to_string()))
            }
            store::Error::Conflict(what) => Self::new(Code::Conflict, sentence(&what.to_string())),
            store::Error::Unstorable => Self::new(Code::InvalidRequest, sentence(&error.to_string())),
            store::Error::Driver(_) | store::Error::Inconsistent { .. } | store::Error::Unfit(_) => {
                Self::internal(error)
            }
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => {
                Self::new(Code::Throttled, sentence(&error.to_string())).retry_after(BUSY_SECONDS)
            }
            other => Self::internal(other),
        }
    }
}

/// When to come back while the password hashers are all taken.
const BUSY_SECONDS: u64 = 2;

/// Our libraries' messages begin in lower case and have no full stop. A host name in front keeps its case.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let host = text.split_once(": ").is_some_and(|(word, _)| word.contains('.'));
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    letters
        .next()
        .map(|first| if host { first.to_string() } else { first.to_uppercase().to_string() })
        .map(|first| format!("{first}{}{stop}", letters.as_str()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_code_in_words() {
        assert_eq!(title(Code::UnsupportedMediaType), "Unsupported media type");
    }

    #[test]
    fn one_fault_is_told_in_the_detail_with_its_place() {
        assert_eq!(Problem::field("/email", "is not an address").detail, "/email: is not an address");
    }
}
