//! A key as the API shows it: never the key itself.

use jiff::Timestamp;
use model::{KeyId, Scopes, UserId};
use serde::Serialize;
use store::ApiKey;
use utoipa::ToSchema;

use crate::schema;

/// What is known of an API key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyView {
    /// Its id; the audit of changes names it so.
    #[schema(value_type = String)]
    pub(super) id: KeyId,
    /// What it is for, as its maker put it.
    #[schema(example = "terraform")]
    name: String,
    /// Its last four characters.
    #[schema(example = "x7Qp")]
    last4: String,
    /// What it may do, as far as its maker may.
    #[schema(value_type = Vec<schema::Scope>)]
    scopes: Scopes,
    /// Who made it, by id. It works while they are a member, within their role.
    #[schema(value_type = String)]
    created_by: UserId,
    /// Their address, while they have an account.
    created_by_email: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ends; never when `null`.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute or so.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        let ApiKey {
            id,
            name,
            last4,
            scopes,
            created_by,
            created_by_email,
            created_at,
            expires_at,
            revoked_at,
            last_used_at,
        } = key;
        Self {
            id,
            name,
            last4,
            scopes,
            created_by,
            created_by_email,
            created_at,
            expires_at,
            revoked_at,
            last_used_at,
        }
    }
}
