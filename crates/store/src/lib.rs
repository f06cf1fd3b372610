//! Postgres, and the only crate that speaks to it. Rows stay in here; plain types come out.
//!
//! There are two roads. [`Store`] serves what belongs to no organisation (accounts, sign-ins, mail) and what is
//! asked before the organisation is known (a token's bundle, the change feed). Everything of a tenant goes
//! through [`OrgTx`], one transaction that row security confines to one organisation. The public [`catalog`] is neither: it has a
//! schema of its own, and anybody may read it.
//!
//! Time and ids come in as arguments. What the rows mean to HTTP callers or gateways is left to others.

mod accounts;
mod addresses;
mod admin_events;
mod answers;
mod approvals;
mod attempts;
mod bundles;
pub mod catalog;
mod changes;
pub mod cluster;
mod column;
mod connect;
mod definitions;
mod devices;
mod endings;
mod epochs;
mod error;
mod event_log;
mod events;
mod fullness;
mod gateways;
mod grants;
mod identities;
mod invitations;
mod keys;
mod labels;
mod members;
mod messages;
mod org_tx;
mod orgs;
mod outbox;
mod passwords;
mod policies;
mod servers;
mod sessions;
mod standing;
mod taken;
mod teams;
mod tokens;
mod tool_classes;
mod tools;

pub use accounts::{Credentials, NewMail, SignUp, SignedUp, User};
pub use addresses::{EmailChanged, NewEmailChange};
pub use admin_events::{Actor, AdminEvent, AdminEventFilter, RecordedAdminEvent};
pub use answers::Begun;
pub use approvals::{Approval, ApprovalDecision, ApprovalFilter, Asked, Decided};
pub use attempts::Attempted;
pub use bundles::hexadecimal;
pub use connect::{Store, migrate};
pub use definitions::{Accepted, Freshness};
pub use devices::Session;
pub use endings::{AccountEnded, AccountEnding};
pub use error::{Conflict, Error};
pub use event_log::{
    EventBucket, EventCounts, EventFilter, EventHistogram, EventPage, EventSpan, LONGEST_NAME, RecordedEvent,
    SEARCHED, ToolCounts, bucket,
};
pub use fullness::FullLimit;
pub use grants::{Grant, GrantChange, NewGrant};
pub use identities::{Caller, Identity, IdentityChange, NewIdentity};
pub use invitations::{Invitation, NewInvitation, Settled};
pub use keys::{ApiKey, NewApiKey, ProvenKey};
pub use labels::Labels;
pub use members::Member;
pub use messages::NewMessage;
pub use org_tx::OrgTx;
pub use orgs::{Org, OrgChange};
pub use outbox::{Mail, MailId};
pub use passwords::{NewReset, PasswordChange};
pub use policies::{Policy, PolicyVersion, PutOutcome, PutPolicy};
pub use servers::{HeaderChange, NewServer, ProtocolEra, Server, ServerChange};
pub use sessions::{NewSession, Refresh};
pub use standing::{Membership, TeamRole};
pub use teams::{NewTeam, Team, TeamChange};
pub use tokens::{NewToken, Token};
pub use tool_classes::{ClassOverride, FoundClass, PutClass};
pub use tools::{Discovered, Discovery, FoundTool, Tool};
