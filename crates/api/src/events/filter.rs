//! Which events: the parameters that the list, the histogram and the export share.

use jiff::{SignedDuration, Timestamp};
use model::{ApprovalId, CallOutcome, GrantId, IdentityId, ServerId, Slug, Verdict};
use store::{Error, EventFilter, LONGEST_NAME, OrgTx};

use crate::Problem;
use crate::extract::OrgAccess;

/// How far back what is counted goes unless told otherwise.
const DEFAULT_SPAN: SignedDuration = SignedDuration::from_hours(24);
/// Most characters of a text to search for.
const LONGEST_TEXT: usize = 100;

/// Declares a query with the shared parameters and those of its own. A query is one flat struct: nested ones are not read
/// from an address as what they are.
macro_rules! event_query {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(crate) struct $name {
            /// Only of this identity, by id.
            #[param(value_type = Option<String>)]
            identity: Option<model::IdentityId>,
            /// Only under this grant, by id.
            #[param(value_type = Option<String>)]
            grant: Option<model::GrantId>,
            /// Only for this server, by name, or by id if it has been removed.
            server: Option<String>,
            /// Only of this tool, prompt or resource, by its exact name of at most 200 characters.
            #[param(max_length = 200)]
            tool: Option<String>,
            /// Only so decided.
            #[param(value_type = Option<crate::schema::Verdict>, inline)]
            verdict: Option<model::Verdict>,
            /// Only with this outcome.
            #[param(value_type = Option<crate::schema::CallOutcome>, inline)]
            outcome: Option<model::CallOutcome>,
            /// Only refused by this rule, of at most 200 characters.
            #[param(example = "/tools/withdraw/require/0", max_length = 200)]
            rule: Option<String>,
            /// Only of calls that waited for this approval, or used it, by id.
            #[param(value_type = Option<String>)]
            approval: Option<model::ApprovalId>,
            /// Only where this text is in the name of the tool, the rule, the message, the client, the identity or the
            /// server, in upper or lower case; 1 to 100 characters.
            #[param(min_length = 1, max_length = 100)]
            text: Option<String>,
            /// Only at or after this time.
            #[param(value_type = Option<String>, format = DateTime)]
            after: Option<jiff::Timestamp>,
            /// Only before this time.
            #[param(value_type = Option<String>, format = DateTime)]
            before: Option<jiff::Timestamp>,
            $($own)*
        }

        impl $name {
            /// What all queries of events ask for.
            fn asked(&self) -> crate::events::filter::Asked<'_> {
                crate::events::filter::Asked {
                    identity: self.identity,
                    grant: self.grant,
                    server: self.server.as_deref(),
                    tool: self.tool.as_deref(),
                    verdict: self.verdict,
                    outcome: self.outcome,
                    rule: self.rule.as_deref(),
                    approval: self.approval,
                    text: self.text.as_deref(),
                    after: self.after,
                    before: self.before,
                }
            }
        }
    };
}
pub(super) use event_query;

/// The shared parameters of a query.
pub(super) struct Asked<'a> {
    pub(super) identity: Option<IdentityId>,
    pub(super) grant: Option<GrantId>,
    pub(super) server: Option<&'a str>,
    pub(super) tool: Option<&'a str>,
    pub(super) verdict: Option<Verdict>,
    pub(super) outcome: Option<CallOutcome>,
    pub(super) rule: Option<&'a str>,
    pub(super) approval: Option<ApprovalId>,
    pub(super) text: Option<&'a str>,
    pub(super) after: Option<Timestamp>,
    pub(super) before: Option<Timestamp>,
}

impl Asked<'_> {
    /// The filter that this asks for, among what the caller may see.
    pub(super) async fn filter(&self, access: &OrgAccess, tx: &mut OrgTx) -> Result<EventFilter, Problem> {
        let server = match self.server {
            Some(named) => Some(server(tx, named).await?),
            None => None,
        };
        Ok(EventFilter {
            teams: access.confined(),
            identity: self.identity,
            grant: self.grant,
            server,
            subject: short("tool", self.tool, LONGEST_NAME)?,
            verdict: self.verdict,
            outcome: self.outcome,
            rule: short("rule", self.rule, LONGEST_NAME)?,
            approval: self.approval,
            text: short("text", self.text, LONGEST_TEXT)?,
            after: self.after,
            before: self.before,
            ..EventFilter::default()
        })
    }
}

/// The time that something is counted over: the first moment, and the one after the last.
pub(super) fn span(
    after: Option<Timestamp>,
    before: Option<Timestamp>,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), Problem> {
    let before = before.unwrap_or(now);
    let after = after.unwrap_or_else(|| before.saturating_sub(DEFAULT_SPAN).unwrap_or(before));
    if after >= before {
        return Err(Problem::field("", "query: `after` lies before `before`, or before now"));
    }
    Ok((after, before))
}

/// Text of 1 to `most` characters that the database can hold.
fn short(name: &str, text: Option<&str>, most: usize) -> Result<Option<String>, Problem> {
    match text {
        Some(text) if text.is_empty() || text.chars().count() > most || text.contains('\0') => {
            Err(Problem::field("", format!("query: `{name}` has 1 to {most} characters, and no U+0000")))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// The server that a filter names. An id is taken as it is: of another organisation it finds nothing.
async fn server(tx: &mut OrgTx, named: &str) -> Result<ServerId, Problem> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let missing = || Problem::field("", "query: there is no such `server`");
    let slug: Slug = named.parse().map_err(|_| missing())?;
    match tx.server(&slug).await {
        Ok(server) => Ok(server.id),
        Err(Error::Missing(_)) => Err(missing()),
        Err(error) => Err(error.into()),
    }
}
