//! `GET /internal/v1/bundles/by-token/{digest}`

use axum::Json;
use axum::extract::State;
use model::Authenticated;
use secrets::TokenDigest;

use super::node::Node;
use crate::extract::Path;
use crate::{Api, Problem};

/// Whom a token proves, by the hexadecimal digest of its text. The pepper is applied here: gateways have none.
pub(super) async fn bundle_by_token(
    State(api): State<Api>,
    _node: Node,
    Path(digest): Path<String>,
) -> Result<Json<Authenticated>, Problem> {
    let digest: TokenDigest = digest.parse().map_err(|_| Problem::not_found())?;
    let verifier = api.parts().pepper.verifier(&digest);
    let found = api.store().bundle_by_verifier(&verifier, api.now()).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
