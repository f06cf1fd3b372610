//! `PUT /v1/orgs/{org}/servers/{server}/policies/{policy}`

use axum::Json;
use bytes::Bytes;
use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, StatusCode};
use model::{Code, Permission, ServerId, Slug};
use serde::Serialize;
use store::{OrgTx, PutPolicy};
use utoipa::ToSchema;

use super::cases::failures;
use super::compile::compile;
use super::draft::DraftBody;
use super::view::PolicyView;
use crate::Problem;
use crate::extract::{Draft, OrgAccess, Path};
use crate::paths::{OrgParam, PolicyParams};
use crate::problem::ProblemItem;

/// A policy that was published.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublishedView {
    /// The policy as it is now.
    #[serde(flatten)]
    policy: PolicyView,
    /// False when document and cases were those in force already.
    new_version: bool,
    /// What probably does not do what was meant.
    warnings: Vec<ProblemItem>,
}

/// Publish a version of a policy. The body is the document itself, kept byte for byte, at most 256 KiB, or
/// `{document, cases}`. Without `cases` those in force stay; a document that they do not come out for as they expect is
/// refused with `cases_failed`. What is in force sent again changes nothing (200); anything else becomes the next
/// version (201) and rules at once wherever a grant names the policy. With `If-Match: "<version>"`, or `If-None-Match: *` for a new policy,
/// somebody else's change in between is a conflict. Needs the role `policy_manager`.
#[utoipa::path(
    put,
    path = "/v1/orgs/{org}/servers/{server}/policies/{policy}",
    tag = "policies",
    params(OrgParam, PolicyParams),
    security(("bearer" = []), ("key" = ["policies"])),
    request_body(content = DraftBody, content_type = "application/json"),
    responses(
        (status = OK, description = "It was in force already", body = PublishedView),
        (status = CREATED, description = "A new version", body = PublishedView),
    )
)]
pub(crate) async fn put_policy(
    access: OrgAccess,
    Path(path): Path<PolicyParams>,
    headers: HeaderMap,
    draft: Draft,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<PublishedView>), Problem> {
    access.require(Permission::WritePolicies)?;
    let expected = expected(&headers)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let tools = tx.tools(server.id).await?;
    let (cases, kept_from) = match &draft.cases {
        Some(cases) => (Some(cases.clone()), None),
        None => in_force(&mut tx, server.id, &path.policy).await?,
    };
    drop(tx);
    let document = draft.document;
    let sound = compile(document.clone(), cases.clone(), tools).await?;
    let failed = failures(&sound.cases);
    if !failed.is_empty() {
        let detail = match failed.as_slice() {
            [only] => format!("A test case fails, so nothing was published: {}", only.message),
            many => format!("{} test cases fail, so nothing was published; see `problems`.", many.len()),
        };
        return Err(Problem::new(Code::CasesFailed, detail).with_items(failed));
    }

    let api = access.api();
    let now = api.now();
    let text =
        str::from_utf8(&document).map_err(|_| Problem::internal("a document that is not text compiled"))?;
    // Cases that were read are text, and an empty list of them is none.
    let cases =
        cases.as_deref().filter(|_| !sound.cases.is_empty()).and_then(|cases| str::from_utf8(cases).ok());
    let mut tx = access.begin().await?;
    let put = PutPolicy {
        id: api.mint(),
        server: server.id,
        slug: &path.policy,
        document: text,
        cases,
        author: Some(access.user()),
        // Cases that were taken over must still be those in force.
        expected: expected.or(kept_from),
    };
    let outcome = tx.put_policy(&put, now).await?;
    let policy = PolicyView::from(outcome.policy);
    if outcome.new_version {
        access.record(&mut tx, "policy.publish", policy.id, (None, Some(&policy))).await?;
        tx.commit().await?;
    }
    let status = if outcome.new_version { StatusCode::CREATED } else { StatusCode::OK };
    let etag = format!("\"{}\"", policy.version);
    let view = PublishedView { policy, new_version: outcome.new_version, warnings: sound.warnings };
    Ok((status, [(ETAG, etag)], Json(view)))
}

/// The cases in force and the version they belong to, where there are any.
async fn in_force(
    tx: &mut OrgTx,
    server: ServerId,
    slug: &Slug,
) -> Result<(Option<Bytes>, Option<u32>), Problem> {
    let policy = match tx.policy(server, slug).await {
        Ok(policy) => policy,
        Err(store::Error::Missing(_)) => return Ok((None, None)),
        Err(error) => return Err(error.into()),
    };
    let version = tx.policy_version(policy.id, policy.latest_version).await?;
    let kept_from = version.cases.as_ref().map(|_| version.version);
    Ok((version.cases.map(Bytes::from), kept_from))
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
