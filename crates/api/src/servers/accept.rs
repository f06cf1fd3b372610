//! `POST /v1/orgs/{org}/servers/{server}/accept-definitions`

use garde::Validate;
use http::StatusCode;
use model::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};

/// Most tools accepted at once; no server may list more.
const MOST: usize = 10_000;

/// Which definitions to accept.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptBody {
    /// The tools, each with the definition that was looked at.
    #[garde(length(min = 1, max = MOST), dive)]
    tools: Vec<SeenTool>,
}

/// A tool, and the definition of it that somebody looked at.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenTool {
    /// Its exact name.
    #[garde(skip)]
    name: String,
    /// The `hash` that the tool was shown with.
    #[garde(length(equal = 64))]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
}

/// Accept definitions that a server's tools have now, so that they may be called where definitions are pinned. A tool
/// that has changed again since it was looked at is not accepted: then none of them is, and the answer is 409. Needs the
/// role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/servers/{server}/accept-definitions",
    tag = "servers",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["servers"])),
    request_body = AcceptBody,
    responses((status = NO_CONTENT, description = "Accepted"))
)]
pub(crate) async fn accept_definitions(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
    Body(body): Body<AcceptBody>,
) -> Result<StatusCode, Problem> {
    access.require(Permission::ManageServers)?;
    let seen: Vec<(&str, &str)> = body.tools.iter().map(|tool| (&*tool.name, &*tool.hash)).collect();
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    tx.accept_definitions(server.id, &seen, access.user(), access.api().now()).await?;
    access.record(&mut tx, "server.accept_definitions", server.id, (None, Some(&body))).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
