//! `GET /v1/installation`

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Peer;
use crate::{Api, dev};

/// What this installation offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InstallationView {
    /// Whether `POST /v1/orgs/{org}/sample-server` registers a sample server.
    sample_server: bool,
    /// Whether the caller may read the mails that this installation writes as files (`GET /v1/dev/mails`).
    dev_mails: bool,
}

/// What this installation offers to the caller, who need not be signed in.
#[utoipa::path(
    get,
    path = "/v1/installation",
    tag = "installation",
    responses((status = OK, description = "What it offers", body = InstallationView))
)]
pub(crate) async fn get_installation(
    State(api): State<Api>,
    peer: Peer,
    headers: HeaderMap,
) -> Json<InstallationView> {
    Json(InstallationView {
        sample_server: api.parts().sample.is_some(),
        dev_mails: dev::mails::readable(&api, peer, &headers).is_ok(),
    })
}
