//! The two forms in which a draft is sent, for the OpenAPI document; [`crate::extract::Draft`] reads them.

use utoipa::ToSchema;

/// A policy document itself, or one with its test cases.
#[derive(ToSchema)]
#[schema(title = "Draft")]
#[expect(dead_code, reason = "only its schema is used")]
#[serde(untagged)]
pub(crate) enum DraftBody {
    /// The document itself.
    Document(serde_json::Map<String, serde_json::Value>),
    /// The document and its cases.
    WithCases(WithCasesBody),
}

/// A document with the cases that must come out as they expect.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct WithCasesBody {
    /// The document, as an object or as a string that holds its text.
    #[schema(value_type = Value)]
    document: serde_json::Value,
    /// Its cases, `{"cases": […]}` or the bare array, or a string that holds their text; an empty array removes them.
    #[schema(value_type = Option<Value>)]
    cases: Option<serde_json::Value>,
}
