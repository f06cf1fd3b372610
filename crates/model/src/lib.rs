//! The nouns that every other crate speaks: typed ids, slugs, roles, bundles, audit events and error codes.
//! Plain data only; how they are stored, sent or decided is the business of other crates.

mod approval;
mod bundle;
mod code;
mod event;
mod id;
mod recovery;
mod role;
mod scope;
mod slug;

pub use approval::{
    ApprovalAnswer, ApprovalClaim, ApprovalRequest, ApprovalStanding, ApprovalStatus, ApprovalUse,
    CallDigest, SealedCall,
};
pub use bundle::{
    AcceptedTool, Authenticated, BUNDLE_MAX_BYTES, BUNDLE_SCHEMA, Bundle, Change, GrantEntry, IdentityEntry,
    IdentityKind, OrgEntry, PolicyEntry, SealedHeaders, ServerEntry, TeamEntry, TokenEntry, ToolClass,
};
pub use code::Code;
pub use event::{
    CAPTURE_MAX_BYTES, CallOutcome, Captured, ClientName, Event, Intent, Level, Outcome, OutcomeEnd,
    SealedArguments, Taken, Verdict,
};
pub use id::{
    ApprovalId, EventId, GrantId, Id, IdKind, IdParseError, IdentityId, InvitationId, KeyId, OrgId, PolicyId,
    ServerId, SessionId, TeamId, TokenId, UserId,
};
pub use recovery::{Handout, LostEpoch, NodeDuties, NodeReport, OrgEpoch};
pub use role::{Permission, Role};
pub use scope::{Scope, Scopes};
pub use slug::{Slug, SlugError};
