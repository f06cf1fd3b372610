//! A decision as the API shows it.

use jiff::Timestamp;
use model::{
    ApprovalId, ClientName, EventId, GrantId, IdentityId, OutcomeEnd, Slug, Taken, TokenId, Verdict,
};
use policy::{Amount, Category, Scope};
use serde::Serialize;
use store::{Labels, RecordedEvent};
use utoipa::ToSchema;

use crate::schema;

/// A decision and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventView {
    /// Its id; the caller was given the same as `request_id`.
    #[schema(value_type = String)]
    pub(super) id: EventId,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Timestamp,
    /// Who called.
    #[schema(value_type = String)]
    pub(super) identity: IdentityId,
    /// The caller's label.
    pub(super) identity_label: Option<String>,
    /// With which token.
    #[schema(value_type = String)]
    pub(super) token: TokenId,
    /// Under which grant; `null` when none reached the server.
    #[schema(value_type = Option<String>)]
    pub(super) grant: Option<GrantId>,
    /// Which server; `null` when it is not one of the caller's.
    #[schema(value_type = Option<String>, example = "binance-mcp")]
    pub(super) server: Option<Slug>,
    /// The JSON-RPC method.
    #[schema(example = "tools/call")]
    pub(super) method: String,
    /// The tool, prompt or resource.
    pub(super) tool: Option<String>,
    /// Names of the arguments, never their values.
    pub(super) arguments: Vec<String>,
    /// What was decided.
    #[schema(value_type = schema::Verdict)]
    pub(super) verdict: Verdict,
    /// The rule that decided; empty when allowed.
    #[schema(example = "/tools/withdraw/require/0")]
    pub(super) rule: String,
    /// What the caller was told; empty when allowed.
    pub(super) message: String,
    /// The policy in force.
    #[schema(value_type = Option<String>, example = "main")]
    pub(super) policy: Option<Slug>,
    /// Its version.
    pub(super) policy_version: Option<u32>,
    /// The approval that the call used or, where it was refused, waits for.
    #[schema(value_type = Option<String>)]
    pub(super) approval: Option<ApprovalId>,
    /// True when a limit that may be passed over during an outage could not be checked.
    pub(super) unchecked: bool,
    /// What it took from limits before it was forwarded.
    pub(super) taken: Vec<TakenView>,
    /// The class by which the tool was judged.
    #[schema(value_type = Option<schema::Category>)]
    pub(super) category: Option<Category>,
    /// What the client called itself; nothing vouches for it.
    pub(super) client: Option<ClientView>,
    /// Tells the caller's MCP session from others: half of the SHA-256 of its id.
    pub(super) session: Option<String>,
    /// The gateway process.
    pub(super) node: String,
    /// What became of the call; `null` for refusals, and while it is not known.
    pub(super) outcome: Option<OutcomeView>,
}

/// What a call took from one counter, and how that stood.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenView {
    /// The counter's name in the policy.
    #[schema(example = "spend")]
    counter: String,
    /// What it is counted for.
    #[schema(value_type = schema::LimitScope)]
    scope: Scope,
    /// Its span: a unit, or a number of seconds.
    #[schema(example = "day")]
    window: String,
    /// True when the span ends with the call instead of at a boundary.
    rolling: bool,
    /// How much was taken, as an exact decimal.
    #[schema(value_type = String, example = "12.50")]
    amount: Amount,
    /// What the counter held before; `null` where it is not known.
    #[schema(value_type = Option<String>, example = "36")]
    before: Option<Amount>,
    /// What it held after.
    #[schema(value_type = Option<String>, example = "48.50")]
    after: Option<Amount>,
    /// The most that it might hold.
    #[schema(value_type = Option<String>, example = "50")]
    max: Option<Amount>,
}

impl From<Taken> for TakenView {
    fn from(taken: Taken) -> Self {
        let counter = taken.counter;
        let after = taken.level.map(|level| level.max.saturating_sub(level.left));
        Self {
            counter: counter.name.to_string(),
            scope: counter.scope,
            window: counter.window.describe(),
            rolling: counter.rolling,
            amount: taken.amount,
            before: after.map(|after| after.saturating_sub(taken.amount)),
            after,
            max: taken.level.map(|level| level.max),
        }
    }
}

/// What a client called itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientView {
    /// Its name.
    #[schema(example = "claude-code")]
    name: String,
    /// Its version.
    version: String,
}

/// What became of a forwarded call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OutcomeView {
    /// The upstream's HTTP status.
    pub(super) status: Option<u16>,
    /// From the first byte sent to the upstream's response head, in microseconds.
    pub(super) latency_us: u64,
    /// How it ended.
    #[schema(value_type = schema::OutcomeEnd)]
    pub(super) end: OutcomeEnd,
}

impl EventView {
    pub(super) fn of(labels: &Labels, event: RecordedEvent) -> Self {
        let intent = event.intent;
        Self {
            id: intent.id,
            at: Timestamp::from_millisecond(intent.id.time_ms()).unwrap_or_default(),
            identity: intent.identity,
            identity_label: labels.identities.get(&intent.identity).cloned(),
            token: intent.token,
            grant: intent.grant,
            server: intent.server.and_then(|id| labels.servers.get(&id).cloned()),
            method: intent.method,
            tool: intent.subject,
            arguments: intent.arguments,
            verdict: intent.verdict,
            rule: intent.rule,
            message: intent.message,
            policy: intent.policy.and_then(|id| labels.policies.get(&id).cloned()),
            policy_version: intent.policy_version,
            approval: intent.approval,
            unchecked: intent.unchecked,
            taken: intent.taken.into_iter().map(TakenView::from).collect(),
            category: intent.category,
            client: intent.client.map(|ClientName { name, version }| ClientView { name, version }),
            session: intent.session,
            node: intent.node,
            outcome: event.outcome.map(|outcome| OutcomeView {
                status: outcome.status,
                latency_us: outcome.latency_us,
                end: outcome.end,
            }),
        }
    }
}
