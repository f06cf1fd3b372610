//! `POST /v1/orgs/{org}/servers`

use axum::Json;
use egress::Target;
use garde::Validate;
use http::StatusCode;
use model::{Code, Permission, Slug};
use serde::Deserialize;
use store::{Error, NewServer};
use utoipa::ToSchema;

use super::headers::{HeadersBody, UpstreamHeaders};
use super::probe;
use super::view::ServerView;
use crate::extract::{Body, OrgAccess};
use crate::names::{self, slug_or_nearest};
use crate::paths::OrgParam;
use crate::{Problem, defaults};

/// A new server.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterServerBody {
    /// Its name for people.
    #[garde(custom(names::display))]
    #[schema(example = "Binance MCP", min_length = 1, max_length = 100)]
    name: String,
    /// Its name in addresses; made from `name` when left out.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "binance-mcp")]
    slug: Option<Slug>,
    /// Its MCP endpoint (streamable HTTP).
    #[garde(skip)]
    #[schema(example = "https://mcp.example.com/mcp")]
    url: String,
    /// Headers sent with every call, credentials for example. Kept sealed and never shown again.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    headers: HeadersBody,
    /// Whether calls may reach it.
    #[garde(skip)]
    #[serde(default = "defaults::yes")]
    #[schema(default = true)]
    enabled: bool,
    /// Connect at once and list its tools; the server is not registered if that fails.
    #[garde(skip)]
    #[serde(default = "defaults::yes")]
    #[schema(default = true)]
    discover: bool,
}

/// Register a server: its address is checked, it is asked for its tools, and both are kept. Needs the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/servers",
    tag = "servers",
    params(OrgParam),
    security(("bearer" = []), ("key" = ["servers"])),
    request_body = RegisterServerBody,
    responses((status = CREATED, description = "The server", body = ServerView))
)]
pub(crate) async fn register_server(
    access: OrgAccess,
    Body(body): Body<RegisterServerBody>,
) -> Result<(StatusCode, Json<ServerView>), Problem> {
    access.require(Permission::ManageServers)?;
    let slug = slug_or_nearest(body.slug, &body.name)?;
    let headers = UpstreamHeaders::check(body.headers)?;
    let target = probe::target(access.api(), &body.url)?;
    let wanted = Wanted { slug, name: body.name, target, headers, enabled: body.enabled };
    let view = register(&access, wanted, body.discover).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A server that may be registered.
pub(super) struct Wanted {
    pub(super) slug: Slug,
    pub(super) name: String,
    pub(super) target: Target,
    pub(super) headers: UpstreamHeaders,
    pub(super) enabled: bool,
}

/// Asks a server for its tools, where that is wanted, and keeps it.
pub(super) async fn register(
    access: &OrgAccess,
    wanted: Wanted,
    discover: bool,
) -> Result<ServerView, Problem> {
    let api = access.api();
    let Wanted { slug, name, target, headers, enabled } = wanted;
    refuse_taken(access, &slug).await?;
    let found = if discover { Some(probe::discover(api, &target, &headers).await?) } else { None };

    let id = api.mint();
    let new = NewServer {
        id,
        slug,
        name,
        url: target.uri().to_string(),
        headers: headers.seal(api, access.org(), id)?,
        header_names: headers.names(),
        enabled,
    };
    let now = api.now();
    let mut tx = access.begin().await?;
    let mut server = tx.create_server(&new, now).await.map_err(|error| known(error, &new.slug))?;
    if let Some(found) = found {
        tx.record_discovery(id, &found, now).await?;
        server = tx.server(&new.slug).await?;
    }
    let view = ServerView::from(server);
    access.record(&mut tx, "server.create", id, (None, Some(&view))).await?;
    tx.commit().await?;
    Ok(view)
}

/// Asked before connecting: a server that cannot be registered need not be bothered.
async fn refuse_taken(access: &OrgAccess, slug: &Slug) -> Result<(), Problem> {
    match access.begin().await?.server(slug).await {
        Ok(_) => Err(taken(slug)),
        Err(Error::Missing(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn known(error: Error, slug: &Slug) -> Problem {
    match error {
        Error::Conflict(store::Conflict::ServerSlug) => taken(slug),
        other => other.into(),
    }
}

pub(super) fn taken(slug: &Slug) -> Problem {
    Problem::new(
        Code::Conflict,
        format!("There is a server named \"{slug}\" already. Change it with PATCH, or give another `slug`."),
    )
}
