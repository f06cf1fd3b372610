//! An identity as the API shows it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{IdentityId, IdentityKind};
use serde::Serialize;
use store::Identity;
use utoipa::ToSchema;

use crate::schema;

/// Who calls through the gateway.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityView {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: IdentityId,
    /// Its name, unique in the team.
    #[schema(example = "alice-laptop")]
    label: String,
    /// What sort of caller it is.
    #[schema(value_type = schema::IdentityKind)]
    kind: IdentityKind,
    /// The person's address, where there is one.
    email: Option<String>,
    /// Free labels that policies may ask for.
    labels: BTreeMap<String, String>,
    /// False while its calls are refused.
    enabled: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Identity> for IdentityView {
    fn from(identity: Identity) -> Self {
        Self {
            id: identity.id,
            label: identity.label,
            kind: identity.kind,
            email: identity.email,
            labels: identity.labels,
            enabled: identity.enabled,
            created_at: identity.created_at,
        }
    }
}
