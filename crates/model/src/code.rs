//! Every error code that a user of the control plane, the CLI or the gateway's own HTTP answers can see.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident => $text:literal, $status:literal;)*) => {
        /// A stable error code. The text never changes its meaning; new ones may come.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Code {
            /// All codes, in order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The text on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What it means, in a sentence or two with code words in backticks.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)* }
            }
        }
    };
}

codes! {
    /// The request's body or parameters do not have the documented shape.
    InvalidRequest => "invalid_request", 400;
    /// A policy document does not compile; every problem is listed.
    InvalidPolicy => "invalid_policy", 422;
    /// A policy's test cases cannot be read; every problem is listed.
    InvalidCases => "invalid_cases", 422;
    /// A policy's test cases do not come out as they expect, so it is not published; each that fails is listed.
    CasesFailed => "cases_failed", 422;
    /// A call to be tried or replayed cannot be read; every problem is listed.
    InvalidCall => "invalid_call", 422;
    /// The email address or password is wrong, or the account does not exist.
    InvalidCredentials => "invalid_credentials", 401;
    /// No bearer token was sent, or it is unknown, expired or revoked.
    Unauthenticated => "unauthenticated", 401;
    /// A refresh token was used twice; the whole sign-in has been ended.
    RefreshReused => "refresh_reused", 401;
    /// The caller's role does not allow this.
    Forbidden => "forbidden", 403;
    /// An API key was sent for something that takes a person who is signed in.
    PersonRequired => "person_required", 403;
    /// Nobody decides on a call of their own: somebody else has to.
    OwnCall => "own_call", 403;
    /// The `Origin` or `Host` of the request is not one of ours.
    ForbiddenOrigin => "forbidden_origin", 403;
    /// There is no such thing, or it is not the caller's to see.
    NotFound => "not_found", 404;
    /// The method is not served at this address.
    MethodNotAllowed => "method_not_allowed", 405;
    /// A request with the same `Idempotency-Key` is being carried out; come back for its answer.
    RequestUnderWay => "request_under_way", 409;
    /// A request with the same `Idempotency-Key` was carried out, and its answer is not kept: it signed somebody in, or was too long.
    AnswerNotKept => "answer_not_kept", 409;
    /// The `Idempotency-Key` was used for another request.
    KeyReused => "key_reused", 422;
    /// A thing of that name exists already.
    Conflict => "conflict", 409;
    /// A request for approval cannot be decided like this any more: it was decided or used, its time has passed, or what it was asked for has changed.
    ApprovalClosed => "approval_closed", 409;
    /// The last admin of an organisation can neither leave nor become less; make somebody else one first.
    LastAdmin => "last_admin", 409;
    /// The organisation is to be deleted, so nothing in it changes any more; an admin can restore it.
    OrgEnding => "org_ending", 409;
    /// The request is larger than what is accepted.
    TooLarge => "too_large", 413;
    /// The content type or encoding is not one that is read.
    UnsupportedMediaType => "unsupported_media_type", 415;
    /// Too many requests; `Retry-After` says when to come back.
    Throttled => "throttled", 429;
    /// Too many wrong passwords in a row for this address, from places that it never signed in from; a new password opens it.
    SignInClosed => "sign_in_closed", 403;
    /// The upstream address is not a public one, or not written as an `http` or `https` URL.
    AddressRefused => "address_refused", 422;
    /// The upstream could not be reached.
    UpstreamUnreachable => "upstream_unreachable", 502;
    /// The upstream answered, but not as an MCP server does.
    UpstreamProtocol => "upstream_protocol", 502;
    /// Limits cannot be checked now, so the call is refused.
    LimitsUnavailable => "limits_unavailable", 503;
    /// The audit log cannot take the record now, so the call is refused.
    AuditUnavailable => "audit_unavailable", 503;
    /// The control plane cannot be reached and nothing recent enough is known.
    ControlPlaneUnavailable => "control_plane_unavailable", 503;
    /// The request took too long.
    Timeout => "timeout", 408;
    /// A fault of ours; the request id finds it in the log.
    Internal => "internal", 500;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_texts_are_unique_and_snake_case() {
        let mut texts: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(texts.iter().all(|text| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
        texts.sort_unstable();
        let before = texts.len();
        texts.dedup();
        assert_eq!(texts.len(), before);
    }

    #[test]
    fn every_code_says_what_it_means() {
        for code in Code::ALL {
            let meaning = code.meaning();
            assert!(meaning.ends_with('.') && !meaning.starts_with(' '), "{code}: {meaning}");
        }
    }
}
