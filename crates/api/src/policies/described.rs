//! What the engine's JSON of a decision looks like, for the OpenAPI document only: the engine's own types know nothing of it.
#![expect(dead_code, reason = "only the schemas are used")]

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use crate::schema;

/// A decision.
#[derive(ToSchema)]
pub(super) struct Judgement {
    /// Whether the call passes.
    outcome: schema::Verdict,
    /// The rule that refuses it; empty when it passes.
    #[schema(example = "/tools/create_refund/limits/0")]
    rule: String,
    /// What the agent is told; empty when it passes.
    message: String,
    /// When the same call may succeed, milliseconds from now.
    #[schema(nullable = false)]
    retry_after_ms: Option<u64>,
    /// What each counter has left, as exact decimals.
    #[schema(nullable = false)]
    remaining: Option<BTreeMap<String, String>>,
    /// What approval would let it through.
    #[schema(nullable = false)]
    approval: Option<ApprovalTerms>,
    /// How it came about.
    #[schema(nullable = false)]
    trace: Option<Trace>,
    /// Prior calls that were themselves refused and so took nothing from any counter.
    #[schema(nullable = false)]
    prior_denied: Option<Vec<PriorDenial>>,
}

/// How a decision came about.
#[derive(ToSchema)]
pub(super) struct Trace {
    /// Whether the call passes.
    outcome: schema::Verdict,
    /// The rule that refuses it; empty when it passes.
    rule: String,
    /// What the agent is told; empty when it passes.
    message: String,
    /// The rules that match, from general to specific; empty when it did not come to that.
    layers: Vec<TraceLayer>,
    /// What was asked, in order; a refusal is the last.
    steps: Vec<TraceStep>,
}

/// What it takes to let a call through.
#[derive(ToSchema)]
struct ApprovalTerms {
    /// Who may give it.
    approvers: schema::Approvers,
    /// How many of them must.
    #[schema(minimum = 1, maximum = 2)]
    quorum: u8,
    /// How long a request stays open, seconds.
    expires_in: u32,
}

/// A prior call that was refused.
#[derive(ToSchema)]
struct PriorDenial {
    /// Which one, from 0, in the order of `context.prior`.
    index: usize,
    /// The rule that refused it.
    rule: String,
}

/// A rule that matches a call.
#[derive(ToSchema)]
struct TraceLayer {
    /// The rule, as a JSON pointer.
    #[schema(example = "/tools/create_refund")]
    pointer: String,
    /// What it matches by.
    matched: schema::RuleKind,
}

/// One step of a decision.
#[derive(ToSchema)]
struct TraceStep {
    /// Which.
    step: schema::StepKind,
    /// The part of the document that it is about, as a JSON pointer, where there is one.
    #[schema(nullable = false)]
    pointer: Option<String>,
    /// Whether the call got past it.
    passed: bool,
    /// What was asked.
    #[schema(nullable = false)]
    conditions: Option<Vec<AskedCondition>>,
    /// What a limit takes.
    #[schema(nullable = false)]
    charge: Option<LimitCharge>,
}

/// A condition and its answer.
#[derive(ToSchema)]
#[serde(untagged)]
enum AskedCondition {
    Test(ConditionTest),
    Group(ConditionGroup),
}

/// A value against an operator.
#[derive(ToSchema)]
struct ConditionTest {
    /// What it looked at.
    #[schema(example = "args.amount")]
    path: String,
    /// By which operator; `in` with one value is `eq`.
    #[schema(example = "lte")]
    op: String,
    /// What it compared with. Longer than 200 characters it is a string of its beginning and `…`.
    wanted: Value,
    /// What was there, one for each value that the path leads to, at most 20, shortened likewise; `null` is missing.
    found: Vec<Value>,
    /// How many more there were than are shown.
    #[schema(nullable = false)]
    more: Option<usize>,
    /// The answer.
    answer: schema::Answer,
}

/// Conditions under one of `any`, `all` and `not`.
#[derive(ToSchema)]
struct ConditionGroup {
    /// Which.
    kind: schema::Junction,
    /// What was asked in it.
    #[schema(no_recursion)]
    parts: Vec<AskedCondition>,
    /// The answer of the whole.
    answer: schema::Answer,
}

/// What a limit takes for a call.
#[derive(ToSchema)]
struct LimitCharge {
    /// The counter's name.
    #[schema(example = "spend")]
    counter: String,
    /// How much of it, as an exact decimal.
    #[schema(example = "48.50")]
    amount: String,
    /// How much there may be in a window, as an exact decimal.
    #[schema(example = "500")]
    max: String,
}
