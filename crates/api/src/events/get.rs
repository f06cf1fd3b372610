//! `GET /v1/orgs/{org}/events/{event}`

use axum::Json;
use model::{Captured, Permission};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::view::EventView;
use crate::Problem;
use crate::extract::{OrgAccess, Path, Query};
use crate::paths::{EventParam, OrgParam};
use crate::policies::TraceView;
use crate::recorded::{Record, Surroundings};

/// What to show of an event.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// Whether to show captured argument values; needs the role `policy_manager`.
    #[serde(default)]
    #[param(default = false)]
    values: bool,
}

/// A decision with how it came about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventDetailView {
    /// The decision.
    #[serde(flatten)]
    event: EventView,
    /// How it came about, from the policy version that was in force and what the record holds; `null` for what no policy
    /// judges.
    explanation: Option<ExplanationView>,
    /// The arguments, where they were captured and asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<ValuesView>,
}

/// How a recorded decision came about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplanationView {
    /// Whether the decision comes about again. When it does not, something it hung on has changed since.
    agrees: bool,
    /// The trace. Conditions on what is not recorded, or not the caller's to see, are `undecidable`. `null` when the decision
    /// does not come about again and to tell more would be a guess.
    trace: Option<TraceView>,
}

/// Captured arguments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValuesView {
    /// Exactly as they were sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    arguments: Option<Box<RawValue>>,
    /// They were too long to be captured: how long, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted_bytes: Option<usize>,
}

/// One decision, with how it came about.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/events/{event}",
    tag = "events",
    params(OrgParam, EventParam, EventQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The decision", body = EventDetailView))
)]
pub(crate) async fn get_event(
    access: OrgAccess,
    Path(path): Path<EventParam>,
    Query(query): Query<EventQuery>,
) -> Result<Json<EventDetailView>, Problem> {
    access.require(Permission::Read)?;
    if query.values {
        access.require(Permission::ReadValues)?;
    }
    let mut tx = access.begin().await?;
    let recorded = tx.event(path.event).await?;
    let intent = recorded.intent.clone();
    let mut surroundings = Surroundings::of(&mut tx, intent.server).await?;
    surroundings.look_up(&mut tx, std::slice::from_ref(&intent)).await?;
    let labels = tx.labels([intent.identity], intent.server, intent.policy).await?;
    drop(tx);
    let message = intent.message.clone();
    // A trace repeats values, so those who may not see them get it without.
    let record = if access.may(Permission::ReadValues) {
        Record::open(access.api(), access.org(), intent)
    } else {
        Record::closed(intent)
    };
    let explained = surroundings.ask(&record, |recorded| recorded.explain());
    let explanation = explained
        .map(|mut explanation| {
            if let Some(trace) = &mut explanation.trace {
                trace.message.clone_from(&message);
            }
            let trace = explanation.trace.as_ref().map(TraceView::of).transpose()?;
            Ok::<_, Problem>(ExplanationView { agrees: explanation.agrees, trace })
        })
        .transpose()?;
    let values = record.captured.filter(|_| query.values).map(|captured| match captured {
        Captured::Arguments(text) => ValuesView { arguments: Some(text), omitted_bytes: None },
        Captured::OmittedBytes(bytes) => ValuesView { arguments: None, omitted_bytes: Some(bytes) },
    });
    Ok(Json(EventDetailView { event: EventView::of(&labels, recorded), explanation, values }))
}
