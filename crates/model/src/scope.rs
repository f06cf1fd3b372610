//! What an API key may do. A scope opens one permission; what no scope opens stays with people.

use serde::{Deserialize, Serialize};

use crate::Permission;

/// One thing that an API key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// See servers, policies, identities, grants, approvals and recorded calls.
    Read,
    /// See captured argument values as well.
    Values,
    /// See who changed what.
    Audit,
    /// Write policies and attach them to grants.
    Policies,
    /// Create, change and revoke identities, tokens and grants.
    Grants,
    /// Register, change and remove servers and their upstream credentials.
    Servers,
    /// Create, change and remove teams.
    Teams,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 7] =
        [Self::Read, Self::Values, Self::Audit, Self::Policies, Self::Grants, Self::Servers, Self::Teams];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Values => "values",
            Self::Audit => "audit",
            Self::Policies => "policies",
            Self::Grants => "grants",
            Self::Servers => "servers",
            Self::Teams => "teams",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    /// The scope that opens `permission`. Deciding approvals is a person's judgement, and members, settings and keys would
    /// let a key make somebody or something that may do more than itself: no scope opens those.
    #[must_use]
    pub const fn opening(permission: Permission) -> Option<Self> {
        match permission {
            Permission::Read => Some(Self::Read),
            Permission::ReadValues => Some(Self::Values),
            Permission::ReadAudit => Some(Self::Audit),
            Permission::WritePolicies => Some(Self::Policies),
            Permission::ManageGrants => Some(Self::Grants),
            Permission::ManageServers => Some(Self::Servers),
            Permission::ManageTeams => Some(Self::Teams),
            Permission::DecideApprovals | Permission::ManageOrg => None,
        }
    }
}

/// The scopes of a key: at least one, each once, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Scope>", into = "Vec<Scope>")]
pub struct Scopes(Vec<Scope>);

/// A key without a scope could do nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("give at least one scope")]
pub struct NoScope;

impl Scopes {
    /// Whether `scope` is among them.
    #[must_use]
    pub fn contain(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }
}

impl TryFrom<Vec<Scope>> for Scopes {
    type Error = NoScope;

    fn try_from(mut scopes: Vec<Scope>) -> Result<Self, NoScope> {
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() { Err(NoScope) } else { Ok(Self(scopes)) }
    }
}

impl From<Scopes> for Vec<Scope> {
    fn from(scopes: Scopes) -> Self {
        scopes.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_found_by_its_name_alone() {
        for scope in Scope::ALL {
            assert_eq!(Scope::named(scope.as_str()), Some(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
        assert_eq!(Scope::named("Read"), None);
        assert_eq!(Scope::named("org"), None);
    }

    #[test]
    fn scopes_stand_in_order_and_once_and_are_never_none() {
        let scopes = |text: &str| serde_json::from_str::<Scopes>(text);
        assert_eq!(scopes(r#"["teams", "read", "read"]"#).unwrap().0, [Scope::Read, Scope::Teams]);
        assert!(scopes("[]").is_err());
        assert!(scopes(r#"["everything"]"#).is_err());
    }
}
