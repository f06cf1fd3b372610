//! A JSON request body: the right media type, within size, every field known, every value checked.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use garde::Validate;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use model::Code;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::Problem;
use crate::problem::ProblemItem;

/// Largest JSON request body, in bytes.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// How long a body may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(20);

/// A body of type `T`, parsed and validated. Types used here carry `serde(deny_unknown_fields)`.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: DeserializeOwned + Validate<Context = ()>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        require_json(request.headers())?;
        let bytes = read(request, MAX_BODY).await?;
        let value: T = parse(&bytes)?;
        value.validate().map_err(|report| Problem::invalid(report.iter().map(invalid_field).collect()))?;
        Ok(Self(value))
    }
}

/// Refuses anything but plain `application/json`.
pub(crate) fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(CONTENT_ENCODING) {
        return Err(Problem::new(Code::UnsupportedMediaType, "Send the body without a content encoding."));
    }
    let essence = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim)
        .unwrap_or_default();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType, "Send a JSON body with `Content-Type: application/json`."))
}

/// Reads a whole body of at most `max` bytes.
pub(crate) async fn read(request: Request, max: usize) -> Result<bytes::Bytes, Problem> {
    let body = tokio::time::timeout(BODY_DEADLINE, Limited::new(request.into_body(), max).collect()).await;
    let Ok(body) = body else {
        let limit = BODY_DEADLINE.as_secs();
        return Err(Problem::new(Code::Timeout, format!("The body did not arrive within {limit} seconds.")));
    };
    match body {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new(
            Code::TooLarge,
            format!("The body is larger than the {max} bytes accepted here."),
        )),
        Err(_) => Err(Problem::new(Code::InvalidRequest, "The body ended before it was complete.")),
    }
}

/// Parses a whole JSON text; a fault is told with its pointer, line and column.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        Problem::invalid(vec![misfit(pointer, error.inner())])
    })?;
    reader.end().map_err(|error| Problem::invalid(vec![misfit(String::new(), &error)]))?;
    Ok(value)
}

/// A parser's complaint as a problem item; the place moves out of the message into its own fields.
fn misfit(pointer: String, error: &serde_json::Error) -> ProblemItem {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    ProblemItem {
        line: u32::try_from(error.line()).ok(),
        column: u32::try_from(error.column()).ok(),
        ..ProblemItem::at(pointer, message.strip_suffix(&place).unwrap_or(&message))
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

fn invalid_field((path, error): &(garde::Path, garde::Error)) -> ProblemItem {
    ProblemItem::at(format!("/{}", path.to_string().replace('.', "/")), error.message())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[garde(length(min = 2))]
        name: String,
        #[serde(default)]
        #[garde(length(max = 9))]
        labels: std::collections::BTreeMap<String, String>,
    }

    fn fault(text: &str) -> String {
        let problem = parse::<Sample>(text.as_bytes()).unwrap_err();
        format!("{problem:?}")
    }

    #[test]
    fn an_unknown_field_is_named_with_its_place() {
        let fault = fault("{\"name\": \"ab\",\n \"nmae\": 1}");
        assert!(fault.contains("unknown field `nmae`") && fault.contains("line: Some(2)"), "{fault}");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_found_by_its_pointer() {
        let fault = fault(r#"{"name": "ab", "labels": {"a/b": 3}}"#);
        assert!(fault.contains("/labels/a~1b"), "{fault}");
    }

    #[test]
    fn trailing_text_is_refused() {
        assert!(fault(r#"{"name": "ab"} {}"#).contains("trailing characters"));
    }
}
