//! A policy document as sent: the bytes themselves, because they are what is stored and shown again.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;

use super::body;
use crate::Problem;

/// Largest policy document, in bytes.
pub(crate) const MAX_DOCUMENT: usize = 256 * 1024;

/// The body's exact bytes, at most [`MAX_DOCUMENT`] of them, sent as JSON.
#[derive(Debug)]
pub struct Document(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Document {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        body::require_json(request.headers())?;
        body::read(request, MAX_DOCUMENT).await.map(Self)
    }
}
