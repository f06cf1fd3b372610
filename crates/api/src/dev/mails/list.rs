//! `GET /v1/dev/mails`

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::MailView;
use crate::extract::Peer;
use crate::{Api, Problem};

/// Mails.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailsView {
    /// The newest hundred, newest first.
    mails: Vec<MailView>,
}

/// The newest mails of an installation that writes them as files. 404 everywhere but on the machine that
/// `policylayer up` runs on.
#[utoipa::path(
    get,
    path = "/v1/dev/mails",
    tag = "dev",
    responses((status = OK, description = "Newest first", body = MailsView))
)]
pub(crate) async fn list_mails(
    State(api): State<Api>,
    peer: Peer,
    headers: HeaderMap,
) -> Result<Json<MailsView>, Problem> {
    let files = super::readable(&api, peer, &headers)?.clone();
    let read = tokio::task::spawn_blocking(move || files.newest()).await.map_err(Problem::internal)?;
    let mails = read.map_err(Problem::internal)?;
    Ok(Json(MailsView { mails: mails.into_iter().map(MailView::from).collect() }))
}
