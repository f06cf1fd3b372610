//! `POST /v1/orgs/{org}/teams/{team}/grants`

use axum::Json;
use garde::Validate;
use http::StatusCode;
use jiff::Timestamp;
use model::{IdentityId, Permission, ServerId, Slug};
use serde::Deserialize;
use store::{Error, NewGrant, OrgTx};
use utoipa::ToSchema;

use super::view::GrantView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{OrgParam, TeamParam};
use crate::{Problem, defaults, names};

/// A new grant.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateGrantBody {
    /// Who holds it: an identity's id, or `null` for the whole team. It has to be written: a forgotten field must
    /// not let everybody in.
    #[garde(skip)]
    #[serde(deserialize_with = "defaults::explicit")]
    #[schema(value_type = Option<String>, required)]
    identity: Option<IdentityId>,
    /// The server that it reaches, by name.
    #[garde(skip)]
    #[schema(value_type = String, example = "binance-mcp")]
    server: Slug,
    /// The server's policy that rules, by name. Without one every call is refused.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "main")]
    policy: Option<Slug>,
    /// When it ends; never when left out.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Make a grant. One holder has at most one for each server. Needs the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/teams/{team}/grants",
    tag = "grants",
    params(OrgParam, TeamParam),
    security(("bearer" = []), ("key" = ["grants"])),
    request_body = CreateGrantBody,
    responses((status = CREATED, description = "The grant", body = GrantView))
)]
pub(crate) async fn create_grant(
    access: OrgAccess,
    Path(path): Path<TeamParam>,
    Body(body): Body<CreateGrantBody>,
) -> Result<(StatusCode, Json<GrantView>), Problem> {
    access.require(Permission::ManageGrants)?;
    let api = access.api();
    names::future("/expires_at", body.expires_at, api.now())?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let server = tx.server(&body.server).await.map_err(|error| named(error, "/server", "server"))?.id;
    if let Some(identity) = body.identity {
        let found = tx.identity(team.id, identity).await;
        found.map_err(|error| named(error, "/identity", "identity in this team"))?;
    }
    let policy = match &body.policy {
        Some(slug) => Some(policy_of(&mut tx, server, slug).await?),
        None => None,
    };
    let new = NewGrant {
        id: api.mint(),
        team: team.id,
        identity: body.identity,
        server,
        policy,
        expires_at: body.expires_at,
    };
    let grant = tx.create_grant(&new, api.now()).await?;
    let view = GrantView::load(&access, &mut tx, &team, grant).await?;
    access.record(&mut tx, "grant.create", view.id, (None, Some(&view))).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// The server's policy of that name.
pub(super) async fn policy_of(
    tx: &mut OrgTx,
    server: ServerId,
    slug: &Slug,
) -> Result<model::PolicyId, Problem> {
    let found = tx.policy(server, slug).await;
    Ok(found.map_err(|error| named(error, "/policy", "policy of this server"))?.id)
}

/// Something that the body names does not exist here.
fn named(error: Error, pointer: &str, noun: &str) -> Problem {
    match error {
        Error::Missing(_) => Problem::field(pointer, format!("there is no such {noun}")),
        other => other.into(),
    }
}
