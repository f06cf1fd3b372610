//! The parts of the API's bodies that quickstart reads and writes. Unknown fields are passed over: the API may add some.

use model::Role;
use serde::{Deserialize, Serialize};

use crate::commands::remote::ProblemItem;

/// The account.
#[derive(Debug, Deserialize)]
pub(super) struct Me {
    pub(super) memberships: Vec<Membership>,
}

/// A place in an organisation.
#[derive(Debug, Deserialize)]
pub(super) struct Membership {
    pub(super) org: String,
    pub(super) role: Role,
    pub(super) teams: Vec<String>,
}

/// A server to register.
#[derive(Serialize)]
pub(super) struct NewServer<'a> {
    pub(super) name: &'a str,
    pub(super) slug: &'a str,
    pub(super) url: &'a str,
}

/// A registered server.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Server {
    pub(super) slug: String,
    pub(super) url: String,
}

/// A policy as it is once published.
#[derive(Debug, Deserialize)]
pub(super) struct PolicyVersion {
    pub(super) slug: String,
    pub(super) version: u32,
    #[serde(default)]
    pub(super) warnings: Vec<ProblemItem>,
}

/// An identity to make.
#[derive(Serialize)]
pub(super) struct NewIdentity<'a> {
    pub(super) label: &'a str,
    pub(super) kind: &'static str,
}

/// An identity.
#[derive(Debug, Deserialize)]
pub(super) struct Identity {
    pub(super) id: String,
    pub(super) label: String,
}

/// A grant to make.
#[derive(Serialize)]
pub(super) struct NewGrant<'a> {
    pub(super) identity: &'a str,
    pub(super) server: &'a str,
    pub(super) policy: &'a str,
}

/// The policy to put a grant under.
#[derive(Serialize)]
pub(super) struct GrantPolicy<'a> {
    pub(super) policy: &'a str,
}

/// A grant that has not been revoked.
#[derive(Debug, Deserialize)]
pub(super) struct Grant {
    pub(super) id: String,
    pub(super) identity: Option<String>,
    pub(super) server: Option<String>,
    pub(super) policy: Option<String>,
    pub(super) status: String,
}

/// A token to make.
#[derive(Serialize)]
pub(super) struct NewToken<'a> {
    pub(super) name: &'a str,
}

/// A token as it is listed.
#[derive(Debug, Deserialize)]
pub(super) struct ListedToken {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) revoked_at: Option<String>,
}

/// A token as it is shown once.
#[derive(Deserialize)]
pub(super) struct MintedToken {
    pub(super) token: String,
}
