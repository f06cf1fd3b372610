//! What can go wrong in the database, sorted by what a caller can do about it.

use std::fmt;

/// A failed piece of work. Nothing of it was kept, unless the method says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database could not be reached, or refused a statement of ours.
    #[error("the database failed: {0}")]
    Driver(#[source] sqlx::Error),
    /// A thing that must be unique exists already.
    #[error("{0}")]
    Conflict(Conflict),
    /// There is no such thing in this organisation. The text names the noun, for example `server`.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// A row cannot be read as what it should be: written by a newer build, or by hand.
    #[error("a row of table {table} is unfit for use: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What is wrong with the row.
        what: String,
    },
    /// Text holds U+0000, which Postgres cannot store.
    #[error("text with the character U+0000 cannot be stored; leave it out")]
    Unstorable,
    /// The database as a whole cannot be worked with; the text says why and what to do.
    #[error("{0}")]
    Unfit(String),
}

/// What exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Conflict {
    /// An organisation with this slug, anywhere.
    OrgSlug,
    /// An account with this address.
    Address,
    /// Somebody who has a role there already.
    Member,
    /// Nobody would be left to look after the organisation.
    LastAdmin,
    /// A team of the organisation with this slug.
    TeamSlug,
    /// The team has identities or grants.
    TeamInUse,
    /// The organisation has no other team.
    LastTeam,
    /// A server of the organisation with this slug.
    ServerSlug,
    /// An identity of the team with this label.
    IdentityLabel,
    /// A live grant for the same identity (or the whole team) and server.
    Grant,
    /// A token with this verifier.
    Token,
    /// The policy has a newer version than the caller had read.
    PolicyVersion,
    /// A tool has another definition than the one that was looked at.
    Definition,
    /// A later start of the gateway that uses this spool.
    Gateway,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrgSlug => "an organisation of this name exists already",
            Self::Address => "an account of this address exists already",
            Self::Member => "whoever has this address is a member there already; change their role instead",
            Self::LastAdmin => "an organisation needs an admin; make somebody else one first",
            Self::TeamInUse => "the team still has identities or grants; remove its identities and revoke its grants first",
            Self::LastTeam => "an organisation needs a team; make another one first",
            Self::TeamSlug => "a team of this name exists already",
            Self::ServerSlug => "a server of this name exists already",
            Self::IdentityLabel => "an identity of this label exists already in the team",
            Self::Grant => "there is a grant for this server already; change it, or revoke it first",
            Self::Definition => {
                "a tool has another definition by now, or is not listed any more; look at the server's tools again"
            }
            Self::Token => "this token exists already",
            Self::Gateway => {
                "a later start of this gateway has reported already; no two may use one data folder, or copies of it"
            }
            Self::PolicyVersion => "the policy has changed meanwhile; read its latest version and try again",
        })
    }
}

/// Postgres's code for a broken unique constraint.
const UNIQUE_VIOLATION: &str = "23505";
/// Postgres's code for a reference to a row that does not exist.
const FOREIGN_KEY_VIOLATION: &str = "23503";
/// Postgres's codes for U+0000 in text and in JSON.
const NUL_IN_TEXT: [&str; 2] = ["22021", "22P05"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let known = error.as_database_error().and_then(|fault| {
            let code = fault.code()?;
            if NUL_IN_TEXT.contains(&&*code) {
                return Some(Self::Unstorable);
            }
            let constraint = fault.constraint()?;
            match &*code {
                UNIQUE_VIOLATION => conflict_of(constraint).map(Self::Conflict),
                FOREIGN_KEY_VIOLATION => missing_by(constraint).map(Self::Missing),
                _ => None,
            }
        });
        known.unwrap_or(Self::Driver(error))
    }
}

/// Which conflict a unique constraint of the schema stands for.
fn conflict_of(constraint: &str) -> Option<Conflict> {
    Some(match constraint {
        "org_slug" => Conflict::OrgSlug,
        "user_account_email" => Conflict::Address,
        "team_slug" => Conflict::TeamSlug,
        "server_slug" => Conflict::ServerSlug,
        "identity_label" => Conflict::IdentityLabel,
        "access_grant_personal" | "access_grant_team_wide" => Conflict::Grant,
        "token_verifier" => Conflict::Token,
        _ => return None,
    })
}

/// Which noun a foreign key of the schema refers to.
fn missing_by(constraint: &str) -> Option<&'static str> {
    Some(match constraint {
        "identity_team" | "access_grant_team" | "membership_team" | "invitation_team" => "team",
        "approval_grant" => "grant",
        "server_tool_server" | "policy_server" | "access_grant_server" => "server",
        "token_identity" | "access_grant_identity" | "approval_identity" => "identity",
        "access_grant_policy" | "policy_version_policy" => "policy",
        _ => return None,
    })
}
