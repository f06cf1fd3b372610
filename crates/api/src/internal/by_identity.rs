//! `GET /internal/v1/bundles/by-identity/{identity}`

use axum::Json;
use axum::extract::State;
use model::{Bundle, IdentityId};

use super::node::Node;
use crate::extract::Path;
use crate::{Api, Problem};

/// The bundle of an identity, as it is now.
pub(super) async fn bundle_by_identity(
    State(api): State<Api>,
    _node: Node,
    Path(identity): Path<IdentityId>,
) -> Result<Json<Bundle>, Problem> {
    api.store().bundle_by_identity(identity).await?.map(Json).ok_or_else(Problem::not_found)
}
