//! Typed identifiers: a UUIDv7 that knows what it names and shows it (`org_01890a5d…`).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What an [`Id`] names; gives the prefix of its text form.
pub trait IdKind {
    /// Text before the underscore, for example `org`.
    const PREFIX: &'static str;
}

/// A UUIDv7 of one kind. Text form: prefix, underscore, 32 lower-case hexadecimal digits.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Id<K> {
    /// Makes an id from a time (milliseconds since 1970) and ten random bytes, as RFC 9562 section 5.7 lays out.
    #[must_use]
    pub fn mint(time_ms: i64, random: [u8; 10]) -> Self {
        let millis = u64::try_from(time_ms).unwrap_or(0);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// Wraps a UUID that is known to be of this kind (a database column, say).
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bare UUID.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// Milliseconds since 1970 that the id was minted at.
    #[must_use]
    pub fn time_ms(self) -> i64 {
        let [a, b, c, d, e, f, ..] = *self.0.as_bytes();
        i64::from_be_bytes([0, 0, a, b, c, d, e, f])
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.0.simple())
    }
}
impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is no id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_<32 hexadecimal digits>")]
pub struct IdParseError {
    prefix: &'static str,
}

impl<K: IdKind> FromStr for Id<K> {
    type Err = IdParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = IdParseError { prefix: K::PREFIX };
        let hex =
            text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_')).ok_or(wrong.clone())?;
        let plain = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !plain {
            return Err(wrong);
        }
        Uuid::try_parse(hex).map(Self::from_uuid).map_err(|_| wrong)
    }
}
impl<K: IdKind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Text where people read it, sixteen bytes where they do not.
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.as_bytes().serialize(serializer)
        }
    }
}
impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 16]>::deserialize(deserializer)
                .map(|bytes| Self::from_uuid(Uuid::from_bytes(bytes)));
        }
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $alias:ident, $marker:ident, $prefix:literal;)*) => {$(
        #[doc(hidden)]
        pub enum $marker {}
        impl IdKind for $marker {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $alias = Id<$marker>;
    )*};
}

kinds! {
    /// A customer organisation, the tenant.
    OrgId, OrgKind, "org";
    /// A team inside an organisation.
    TeamId, TeamKind, "team";
    /// A person who signs in to the control plane.
    UserId, UserKind, "user";
    /// A sign-in of a user: one family of refresh tokens.
    SessionId, SessionKind, "session";
    /// A person's laptop, a CI job or an agent that calls tools through the gateway.
    IdentityId, IdentityIdKind, "identity";
    /// A secret that proves an identity.
    TokenId, TokenKind, "token";
    /// One server under one policy for an identity or a team.
    GrantId, GrantKind, "grant";
    /// A registered MCP server.
    ServerId, ServerKind, "server";
    /// A policy of a server.
    PolicyId, PolicyKind, "policy";
    /// A request for approval.
    ApprovalId, ApprovalKind, "approval";
    /// An invitation to an organisation.
    InvitationId, InvitationKind, "invitation";
    /// A secret that proves a program to the control plane.
    KeyId, KeyKind, "key";
    /// An audit event.
    EventId, EventKind, "event";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form_and_keeps_its_time() {
        let id = OrgId::mint(1_767_225_600_000, [7; 10]);
        assert_eq!(id.to_string().parse::<OrgId>(), Ok(id));
        assert_eq!(id.time_ms(), 1_767_225_600_000);
    }

    #[test]
    fn an_id_of_another_kind_or_case_is_refused() {
        let id = OrgId::mint(1, [7; 10]);
        assert!(id.to_string().parse::<TeamId>().is_err());
        assert!(id.to_string().to_uppercase().parse::<OrgId>().is_err());
        assert!("org_".parse::<OrgId>().is_err());
    }
}
