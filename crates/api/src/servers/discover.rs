//! `POST /v1/orgs/{org}/servers/{server}/discover`

use axum::Json;
use model::Permission;
use serde::Serialize;
use store::Discovered;
use utoipa::ToSchema;

use super::headers::UpstreamHeaders;
use super::probe;
use super::view::ServerView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};

/// What discovery brought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiscoveredView {
    /// The server as it is now.
    server: ServerView,
    /// Tools seen for the first time, or again.
    added: u64,
    /// Tools with another definition than before.
    changed: u64,
    /// Tools not listed any more.
    gone: u64,
}

/// The part of it that goes into the record of changes.
#[derive(Serialize)]
pub(super) struct Counts {
    added: u64,
    changed: u64,
    gone: u64,
}

impl From<Discovered> for Counts {
    fn from(seen: Discovered) -> Self {
        Self { added: seen.added, changed: seen.changed, gone: seen.gone }
    }
}

/// Connect to a server now and list its tools. Needs the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/servers/{server}/discover",
    tag = "servers",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["servers"])),
    responses((status = OK, description = "What changed", body = DiscoveredView))
)]
pub(crate) async fn discover_server(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
) -> Result<Json<DiscoveredView>, Problem> {
    access.require(Permission::ManageServers)?;
    let api = access.api();
    let server = access.begin().await?.server(&path.server).await?;
    let target = probe::target(api, &server.url)?;
    let headers = UpstreamHeaders::open(api, access.org(), server.id, server.headers.as_ref())?;
    let found = probe::discover(api, &target, &headers).await;
    let mut tx = access.begin().await?;
    let found = match found {
        Ok(found) => found,
        Err(problem) => {
            tx.record_discovery_failure(server.id, problem.detail()).await?;
            tx.commit().await?;
            return Err(problem);
        }
    };
    let seen = tx.record_discovery(server.id, &found, api.now()).await?;
    let counts = Counts::from(seen);
    access.record(&mut tx, "server.discover", server.id, (None, Some(&counts))).await?;
    let server = tx.server(&path.server).await?.into();
    tx.commit().await?;
    Ok(Json(DiscoveredView { server, added: seen.added, changed: seen.changed, gone: seen.gone }))
}
