//! `PUT /v1/orgs/{org}/servers/{server}/policies/{policy}`

use axum::Json;
use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, StatusCode};
use model::Permission;
use serde::Serialize;
use store::PutPolicy;
use utoipa::ToSchema;

use super::compile::{compile, refused};
use super::view::PolicyView;
use crate::Problem;
use crate::extract::{Document, OrgAccess, Path};
use crate::paths::{OrgParam, PolicyParams};
use crate::problem::ProblemItem;

/// A policy that was published.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublishedView {
    /// The policy as it is now.
    #[serde(flatten)]
    policy: PolicyView,
    /// False when the document was the one in force already.
    new_version: bool,
    /// What probably does not do what was meant.
    warnings: Vec<ProblemItem>,
}

/// Publish a version of a policy. The body is the document itself, kept byte for byte, at most 256 KiB. The
/// document in force sent again changes nothing (200); another one becomes the next version (201) and rules at
/// once wherever a grant names the policy. With `If-Match: "<version>"`, or `If-None-Match: *` for a new policy,
/// somebody else's change in between is a conflict. Needs the role `policy_manager`.
#[utoipa::path(
    put,
    path = "/v1/orgs/{org}/servers/{server}/policies/{policy}",
    tag = "policies",
    params(OrgParam, PolicyParams),
    security(("bearer" = [])),
    request_body(content = Object, description = "The document", content_type = "application/json"),
    responses(
        (status = OK, description = "It was in force already", body = PublishedView),
        (status = CREATED, description = "A new version", body = PublishedView),
    )
)]
pub(crate) async fn put_policy(
    access: OrgAccess,
    Path(path): Path<PolicyParams>,
    headers: HeaderMap,
    Document(document): Document,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<PublishedView>), Problem> {
    access.require(Permission::WritePolicies)?;
    let expected = expected(&headers)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let tools = tx.tools(server.id).await?;
    drop(tx);
    let warnings = compile(document.clone(), tools).await.map_err(refused)?;

    let api = access.api();
    let now = api.now();
    let text =
        str::from_utf8(&document).map_err(|_| Problem::internal("a document that is not text compiled"))?;
    let mut tx = access.begin().await?;
    let put = PutPolicy {
        id: api.mint(),
        server: server.id,
        slug: &path.policy,
        document: text,
        author: Some(access.user()),
        expected,
    };
    let outcome = tx.put_policy(&put, now).await?;
    let policy = PolicyView::from(outcome.policy);
    if outcome.new_version {
        access.record(&mut tx, "policy.publish", policy.id, (None, Some(&policy))).await?;
        tx.commit().await?;
    }
    let status = if outcome.new_version { StatusCode::CREATED } else { StatusCode::OK };
    let etag = format!("\"{}\"", policy.version);
    let view = PublishedView { policy, new_version: outcome.new_version, warnings };
    Ok((status, [(ETAG, etag)], Json(view)))
}

/// The version that the caller had in front of them; 0 for none yet.
fn expected(headers: &HeaderMap) -> Result<Option<u32>, Problem> {
    if let Some(value) = headers.get(IF_NONE_MATCH) {
        return match value.as_bytes() {
            b"*" => Ok(Some(0)),
            _ => Err(Problem::field("", "`If-None-Match` is only understood as `*`")),
        };
    }
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let version =
        value.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    version.map(Some).ok_or_else(|| {
        Problem::field("", "`If-Match` is a version in quotes, as the policy's `ETag` gave it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: HeaderName, value: &'static str) -> Option<u32> {
        let headers: HeaderMap = [(name, http::HeaderValue::from_static(value))].into_iter().collect();
        expected(&headers).unwrap_or(Some(u32::MAX))
    }

    #[test]
    fn the_expected_version_comes_from_either_header_and_nothing_else_is_guessed() {
        assert_eq!(read(IF_MATCH, "\"3\""), Some(3));
        assert_eq!(read(IF_NONE_MATCH, "*"), Some(0));
        assert_eq!(expected(&HeaderMap::new()).unwrap(), None);
        for value in ["3", "W/\"3\"", "*", "\"x\"", ""] {
            assert_eq!(read(IF_MATCH, value), Some(u32::MAX), "{value}");
        }
    }
}
