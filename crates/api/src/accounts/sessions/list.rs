//! `GET /v1/me/sessions`

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::SessionId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Query, User};
use crate::page::PageQuery;
use crate::{Api, Problem};

/// A page of sign-ins that stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInsView {
    /// Last used first.
    sessions: Vec<SignInView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// A sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInView {
    /// Its id.
    #[schema(value_type = String)]
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// What its browser or program calls itself; empty when it does not say.
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64)")]
    user_agent: String,
    /// When it was started.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, to within ten minutes.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
    /// When it ends unless it is used before.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// One's own sign-ins.
#[utoipa::path(
    get,
    path = "/v1/me/sessions",
    tag = "accounts",
    params(PageQuery),
    security(("bearer" = [])),
    responses((status = OK, description = "Last used first", body = SignInsView))
)]
pub(crate) async fn list_sessions(
    State(api): State<Api>,
    caller: User,
    Query(query): Query<PageQuery>,
) -> Result<Json<SignInsView>, Problem> {
    let sessions = api.store().sessions(caller.id(), api.now()).await?;
    let (found, next_cursor) = query.of(sessions, |session| session.id.to_string())?;
    let view = |session: store::Session| SignInView {
        id: session.id,
        current: session.id == caller.session(),
        user_agent: session.user_agent.unwrap_or_default(),
        created_at: session.created_at,
        last_used_at: session.refreshed_at,
        expires_at: session.expires_at,
    };
    Ok(Json(SignInsView { sessions: found.into_iter().map(view).collect(), next_cursor }))
}
