//! Anybody who can prove who they are: a person who is signed in, or a program with an API key.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::access::prove;
use super::user::key_sent;
use super::{Peer, User};
use crate::{Api, Problem};

/// For what belongs to no organisation and is not open to strangers either.
#[derive(Debug, Clone, Copy)]
pub struct Caller;

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        match key_sent(&parts.headers)? {
            Some(digest) => {
                let Ok(peer) = Peer::from_request_parts(parts, api).await;
                prove(api, &digest, peer).await?;
            }
            None => {
                User::from_request_parts(parts, api).await?;
            }
        }
        Ok(Self)
    }
}
