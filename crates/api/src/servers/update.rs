//! `PATCH /v1/orgs/{org}/servers/{server}`

use axum::Json;
use egress::Target;
use garde::Validate;
use model::Permission;
use serde::Deserialize;
use store::{Discovery, HeaderChange, Server, ServerChange};
use utoipa::ToSchema;

use super::headers::{HeadersBody, UpstreamHeaders};
use super::probe;
use super::view::ServerView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};
use crate::{Problem, defaults, names};

/// What to change; fields left out stay as they are.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateServerBody {
    /// Its name for people.
    #[garde(inner(custom(names::display)))]
    #[serde(default)]
    name: Option<String>,
    /// Its MCP endpoint. On another host, headers have to be given again: they are not carried to a place that
    /// they were not given for.
    #[garde(skip)]
    #[serde(default)]
    url: Option<String>,
    /// All headers, in place of those before; an empty object removes them.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    headers: Option<HeadersBody>,
    /// Whether calls may reach it.
    #[garde(skip)]
    #[serde(default)]
    enabled: Option<bool>,
    /// Whether its tools may only be called while they have the definition that was accepted.
    #[garde(skip)]
    #[serde(default)]
    pinned: Option<bool>,
    /// When the address or headers change: connect at once and list the tools; nothing changes if that fails.
    #[garde(skip)]
    #[serde(default = "defaults::yes")]
    #[schema(default = true)]
    discover: bool,
}

/// Change a server. Needs the role admin.
#[utoipa::path(
    patch,
    path = "/v1/orgs/{org}/servers/{server}",
    tag = "servers",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["servers"])),
    request_body = UpdateServerBody,
    responses((status = OK, description = "The server as it is now", body = ServerView))
)]
pub(crate) async fn update_server(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
    Body(body): Body<UpdateServerBody>,
) -> Result<Json<ServerView>, Problem> {
    access.require(Permission::ManageServers)?;
    let before = access.begin().await?.server(&path.server).await?;
    let wish = Wish {
        name: body.name,
        target: body.url.as_deref().map(|url| probe::target(access.api(), url)).transpose()?,
        headers: body.headers.map(UpstreamHeaders::check).transpose()?,
        enabled: body.enabled,
        pinned: body.pinned,
        discover: body.discover,
    };
    change(&access, before, wish).await.map(Json)
}

/// What is to be different; `None` leaves a thing as it is.
#[derive(Default)]
pub(super) struct Wish {
    pub(super) name: Option<String>,
    pub(super) target: Option<Target>,
    pub(super) headers: Option<UpstreamHeaders>,
    pub(super) enabled: Option<bool>,
    pub(super) pinned: Option<bool>,
    pub(super) discover: bool,
}

/// Changes a server; where it is another one by then, it is asked for its tools first.
pub(super) async fn change(access: &OrgAccess, before: Server, wish: Wish) -> Result<ServerView, Problem> {
    let api = access.api();
    let Wish { name, target, headers: given, enabled, pinned, discover } = wish;
    keep_headers_at_home(&before, target.as_ref(), given.is_some())?;
    let found =
        if discover { rediscover(access, &before, target.as_ref(), given.as_ref()).await? } else { None };

    let seal = |given: UpstreamHeaders| {
        let sealed = given.seal(api, access.org(), before.id)?;
        Ok::<_, Problem>(HeaderChange { sealed, names: given.names() })
    };
    let change = ServerChange {
        name,
        url: target.map(|target| target.uri().to_string()),
        headers: given.map(seal).transpose()?,
        enabled,
        pinned,
    };
    let now = api.now();
    let mut tx = access.begin().await?;
    tx.update_server(before.id, &change, now).await?;
    if let Some(found) = found {
        tx.record_discovery(before.id, &found, now).await?;
    }
    let after = ServerView::from(tx.server(&before.slug).await?);
    let id = before.id;
    access.record(&mut tx, "server.update", id, (Some(&before.into()), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Asks the server for its tools as it would be reached from now on; `None` when that does not change.
async fn rediscover(
    access: &OrgAccess,
    before: &Server,
    target: Option<&Target>,
    given: Option<&UpstreamHeaders>,
) -> Result<Option<Discovery>, Problem> {
    let api = access.api();
    let (kept_target, kept_headers);
    let (target, headers) = match (target, given) {
        (None, None) => return Ok(None),
        (Some(target), Some(given)) => (target, given),
        (Some(target), None) => {
            kept_headers = UpstreamHeaders::open(api, access.org(), before.id, before.headers.as_ref())?;
            (target, &kept_headers)
        }
        (None, Some(given)) => {
            kept_target = probe::target(api, &before.url)?;
            (&kept_target, given)
        }
    };
    probe::discover(api, target, headers).await.map(Some)
}

/// Headers that nobody may read must not become readable by pointing the server at a listener of one's own.
fn keep_headers_at_home(before: &Server, target: Option<&Target>, given: bool) -> Result<(), Problem> {
    let home: Option<http::Uri> = before.url.parse().ok();
    let stays = target.is_none_or(|target| {
        let there = target.uri();
        home.is_some_and(|home| home.scheme() == there.scheme() && home.authority() == there.authority())
    });
    if stays || given || before.headers.is_none() {
        return Ok(());
    }
    Err(Problem::field(
        "/headers",
        "the address is on another host, so give the headers again (or {} for none)",
    ))
}
