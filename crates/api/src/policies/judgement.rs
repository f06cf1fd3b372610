//! Decisions and traces as the API shows them: the engine's own JSON, which `policylayer policy decide --explain` prints too.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use crate::{Problem, schema};

/// Types whose JSON the engine writes, each with a description of it for the OpenAPI document.
macro_rules! written_by_the_engine {
    ($($(#[$doc:meta])* $view:ident as $described:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize)]
        #[serde(transparent)]
        pub(crate) struct $view(Box<RawValue>);

        impl $view {
            /// As the engine tells it.
            pub(crate) fn of(told: &impl Serialize) -> Result<Self, Problem> {
                to_raw_value(told).map(Self).map_err(Problem::internal)
            }
        }

        impl utoipa::PartialSchema for $view {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                <$described as utoipa::PartialSchema>::schema()
            }
        }

        impl ToSchema for $view {
            fn name() -> std::borrow::Cow<'static, str> {
                <$described as ToSchema>::name()
            }

            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
            ) {
                <$described as ToSchema>::schemas(schemas);
            }
        }
    )+};
}

written_by_the_engine! {
    /// A decision and how it came about.
    JudgementView as Judgement;
    /// How a decision came about.
    TraceView as Trace;
}

/// A decision.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used; the engine's types know nothing of OpenAPI")]
struct Judgement {
    /// Whether the call passes.
    #[schema(value_type = schema::Verdict)]
    outcome: schema::Verdict,
    /// The rule that refuses it; empty when it passes.
    #[schema(example = "/tools/create_refund/limits/0")]
    rule: String,
    /// What the agent is told; empty when it passes.
    message: String,
    /// When the same call may succeed, milliseconds from now.
    retry_after_ms: Option<u64>,
    /// What each counter has left, as exact decimals.
    remaining: Option<std::collections::BTreeMap<String, String>>,
    /// What approval would let it through.
    #[schema(value_type = Option<Object>)]
    approval: Option<()>,
    /// How it came about.
    trace: Option<Trace>,
    /// Prior calls that were themselves refused and so took nothing from any counter.
    #[schema(value_type = Option<Vec<Object>>)]
    prior_denied: Option<()>,
}

/// How a decision came about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used; the engine's types know nothing of OpenAPI")]
struct Trace {
    /// Whether the call passes.
    #[schema(value_type = schema::Verdict)]
    outcome: schema::Verdict,
    /// The rule that refuses it; empty when it passes.
    rule: String,
    /// What the agent is told; empty when it passes.
    message: String,
    /// The rules that match, from general to specific: `{pointer, matched}`.
    #[schema(value_type = Vec<Object>)]
    layers: (),
    /// What was asked, in order; a refusal is the last: `{step, pointer?, passed, conditions?, charge?}`. A condition's
    /// `answer` is `holds`, `fails`, `unclear` (a value of the wrong type), or `undecidable` when the record lacks a value.
    #[schema(value_type = Vec<Object>)]
    steps: (),
}
