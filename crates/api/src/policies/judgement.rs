//! Decisions and traces as the API shows them: the engine's own JSON, which `policylayer policy decide --explain` prints too.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use super::described;
use crate::Problem;

/// Types whose JSON the engine writes, each with a description of it for the OpenAPI document.
macro_rules! written_by_the_engine {
    ($($(#[$doc:meta])* $view:ident as $described:path;)+) => {$(
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
    JudgementView as described::Judgement;
    /// How a decision came about.
    TraceView as described::Trace;
}
