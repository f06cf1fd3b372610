//! A policy document as sent, alone or with its test cases: the bytes themselves, because they are what is stored and
//! shown again.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use model::Code;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::body;
use crate::Problem;

/// Largest policy document, in bytes; its cases may have as many.
pub(crate) const MAX_DOCUMENT: usize = 256 * 1024;
/// Largest body: a document and cases, each a JSON string of which every character may be escaped.
const MAX_BODY: usize = 6 * 2 * MAX_DOCUMENT;
/// Largest body that any operation reads.
pub(crate) const MAX_ANY_BODY: usize = MAX_BODY;

/// A document to be published or checked.
#[derive(Debug)]
pub struct Draft {
    /// Its exact bytes.
    pub document: Bytes,
    /// The exact bytes of its cases; `None` when the request does not speak of cases.
    pub cases: Option<Bytes>,
}

/// A document inside a JSON object: written out in place, or as a string that holds its text.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Embedded(Box<RawValue>);

impl Embedded {
    /// The document's bytes.
    pub(crate) fn bytes(&self) -> Bytes {
        let raw = self.0.get();
        match serde_json::from_str::<String>(raw) {
            Ok(text) => text.into(),
            Err(_) => Bytes::copy_from_slice(raw.as_bytes()),
        }
    }
}

/// What tells a body with cases from a bare document, in which no field has this name.
#[derive(Deserialize)]
struct Peek {
    document: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithCases {
    document: Embedded,
    #[serde(default)]
    cases: Option<Embedded>,
}

impl Draft {
    fn read(body: Bytes) -> Result<Self, Problem> {
        let with_cases = serde_json::from_slice::<Peek>(&body).is_ok_and(|peek| peek.document.is_some());
        let draft = if with_cases {
            let WithCases { document, cases } = body::parse(&body)?;
            Self { document: document.bytes(), cases: cases.map(|cases| cases.bytes()) }
        } else {
            Self { document: body, cases: None }
        };
        let longest = draft.document.len().max(draft.cases.as_ref().map_or(0, Bytes::len));
        if longest > MAX_DOCUMENT {
            let detail =
                format!("A policy and its cases may each have {MAX_DOCUMENT} bytes, and one has {longest}.");
            return Err(Problem::new(Code::TooLarge, detail));
        }
        Ok(draft)
    }
}

impl<S: Send + Sync> FromRequest<S> for Draft {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        body::require_json(request.headers())?;
        Self::read(body::read(request, MAX_BODY).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(String, Option<String>)> {
        let text = |bytes: Bytes| String::from_utf8(bytes.into()).unwrap();
        let draft = Draft::read(Bytes::copy_from_slice(body.as_bytes())).ok()?;
        Some((text(draft.document), draft.cases.map(text)))
    }

    #[test]
    fn a_body_is_a_bare_document_unless_it_holds_one() {
        let bare = r#"{"version": "1"} "#;
        assert_eq!(read(bare), Some((bare.to_owned(), None)));
        assert_eq!(read("nonsense"), Some(("nonsense".to_owned(), None)));
        let inline = r#"{"document": {"version":  "1"}, "cases": [ ]}"#;
        assert_eq!(read(inline), Some((r#"{"version":  "1"}"#.to_owned(), Some("[ ]".to_owned()))));
        let text = r#"{"document": "{\n}\n"}"#;
        assert_eq!(read(text), Some(("{\n}\n".to_owned(), None)));
        assert_eq!(read(r#"{"document": {}, "casse": []}"#), None);
        assert_eq!(
            read(&format!(r#"{{"document": {{}}, "cases": "{}"}}"#, " ".repeat(MAX_DOCUMENT + 1))),
            None
        );
    }
}
