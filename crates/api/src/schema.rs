//! Closed sets of words on the wire, for the OpenAPI document only: the values themselves are types of other
//! crates, which know nothing of OpenAPI.

use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident),+ })+) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(rename_all = "snake_case")]
        #[expect(dead_code, reason = "only its schema is used")]
        pub(crate) enum $name { $($(#[$word_doc])* $word),+ }
    )+};
}

words! {
    /// What a member may do.
    Role { Admin, PolicyManager, Viewer }
    /// What an API key may do.
    Scope {
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
        Teams
    }
    /// What sort of caller an identity is.
    IdentityKind { Person, Agent, Service }
    /// What was decided.
    Verdict { Allow, Deny }
    /// How a call came out, in one word.
    CallOutcome {
        /// It was forwarded.
        Allowed,
        /// It was refused.
        Denied,
        /// It was refused until people approve it.
        Parked,
        /// It was to be forwarded, and nothing left the gateway.
        NotSent,
        /// It was forwarded, and its connection broke.
        Broken
    }
    /// The form of an export.
    ExportFormat {
        /// One line of JSON for each event.
        Ndjson,
        /// A table with a line of names.
        Csv
    }
    /// What a limit is counted for.
    LimitScope {
        /// A grant.
        Grant,
        /// A session of an identity.
        Session,
        /// An identity.
        Identity,
        /// A team.
        Team,
        /// A server.
        Server,
        /// The organisation.
        Org
    }
    /// Whether a tool's definition was accepted.
    DefinitionState {
        /// It was.
        Accepted,
        /// Another one was.
        Changed,
        /// None ever was.
        New
    }
    /// How a request for approval stands.
    ApprovalStatus {
        /// Waiting for people.
        Pending,
        /// Given, and not used yet.
        Approved,
        /// Refused by somebody.
        Denied,
        /// Given, and used by a call.
        Used,
        /// Its time has passed.
        Expired,
        /// The policy, the grant or the tool has changed since.
        Unfit
    }
    /// Whose approval a call takes.
    Approvers { Admin, PolicyManager, Team }
    /// A step of a decision, in the order in which they are taken: is there a policy, is everything switched on, is the name
    /// one that anything can have, is it hidden, is its definition accepted, does a rule name it or the default allow it;
    /// then the action in force, each group of `require` and of `deny_if`, approval, each limit.
    StepKind { Policy, Enabled, Name, Hidden, Definition, Default, Action, Require, DenyIf, Approval, Limit }
    /// What a rule matches by.
    RuleKind { AllTools, Category, Glob, Name }
    /// What joins conditions.
    Junction { Any, All, Not }
    /// What came of a condition. `unclear`: a value is of the wrong type or a key is ambiguous, and the call is refused.
    /// `undecidable`: it was not asked, for the record does not hold the value.
    Answer { Holds, Fails, Unclear, Undecidable }
    /// How a forwarded call ended.
    OutcomeEnd { Answered, NotSent, Broken }
    /// Which of the two ways of speaking MCP a server was found to speak.
    Era { Legacy, Modern }
    /// What a tool does.
    Category { Read, Write, Execute, Destructive, Financial, Other }
    /// How bad a careless call of a tool would be.
    Risk { Low, Medium, High, Critical }
}
