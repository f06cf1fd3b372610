//! What a member of an organisation may do.

use serde::{Deserialize, Serialize};

/// A member's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Sees everything but the audit of changes; writes policies, attaches them to grants, decides approvals.
    PolicyManager,
    /// Sees servers, policies, grants and calls.
    Viewer,
}

/// One thing a request may need to be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See servers, policies, identities, grant labels and recorded calls.
    Read,
    /// Write policies and attach them to grants.
    WritePolicies,
    /// Decide on calls that wait for approval; who may decide on which is for the policy to say.
    DecideApprovals,
    /// See captured argument values, and what depends on them.
    ReadValues,
    /// Create, rotate and revoke identities, tokens and grants.
    ManageGrants,
    /// Register, change and remove servers and their upstream credentials.
    ManageServers,
    /// See who changed what.
    ReadAudit,
    /// Create, change and remove teams.
    ManageTeams,
    /// Members, roles, settings and API keys.
    ManageOrg,
}

impl Role {
    /// Whether this role holds `permission`.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        match self {
            Self::Admin => true,
            Self::PolicyManager => {
                matches!(
                    permission,
                    Permission::Read
                        | Permission::WritePolicies
                        | Permission::DecideApprovals
                        | Permission::ReadValues
                )
            }
            Self::Viewer => matches!(permission, Permission::Read),
        }
    }

    /// Whichever of the two may do more.
    #[must_use]
    pub const fn stronger(self, other: Self) -> Self {
        match (self, other) {
            (Self::Admin, _) | (_, Self::Admin) => Self::Admin,
            (Self::PolicyManager, _) | (_, Self::PolicyManager) => Self::PolicyManager,
            (Self::Viewer, Self::Viewer) => Self::Viewer,
        }
    }

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::PolicyManager => "policy_manager",
            Self::Viewer => "viewer",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Admin, Self::PolicyManager, Self::Viewer].into_iter().find(|role| role.as_str() == name)
    }
}
