//! The gateway that sends a request, proven by a token signed with the node key.

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::extract::{bearer, unproven};
use crate::{Api, Problem};

/// A gateway's name.
pub(super) struct Node(
    #[expect(dead_code, reason = "who it is shows in logs only; that it is one is what counts")]
    pub(super)  String,
);

impl FromRequestParts<Api> for Node {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let token = bearer(&parts.headers)?;
        api.parts().node_tokens.check(token, api.now_ms()).map(Self).map_err(|error| unproven(&error))
    }
}
