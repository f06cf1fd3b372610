//! Policies and their versions as the API shows them.

use jiff::Timestamp;
use model::{PolicyId, Slug, UserId};
use serde::Serialize;
use store::{Policy, PolicyVersion};
use utoipa::ToSchema;

/// A policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyView {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: PolicyId,
    /// Its name in addresses.
    #[schema(value_type = String, example = "main")]
    pub(super) slug: Slug,
    /// The version in force.
    #[schema(example = 3)]
    pub(super) version: u32,
    /// When its first version was published.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    /// When the version in force was published.
    #[schema(value_type = String, format = DateTime)]
    pub(super) updated_at: Timestamp,
}

impl From<Policy> for PolicyView {
    fn from(policy: Policy) -> Self {
        Self {
            id: policy.id,
            slug: policy.slug,
            version: policy.latest_version,
            created_at: policy.created_at,
            updated_at: policy.updated_at,
        }
    }
}

/// One version of a policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyVersionView {
    /// Counts from 1.
    pub(super) version: u32,
    /// The document, character for character as it was sent; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) document: Option<String>,
    /// Its test cases, character for character as they were sent; absent in lists, and when it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cases: Option<String>,
    /// The account that published it.
    #[schema(value_type = Option<String>)]
    pub(super) author: Option<UserId>,
    /// Its address, while it is there.
    pub(super) author_email: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
}

impl From<PolicyVersion> for PolicyVersionView {
    fn from(version: PolicyVersion) -> Self {
        Self {
            version: version.version,
            document: version.document,
            cases: version.cases,
            author: version.author,
            author_email: version.author_email,
            created_at: version.created_at,
        }
    }
}
