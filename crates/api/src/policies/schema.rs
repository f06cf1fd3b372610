//! `GET /v1/policy-schema`

use std::sync::LazyLock;

use axum::response::IntoResponse;
use bytes::Bytes;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use policy::Policy;

/// The same for everybody, until the next build.
static SCHEMA: LazyLock<Bytes> = LazyLock::new(|| format!("{:#}\n", Policy::schema()).into());

/// The JSON Schema (draft 2020-12) of the policy language. Open to anyone: a policy may name this address as its `$schema`, so
/// that editors know its fields while it is written.
#[utoipa::path(
    get,
    path = "/v1/policy-schema",
    tag = "policies",
    responses((status = OK, description = "The schema", body = Object, content_type = "application/schema+json"))
)]
pub(crate) async fn policy_schema() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "application/schema+json"),
        (CACHE_CONTROL, "public, max-age=3600"),
        // Editors in a browser read it from other origins; there is nothing in it to protect.
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, SCHEMA.clone())
}
