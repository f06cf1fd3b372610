//! `GET /v1/dev/mails/{mail}`

use axum::Json;
use axum::extract::State;
use http::HeaderMap;

use super::MailView;
use crate::extract::{Path, Peer};
use crate::paths::MailParam;
use crate::{Api, Problem};

/// One mail of an installation that writes them as files. 404 everywhere but on the machine that `policylayer up`
/// runs on.
#[utoipa::path(
    get,
    path = "/v1/dev/mails/{mail}",
    tag = "dev",
    params(MailParam),
    responses((status = OK, description = "The mail", body = MailView))
)]
pub(crate) async fn get_mail(
    State(api): State<Api>,
    peer: Peer,
    headers: HeaderMap,
    Path(path): Path<MailParam>,
) -> Result<Json<MailView>, Problem> {
    let files = super::readable(&api, peer, &headers)?.clone();
    let read = tokio::task::spawn_blocking(move || files.mail(path.mail)).await.map_err(Problem::internal)?;
    let mail = read.map_err(Problem::internal)?.ok_or_else(Problem::not_found)?;
    Ok(Json(mail.into()))
}
