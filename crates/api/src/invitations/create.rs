//! `POST /v1/orgs/{org}/invitations`

use axum::Json;
use garde::Validate;
use http::StatusCode;
use jiff::SignedDuration;
use model::{Permission, Role, Slug};
use secrets::token::TokenKind;
use serde::Deserialize;
use store::NewInvitation;
use utoipa::ToSchema;

use super::view::InvitationView;
use crate::accounts::{email, guard, link, mail};
use crate::extract::{Body, OrgAccess, Peer};
use crate::members::team_of;
use crate::paths::OrgParam;
use crate::{Problem, schema};

/// How long an invitation can be answered.
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whom to invite, as what.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateInvitationBody {
    /// The address; whether it has an account makes no difference.
    #[garde(custom(email::check))]
    #[schema(example = "bob@example.com", max_length = 254)]
    email: String,
    /// The role to be.
    #[garde(skip)]
    #[schema(value_type = schema::Role)]
    role: Role,
    /// On this team only; throughout the organisation when left out.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "payments")]
    team: Option<Slug>,
}

/// Invite somebody by mail. An earlier invitation of the same address to the same place ends. Needs the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/invitations",
    tag = "members",
    params(OrgParam),
    security(("bearer" = [])),
    request_body = CreateInvitationBody,
    responses((status = CREATED, description = "The mail is on its way", body = InvitationView))
)]
pub(crate) async fn create_invitation(
    access: OrgAccess,
    peer: Peer,
    Body(body): Body<CreateInvitationBody>,
) -> Result<(StatusCode, Json<InvitationView>), Problem> {
    access.require(Permission::ManageOrg)?;
    let api = access.api();
    let email = email::normal(&body.email);
    guard::letter(api, &email, peer)?;
    let (token, verifier) = link::token(api, TokenKind::Invite);
    let now = api.now();
    let mut tx = access.begin().await?;
    let team = match &body.team {
        Some(slug) => Some(team_of(&mut tx, slug).await?),
        None => None,
    };
    let org = tx.org().await?;
    let inviter = tx.member(access.user()).await?.email;
    let letter = mail::invitation(&api.parts().public_url, &token, &inviter, &org.name, body.role.as_str());
    let new = NewInvitation {
        id: api.mint(),
        email: &email,
        role: body.role,
        team,
        verifier: &verifier,
        invited_by: access.user(),
        expires_at: now.saturating_add(LIFE).unwrap_or(now),
        letter: letter.mail(),
    };
    tx.invite(&new, now).await?;
    let view = InvitationView {
        id: new.id,
        email: email.clone(),
        role: body.role,
        team: body.team,
        invited_by: new.invited_by,
        expires_at: new.expires_at,
        created_at: now,
    };
    access.record(&mut tx, "invitation.create", view.id, (None, Some(&view))).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}
