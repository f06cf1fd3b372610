//! The parameters that addresses are built from. `{org}` is read by [`crate::extract::OrgAccess`] alone; the
//! others are looked up inside that organisation.

use model::{
    ApprovalId, EventId, GrantId, IdentityId, InvitationId, KeyId, SessionId, Slug, TokenId, UserId,
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Documents `{org}`.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only its documentation is used; OrgAccess reads the value")]
pub(crate) struct OrgParam {
    /// The organisation's name.
    #[param(example = "acme")]
    org: String,
}

macro_rules! params {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty, $shown:ty;)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[into_params(parameter_in = Path)]
        pub(crate) struct $name {
            $($(#[$field_doc])* #[param(value_type = $shown)] pub(crate) $field: $type,)+
        }
    )+};
}

params! {
    /// `{user}`
    MemberParam {
        /// The member's account, by id.
        user: UserId, String;
    }
    /// `{invitation}`
    InvitationParam {
        /// The invitation's id.
        invitation: InvitationId, String;
    }
    /// `{mail}`
    MailParam {
        /// The mail's id.
        mail: Uuid, String;
    }
    /// `{key}`
    KeyParam {
        /// The key's id.
        key: KeyId, String;
    }
    /// `{session}`
    SessionParam {
        /// The sign-in's id.
        session: SessionId, String;
    }
    /// `{team}`
    TeamParam {
        /// The team's name.
        team: Slug, String;
    }
    /// `{team}`, `{identity}`
    IdentityParams {
        /// The team's name.
        team: Slug, String;
        /// The identity's id.
        identity: IdentityId, String;
    }
    /// `{team}`, `{identity}`, `{token}`
    TokenParams {
        /// The team's name.
        team: Slug, String;
        /// The identity's id.
        identity: IdentityId, String;
        /// The token's id.
        token: TokenId, String;
    }
    /// `{team}`, `{grant}`
    GrantParams {
        /// The team's name.
        team: Slug, String;
        /// The grant's id.
        grant: GrantId, String;
    }
    /// `{approval}`
    ApprovalParam {
        /// The request's id.
        approval: ApprovalId, String;
    }
    /// `{event}`
    EventParam {
        /// The event's id.
        event: EventId, String;
    }
    /// `{server}`
    ServerParam {
        /// The server's name.
        server: Slug, String;
    }
    /// `{server}`, `{tool}`
    ToolParams {
        /// The server's name.
        server: Slug, String;
        /// The tool's exact name.
        tool: String, String;
    }
    /// `{server}`, `{policy}`
    PolicyParams {
        /// The server's name.
        server: Slug, String;
        /// The policy's name.
        policy: Slug, String;
    }
    /// `{server}`, `{policy}`, `{version}`
    VersionParams {
        /// The server's name.
        server: Slug, String;
        /// The policy's name.
        policy: Slug, String;
        /// The version's number, from 1.
        version: u32, u32;
    }
}
